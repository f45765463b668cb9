"""1,000 listeners of which 0, 1 or 50 never read: what the others receive must not change.

The others' sockets are read every 100 ms, so gaps between arrivals are known to that. The ring is small (16 s) and the
window long, so that the stalled ones fall out of it while the others are measured.
"""
import collections

import harness
from servers import Icecast, Tutti

RING_BYTES = 262144


def main():
    parser = harness.options(__doc__, seconds=45)
    parser.add_argument("--listeners", type=int, default=1000, help="how many, the stalled ones included")
    parser.add_argument("--stalled", default="0,1,50", help="how many never read, separated by commas")
    settings = harness.begin(parser)
    servers = {"icecast": Icecast,
               "tutti": lambda n: Tutti(settings, n, extra=("--buffer-size", str(RING_BYTES)))}
    results = collections.defaultdict(list)
    for run in range(settings.runs):
        for name in (n for n in servers if n in settings.servers):
            for stalled in map(int, settings.stalled.split(",")):
                harness.progress(f"run {run + 1} of {settings.runs}: {name}, {stalled} stalled")
                with servers[name](settings.listeners + 1) as server:
                    results[name, stalled].append(harness.measure(
                        server, settings.listeners, settings.seconds, stalled=stalled, read_interval=0.1))
    rows = []
    for (name, stalled), runs in results.items():
        def of(key, part):
            return harness.with_range((r[key][part] for r in runs), 0)
        rows.append([f"{name}, {stalled} stalled", of("bytes_per_second", "min"), of("bytes_per_second", "p50"),
                     of("longest_gap_ms", "p50"), of("longest_gap_ms", "max"), of("least_margin_ms", "min"),
                     sum(r["underruns"] for r in runs), " ".join(str(r["closed_by_server"]) for r in runs),
                     harness.with_range((r["cpu_us"] for r in runs), 1),
                     "; ".join(sorted({harness.failures(r) for r in runs}))])
    harness.table(f"stall: what the others of {settings.listeners} listeners receive, "
                  f"median of {settings.runs} runs (range)",
                  ["", "bytes/s least", "median", "longest gap ms median", "max", "least margin ms", "underruns",
                   "closed by the server, each run", "CPU µs/listener-s", "failures"], rows)


if __name__ == "__main__":
    main()
