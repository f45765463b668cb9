"""Reads names of Markdown files from stdin; fails on relative links that lead nowhere."""
import pathlib
import re
import sys
import urllib.parse

LINK = re.compile(r"\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)|(?:src|href)=\"([^\"]+)\"")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def anchors(path):
    """The anchors that a reader's browser makes of a document's headings."""
    for line in CODE.sub(lambda code: code[0].strip("`"), path.read_text(encoding="utf-8")).splitlines():
        if match := re.match(r"#+\s+(.*)", line):
            yield re.sub(r"[^\w\- ]", "", match[1].strip().lower()).replace(" ", "-")


def broken(name):
    source = pathlib.Path(name)
    for match in LINK.finditer(CODE.sub("", source.read_text(encoding="utf-8"))):
        link = match[1] or match[2]
        if re.match(r"[a-z]+:|//", link):
            continue
        path, _, anchor = link.partition("#")
        target = source.parent / urllib.parse.unquote(path) if path else source
        if not target.exists():
            yield f"{name}: {link}: there is no {target}"
        elif anchor and target.suffix == ".md" and anchor not in set(anchors(target)):
            yield f"{name}: {link}: {target} has no such heading"


def main():
    found = [line for name in sys.stdin.read().splitlines() for line in broken(name)]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
