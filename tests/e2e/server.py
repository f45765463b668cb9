"""The server under test: one process with a state directory and a port of its own."""
import json
import os
import pathlib
import re
import shlex
import signal
import subprocess
import urllib.error
import urllib.request

from patience import PATIENCE, eventually

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ.get("TUTTI_BINARY", ROOT / "build/dev/tutti"))
# Put before the binary, by script/sanitize.
RUN = shlex.split(os.environ.get("TUTTI_E2E_RUN", ""))
VARIABLES = ("TUTTI_", "AUDIO_STREAM_ROUTES", "DIRECTORY_ROUTES", "STREAM_MODE", "BUFFER_SIZE", "MAX_PRELOAD_TRACKS")
# What no log may hold, whatever a test was about.
DISASTERS = re.compile(r"Sanitizer|runtime error:|Assertion .* failed|terminate called", re.IGNORECASE)


def environment(**more):
    """Ours, without what would configure the server, and with `more`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(VARIABLES)}
    return kept | {name: str(value) for name, value in more.items()}


def run(*arguments, env=None, seconds=20):
    """A server that is expected to end by itself: its exit code and what it printed."""
    return subprocess.run([*RUN, str(BINARY), *map(os.fsdecode, arguments)], env=environment(**(env or {})),
                          capture_output=True, timeout=seconds * PATIENCE, check=False)


class Server:
    """`Server(tmp_path, folder, "--shuffle", "off")` is a running server; stop() or kill() ends it."""

    running = []

    def __init__(self, home, *arguments, env=None, host=("--host", "127.0.0.1"), port=("--port", "0")):
        home.mkdir(parents=True, exist_ok=True)
        self.log_path = home / "log"
        self.out_path = home / "out"
        command = [*RUN, str(BINARY), "serve", *host, *port, "--state-dir", str(home / "state"), *map(os.fsdecode, arguments)]
        with open(self.log_path, "ab") as log, open(self.out_path, "wb") as out:
            self.log_begin = log.tell()
            self.process = subprocess.Popen(command, env=environment(**(env or {})), stdin=subprocess.DEVNULL,
                                            stdout=out, stderr=log)
        Server.running.append(self)
        self.urls = eventually(self._announced, 20, "the line 'Listening on …'")
        self.url = self.urls[0].rstrip("/")
        self.port = int(self.url.rsplit(":", 1)[1])

    def _announced(self):
        assert self.process.poll() is None, f"the server ended with {self.process.returncode}:\n{self.log()}"
        return re.findall(r"^Listening on (http://\S+)\n", self.out_path.read_text(encoding="utf-8"), re.MULTILINE)

    def log(self):
        """What this process has logged."""
        return self.log_path.read_bytes()[self.log_begin:].decode("utf-8", "replace")

    def stations(self):
        return self.json("/api/v1/stations")

    def station(self, route="/"):
        return next(station for station in self.stations()["stations"] if station["route"] == route)

    def wait_until_scanned(self):
        """Every station is on the air and the scan is done; the stations."""
        def scanned():
            state = self.stations()
            on_air = all(station["status"] == "on_air" for station in state["stations"])
            return state if on_air and not state["library"]["scanning"] else None
        return eventually(scanned, 30, "all stations on the air, the scan done")

    def on_air(self, route="/"):
        """The entry of the programme that is on air, and how far into it the station is, in seconds."""
        state = self.stations()
        station = next(station for station in state["stations"] if station["route"] == route)
        now = state["server_time"]
        entry = next(e for e in station["entries"] if e["starts_at"] <= now < e["starts_at"] + e["duration"])
        return entry, (now - entry["starts_at"]) / 1e6

    def get(self, path, method="GET", body=None, **headers):
        """(status, headers, body) of a request whose answer ends."""
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.url + path, method=method, headers=names, data=body and body.encode())
        try:
            with urllib.request.urlopen(request, timeout=10 * PATIENCE) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, error.read()
        except OSError:
            assert self.process.poll() is None, f"the server ended with {self.process.returncode}:\n{self.log()[-4000:]}"
            raise

    def json(self, path, method="GET", **headers):
        status, _, body = self.get(path, method, **headers)
        assert status == 200, f"{path}: {status} {body[:300]!r}"
        return json.loads(body)

    def stop(self):
        """SIGTERM has to end it within 5 seconds, with exit code 0 and a clean log."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(5 * PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"still running {5 * PATIENCE:g} s after SIGTERM:\n{self.log()[-2000:]}") from None
        self._forget()
        log = self.log()
        assert code == 0, f"exit code {code}:\n{log[-4000:]}"
        assert not DISASTERS.search(log), log[-8000:]

    def kill(self):
        self.process.kill()
        self.process.wait()
        self._forget()

    def _forget(self):
        if self in Server.running:
            Server.running.remove(self)
