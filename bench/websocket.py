"""5,000 WebSockets that receive the same frames, beside a Beast stream per connection: CPU and memory of each.

One I/O thread. With a write every 20 ms there are fewer connections, as one core does not carry 5,000 (--rapid). CPU is that of the I/O thread (and of the process) per connection and second while all are connected;
memory is what the resident set grows by from one connection to all of them, the kernel's socket buffers not counted.
"""
import pathlib

import harness
from servers import Server

CELLS = {  # name: (program, ms of audio per frame, ms per write)
    "beast, 20 ms frames": ("beast", 20, 20),
    "tutti, 20 ms frames, tick 20 ms": ("tutti", 20, 20),
    "tutti, 20 ms frames, tick 100 ms": ("tutti", 20, 100),
    "beast, 100 ms frames": ("beast", 100, 100),
    "tutti, 100 ms frames": ("tutti", 100, 100),
}


class Sender(Server):
    """Sends everybody the same frames of `bytes_per_second` altogether."""

    def __init__(self, settings, program, frame_ms, tick_ms):
        super().__init__()
        self.name = program
        self.bytes = settings.bytes_per_second * frame_ms // 1000
        self.command = [str(pathlib.Path(settings.loadgen).parent / f"websocket_{program}_server"),
                        "--port", str(self.port), "--frame-ms", str(frame_ms), "--bytes", str(self.bytes)]
        if program == "tutti":
            self.command += ["--tick-ms", str(tick_ms)]

    def run(self):
        self.start(self.command)
        self.wait_for("start", lambda: "ready" in self.log(), 10)


def measure(settings, program, frame_ms, tick_ms):
    count = settings.connections if tick_ms >= 100 else settings.rapid
    with Sender(settings, program, frame_ms, tick_ms) as server:
        def clients(count, _):
            return harness.Crowd(settings, "websocket_crowd", port=server.port, connections=count, bytes=server.bytes,
                                 seconds=int(settings.seconds))
        result, before, after, alone = harness.measure_crowd(server, clients, count)
    used = after.since(before)
    per = 1e6 / count
    expected = result["seconds"] * 1000 / frame_ms
    whole = result["open"] == count and not result["missing"] and not result["wrong"]
    return {**result, "cpu_us": used["cpu"] * per, "thread_us": used["busiest"][1] * per,
            "memory_kib": (before.rss_kib - alone.rss_kib) / count, "count": count,
            "whole": whole and result["least_frames"] >= expected * 0.97 - tick_ms / frame_ms}


def main():
    parser = harness.options(__doc__, seconds=10)
    parser.add_argument("--connections", type=int, default=5000, help="how many")
    parser.add_argument("--rapid", type=int, default=2000, help="how many where each is written to every 20 ms")
    parser.add_argument("--bytes-per-second", type=int, default=harness.BYTES_PER_SECOND, help="to each; PCM is 192000")
    parser.add_argument("--cells", default="", help="only those whose name contains this")
    settings = harness.begin(parser)
    cells = {name: cell for name, cell in CELLS.items() if settings.cells in name}
    results = harness.in_turns(settings, {name: (settings, *cell) for name, cell in cells.items()}, measure)
    rows = [[name, runs[0]["count"], harness.with_range(r["thread_us"] for r in runs), harness.with_range(r["cpu_us"] for r in runs),
             harness.with_range((r["memory_kib"] for r in runs), 2),
             " ".join("yes" if r["whole"] else "NO" for r in runs), sum(r["missing"] for r in runs),
             harness.with_range(r["delay_ms"]["p50"] for r in runs), harness.with_range(r["delay_ms"]["p99"] for r in runs),
             f"{max(r['cpu_percent'] for r in runs):.0f}"] for name, runs in results.items()]
    harness.table(f"websocket: {settings.bytes_per_second} bytes/s each, "
                  f"median of {settings.runs} runs (range)",
                  ["", "connections", "I/O thread µs/connection-s", "process", "KiB/connection", "all of it, each run", "missing frames",
                   "delay p50 ms", "p99", "clients' CPU %"], rows)


if __name__ == "__main__":
    main()
