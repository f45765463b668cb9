"""Prints "N passed, M failed" of a JUnit file. Errors are failures; a file that is missing, or empty, is one too."""
import sys
import xml.etree.ElementTree as xml


def count(path):
    try:
        cases = list(xml.parse(path).iter("testcase"))
    except (OSError, xml.ParseError):
        return 0, 1
    bad = sum(1 for case in cases if case.find("failure") is not None or case.find("error") is not None)
    skipped = sum(1 for case in cases if case.find("skipped") is not None)
    return len(cases) - bad - skipped, bad if cases else 1


if __name__ == "__main__":
    passed, failed = count(sys.argv[1])
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0)
