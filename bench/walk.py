"""A sound walk: how exactly phones begin a cue, how fast it reaches 5,000, what faults do to it, and an hour of drift.

Parts: precision (200 phones behind networks), reach (5,000 on one core, and as many downloads), faults, drift (an hour, in
virtual time), players (two of `tutti play --walk` and two browsers, recorded). All times are against what is true: server
and phones run on one machine, whose clock is the server's.
"""
import argparse
import importlib
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE / "walk"), str(HERE / "sync")]

import harness  # noqa: E402

PARTS = ("precision", "reach", "faults", "drift", "players")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--parts", default=",".join(PARTS), help="which, separated by commas")
    parser.add_argument("--phones", type=int, default=200, help="precision, faults: how many")
    parser.add_argument("--cues", type=int, default=8, help="precision: after the first two")
    parser.add_argument("--settle", type=float, default=12, help="precision: seconds in which clocks get to be known")
    parser.add_argument("--calm-before", type=float, default=20, help="faults: as many seconds, so that it is the fault that shows")
    parser.add_argument("--part", type=float, default=20, help="precision: seconds that a cue lasts")
    parser.add_argument("--pause", type=float, default=0.7, help="seconds from a cue's start to the next GO")
    parser.add_argument("--seed", type=int, default=1, help="of the phones' networks")
    parser.add_argument("--crowd", type=int, default=5000, help="reach: phones, and as many downloads")
    parser.add_argument("--calm", type=float, default=5, help="reach: seconds before the first cue")
    parser.add_argument("--spread-cues", type=int, default=5, help="reach: cues, without and with downloads")
    parser.add_argument("--seconds", type=int, default=9, help="reach: of downloads that are counted")
    parser.add_argument("--outage", type=float, default=8, help="faults: seconds without a network; 60 are promised")
    parser.add_argument("--minutes", type=float, default=60, help="drift, --real: how long")
    parser.add_argument("--drifting", type=int, default=1, help="drift: phones of each kind")
    parser.add_argument("--natives", type=int, default=2, help="players: of `tutti play --walk`")
    parser.add_argument("--browsers", type=int, default=2, help="players: with the page")
    parser.add_argument("--browser-sound", choices=("alsa", "pulse"), default="alsa", help="players: the browsers' interface")
    parser.add_argument("--real-cues", type=int, default=6, help="players: how many")
    parser.add_argument("--real", action="store_true", help="players: one cue for so many minutes, in real time")
    parser.add_argument("--tutti", default=str(harness.ROOT / "build/release/tutti"), help="the binary")
    parser.add_argument("--programs", default=str(harness.ROOT / "build/release/bench"), help="where the others are")
    settings = parser.parse_args()
    settings.tutti = str(pathlib.Path(settings.tutti).resolve())  # the server is started elsewhere
    harness.raise_file_limit()
    for name in settings.parts.split(","):
        if name not in PARTS:
            sys.exit(f"no part '{name}'; there are {', '.join(PARTS)}")
        importlib.import_module(f"walk_{name}").show(settings)


if __name__ == "__main__":
    main()
