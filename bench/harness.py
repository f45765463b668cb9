"""What the benchmarks share: options, processes on their cores, samples of a server, the load generator.

Standard library only. Every process is started and stopped by its id; a server lives in a `with` block, so that it ends
with the benchmark, however that ends.
"""
import argparse
import json
import os
import pathlib
import queue
import resource
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
BITRATE = 128000
BYTES_PER_SECOND = BITRATE // 8
SERVER_CORE, LOAD_CORE = 0, 1
SPARE_FILES = 200  # descriptors that a server needs beside its listeners


def options(description, **defaults):
    """The options all benchmarks have. `defaults` sets some; more may be added to what this returns."""
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument("--runs", type=int, default=defaults.get("runs", 3), help="rounds; the median is printed")
    parser.add_argument("--seconds", type=float, default=defaults.get("seconds", 20), help="length of a window")
    parser.add_argument("--servers", default="tutti,icecast", help="which to measure, separated by commas")
    parser.add_argument("--tutti", default=str(ROOT / "build/release/tutti"), help="the binary")
    parser.add_argument("--loadgen", default=str(ROOT / "build/release/bench/loadgen"), help="the binary")
    return parser


def begin(parser):
    """Parses, raises the limit of open files, and says on what machine this runs."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that `with` blocks end the servers
    settings = parser.parse_args()
    settings.servers = settings.servers.split(",")
    for name in ("tutti", "loadgen"):
        needed = name == "loadgen" or "tutti" in settings.servers
        if needed and not os.access(getattr(settings, name), os.X_OK):
            sys.exit(f"{getattr(settings, name)} is missing: script/bench builds it, or name another with --{name}")
    Load.binary = settings.loadgen
    files = raise_file_limit()
    say(f"# {cpu_name()}, {os.cpu_count()} cores, Linux {os.uname().release}, at most {files} open files per process")
    if not can_pin():
        say("# fewer than 2 cores: server and load generator share one, the figures are worth little")
    if os.getloadavg()[0] > 0.5:
        say(f"# the machine is busy with something else (load average {os.getloadavg()[0]:.1f})")
    return settings


def say(text):
    print(text, flush=True)


def progress(text):
    """One line to stderr: what is going on, apart from the result."""
    print(f"  … {text}", file=sys.stderr, flush=True)


def cpu_name():
    for line in pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return "unknown CPU"


def raise_file_limit(wanted=1_048_576):
    """As high as this user may; returns what one process may open."""
    for hard in (wanted, resource.getrlimit(resource.RLIMIT_NOFILE)[1]):
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
            break
        except (ValueError, PermissionError):
            pass
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def can_pin():
    return {SERVER_CORE, LOAD_CORE} <= os.sched_getaffinity(0)


def pinned(core, arguments):
    return ["taskset", "-c", str(core), *arguments] if can_pin() else list(arguments)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def stop(process, patience=8):
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()


class Sample:
    """CPU time of every thread, and the memory, of one process at one moment."""

    def __init__(self, pid):
        self.at = time.monotonic()
        self.threads = {}
        for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
            try:
                name = (task / "comm").read_text(encoding="utf-8").strip()
                seconds = int((task / "schedstat").read_text(encoding="utf-8").split()[0]) / 1e9
            except (FileNotFoundError, ProcessLookupError):
                continue  # it has just ended
            self.threads[task.name] = (name, seconds)
        memory = dict(
            line.split(":", 1) for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:])
        self.rss_kib = int(memory["Rss"].split()[0])

    def since(self, earlier):
        """{seconds, cpu: share of one core, busiest: (thread name, share)} between two samples."""
        seconds = self.at - earlier.at
        shares = [(name, (spent - earlier.threads.get(task, (name, 0))[1]) / seconds)
                  for task, (name, spent) in self.threads.items()]
        return {"seconds": seconds, "cpu": sum(share for _, share in shares),
                "busiest": max(shares, key=lambda s: s[1])}


def wait_until_idle(pid, share=0.02, patience=900):
    """Until the process uses less than `share` of a core for two seconds: scans in the background are over."""
    deadline, quiet, before = time.monotonic() + patience, 0, Sample(pid)
    while quiet < 2:
        if time.monotonic() > deadline:
            raise RuntimeError(f"the server is still busy after {patience} s")
        time.sleep(1)
        now = Sample(pid)
        quiet = quiet + 1 if now.since(before)["cpu"] < share else 0
        before = now


def established(port):
    """How many connections the server's side holds open. A client that does not read never hears that it was closed."""
    lines = (line.split() for line in open("/proc/net/tcp", encoding="ascii"))
    return sum(line[3] == "01" and line[1].endswith(f":{port:04X}") for line in lines)


class Load:
    """A crowd of listeners: one load generator, or several where one may not open so many sockets."""

    binary = None

    def __init__(self, server, listeners, **settings):
        self.server, self.processes, self.lines = server, [], []
        per_process = resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 50
        count = -(-listeners // per_process)
        sources = min(64, 254 // count)
        for i in range(count):
            share = listeners // count + (i < listeners % count)
            arguments = {"port": server.port, "path": server.path, "listeners": share, "sources": sources,
                         "first-source": 1 + i * sources, "bytes-per-second": BYTES_PER_SECOND,
                         **{name.replace("_", "-"): value for name, value in settings.items()}}
            command = [self.binary, "--driven"]
            for name, value in arguments.items():
                command += [f"--{name}", str(value)]
            process = subprocess.Popen(pinned(LOAD_CORE, command), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                       text=True, bufsize=1)
            self.processes.append(process)
            self.lines.append(self._reader(process))

    @staticmethod
    def _reader(process):
        lines = queue.Queue()

        def read():
            for line in process.stdout:
                lines.put(line.strip())
            lines.put(None)
        threading.Thread(target=read, daemon=True).start()
        return lines

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.processes:
            stop(process, 2)

    def _next(self, lines, patience):
        line = lines.get(timeout=patience)
        if line is None:
            raise RuntimeError("the load generator ended early")
        self.server.check()
        return line

    def wait(self, mark, patience=300):
        for lines in self.lines:
            while self._next(lines, patience) != mark:
                pass

    def go(self):
        for process in self.processes:
            process.stdin.write("go\n")
            process.stdin.flush()

    def finish(self):
        """Lets the listeners leave; the result of all of them."""
        for process in self.processes:
            process.stdin.close()
        return merged([json.loads(self._next(lines, 60)) for lines in self.lines])


WORST_IS_MOST = ("cpu_percent", "worst_lag_ms", "connect_seconds", "window_seconds")
WORST_IS_LEAST = ("least_margin_ms", "bytes_per_second", "writes_per_second")


def merged(results):
    """One result of several generators: counts are added; of spreads and shares the worst is kept."""
    return results[0] if len(results) == 1 else {key: join(key, [r[key] for r in results]) for key in results[0]}


def join(key, values):
    if not any(isinstance(value, (dict, type(None))) for value in values):
        return max(values) if key in WORST_IS_MOST else sum(values)
    present = [value for value in values if value]
    if not present:
        return values[0]
    if "p50" in present[0]:
        return {part: (min if part in ("min", "p01") or key in WORST_IS_LEAST else max)(v[part] for v in present)
                for part in present[0]}
    return {part: join(part, [v.get(part, 0) for v in present]) for part in {p for v in present for p in v}}


def measure(server, listeners, seconds, **settings):
    """Brings a crowd in and measures once the burst is behind it.

    Adds to the result of the generator: cpu (share of one core), busiest (thread, share), cpu_us and thread_us (those
    two per listener-second), memory_kib (per listener), closed_by_server (connections that the server has no more). One
    listener is there before, so that the encoder and its buffers are in the memory that the crowd is compared with.
    """
    with Load(server, 1, settle=4) as first:
        first.wait("steady")
        before = Sample(server.pid)
        # Slowly enough for Icecast's short accept queue: connect.py is where the rush is measured.
        settings = {"ramp": listeners / 400, "settle": 6, **settings}
        with Load(server, listeners, duration=seconds, **settings) as load:
            load.wait("steady")
            crowded = Sample(server.pid)
            load.go()
            load.wait("end")
            after = Sample(server.pid)
            kept = established(server.port)
            result = load.finish()
    if not result["playing"]:
        raise RuntimeError(f"{server.name}: nobody has audio: {failures(result)} {result['refusals']}\n{server.log()}")
    used = after.since(crowded)
    present = max(1, result["playing"] + result["stalled"])
    warn_about_generator(result)
    return {**result, **used,
            "cpu_us": used["cpu"] / present * 1e6,
            "thread_us": used["busiest"][1] / present * 1e6,
            "memory_kib": (crowded.rss_kib - before.rss_kib) / present,
            "closed_by_server": 1 + listeners + server.own_connections - kept}


def warn_about_generator(result):
    generator = result["generator"]
    if generator["cpu_percent"] > 80 or generator["worst_lag_ms"] > 500:
        progress(f"the load generator was near its limit: {generator['cpu_percent']:.0f} % of its core, up to "
                 f"{generator['worst_lag_ms']:.0f} ms late")


def failures(result):
    """'-' or what went wrong and how often."""
    found = [f"{count} {name}" for name, count in result["failures"].items() if count]
    return ", ".join(found) or "-"


def median(values):
    return statistics.median(list(values))


def with_range(values, digits=1):
    """'6.2 (6.0-6.9)': the median and what it is the median of."""
    values = list(values)
    text = f"{median(values):.{digits}f}"
    return text if len(values) == 1 else f"{text} ({min(values):.{digits}f}-{max(values):.{digits}f})"


def verdict(value, target):
    """The target and whether the value keeps it; lower is better."""
    return f"<= {target:g} {'ok' if value <= target else 'MISSED'}"


def table(title, head, rows):
    """Prints aligned columns; the first to the left, all others to the right."""
    cells = [list(map(str, row)) for row in [head, *rows]]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    say(f"\n{title}")
    for row in cells:
        say("  ".join(c.ljust(w) if i == 0 else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths))).rstrip())
