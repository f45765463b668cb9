"""A Redis of our own: on a free loopback port, its data in a folder of the test, durable to the last change."""
import os
import signal
import socket
import subprocess

from patience import PATIENCE, eventually

PASSWORD = "s3cret%/pass"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class PrivateRedis:
    def __init__(self, folder, *arguments):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.port, self.arguments = folder, free_port(), arguments
        self.start()

    def start(self):
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                ["redis-server", "--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self.folder), "--save", "",
                 "--appendonly", "yes", "--appendfsync", "always", "--requirepass", PASSWORD, *self.arguments],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        eventually(lambda: self.cli("PING") == "PONG", 10, "redis-server answers")

    @property
    def url(self):
        return f"redis://:s3cret%25%2Fpass@127.0.0.1:{self.port}/0"

    def cli(self, *words):
        done = subprocess.run(["redis-cli", "-p", str(self.port), *words], env={**os.environ, "REDISCLI_AUTH": PASSWORD},
                              capture_output=True, text=True, timeout=10 * PATIENCE, check=False)
        return done.stdout.strip()

    def kill(self):
        self.process.kill()
        self.process.wait()

    def pause(self):
        self.process.send_signal(signal.SIGSTOP)

    def resume(self):
        self.process.send_signal(signal.SIGCONT)

    def stop(self):
        if self.process.poll() is None:
            self.resume()
            self.kill()
