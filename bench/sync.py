"""Players of one station or group: how far apart their audio devices sound, and what they notice of each other, beside Snapcast.

Each player plays on a sink of its own of a private PipeWire, whose sinks are recorded by one clock; the offset of two
recordings is where they are most alike, second by second. The first seconds, in which players begin, are not counted.
"""
import argparse
import json
import math
import os
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "sync"))

import faults  # noqa: E402
import glitches  # noqa: E402
import harness  # noqa: E402
import offsets  # noqa: E402
from audio_stack import RATE, AudioStack  # noqa: E402
from systems import SYSTEMS, write_noise  # noqa: E402

KINDS = ("calibration", "plain", "load", "relay", "faults")
TARGETS = {  # of tutti, ms; and how many seconds may be above 1 ms or silent
    "calibration": {"max": 0.001},
    "plain": {"median": 0.02, "p99": 0.1, "lost": 0},
    "load": {"p99": 1},
    "relay": {"p99": 1.5},
}
TITLES = {
    "calibration": "one sound through two sinks",
    "plain": "two players, nothing else",
    "load": "two players, all cores busy by stress-ng",
    "relay": "two players, {delay:g} ms of network each way and up to {queue:g} ms of queue, each way by itself",
}
IN_SYNC = 2  # seconds
SKIPPED = 5  # seconds at the beginning


def watch(stack, players, seconds):
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        time.sleep(0.5)
        for process in [*players, stack.recorder]:
            if process.poll() is not None:
                log = "\n".join(stack.log(f"player{n}")[-500:] for n in range(len(players)))
                raise RuntimeError(f"{process.args[0]} ended with {process.returncode}:\n{log}")


def calibrate(settings, seconds):
    """(offset of each second, silences) of one sound that goes to two sinks."""
    with AudioStack(2) as stack:
        write_noise(stack.home / "noise.wav", int(seconds) + 5)
        stack.play_to_all(stack.home / "noise.wav")
        stack.record()
        time.sleep(seconds)
        return listened(stack, settings, "calibration")


def listened(stack, settings, name):
    path = stack.recorded()
    stack.keep(path, settings.keep, name)
    rate, recorded = offsets.channels(path)
    return offsets.by_second(recorded[0], recorded[1], rate)[SKIPPED:], sum(glitches.gaps(each, RATE, SKIPPED) for each in recorded[:2])


def play(settings, kind, name, seconds):
    """(offset of each second, silences) of two players of the system `name`."""
    with AudioStack(2, pulse="pulse" in name) as stack:
        system = SYSTEMS[name](stack, settings, kind == "relay")
        load = stack.run("stress-ng", "--cpu", os.cpu_count(), "--quiet") if kind == "load" else None
        players = [system.start(number) for number in range(2)]
        stack.record()
        watch(stack, players, seconds + SKIPPED)
        if load:
            stack.end(load)
        return listened(stack, settings, f"{kind}-{name}")


def rounds(kind, settings):
    """The same in several turns of each system, so that what else goes on hits all of them: {name: (offsets, silences)}."""
    if kind == "calibration":
        harness.progress("calibration")
        return {"the same sound": calibrate(settings, max(10, settings.seconds / 10) + SKIPPED)}
    found = {name: ([], 0) for name in settings.systems}
    for turn in range(settings.turns):
        for name in settings.systems:
            harness.progress(f"{kind}: {name}, {settings.seconds / settings.turns:g} s, turn {turn + 1} of {settings.turns}")
            apart, silences = play(settings, kind, name, settings.seconds / settings.turns)
            found[name] = ([*found[name][0], *apart], found[name][1] + silences)
    return found


def verdict(target, value):
    return "" if target is None else f" {harness.verdict(value, target)}"


def row(name, kind, apart, silences):
    told = offsets.summary(apart)
    targets = TARGETS[kind] if name in ("tutti", "the same sound") else {}
    lost = told.get("above_1ms", 0) + told["silent"]
    cells = [f"{told[key]:.3f}{verdict(targets.get(key), told[key])}" if key in told else "-" for key in ("median", "p95", "p99", "max")]
    return [name, told["seconds"], *cells, f"{lost}{verdict(targets.get('lost'), lost)}", silences]


def compare(kind, settings):
    found = rounds(kind, settings)
    rows = [row(name, kind, *each) for name, each in found.items()]
    harness.table(f"sync: {TITLES[kind].format(**vars(settings))}: |offset|, ms, each second",
                  ["", "seconds", "median", "p95", "p99", "max", "seconds above 1 ms or silent", "silences"], rows)
    if kind == "load" and {"tutti", "snapcast"} <= found.keys():
        ours, theirs = (offsets.summary(found[name][0]).get("p99", math.inf) for name in ("tutti", "snapcast"))
        harness.say(f"tutti's 99th percentile beside snapcast's: {ours:.3f} of {theirs:.3f} ms {'ok' if ours < theirs else 'MISSED'}")
    if settings.keep:
        (pathlib.Path(settings.keep) / f"{kind}.json").write_text(json.dumps(
            {name: [round(o, 4) if o == o else None for o in apart] for name, (apart, _) in found.items()}), encoding="utf-8")


def tell_faults(settings):
    results, complaints = faults.measure(settings, harness.progress)
    rows = []
    for what in dict.fromkeys(each["what"] for each in results):
        same = [each for each in results if each["what"] == what]
        wrong = [glitch for each in same for glitch in each["glitches"]]
        joins = [each["in_sync"] for each in same if "in_sync" in each]
        worst = max((math.inf if seconds != seconds else seconds for seconds in joins), default=None)
        apart = [each["apart"] for each in same if "apart" in each]
        rows.append([what, len(same), f"{len(wrong)} {'ok' if not wrong else 'MISSED'}",
                     " ".join(f"{seconds:.2f}" for seconds in joins), "" if worst is None else harness.verdict(worst, IN_SYNC),
                     f"{max(apart):.2f}" if apart else "", sum(each["slips"] for each in same)])
    harness.table("sync: what players notice (tutti)",
                  ["", "times", "glitches of the others", f"in sync again within {faults.IN_SYNC:g} ms after, s", "target", "fall silent apart by, ms", "slips of all sinks"], rows)
    for each in results:
        for sink, glitch in each["glitches"]:
            harness.say(f"  player {sink}, {each['what']}: {glitch}")
    for line in dict.fromkeys(complaints):
        harness.say(f"  said by {line}")


def minutes(kinds, settings):
    of_two = len(settings.systems) * (settings.seconds + settings.turns * (SKIPPED + 4))
    times = max(1, round(settings.seconds / 60))
    seconds = {"calibration": max(10, settings.seconds / 10) + 10, "plain": of_two, "load": of_two, "relay": of_two,
               "faults": 60 + times * 105}
    return sum(seconds[kind] for kind in kinds) / 60


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60, help="that two players are listened to; what happens to players, happens so many minutes' times")
    parser.add_argument("--calibration", action="store_true", help="one sound through two sinks: what the bench itself is off by")
    parser.add_argument("--plain", action="store_true", help="two players, nothing else; this is what is measured without another of these")
    parser.add_argument("--load", action="store_true", help="all cores busy by stress-ng")
    parser.add_argument("--relay", action="store_true", help="a network that delays")
    parser.add_argument("--faults", action="store_true", help="players come, go, pause and seek, they and the server are killed: who notices")
    parser.add_argument("--all", action="store_true", help="all of these")
    parser.add_argument("--systems", default="tutti,snapcast", help=f"of {', '.join(SYSTEMS)}, separated by commas")
    parser.add_argument("--turns", type=int, default=0, help="in which the systems take turns; without it one for each three minutes")
    parser.add_argument("--delay", type=float, default=30, help="of the relay, ms each way")
    parser.add_argument("--queue", type=float, default=40, help="that comes and goes on top, ms, each way by itself")
    parser.add_argument("--codec", default="flac", help="of tutti")
    parser.add_argument("--more", default="", help="more options of tutti play")
    parser.add_argument("--url", default="", help="of a server of noise that runs, instead of tutti serve")
    parser.add_argument("--keep", default="", help="a folder for the recordings and the logs")
    parser.add_argument("--tutti", default=str(harness.ROOT / "build/release/tutti"), help="the binary")
    settings = parser.parse_args()
    settings.systems = settings.systems.split(",")
    settings.turns = settings.turns or max(1, round(settings.seconds / 180))
    kinds = [kind for kind in KINDS if settings.all or getattr(settings, kind)] or ["plain"]
    harness.say(f"# {harness.cpu_name()}, {os.cpu_count()} cores; about {math.ceil(minutes(kinds, settings))} minutes")
    for kind in kinds:
        tell_faults(settings) if kind == "faults" else compare(kind, settings)


if __name__ == "__main__":
    main()
