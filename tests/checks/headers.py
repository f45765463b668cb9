"""Every header compiles on its own. One with a .cpp of the same name proves it by being included first there;
the others are compiled alone, as many at a time as there are cores, and not again while nothing that they read has
changed."""
import concurrent.futures
import os
import re
import subprocess
import sys

from sources import ROOT, SRC, commands, fingerprint

CACHE = ROOT / "build/header-cache"
FIRST = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)


def included_first(header):
    """Whether the header's own .cpp begins with it; None without such a file."""
    source = header.with_suffix(".cpp")
    if not source.exists():
        return None
    match = FIRST.search(source.read_text(encoding="utf-8"))
    return match is not None and match[1] == str(header.relative_to(SRC))


def flags_of(layer, known):
    """How the layer's own files are compiled; a layer of headers alone takes any other's flags."""
    own = [flags for source, flags in known.items() if source.relative_to(SRC).parts[0] == layer]
    return (own or list(known.values()))[0]


def compile_alone(header, flags):
    """What is wrong with it; "" where nothing is."""
    mark = CACHE / fingerprint(header, flags)
    if mark.exists():
        return ""
    done = subprocess.run(["c++", *flags, "-fsyntax-only", "-x", "c++", str(header), "-w"],
                          capture_output=True, text=True, check=False)
    if done.returncode == 0:
        mark.touch()
        return ""
    return done.stderr[:2000] or f"{header}: the compiler ended with {done.returncode}"


def main():
    CACHE.mkdir(parents=True, exist_ok=True)
    known = commands()
    status = 0
    alone = []
    for header in sorted(SRC.rglob("*.h")):
        first = included_first(header)
        if first is False:
            print(f"{header.with_suffix('.cpp').relative_to(ROOT)} does not include its own header first")
            status = 1
        elif first is None:
            alone.append(header)
    flags = [flags_of(header.relative_to(SRC).parts[0], known) for header in alone]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for wrong in pool.map(compile_alone, alone, flags):
            if wrong:
                print(wrong)
                status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
