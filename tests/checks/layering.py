"""layering.py SRC: fails on every #include of one layer by another that docs/architecture.md does not allow."""
import pathlib
import re
import sys

# layer: the layers whose headers it may include, beside its own.
ALLOWED = {
    "base": set(),
    "domain": {"base"},
    "protocol": {"domain", "base"},
    "media": {"domain", "base"},
    "app": {"domain", "base"},
    "storage": {"app", "domain", "base"},
    "net": {"app", "protocol", "domain", "base"},
    "server": {"net", "player", "storage", "media", "app", "protocol", "domain", "base"},
    "player": {"protocol", "media", "domain", "base"},
}
# What a layer alone may reach outside: header prefix -> layers.
OUTSIDE = {
    "boost/asio": {"net", "player", "server"},
    "boost/beast": {"net", "player"},
    "libav": {"media"},
    "libsw": {"media"},
    "ebur128": {"media"},
    "sqlite3": {"storage"},
    "hiredis": {"storage"},
    "wslay": {"protocol"},
    "portaudio": {"player"},
    "pa_linux_alsa": {"player"},
    "sodium": {"base"},
    "histedit": {"player"},
    "CLI/": {"server", "player"},
    "sys/socket.h": {"base", "net"},  # base: the one read that net and player share
    "avahi-": {"net"},
}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def edges(path):
    """(line number, quote, included name) of a file."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if match := INCLUDE.match(line):
            yield number, match[1], match[2]


def problem(layer, quote, name):
    """Why `layer` may not include `name`; None if it may."""
    if quote == "<":
        for prefix, layers in OUTSIDE.items():
            if name.startswith(prefix) and layer not in layers:
                return f"{layer} must not include <{name}>: only {', '.join(sorted(layers))} may"
        return None
    target = name.split("/")[0]
    if name.startswith((".", "/")) or target not in ALLOWED:
        return f'"{name}" is not named from src/ on ("layer/file.h")'
    if target != layer and target not in ALLOWED[layer]:
        return f'{layer} must not include "{name}"'
    return None


def violations(src):
    for path in sorted(p for p in src.rglob("*") if p.suffix in (".h", ".cpp", ".hpp", ".c")):
        layer = path.relative_to(src).parts[0]
        if layer not in ALLOWED:
            yield f"{path}: '{layer}' is not a layer"
            continue
        for number, quote, name in edges(path):
            if why := problem(layer, quote, name):
                yield f"{path}:{number}: {why}"


def main(src):
    found = list(violations(pathlib.Path(src)))
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
