"""10,000 devices of 5,000 users at /player, 5,000 updates a second, with SQLite and with Redis: how late the others are told.

The server has one core and one I/O thread; the load generator, and Redis with it, the other. An update counts from
before it is sent until the user's other device has it; it is durable by then (SQLite: synchronous=FULL; Redis:
appendfsync always). The last table is what Redis alone costs for the same HSET and PUBLISH, one round trip each.
"""
import base64
import hashlib
import hmac
import json
import os
import pathlib
import secrets
import shutil
import subprocess
import tempfile
import time

import harness
from harness import LOAD_CORE, Sample, free_port, pinned, stop
from servers import Tutti

P99_MS = 20


class Redis:
    """Durable to the last change, on the load generator's core."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tutti-bench-redis-"))
        self.port = free_port()

    def __enter__(self):
        self.process = subprocess.Popen(
            pinned(LOAD_CORE, ["redis-server", "--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self.folder),
                               "--save", "", "--appendonly", "yes", "--appendfsync", "always", "--loglevel", "warning"]),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        while subprocess.run(["redis-cli", "-p", str(self.port), "PING"], capture_output=True, check=False).returncode:
            time.sleep(0.1)
        return self

    def __exit__(self, *_):
        stop(self.process)
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}/0"

    def alone(self, command, count):
        """Plain commands, 50 connections, one after the other on each: per second, and Redis' CPU for each in µs."""
        before = Sample(self.process.pid)
        run = subprocess.run(["redis-benchmark", "-p", str(self.port), "-n", str(count), "-c", "50", "-r", "5000",
                              "-q", "--csv", *command], capture_output=True, text=True, check=True)
        used = Sample(self.process.pid).since(before)
        per_second = float(run.stdout.strip().splitlines()[-1].split(",")[1].strip('"'))
        return per_second, used["cpu"] * used["seconds"] / count * 1e6


def tokens(key, users):
    """A signed token for each user, as an identity provider would make them (HS256)."""
    def part(data):
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
    head = part(json.dumps({"alg": "HS256", "typ": "JWT"}).encode())
    for number in range(users):
        body = head + "." + part(json.dumps({"sub": f"user{number}", "exp": int(time.time()) + 3600}).encode())
        yield body + "." + part(hmac.new(key, body.encode(), hashlib.sha256).digest())


def measure(settings, store):
    with tempfile.TemporaryDirectory(prefix="tutti-bench-") as folder:
        key = secrets.token_hex(32).encode()
        key_file, token_file = pathlib.Path(folder, "key"), pathlib.Path(folder, "tokens")
        key_file.write_bytes(key)
        token_file.write_text("".join(f"{token}\n" for token in tokens(key, settings.users)), encoding="ascii")
        server = Tutti(settings, settings.devices + 100, extra=("--jwt-key", str(key_file), "--store", store))
        with server:
            load = subprocess.Popen(
                pinned(LOAD_CORE, [settings.player_load, str(server.port), str(token_file), str(settings.devices),
                                   str(settings.rate), str(settings.seconds)]), stdout=subprocess.PIPE, text=True)
            try:
                line = load.stdout.readline().strip()
                server.check()
                if line != "connected":
                    raise RuntimeError(f"the devices could not connect: {line}\n{server.log()}")
                before = Sample(server.pid)
                result = json.loads(load.stdout.readline())
                return {**result, **Sample(server.pid).since(before)}
            finally:
                stop(load)


def main():
    parser = harness.options(__doc__, seconds=10)
    parser.add_argument("--devices", type=int, default=10_000)
    parser.add_argument("--users", type=int, default=5_000)
    parser.add_argument("--rate", type=int, default=5_000, help="updates a second")
    parser.add_argument("--player-load", default=str(harness.ROOT / "build/release/bench/player_load"), help="the binary")
    settings = harness.begin(parser)
    results = {"SQLite": [], "Redis": []}
    with Redis() as redis:
        used = []
        for run in range(settings.runs):
            harness.progress(f"run {run + 1} of {settings.runs}: SQLite")
            results["SQLite"].append(measure(settings, "sqlite"))
            harness.progress(f"run {run + 1} of {settings.runs}: Redis")
            before = Sample(redis.process.pid)
            results["Redis"].append(measure(settings, redis.url))
            spent = Sample(redis.process.pid).since(before)
            used.append(spent["cpu"] * spent["seconds"] / results["Redis"][-1]["sent"] * 1e6)
        harness.progress("Redis alone")
        value = "x" * 330  # as long as a state is
        sets, set_us = redis.alone(["HSET", "player_states", "user:__rand_int__", value], 50_000)
        says, say_us = redis.alone(["PUBLISH", "user:__rand_int__", value[:150]], 50_000)
    show(settings, results)
    pair = 1 / (1 / sets + 1 / says)
    harness.table("Redis, of which each update is one step", ["", "µs of Redis' CPU", "pairs/s"], [
        ["HSET and PUBLISH alone", f"{set_us + say_us:.1f}", f"{pair:.0f}"],
        ["an update of Tutti (compare, HSET, PUBLISH, news)", f"{harness.median(used):.1f}", ""],
        ["ratio", f"{harness.median(used) / (set_us + say_us):.2f}", ""]])


def show(settings, results):
    rows = []
    for name, runs in results.items():
        p99 = harness.median(r["p99_ms"] for r in runs)
        rows.append([
            name, harness.with_range((r["p50_ms"] for r in runs), 2), harness.with_range((r["p99_ms"] for r in runs), 2),
            harness.verdict(p99, P99_MS), f"{max(r['max_ms'] for r in runs):.1f}",
            harness.with_range(r["cpu"] * 100 for r in runs), harness.with_range(r["cpu"] / settings.rate * 1e6 for r in runs),
            sum(r["expected"] - r["heard"] for r in runs), sum(r["refused"] for r in runs)])
    harness.table(f"player_state: {settings.devices} devices of {settings.users} users, {settings.rate} updates/s for "
                  f"{settings.seconds:g} s, {settings.runs} runs, median (range)",
                  ["", "p50 ms", "p99 ms", "target", "max ms", "server % of a core", "µs/update", "not told", "refused"], rows)


if __name__ == "__main__":
    main()
