"""clang-tidy over src/. A file whose text, headers, flags and rules are as they were when it passed is not read again
(build/tidy-cache). Where many of a layer are to be read, they are read as one: most of the time goes into the headers
that they share.

clang 14 cannot parse all of GCC 12's <ranges>. Whether our code compiles is the compiler's question, so errors of
parsing are left out of the verdict, and do not end the reading however many they are (what a compiler says after it has
given up is no finding).
"""
import concurrent.futures
import json
import os
import re
import subprocess
import sys

from sources import ROOT, commands, fingerprint

CACHE = ROOT / "build/tidy-cache"
MANY = 4  # files of a layer

DIAGNOSTIC = re.compile(r"^(?=/\S*:\d+:\d+: (?:error|warning): |error: )", re.MULTILINE)
FATAL = re.compile(r"file not found|Error (?:reading|opening|while parsing)|unknown (?:key|argument)")


def findings(output):
    """The diagnostics, without those of parsing that do not end it."""
    for diagnostic in DIAGNOSTIC.split(output):
        first = diagnostic.split("\n", 1)[0]
        if FATAL.search(first) or ("error: " in first or "warning: " in first) and "[clang-diagnostic-error]" not in first:
            yield diagnostic.strip()


def pieces(todo):
    """[(what clang-tidy reads, the sources in it)]."""
    layers = {}
    for source in todo:
        layers.setdefault(source.parent, []).append(source)
    for layer, sources in layers.items():
        if len(sources) < MANY:
            yield from ((source, [source]) for source in sources)
            continue
        piece = CACHE / f"{layer.name}.cpp"
        piece.write_text("".join(f'#include "{source}"\n' for source in sources), encoding="utf-8")
        yield piece, sources


def tidy(source):
    # Only a piece includes sources.
    done = subprocess.run(["clang-tidy", "--quiet", "-p", str(CACHE), "--checks=-bugprone-suspicious-include", str(source)],
                          capture_output=True, text=True, check=False)
    found = list(findings(done.stdout))
    if done.returncode != 0 and not done.stdout.strip():  # it did not even begin
        found.append(f"{source}: {done.stderr.strip()[-500:]}")
    return found


def main(only):
    CACHE.mkdir(parents=True, exist_ok=True)
    known = commands()
    version = subprocess.run(["clang-tidy", "--version"], capture_output=True, text=True, check=True).stdout
    rules = (ROOT / ".clang-tidy").read_text(encoding="utf-8")
    keys = {source: fingerprint(source, version, rules, flags) for source, flags in known.items()
            if not only or any(part in str(source) for part in only)}
    todo = [source for source, key in keys.items() if not (CACHE / key).exists()]
    print(f"{len(keys)} files, {len(keys) - len(todo)} unchanged since they passed")

    read = list(pieces(todo))
    database = [{"directory": str(ROOT), "file": str(piece),
                 "arguments": ["clang++", *known[sources[0]], "-ferror-limit=0", "-c", str(piece)]} for piece, sources in read]
    (CACHE / "compile_commands.json").write_text(json.dumps(database), encoding="utf-8")
    bad, told = 0, set()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for (_, sources), found in zip(read, pool.map(tidy, [piece for piece, _ in read])):
            if found:
                bad += 1
                # One in a header is found by every file that includes it.
                for one in found:
                    if one not in told:
                        print(one)
                told.update(found)
            else:
                for source in sources:
                    (CACHE / keys[source]).touch()
    return 1 if bad or not keys else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
