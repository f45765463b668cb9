"""10,000 listeners connect within 3 s: how long until each has its first byte of audio, beside Icecast.

From connect() to the wake-up of the load generator that brought the first byte of the body. Listeners without one after
60 s have failed.
"""
import collections

import harness
from servers import Icecast, Tutti

TARGET_MS = 1000


def main():
    parser = harness.options(__doc__, seconds=5)
    parser.add_argument("--listeners", type=int, default=10000, help="how many")
    parser.add_argument("--within", type=float, default=3, help="the time over which their connects are spread")
    settings = harness.begin(parser)
    servers = {"icecast": Icecast, "tutti": lambda n: Tutti(settings, n)}
    results = collections.defaultdict(list)
    for run in range(settings.runs):
        for name in (n for n in servers if n in settings.servers):
            harness.progress(f"run {run + 1} of {settings.runs}: {name}")
            with servers[name](settings.listeners + 1) as server:
                results[name].append(harness.measure(server, settings.listeners, settings.seconds, ramp=settings.within,
                                                     connect_timeout=60))
    rows = []
    for name, runs in results.items():
        spreads = [r["first_byte_ms"] for r in runs]
        worst = max(s["max"] for s in spreads)
        rows.append([name, *(harness.with_range((s[key] for s in spreads), 1) for key in ("p50", "p90", "p99", "max")),
                     harness.verdict(worst, TARGET_MS) if name == "tutti" else "",
                     harness.with_range((r["connect_seconds"] for r in runs), 1),
                     " ".join(str(r["listeners"] - r["playing"]) for r in runs),
                     "; ".join(sorted({harness.failures(r) for r in runs})), sum(r["underruns"] for r in runs)])
    harness.table(f"connect: {settings.listeners} listeners within {settings.within:g} s, first byte in ms, "
                  f"median of {settings.runs} runs (range)",
                  ["", "p50", "p90", "p99", "max", "target for all", "seconds until all have it", "without, each run",
                   "failures", "underruns"], rows)


if __name__ == "__main__":
    main()
