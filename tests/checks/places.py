"""Reads file names from stdin; fails on those that name a place only one machine knows: its folders, its registry."""
import pathlib
import re
import subprocess
import sys
import urllib.parse

THIS = "tests/checks/places.py"
FOLDERS = re.compile(r"/work/\w|/home/(?!user\b|me\b|you\b|pi\b)\w+/|/root/\w")
REGISTRIES = re.compile(r"registry\.npmjs|\"resolved\":\s*\"http")


def configured_registry():
    """The host of the registry that npm uses here; None without npm."""
    try:
        url = subprocess.run(["npm", "config", "get", "registry"], capture_output=True, text=True, check=True).stdout
        return urllib.parse.urlparse(url.strip()).hostname
    except (OSError, subprocess.CalledProcessError):
        return None


def main():
    host = configured_registry()
    status = 0
    for name in sys.stdin.read().splitlines():
        data = pathlib.Path(name).read_bytes()
        if name == THIS or b"\0" in data[:4096]:
            continue
        for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
            if FOLDERS.search(line) or REGISTRIES.search(line) or (host and "." in host and host in line):
                print(f"{name}:{number}: {line.strip()[:160]}")
                status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
