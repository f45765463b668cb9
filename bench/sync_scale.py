"""1,000 players in sync on one I/O thread, beside Debian's Snapserver: CPU and memory of each, chunks late or missing.

CPU is that of the whole process, encoder and all, per player and second, once all have their buffers full; memory is
what the resident set grows by from one player to all of them, the kernel's socket buffers not counted. A chunk is
missing where one does not begin when the one before ends, late where it is to be heard before it has come; a player is
dry where nothing is left to be heard. Tutti's players hold so many seconds of audio as `tutti play` does.
"""
import collections
import json
import pathlib
import subprocess

import harness
from servers import Snapserver, Tutti

CODECS = {"opus": 24_000, "pcm": 192_000}  # bytes that `tutti play` reckons with for a second
SHARE = 0.1  # of Snapserver's CPU and memory


class Players:
    def __init__(self, settings, server, codec, count, first):
        command = [str(pathlib.Path(settings.loadgen).parent / "sync_scale_crowd"), "--port", str(server.port),
                   "--protocol", server.protocol, "--codec", codec, "--connections", str(count), "--first", str(first),
                   "--capacity", str(int(CODECS[codec] * settings.buffer)), "--seconds", str(int(settings.seconds)),
                   "--settle", str(settings.settle)]
        self.process = subprocess.Popen(harness.pinned(harness.LOAD_CORE, command), stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, bufsize=1)

    def __enter__(self):
        self.wait("steady")
        return self

    def __exit__(self, *_):
        harness.stop(self.process, 2)

    def wait(self, mark):
        line = self.process.stdout.readline().strip()
        if line != mark:
            raise RuntimeError(f"the players said '{line}' instead of '{mark}'")

    def go(self):
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def finish(self):
        self.process.stdin.close()
        return json.loads(self.process.stdout.readline())


def start(settings, name, codec):
    if name == "snapserver":
        return Snapserver(codec)
    return Tutti(settings, settings.players + 10)


def measure(settings, name, codec):
    count = settings.players
    with start(settings, name, codec) as server:
        with Players(settings, server, codec, 1, 0):
            before = harness.Sample(server.pid)
            with Players(settings, server, codec, count, 1) as players:
                crowded = harness.Sample(server.pid)
                players.go()
                players.wait("end")
                after = harness.Sample(server.pid)
                result = players.finish()
    used = after.since(crowded)
    return {**result, "cpu_us": used["cpu"] / count * 1e6, "thread_us": used["busiest"][1] / count * 1e6,
            "memory_kib": (after.rss_kib - before.rss_kib) / count, "rss_mib": after.rss_kib / 1024}


def share(value, of):
    return f"{value / of:.3f}" if of else "?"


def main():
    parser = harness.options(__doc__, servers="tutti,snapserver")
    parser.add_argument("--players", type=int, default=1000, help="how many")
    parser.add_argument("--codecs", default="opus,pcm", help="separated by commas")
    parser.add_argument("--buffer", type=float, default=10, help="seconds of audio that a player of Tutti's holds")
    parser.add_argument("--settle", type=int, default=8, help="seconds from when all play to the window")
    settings = harness.begin(parser)
    results = collections.defaultdict(list)
    for run in range(settings.runs):
        for codec in settings.codecs.split(","):
            for name in settings.servers:
                harness.progress(f"run {run + 1} of {settings.runs}: {settings.players} players, {name}, {codec}")
                results[codec, name].append(measure(settings, name, codec))
    rows = []
    for (codec, name), runs in results.items():
        cpu, memory = (harness.median(r[key] for r in runs) for key in ("cpu_us", "memory_kib"))
        peer = results.get((codec, "snapserver"), [])
        peer_cpu, peer_memory = (harness.median(r[key] for r in peer) if peer else 0 for key in ("cpu_us", "memory_kib"))
        is_judged = name == "tutti" and peer
        rows.append([
            f"{name}, {codec}", harness.with_range(r["cpu_us"] for r in runs), harness.with_range(r["thread_us"] for r in runs),
            share(cpu, peer_cpu), harness.verdict(cpu / peer_cpu, SHARE) if is_judged else "",
            harness.with_range((r["memory_kib"] for r in runs), 2), share(memory, peer_memory),
            harness.verdict(memory / peer_memory, SHARE) if is_judged else "", min(r["playing"] for r in runs),
            *(sum(r[key] for r in runs) for key in ("missing", "late", "dry")),
            f"{min(r['least_margin_ms'] for r in runs):.0f}", f"{harness.median(r['bytes_per_second'] for r in runs):.0f}",
            f"{max(r['cpu_percent'] for r in runs):.0f}"])
    harness.table(f"sync_scale: {settings.players} players, {settings.runs} runs, median (range)",
                  ["", "CPU µs/player-s", "busiest thread", "of Snapserver", "target", "KiB/player", "of Snapserver", "target",
                   "playing", "missing", "late", "dry", "least margin ms", "bytes/s", "generator %"], rows)


if __name__ == "__main__":
    main()
