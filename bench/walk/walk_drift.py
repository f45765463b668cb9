"""An hour of a cue in virtual time: clocks tens of ppm apart that warm up, networks that queue, and what phones and
loudspeakers make of it: the page's own clock, device and voice, and the engine of `tutti play`."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import harness

TARGET = 1.0  # ms


def page(folder):
    """The page's part as a program."""
    esbuild = harness.ROOT / "web/node_modules/.bin/esbuild"
    if not os.access(esbuild, os.X_OK) or not shutil.which("node"):
        sys.exit("walk: the page's engine is run by node and made by esbuild: script/web installs them")
    program = folder / "drift.mjs"
    subprocess.run([esbuild, str(pathlib.Path(__file__).with_name("drift.ts")), "--bundle", "--platform=node", "--format=esm",
                    "--log-level=warning", f"--outfile={program}"], check=True)
    return program


def started(*command):
    return subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, text=True)


def told(process):
    text, _ = process.communicate()
    if process.returncode != 0:
        raise RuntimeError(f"{process.args[0]} ended with {process.returncode}")
    return [json.loads(line) for line in text.splitlines()]


def show(settings):
    minutes, seconds = settings.minutes, int(settings.minutes * 60)
    harness.progress(f"{minutes:g} minutes of drift in virtual time, {settings.drifting} phones of each kind")
    drift = pathlib.Path(settings.programs) / "walk_drift"
    native = started(drift, "--native", settings.drifting, seconds)
    found = {}
    with tempfile.TemporaryDirectory(prefix="tutti-drift-") as name:
        folder = pathlib.Path(name)
        program = page(folder)
        for seed in range(1, settings.drifting + 1):
            trace = folder / f"{seed}.txt"
            with open(trace, "wb") as out:
                subprocess.run([drift, "--trace", str(seed), str(seconds)], stdout=out, check=True)
            for kind, witness in (("page, the browser stamps its output", "stamps"), ("page, it tells a latency", "latency")):
                found.setdefault(kind, []).extend(told(started("node", program, trace, seed, witness)))
    found = {"native": told(native)} | found
    rows = []
    for kind, results in found.items():
        worst, steps = max(r["max"] for r in results) / 1000, sum(r["starts"] + r["jumps"] for r in results)
        rows.append([kind, len(results), *(f"{max(r[key] for r in results) / 1000:.3f}" for key in ("at_first", "p50", "p99", "max")),
                     harness.verdict(round(worst, 3), TARGET), f"{100 * max(r['most_rate'] for r in results):.3f} %", steps,
                     harness.verdict(steps, 0)])
    harness.table(f"walk, {minutes:g} minutes in virtual time, how far off a cue is, ms, the worst phone; all but the first column from the twentieth second on",
                  ["", "phones", "while the clock gets known", "p50", "p99", "max", "target", "pace at most", "steps", "target"], rows)
