"""First byte of an idle station: 100 stations (MP3, FLAC, Opus, M4A), nobody listening, tuned in to one after another.

From connect() to the first byte of audio, and to the first second of audio. The pause between two tries leaves some
earlier stations running (a server may keep its encoder for a while), as it is when somebody zaps.
"""
import random
import socket
import time

import harness
import material
from servers import Tutti

TARGET_MS = 150


def tune_in(port, path):
    """(ms to the first byte of the body, ms to one second of audio)."""
    started = time.perf_counter()
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: */*\r\n\r\n".encode())
        data, first = b"", None
        while True:
            piece = connection.recv(65536)
            now = time.perf_counter()
            data += piece
            head = data.find(b"\r\n\r\n") + 4
            if not piece or not data.startswith(b"HTTP/1.1 200"[:len(data)]):
                raise RuntimeError(f"{path} answered {data[:80]!r}")
            if head > 3 and len(data) > head:
                first = first or now
                if len(data) - head >= harness.BYTES_PER_SECOND:
                    return (first - started) * 1000, (now - started) * 1000


def percentile(values, share):
    return sorted(values)[round(share * (len(values) - 1))]


def main():
    parser = harness.options(__doc__)
    parser.add_argument("--stations", type=int, default=100, help="how many, each tried once per run")
    parser.add_argument("--pause", type=float, default=0.5, help="seconds between two tries")
    parser.add_argument("--rest", type=float, default=20, help="seconds between two runs: the stations are idle again")
    settings = harness.begin(parser)
    routes = material.stations("first", settings.stations, material.tracks())
    rows = []
    with Tutti(settings, routes=routes, state="first") as server:
        for run in range(settings.runs):
            if run:
                time.sleep(settings.rest)
            harness.progress(f"run {run + 1} of {settings.runs}")
            times = []
            for route in random.sample(sorted(routes), len(routes)):
                times.append(tune_in(server.port, "/" + route))
                time.sleep(settings.pause)
            rows.append(summary(f"run {run + 1}", times))
    harness.table(f"first byte of an idle station: {settings.stations} tries per run, ms",
                  ["", "first byte p50", "p99", "max", "target for p99", "1 s of audio p50", "p99", "max"], rows)


def summary(label, times):
    first, second = zip(*times)
    p99 = percentile(first, 0.99)
    return [label, f"{percentile(first, 0.5):.1f}", f"{p99:.1f}", f"{max(first):.1f}", harness.verdict(p99, TARGET_MS),
            f"{percentile(second, 0.5):.1f}", f"{percentile(second, 0.99):.1f}", f"{max(second):.1f}"]


if __name__ == "__main__":
    main()
