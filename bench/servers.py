"""The servers that are compared, started on free loopback ports and stopped by their ids.

All have: port, path (of the stream), pids, parts (itself), and check(), which raises when the process is gone.
"""
import base64
import contextlib
import http.client
import json
import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

import material
from harness import BITRATE, BYTES_PER_SECOND, LOAD_CORE, ROOT, SERVER_CORE, free_port, pinned, progress, stop, wait_until_idle


class Server:
    name = ""
    own_connections = 0  # to its port, that are no listeners
    load_options = ()  # for the load generator

    def __init__(self):
        self.port = free_port()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tutti-bench-"))
        self.process = None

    @property
    def pid(self):
        return self.process.pid

    @property
    def pids(self):
        return [self.pid]

    @property
    def parts(self):
        return [self]

    def start(self, command):
        """taskset and setpriv replace themselves by the server: the id is the server's own."""
        self.output = open(self.folder / "output.log", "wb")
        self.process = subprocess.Popen(pinned(SERVER_CORE, command), stdin=subprocess.DEVNULL, stdout=self.output,
                                        stderr=subprocess.STDOUT, cwd=self.folder)

    def check(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"{self.name} ended with {self.process.returncode}:\n{self.log()}")

    def log(self):
        return (self.folder / "output.log").read_text(encoding="utf-8", errors="replace")[-2000:]

    def get(self, path):
        """(status, body); (0, "") while nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode("utf-8", "replace")
        except OSError:
            return 0, ""
        finally:
            connection.close()

    def wait_for(self, what, condition, patience):
        deadline = time.monotonic() + patience
        while not condition():
            self.check()
            if time.monotonic() > deadline:
                raise RuntimeError(f"{self.name}: {what} took more than {patience} s\n{self.log()}")
            time.sleep(0.1)

    def __enter__(self):
        try:
            self.run()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.process is not None:
            stop(self.process)
            self.output.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Tutti(Server):
    """`routes`: {route: folder}; without it one station. `state` keeps the scan's results for the next run."""

    name = "tutti"
    protocol = "sendspin"  # for players in sync

    def __init__(self, settings, max_listeners=1000, flush_ms=1000, routes=None, state=None, extra=()):
        super().__init__()
        self.routes = routes or {"bench": str(material.music_folder())}
        self.path = "/" + next(iter(self.routes))
        state_dir = material.HERE / f"state-{state}" if state else self.folder / "state"
        self.command = [
            settings.tutti, "serve", "--host", "127.0.0.1", "--port", str(self.port), "--state-dir", str(state_dir),
            "--io-threads", "1", "--max-listeners", str(max_listeners), "--burst-seconds", "4",
            "--flush-interval", str(flush_ms), "--bitrate", str(BITRATE), "--log-level", "warn",
            "--directory-routes", json.dumps(self.routes), *extra]

    def run(self):
        self.start(self.command)
        self.wait_for("start", lambda: self.get("/readyz")[0] == 200, 60)
        self.wait_for("the scan", self.all_on_air, 600)
        wait_until_idle(self.pid)  # the loudness of new files is measured in the background

    def all_on_air(self):
        status, body = self.get("/api/v1/stations")
        if status != 200:
            return False
        state = json.loads(body)
        on_air = {s["route"] for s in state["stations"] if s["status"] == "on_air"}
        return not state["library"]["scanning"] and {f"/{route}" for route in self.routes} <= on_air


class SecureTutti(Tutti):
    """The same over TLS, for its listeners; what the benchmark itself asks is asked plainly, on the same port."""

    name = "tutti over TLS"
    load_options = ("--tls",)

    def __init__(self, settings, max_listeners=1000, flush_ms=1000):
        super().__init__(settings, max_listeners, flush_ms)
        subprocess.run([ROOT / "script/certificate", self.folder], check=True, capture_output=True)
        self.command += ["--tls-cert", str(self.folder / "cert.pem"), "--tls-key", str(self.folder / "key.pem")]


class Several:
    """Servers side by side on the one core; a crowd is dealt out to them."""

    own_connections = 0

    def __init__(self, servers):
        self.parts, self.name = servers, f"{len(servers)} x {servers[0].name}"
        self.running = contextlib.ExitStack()

    @property
    def pids(self):
        return [part.pid for part in self.parts]

    def check(self):
        for part in self.parts:
            part.check()

    def log(self):
        return "".join(part.log() for part in self.parts)

    def __enter__(self):
        with contextlib.ExitStack() as starting:
            for part in self.parts:
                starting.enter_context(part)
            self.running = starting.pop_all()
        return self

    def __exit__(self, *_):
        self.running.close()


class BareSend(Server):
    """No server, but what any costs at least: one send() per listener and interval. See bare_send.cpp."""

    name = "bare send"
    path = "/"

    def __init__(self, settings, flush_ms=1000):
        super().__init__()
        self.command = [settings.bare_send, "--port", str(self.port), "--flush-interval", str(flush_ms)]

    def run(self):
        self.start(self.command)
        self.wait_for("start", self.answers, 10)

    def answers(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


ICECAST = """<icecast>
  <limits>
    <clients>{clients}</clients><sources>2</sources>
    <queue-size>524288</queue-size><burst-on-connect>1</burst-on-connect><burst-size>65536</burst-size>
    <client-timeout>30</client-timeout><header-timeout>15</header-timeout><source-timeout>10</source-timeout>
  </limits>
  <authentication><source-password>bench</source-password><admin-password>bench</admin-password></authentication>
  <hostname>localhost</hostname>
  <listen-socket><port>{port}</port><bind-address>127.0.0.1</bind-address></listen-socket>
  <paths>
    <logdir>{folder}</logdir><webroot>/usr/share/icecast2/web</webroot><adminroot>/usr/share/icecast2/admin</adminroot>
  </paths>
  <logging><accesslog>access.log</accesslog><errorlog>error.log</errorlog><loglevel>2</loglevel></logging>
  <security><chroot>0</chroot></security>
</icecast>
"""


class Icecast(Server):
    """Debian's, with its default burst and queue, fed in real time by a source client in this process."""

    name = "icecast"
    path = "/bench.mp3"
    own_connections = 1  # the source client

    def __init__(self, max_listeners=1000):
        super().__init__()
        if not shutil.which("icecast2"):
            sys.exit("icecast2 is missing: script/setup bench installs it")
        self.source = Source(self)
        self.config = self.folder / "icecast.xml"
        self.config.write_text(
            ICECAST.format(clients=max_listeners + 100, port=self.port, folder=self.folder), encoding="utf-8")

    def run(self):
        self.start([*self.as_somebody(), shutil.which("icecast2"), "-c", str(self.config)])
        self.wait_for("start", lambda: self.get("/status-json.xsl")[0] == 200, 20)
        self.source.start()
        self.wait_for("the source", lambda: b"bench.mp3" in self.get("/status-json.xsl")[1].encode(), 20)

    def as_somebody(self):
        """Icecast refuses to run as root."""
        if os.geteuid() != 0:
            return []
        user = pwd.getpwnam("nobody")
        for path in (self.folder, self.config):
            os.chown(path, user.pw_uid, user.pw_gid)
        return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]

    def check(self):
        super().check()
        if self.source.error:
            raise RuntimeError(f"icecast's source client failed: {self.source.error}")

    def __exit__(self, *_):
        self.source.stop()
        super().__exit__()


class Source(threading.Thread):
    """Sends the stream in a circle: five seconds at once, so that there is a burst to give, then at its own pace."""

    AHEAD = 5 * BYTES_PER_SECOND

    def __init__(self, server):
        super().__init__(daemon=True)
        self.server, self.ended, self.error = server, threading.Event(), None
        self.audio = material.stream().read_bytes()

    def run(self):
        try:
            with socket.create_connection(("127.0.0.1", self.server.port), timeout=10) as connection:
                self.send(connection)
        except OSError as error:
            if not self.ended.is_set():
                self.error = error

    def send(self, connection):
        login = base64.b64encode(b"source:bench").decode()
        connection.sendall(f"SOURCE {self.server.path} HTTP/1.0\r\nAuthorization: Basic {login}\r\n"
                           "Content-Type: audio/mpeg\r\n\r\n".encode())
        answer = connection.recv(1024)
        if b" 200 " not in answer:
            raise OSError(f"icecast answered {answer[:80]!r}")
        started, sent = time.monotonic(), 0
        while not self.ended.wait(0.05):
            due = int((time.monotonic() - started) * BYTES_PER_SECOND) + self.AHEAD
            while sent < due:
                at = sent % len(self.audio)
                piece = self.audio[at:at + due - sent]
                connection.sendall(piece)
                sent += len(piece)

    def stop(self):
        self.ended.set()
        if self.is_alive():
            self.join(5)


SNAPSERVER = """[server]
datadir = {folder}
[http]
enabled = false
[tcp]
enabled = false
[stream]
port = {port}
bind_to_address = 127.0.0.1
source = pipe://{folder}/fifo?name=bench&sampleformat=48000:16:2&codec={codec}
"""


class Snapserver(Server):
    """Debian's, with its default buffer and chunks, fed through a pipe by this process."""

    name = "snapserver"
    protocol = "snapcast"

    def __init__(self, codec):
        super().__init__()
        if not shutil.which("snapserver"):
            sys.exit("snapserver is missing: script/setup bench installs it")
        self.config = self.folder / "snapserver.conf"
        self.config.write_text(SNAPSERVER.format(folder=self.folder, port=self.port, codec=codec), encoding="utf-8")
        os.mkfifo(self.folder / "fifo")
        self.feeder = None

    def run(self):
        self.start([shutil.which("snapserver"), "--config", str(self.config)])
        # The pipe takes what is read from it, in real time.
        self.feeder = subprocess.Popen(
            pinned(LOAD_CORE, ["sh", "-c", 'while cat "$0"; do :; done >"$1"', str(material.wave()), str(self.folder / "fifo")]),
            stderr=subprocess.DEVNULL)
        self.wait_for("start", self.answers, 10)

    def answers(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def __exit__(self, *_):
        super().__exit__()
        if self.feeder is not None:
            stop(self.feeder)
