"""What the checks know about the C++ sources: their compile commands, and which of our headers a file reads."""
import hashlib
import json
import pathlib
import re
import shlex

ROOT = pathlib.Path(__file__).resolve().parents[2]
SRC = ROOT / "src"
DATABASE = ROOT / "build/dev/compile_commands.json"
INCLUDE = re.compile(rb'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)


def commands():
    """{source: arguments} of the files under src/, without output, warnings and precompiled headers."""
    if not DATABASE.exists():
        raise SystemExit(f"{DATABASE.relative_to(ROOT)} is missing: run cmake --preset dev first")
    found = {}
    for entry in json.loads(DATABASE.read_text(encoding="utf-8")):
        source = pathlib.Path(entry["directory"], entry["file"])
        if SRC in source.parents and source.exists():
            found[source] = plain(shlex.split(entry["command"]), source)
    return found


def plain(arguments, source):
    """The flags that matter to any compiler's front end."""
    if pathlib.Path(arguments[0]).name == "ccache":
        arguments = arguments[1:]
    kept, words = [], iter(arguments[1:])
    for word in words:
        if word in ("-o", "-include", "-MF", "-MT", "-Xclang"):
            next(words, None)
        elif word in ("-c", "-MD", "-MMD", str(source)) or word.startswith(("-W", "-f", "-g", "-O", "-MF")):
            continue
        else:
            kept.append(word)
    return kept


def headers_of(source):
    """All files of ours that `source` reads, itself included."""
    seen, todo = set(), [source]
    while todo:
        path = todo.pop()
        if path in seen or not path.exists():
            continue
        seen.add(path)
        todo += [SRC / name.decode() for name in INCLUDE.findall(path.read_bytes())]
    return seen


def fingerprint(source, *more):
    """Changes when anything of ours that `source` reads does."""
    digest = hashlib.sha256("\0".join(map(str, more)).encode())
    for path in sorted(headers_of(source)):
        digest.update(str(path).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
