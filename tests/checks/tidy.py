"""clang-tidy over src/, two files at a time. A file whose text, headers, flags and rules are as they were when it
passed is not read again (build/tidy-cache).

clang 14 cannot parse all of GCC 12's <ranges>. Whether our code compiles is the compiler's question, so errors of
parsing are left out of the verdict, unless they end the reading of the file.
"""
import concurrent.futures
import json
import os
import re
import subprocess
import sys

from sources import ROOT, commands, fingerprint

CACHE = ROOT / "build/tidy-cache"


DIAGNOSTIC = re.compile(r"^(?=/\S*:\d+:\d+: (?:error|warning): |error: )", re.MULTILINE)
FATAL = re.compile(r"file not found|too many errors|Error (?:reading|opening|while parsing)|unknown (?:key|argument)")


def findings(output):
    """The diagnostics, without those of parsing that do not end it."""
    for diagnostic in DIAGNOSTIC.split(output):
        first = diagnostic.split("\n", 1)[0]
        if FATAL.search(first) or ("error: " in first or "warning: " in first) and "[clang-diagnostic-error]" not in first:
            yield diagnostic.strip()


def tidy(source):
    done = subprocess.run(["clang-tidy", "--quiet", "-p", str(CACHE), str(source)], capture_output=True, text=True,
                          check=False)
    found = list(findings(done.stdout))
    if done.returncode != 0 and not done.stdout.strip():  # it did not even begin
        found.append(f"{source}: {done.stderr.strip()[-500:]}")
    return found


def main(only):
    CACHE.mkdir(parents=True, exist_ok=True)
    known = commands()
    database = [{"directory": str(ROOT), "file": str(source), "arguments": ["clang++", *flags, "-c", str(source)]}
                for source, flags in known.items()]
    (CACHE / "compile_commands.json").write_text(json.dumps(database), encoding="utf-8")

    version = subprocess.run(["clang-tidy", "--version"], capture_output=True, text=True, check=True).stdout
    rules = (ROOT / ".clang-tidy").read_text(encoding="utf-8")
    keys = {source: fingerprint(source, version, rules, flags) for source, flags in known.items()
            if not only or any(part in str(source) for part in only)}
    todo = [source for source, key in keys.items() if not (CACHE / key).exists()]
    print(f"{len(keys)} files, {len(keys) - len(todo)} unchanged since they passed")

    bad, told = 0, set()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for source, found in zip(todo, pool.map(tidy, todo)):
            if found:
                bad += 1
                # One in a header is found by every file that includes it.
                for one in found:
                    if one not in told:
                        print(one)
                told.update(found)
            else:
                (CACHE / keys[source]).touch()
    return 1 if bad or not keys else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
