"""2,000 and 10,000 listeners on one I/O thread, beside Icecast: CPU and memory per listener, underruns.

CPU is that of the whole process (with Tutti's encoder; Icecast is given encoded audio) once the burst is behind all
listeners. Memory is what the resident set grows by from one listener to all of them; the kernel's socket buffers are
not in it. "bare send" is no server but the kernel's price alone: one send() per listener and interval, nothing else.
"""
import collections

import harness
from servers import BareSend, Icecast, SecureTutti, Tutti

CELLS = {  # name: (server, flush interval, highest share of Icecast's CPU)
    "icecast": ("icecast", None, None),
    "bare send, 1000 ms": ("bare-send", 1000, None),
    "tutti, 1000 ms": ("tutti", 1000, 0.15),
    "bare send, 250 ms": ("bare-send", 250, None),
    "tutti, 250 ms": ("tutti", 250, 0.45),
    "tutti over TLS, 1000 ms": ("tutti-tls", 1000, None),
}
MEMORY_KIB = 1.5


def main():
    parser = harness.options(__doc__, servers="icecast,bare-send,tutti,tutti-tls")
    parser.add_argument("--counts", default="2000,10000", help="numbers of listeners, separated by commas")
    settings = harness.begin(parser)
    starts = {"icecast": lambda count, _: Icecast(count), "bare-send": lambda _, flush: BareSend(settings, flush),
              "tutti": lambda count, flush: Tutti(settings, count, flush),
              "tutti-tls": lambda count, flush: SecureTutti(settings, count, flush)}
    cells = {name: cell for name, cell in CELLS.items() if cell[0] in settings.servers}
    results = collections.defaultdict(list)
    counts = [int(count) for count in settings.counts.split(",")]
    for run in range(settings.runs):
        for count in counts:
            for name, (server, flush, _) in cells.items():
                harness.progress(f"run {run + 1} of {settings.runs}: {count} listeners, {name}")
                with starts[server](count + 1, flush) as started:
                    results[count, name].append(harness.measure(started, count, settings.seconds))
    for count in counts:
        show(count, cells, results)


def fan_out(name, results):
    """µs per listener-second, nothing if not measured. Tutti decodes and encodes as well; Icecast's source does that
    outside of it. Fan-out is its I/O thread's work, and of the others all they do."""
    runs = results.get(name)
    return runs and harness.median(r["thread_us" if name.startswith("tutti") else "cpu_us"] for r in runs)


def share(value, of):
    return f"{value / of:.3f}" if of else "?"


def show(count, cells, all_results):
    results = {name: all_results[count, name] for name in cells}
    peer = fan_out("icecast", results)
    rows = []
    for name, (server, flush, target) in cells.items():
        runs = results[name]
        cpu = harness.median(r["cpu_us"] for r in runs)
        memory = harness.median(r["memory_kib"] for r in runs)
        own = fan_out(name, results)
        rows.append([
            name,
            harness.with_range(r["cpu_us"] for r in runs),
            share(cpu, peer),
            f"{own:.1f}",
            share(own, peer),
            harness.verdict(own / peer, target) if peer and target else "",
            share(own, fan_out(f"bare send, {flush} ms", results)) if server == "tutti" else "",
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
                  ["", "CPU µs/listener-s", "of Icecast", "fan-out alone µs", "of Icecast", "target", "of bare send",
                   "KiB/listener", "target", "underruns", "least margin ms", "writes/s each", "least bytes/s",
                   "generator %", "failures"], rows)
    if any(r["underruns"] or r["playing"] < count for r in results.get("icecast", [])):
        harness.say("Icecast did not carry this crowd in every run: the share is of an overloaded peer.")


if __name__ == "__main__":
    main()
