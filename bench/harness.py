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
    parser.add_argument("--servers", default=defaults.get("servers", "tutti,icecast"),
                        help="which to measure, separated by commas")
    parser.add_argument("--tutti", default=str(ROOT / "build/release/tutti"), help="the binary")
    for name in ("loadgen", "bare-send"):
        parser.add_argument(f"--{name}", default=str(ROOT / "build/release/bench" / name.replace("-", "_")),
                            help="the binary")
    return parser


def begin(parser):
    """Parses, raises the limit of open files, and says on what machine this runs."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that `with` blocks end the servers
    settings = parser.parse_args()
    settings.servers = settings.servers.split(",")
    for name in ("tutti", "loadgen", "bare_send"):
        needed = name == "loadgen" or name.replace("_", "-") in settings.servers
        if needed and not os.access(getattr(settings, name), os.X_OK):
            sys.exit(f"{getattr(settings, name)} is missing: script/bench builds it, or name another with "
                     f"--{name.replace('_', '-')}")
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
    """CPU time of every thread of some processes, how long two cores idled, and the memory, at one moment."""

    def __init__(self, *pids):
        self.at = time.monotonic()
        self.threads = {}
        for pid in pids:
            for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
                try:
                    name = (task / "comm").read_text(encoding="utf-8").strip()
                    seconds = int((task / "schedstat").read_text(encoding="utf-8").split()[0]) / 1e9
                except (FileNotFoundError, ProcessLookupError):
                    continue  # it has just ended
                self.threads[pid, task.name] = (name, seconds)
        self.idle = idle_seconds()
        self.rss_kib = sum(memory(pid) for pid in pids)
        self.kernel_mib = socket_buffers_mib()

    def since(self, earlier):
        """{seconds, cpu, busiest, server_core, load_core} between two samples; shares are of one core.

        busiest: (name, share) of the busiest thread; of several processes one each, added up. The cores' shares have in
        them what the kernel does for nobody's account.
        """
        seconds = self.at - earlier.at
        shares = [(pid, name, (spent - earlier.threads.get((pid, task), (name, 0))[1]) / seconds)
                  for (pid, task), (name, spent) in self.threads.items()]
        of_each = {pid: (name, share) for pid, name, share in sorted(shares, key=lambda s: s[2])}
        busiest = (" ".join(sorted({name for name, _ in of_each.values()})), sum(share for _, share in of_each.values()))
        server_core, load_core = (1 - (self.idle[core] - earlier.idle[core]) / seconds
                                  for core in (SERVER_CORE, LOAD_CORE))
        return {"seconds": seconds, "cpu": sum(share for *_, share in shares), "busiest": busiest,
                "server_core": server_core, "load_core": load_core}


def memory(pid):
    """The resident set in KiB."""
    lines = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    return int(dict(line.split(":", 1) for line in lines)["Rss"].split()[0])


def idle_seconds():
    """{core: how long it has done nothing since the machine started}; 0 where there is no such core."""
    idle = dict.fromkeys((SERVER_CORE, LOAD_CORE), 0.0)
    for line in pathlib.Path("/proc/stat").read_text(encoding="ascii").splitlines():
        name, *ticks = line.split()
        if name.startswith("cpu") and name[3:].isdigit():
            idle[int(name[3:])] = (int(ticks[3]) + int(ticks[4])) / os.sysconf("SC_CLK_TCK")
    return idle


def socket_buffers_mib():
    """What the kernel holds in the buffers of all TCP sockets of this machine."""
    words = next(line for line in open("/proc/net/sockstat", encoding="ascii") if line.startswith("TCP:")).split()
    return int(words[words.index("mem") + 1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


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


def dealt(count, parts):
    """`count` in so many shares that differ by at most one."""
    return [count // parts + (i < count % parts) for i in range(parts)]


class Load:
    """A crowd of listeners, dealt out to the parts of a server: one load generator for each, or several where one may
    not open so many sockets."""

    binary = None

    def __init__(self, server, listeners, **settings):
        self.server, self.processes, self.lines = server, [], []
        per_process = resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 50
        shares = [(part, share) for part, of_part in zip(server.parts, dealt(listeners, len(server.parts)))
                  for share in dealt(of_part, -(-of_part // per_process))]
        sources = min(64, 254 // len(shares))
        for i, (part, share) in enumerate(shares):
            arguments = {"port": part.port, "path": part.path, "listeners": share, "sources": sources,
                         "first-source": 1 + i * sources, "bytes-per-second": BYTES_PER_SECOND,
                         **{name.replace("_", "-"): value for name, value in settings.items()}}
            command = [self.binary, "--driven", *part.load_options]
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


class Crowd:
    """One of the benchmarks' own programs, `<name> --option value …`, that says "steady" when all have come, waits for
    "go", says "end" after its window, and its result as JSON."""

    def __init__(self, settings, name, **options):
        command = [str(pathlib.Path(settings.loadgen).parent / name)]
        for option, value in options.items():
            command += [f"--{option.replace('_', '-')}", str(value)]
        self.name = name
        self.process = subprocess.Popen(pinned(LOAD_CORE, command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        bufsize=1)

    def __enter__(self):
        self.wait("steady")
        return self

    def __exit__(self, *_):
        stop(self.process, 2)

    def wait(self, mark):
        line = self.process.stdout.readline().strip()
        if line != mark:
            raise RuntimeError(f"{self.name} said '{line}' instead of '{mark}'")

    def measure(self, server):
        """(its result, the server's samples at the window's begin and end)."""
        before = Sample(server.pid)
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        self.wait("end")
        after = Sample(server.pid)
        self.process.stdin.close()
        return json.loads(self.process.stdout.readline()), before, after


def measure_crowd(server, make, count):
    """The same of `make(count, 1)`, and the server's sample while there is but `make(1, 0)`. Their arguments: how many,
    and the number of the first of them."""
    with make(1, 0):
        alone = Sample(server.pid)
        with make(count, 1) as crowd:
            return *crowd.measure(server), alone


def in_turns(settings, cells, measure):
    """{name: [result of `measure(*arguments)` in each run]} of {name: arguments}; each run has all of them."""
    results = {name: [] for name in cells}
    for run in range(settings.runs):
        for name, arguments in cells.items():
            progress(f"run {run + 1} of {settings.runs}: {name}")
            results[name].append(measure(*arguments))
    return results


WORST_IS_MOST = ("worst_lag_ms", "connect_seconds", "window_seconds")
WORST_IS_LEAST = ("least_margin_ms", "bytes_per_second", "writes_per_second")


def merged(results):
    """One result of several generators: counts and CPU are added; of spreads the worst is kept."""
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


def measure(server, listeners, seconds, more=0, **settings):
    """Brings a crowd in and measures once the burst is behind it. `more` listeners come on top after the window.

    Adds to the result of the generator: what Sample.since() says of the window, cpu_us and thread_us (of all threads and
    of the busiest, per listener-second), memory_kib (per listener), rss_mib and kernel_mib (of all sockets' buffers, at
    the window's ends), closed_by_server (connections that the server has no more). One listener is there before, so
    that the encoder and its buffers are in the memory that the crowd is compared with. slope_kib is what each of the
    `more` takes: what is there once, whoever listens, is not in it.
    """
    first_ones = len(server.parts)
    with Load(server, first_ones, settle=4) as first:
        first.wait("steady")
        before = Sample(*server.pids)
        # Slowly enough for Icecast's short accept queue: connect.py is where the rush is measured.
        settings = {"settle": 6, **settings}
        with Load(server, listeners, duration=seconds, **{"ramp": listeners / 400, **settings}) as load:
            load.wait("steady")
            crowded = Sample(*server.pids)
            load.go()
            load.wait("end")
            after = Sample(*server.pids)
            kept = sum(established(part.port) for part in server.parts)
            slope = slope_kib(server, more, after.rss_kib, settings) if more else None
            result = load.finish()
    if not result["playing"]:
        raise RuntimeError(f"{server.name}: nobody has audio: {failures(result)} {result['refusals']}\n{server.log()}")
    used = after.since(crowded)
    present = max(1, result["playing"] + result["stalled"])
    result = {**result, **used,
              "cpu_us": used["cpu"] / present * 1e6,
              "thread_us": used["busiest"][1] / present * 1e6,
              "memory_kib": (crowded.rss_kib - before.rss_kib) / present,
              "slope_kib": slope,
              "rss_mib": after.rss_kib / 1024,
              "kernel_mib": max(crowded.kernel_mib, after.kernel_mib),
              "closed_by_server": first_ones + listeners + server.own_connections - kept}
    if is_generator_limit(result):
        progress(f"the load generator was near its limit: {100 * result['load_core']:.0f} % of its core, up to "
                 f"{result['generator']['worst_lag_ms']:.0f} ms late")
    return result


def slope_kib(server, more, before, settings):
    """What the resident set of `before` KiB grows by for each of so many further listeners."""
    with Load(server, more, duration=1, **{"ramp": more / 400, **settings}) as load:
        load.wait("steady")
        grown = Sample(*server.pids).rss_kib - before
        load.go()
        load.wait("end")
        result = load.finish()
    return grown / max(1, result["playing"])


def is_generator_limit(result):
    """True where the figures may be the load generator's rather than the server's."""
    return result["load_core"] > 0.8 or result["generator"]["worst_lag_ms"] > 500


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
