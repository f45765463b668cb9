"""What a second of a station costs to make in each encoding that players in sync are sent, however many they are."""
import collections
import pathlib
import subprocess

import harness
import material


def main():
    parser = harness.options(__doc__, seconds=60)
    settings = harness.begin(parser)
    program = pathlib.Path(settings.loadgen).parent / "chunk_cost"
    cost, rate = collections.defaultdict(list), {}
    # A wave, as a track is decoded whatever comes of it; MP3 and FLAC add what decoding them costs.
    for run in range(settings.runs):
        harness.progress(f"run {run + 1} of {settings.runs}")
        command = harness.pinned(harness.SERVER_CORE, [str(program), str(material.wave()), str(int(settings.seconds))])
        out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        for line in out.splitlines():
            name, microseconds, kilobits = line.split("\t")
            cost[name].append(float(microseconds))
            rate[name] = float(kilobits)
    rows = [[name, harness.with_range(values, 0), f"{harness.median(values) / 1e4:.2f}", f"{rate[name]:.0f}"]
            for name, values in cost.items()]
    harness.table(f"chunks: {settings.seconds:.0f} s of a 44.1 kHz wave, median of {settings.runs} runs (range)",
                  ["", "CPU µs per second", "% of a core", "kbit/s"], rows)


if __name__ == "__main__":
    main()
