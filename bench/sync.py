"""Two players of one station: how far apart their audio devices sound, second by second, beside Snapcast.

Each player plays on a sink of its own of a private PipeWire, whose sinks are recorded by one clock; the offset of two
recordings is where they are most alike. The first seconds, in which players begin, are not counted.
"""
import argparse
import json
import os
import pathlib
import shutil
import signal
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "sync"))

import harness  # noqa: E402
import offsets  # noqa: E402
from audio_stack import AudioStack  # noqa: E402
from systems import SYSTEMS  # noqa: E402


def watch(stack, players, seconds, between):
    """Lets them play, and calls `between` twice a second."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        time.sleep(0.5)
        between()
        for process in [*players, stack.recorder]:
            if process.poll() is not None:
                log = "\n".join(stack.log(f"player{n}")[-500:] for n in range(len(players)))
                raise RuntimeError(f"{process.args[0]} ended with {process.returncode}:\n{log}")


def measure(name, settings):
    """[offset of each second] of the first two players; and, where the last is killed now and then, [seconds that it
    took to be in sync again]."""
    count = 3 if settings.restart else 2
    with AudioStack(count, pulse="pulse" in name) as stack:
        system = SYSTEMS[name](stack, settings)
        load = stack.run("stress-ng", "--cpu", os.cpu_count(), "--quiet") if settings.load else None
        players = [system.start(number) for number in range(count)]
        stack.record()
        killed = [time.monotonic()]

        def restart():
            if settings.restart and time.monotonic() - killed[-1] > settings.restart:
                stack.end(players[-1], signal.SIGKILL)
                killed.append(time.monotonic())
                players[-1] = system.start(count - 1)
        watch(stack, players, settings.seconds + 3, restart)
        if load:
            stack.end(load)
        path = stack.recorded()
        if settings.keep:
            kept = pathlib.Path(settings.keep) / name
            kept.mkdir(parents=True, exist_ok=True)
            for each in [path, *stack.home.glob("*.log")]:
                shutil.copy(each, kept)
        rate, recorded = offsets.channels(path)
        joins = offsets.joins(recorded[0], recorded[count - 1], rate) if settings.restart else []
        return offsets.by_second(recorded[0], recorded[1], rate), joins


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60, help="length of the recording")
    parser.add_argument("--systems", default="tutti,snapcast", help=f"of {', '.join(SYSTEMS)}, separated by commas")
    parser.add_argument("--load", action="store_true", help="keep all cores busy by stress-ng meanwhile")
    parser.add_argument("--restart", type=float, default=0,
                        help="a third player is killed and started again every so many seconds")
    parser.add_argument("--delay", type=float, default=0, help="of the network, ms each way")
    parser.add_argument("--queue", type=float, default=0, help="that comes and goes on top, ms, each way by itself")
    parser.add_argument("--codec", default="flac", help="of tutti")
    parser.add_argument("--more", default="", help="more options of tutti play")
    parser.add_argument("--url", default="", help="of a server of noise that runs, instead of tutti serve")
    parser.add_argument("--keep", default="", help="a folder for the recording and the logs")
    parser.add_argument("--tutti", default=str(harness.ROOT / "build/release/tutti"), help="the binary")
    settings = parser.parse_args()
    rows, found = [], {}
    for name in settings.systems.split(","):
        harness.progress(f"{name}: two players for {settings.seconds:g} s{', all cores busy' if settings.load else ''}")
        found[name], joins = measure(name, settings)
        if settings.restart:
            harness.say(f"{name}: a third one, killed and started again, is in sync after "
                        f"{', '.join(f'{seconds:.2f}' for seconds in joins)} s")
        told = offsets.summary(found[name])
        rows.append([name] + [f"{told[key]:.3f}" if isinstance(told.get(key), float) else str(told.get(key, "-"))
                              for key in ("seconds", "silent", "median", "p95", "p99", "max", "above_1ms")])
    harness.table("sync: |offset| of two players, ms, each second",
                  ["", "seconds", "silent", "median", "p95", "p99", "max", "seconds above 1 ms"], rows)
    if settings.keep:
        path = pathlib.Path(settings.keep) / "offsets.json"
        path.write_text(json.dumps({name: [round(o, 4) if o == o else None for o in each.tolist()]
                                    for name, each in found.items()}), encoding="utf-8")


if __name__ == "__main__":
    main()
