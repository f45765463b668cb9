"""vitest_count.py REPORT.json EXIT_CODE PASSED FAILED: adds vitest's counts to those given and prints the sum."""
import json
import sys


def main(report, exit_code, passed, failed):
    passed, failed = int(passed), int(failed)
    try:
        with open(report, encoding="utf-8") as file:
            counts = json.load(file)
        passed += counts["numPassedTests"]
        bad = counts["numFailedTests"]
    except (OSError, ValueError, KeyError):
        print("FAILED vitest left no report")
        bad = 1
    if exit_code != "0" and bad == 0:  # a test file that could not even be loaded
        bad = 1
    failed += bad
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
