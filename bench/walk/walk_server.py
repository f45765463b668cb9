"""A server with a walk of one file of noise, and its conductor."""
import http.client
import json
import subprocess
import time
import wave

from servers import Server
from systems import noise

PASSWORD = "correct horse battery"


class WalkServer(Server):
    """`with WalkServer(settings) as server:`; `server.cue(3, 30)` says GO. It can be killed and started again."""

    name = "tutti serve --walk"

    def __init__(self, settings, most=1000, seconds=60, is_pinned=True):
        super().__init__()
        self.settings, self.seconds, self.is_pinned = settings, seconds, is_pinned
        self.state = self.folder / "state"
        self.walk = self.folder / "walk"
        self.command = [settings.tutti, "serve", "--host", "127.0.0.1", "--port", str(self.port), "--state-dir", str(self.state),
                        "--io-threads", "1", "--max-listeners", str(most), "--log-level", "warn", "--walk", str(self.walk)]
        self.bearer = None

    def run(self):
        self.walk.mkdir()
        with wave.open(str(self.walk / "noise.wav"), "wb") as file:
            file.setnchannels(2)
            file.setsampwidth(2)
            file.setframerate(48000)
            file.writeframes(noise(self.seconds).tobytes())
        self.again()
        self.wait_for("the asset", lambda: all(asset["ready"] for asset in self.walk_state()["assets"] or [{"ready": False}]), 120)
        self.tell("user", "add", "anna", "--role", "conductor", given=PASSWORD + "\n")
        self.bearer = "Bearer " + self.tell("token", "create", "--user", "anna", "--expires", "2h").strip()

    def again(self):
        """Starts it; also after it was killed."""
        if self.is_pinned:
            self.start(self.command)
        else:
            self.output = open(self.folder / "output.log", "ab")
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=self.output,
                                            stderr=subprocess.STDOUT, cwd=self.folder)
        self.wait_for("start", lambda: self.get("/readyz")[0] == 200, 60)

    def tell(self, *words, given=""):
        done = subprocess.run([self.settings.tutti, *words, "--state-dir", str(self.state)], input=given, text=True,
                              capture_output=True, check=False, timeout=60)
        if done.returncode != 0:
            raise RuntimeError(f"tutti {' '.join(words)}: {done.stderr}")
        return done.stdout

    def ask(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            headers = {"Content-Type": "application/json"} | ({"Authorization": self.bearer} if self.bearer else {})
            connection.request(method, "/api/v1/walk" + path, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        if answer.status != 200:
            raise RuntimeError(f"{method} {path}: {answer.status} {text[:300]}")
        return json.loads(text)

    def walk_state(self):
        return self.ask("GET", "")

    def rows(self):
        return self.ask("GET", "/participants")["rows"]

    def cue(self, a, b, **more):
        """The cue as it was told; a and b are seconds."""
        live = self.ask("POST", "/cue", {"a": a, "b": b, **more})["live"]
        return live["next"] or live["now"]

    def lead(self):
        return self.walk_state()["lead"]


def sleep_until(moment):
    time.sleep(max(0.0, moment - time.monotonic()))


