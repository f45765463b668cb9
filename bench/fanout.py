"""2,000 and 10,000 listeners on one I/O thread, beside Icecast: CPU and memory per listener, underruns.

CPU is that of the whole process (with Tutti's encoder; Icecast is given encoded audio) once the burst is behind all
listeners. Memory is what the resident set grows by from one listener to all of them; the kernel's socket buffers are
not in it.
"""
import collections

import harness
from servers import Icecast, Tutti

CELLS = {  # name: (flush interval, highest share of Icecast's CPU)
    "icecast": (None, None),
    "tutti, 1000 ms": (1000, 0.15),
    "tutti, 250 ms": (250, 0.45),
}
MEMORY_KIB = 1.5


def main():
    parser = harness.options(__doc__)
    parser.add_argument("--counts", default="2000,10000", help="numbers of listeners, separated by commas")
    settings = harness.begin(parser)
    cells = {name: cell for name, cell in CELLS.items() if name.split(",")[0] in settings.servers}
    results = collections.defaultdict(list)
    counts = [int(count) for count in settings.counts.split(",")]
    for run in range(settings.runs):
        for count in counts:
            for name, (flush, _) in cells.items():
                harness.progress(f"run {run + 1} of {settings.runs}: {count} listeners, {name}")
                server = Icecast(count + 1) if flush is None else Tutti(settings, count + 1, flush)
                with server:
                    results[count, name].append(harness.measure(server, count, settings.seconds))
    for count in counts:
        show(count, cells, results)


def show(count, cells, results):
    peer = [r["cpu_us"] for r in results[count, "icecast"]]
    rows = []
    for name, (_, target) in cells.items():
        runs = results[count, name]
        cpu = harness.median(r["cpu_us"] for r in runs)
        memory = harness.median(r["memory_kib"] for r in runs)
        # Tutti decodes and encodes as well; Icecast's source does that outside of it. Fan-out is the I/O thread's work.
        fan_out = harness.median(r["thread_us"] for r in runs) if target else cpu
        ratio = fan_out / harness.median(peer) if peer else None
        rows.append([
            name,
            harness.with_range(r["cpu_us"] for r in runs),
            f"{cpu / harness.median(peer):.3f}" if peer else "?",
            f"{fan_out:.1f}",
            f"{ratio:.3f}" if ratio else "?",
            harness.verdict(ratio, target) if ratio and target else "",
            harness.with_range((r["memory_kib"] for r in runs), 2),
            harness.verdict(memory, MEMORY_KIB) if target else "",
            sum(r["underruns"] for r in runs),
            f"{min(r['least_margin_ms']['min'] for r in runs):.0f}",
            f"{harness.median(r['writes_per_second']['p50'] for r in runs):.1f}",
            f"{min(r['bytes_per_second']['min'] for r in runs):.0f}",
            f"{max(r['generator']['cpu_percent'] for r in runs):.0f}",
            "; ".join(sorted({harness.failures(r) for r in runs})),
        ])
    harness.table(f"fanout: {count} listeners, {len(runs)} runs, median (range)",
                  ["", "CPU µs/listener-s", "of Icecast", "fan-out alone µs", "of Icecast", "target", "KiB/listener", "target", "underruns",
                   "least margin ms", "writes/s each", "least bytes/s",
                   "generator %", "failures"], rows)
    if any(r["underruns"] or r["playing"] < count for r in results[count, "icecast"]):
        harness.say("Icecast did not carry this crowd in every run: the share is of an overloaded peer.")


if __name__ == "__main__":
    main()
