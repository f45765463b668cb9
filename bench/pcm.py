"""2,000 listeners of one WAV over /pcm on one core: CPU, memory, underruns; and of one of 4 GiB.

The whole server is on one core. CPU is that of the process while all listen; memory what the resident set grows by
from one listener to all of them, the kernel's socket buffers not counted. A player begins half a second after its first
bytes; an underrun is a chunk that was not there when it was to be heard.
"""
import harness
import material
from servers import Tutti

BYTES_PER_SECOND = 44100 * 4


def measure(settings, wav, count, ramp):
    with Tutti(settings, count + 10, extra=("--wav", str(wav))) as server:
        def crowd(count, first):
            return harness.Crowd(settings, "pcm_crowd", port=server.port, path="/pcm", connections=count, ramp=ramp if first else 0,
                                 seconds=settings.seconds, bytes_per_second=BYTES_PER_SECOND)
        result, before, after, alone = harness.measure_crowd(server, crowd, count)
    rss_kib = max(before.rss_kib, after.rss_kib)
    return {**result, **after.since(before), "rss_kib": rss_kib, "memory_kib": (rss_kib - alone.rss_kib) / count,
            "alone_kib": alone.rss_kib}


def main():
    parser = harness.options(__doc__, runs=1)
    parser.add_argument("--listeners", type=int, default=2000)
    settings = harness.begin(parser)
    music, long = material.wave(), material.long_wave()
    rows = []
    for name, wav, count, ramp in (
            (f"{settings.listeners} of one file, begun within 5 s", music, settings.listeners, 5),
            (f"{settings.listeners} of one file, begun within 40 s", music, settings.listeners, 40),
            ("100 of a file of 4 GiB", long, 100, 5)):
        harness.progress(name)
        result = measure(settings, wav, count, ramp)
        rows.append([name, result["playing"], result["underruns"], result["least_margin_ms"],
                     f"{100 * result['cpu']:.1f}", f"{result['cpu'] / count * 1e6:.1f}",
                     f"{result['busiest'][0]} {100 * result['busiest'][1]:.1f}", f"{result['memory_kib']:.2f}",
                     f"{result['alone_kib'] / 1024:.1f}", f"{result['rss_kib'] / 1024:.1f}",
                     f"{result['least_rate']:.0f}-{result['most_rate']:.0f}", f"{result['worst_lag_ms']:.0f}"])
    harness.table("pcm: 44.1 kHz, 16 bit, stereo, on one core", [
        "", "playing", "underruns", "least margin ms", "CPU %", "CPU µs/listener-s", "busiest thread %",
        "memory KiB/listener", "RSS MiB, one listener", "RSS MiB", "bytes/s", "generator late ms"], rows)


if __name__ == "__main__":
    main()
