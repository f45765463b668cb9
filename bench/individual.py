"""1,000 listeners of an individual station of 500 tracks on one core: CPU, memory, underruns, beside the radio.

Each listener hears an own order from its start. CPU is that of the process once the burst is behind all listeners;
memory what the resident set grows by from one listener to all of them, the kernel's socket buffers not counted. The
slope of the memory is what each of twice as many takes who come on top of them: what is there once is not in it.
"""
import harness
import material
from servers import Tutti

SLOPE_KIB = 1.3


def main():
    parser = harness.options(__doc__, runs=1)
    parser.add_argument("--listeners", type=int, default=1000)
    settings = harness.begin(parser)
    own = ("--stream-mode", "individual")
    mp3 = {"bench": str(material.many_tracks("mp3", 500))}
    flac = {"bench": str(material.many_tracks("flac", 20))}
    more = 2 * settings.listeners
    rows = []
    for name, routes, extra, state in (("radio, 500 MP3 tracks", mp3, (), "mp3"),
                                       ("individual, 500 MP3 tracks", mp3, own, "mp3"),
                                       ("individual, 20 FLAC tracks, from the cache", flac, own, "flac")):
        runs = []
        for run in range(settings.runs):
            harness.progress(f"run {run + 1} of {settings.runs}: {name}")
            with Tutti(settings, settings.listeners + more + 1, routes=routes, state=f"individual-{state}",
                       extra=extra) as server:
                runs.append(harness.measure(server, settings.listeners, settings.seconds, more))
        slope = harness.median(r["slope_kib"] for r in runs)
        rows.append([name, runs[0]["playing"], sum(r["underruns"] for r in runs),
                     f"{min(r['least_margin_ms']['min'] for r in runs):.0f}",
                     harness.with_range(100 * r["cpu"] for r in runs), harness.with_range(r["cpu_us"] for r in runs),
                     harness.with_range(r["thread_us"] for r in runs), harness.with_range((r["memory_kib"] for r in runs), 2),
                     harness.with_range((r["slope_kib"] for r in runs), 2), harness.verdict(slope, SLOPE_KIB),
                     f"{harness.median(r['longest_gap_ms']['max'] for r in runs):.0f}",
                     "; ".join(sorted({harness.failures(r) for r in runs}))])
    harness.table(f"individual: {settings.listeners} listeners at 128 kbit/s, one I/O thread; {more} more for the slope", [
        "", "playing", "underruns", "least margin ms", "CPU %", "CPU µs/listener-s", "busiest thread µs/listener-s",
        "KiB/listener", "slope KiB/listener", "target", "longest gap ms", "failures"], rows)


if __name__ == "__main__":
    main()
