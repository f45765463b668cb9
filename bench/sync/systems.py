"""The systems that are compared: each starts a server of the same noise and any number of players of it."""
import json
import pathlib
import signal
import socket
import sys
import time
import urllib.request
import wave

import numpy

SECONDS = 120  # of noise, which goes round


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def noise(seconds, rate=48000):
    """16-bit stereo, both channels alike, in which no two places are."""
    spectrum = numpy.fft.rfft(numpy.random.default_rng(1).standard_normal(seconds * rate))
    spectrum[int(len(spectrum) * 0.6):] = 0
    pcm = numpy.fft.irfft(spectrum)
    return numpy.repeat((pcm / numpy.abs(pcm).max() * 20000).round().astype("<i2")[:, None], 2, axis=1)


def write_noise(path, seconds):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(48000)
        file.writeframes(noise(seconds).tobytes())


def delayed(stack, settings, port, is_far):
    """The port at which the server is found: its own, or, where it is far, a relay's that delays."""
    if not is_far:
        return port
    log = f"relay{len(stack.processes)}"
    stack.run(sys.executable, pathlib.Path(__file__).with_name("relay.py"), port, settings.delay, settings.queue, log=log)
    stack.wait_for(lambda: stack.log(log).strip().isdigit(), "the relay")
    return stack.log(log).strip()


class Tutti:
    """`tutti serve` and `tutti play` on PortAudio, which plays on ALSA's default device."""

    def __init__(self, stack, settings, is_far=False):
        self.stack, self.settings, self.is_far = stack, settings, is_far
        self.url, self.server = settings.url, None
        if self.url:
            return
        folder, port = stack.home / "music", free_port()
        folder.mkdir()
        self.command = [settings.tutti, "serve", folder, "--host", "127.0.0.1", "--port", port, "--state-dir", stack.home / "tutti"]
        self.url = f"ws://127.0.0.1:{port}"
        write_noise(folder / "noise.wav", SECONDS)
        self.serve()
        stack.wait_for(lambda: self.ask("/api/v1/stations")["stations"][0]["status"] == "on_air", "the station")

    def serve(self):
        begun = self.stack.log("server").count("Listening") if self.server else 0
        self.server = self.stack.run(*self.command, log="server")
        self.stack.wait_for(lambda: self.stack.log("server").count("Listening") > begun, "the server")

    def restart(self, how=signal.SIGTERM):
        """Of the server."""
        self.stack.end(self.server, how)
        self.serve()

    def ask(self, path, wish=None):
        body = None if wish is None else json.dumps(wish).encode()
        with urllib.request.urlopen(urllib.request.Request(f"http{self.url[2:]}{path}", body), timeout=10) as answer:
            return json.load(answer)

    def start(self, number, *more, typed=False):
        """`typed`: keys can be pressed (`stack.type`)."""
        url = f"ws://127.0.0.1:{delayed(self.stack, self.settings, self.url.rsplit(':', 1)[1], self.is_far)}"
        return self.stack.run(self.settings.tutti, "play", url, "--name", f"player {number}", "--report", "--codec",
                              self.settings.codec, "--state-dir", self.stack.home / "state", *self.settings.more.split(), *more,
                              sink=number, log=f"player{number}", typed=typed)


class Snapcast:
    """Debian's snapserver and snapclient, on ALSA's default device or on Pulse's."""

    def __init__(self, stack, settings, is_far=False, player="alsa"):
        self.settings, self.is_far = settings, is_far
        self.stack, self.player, self.port = stack, player, free_port()
        source = stack.home / "noise.raw"
        source.write_bytes(noise(SECONDS).tobytes())
        # Without a file of its own it plays the system's, which begins with a pipe that nobody writes to.
        (stack.home / "snap").mkdir()
        (stack.home / "snapserver.conf").write_text(
            f"[server]\ndatadir = {stack.home}/snap\n[http]\nport = {free_port()}\n[tcp]\nport = {free_port()}\n"
            f"[stream]\nport = {self.port}\nsource = file://{source}?name=noise&sampleformat=48000:16:2\n", encoding="utf-8")
        stack.run("snapserver", "--config", stack.home / "snapserver.conf", log="server")
        time.sleep(1)

    def start(self, number):
        port = delayed(self.stack, self.settings, self.port, self.is_far)
        return self.stack.run("snapclient", "-h", "127.0.0.1", "-p", port, "--player", self.player, "-i", number + 1,
                              "--hostID", f"player{number}", sink=number, log=f"player{number}")


SYSTEMS = {
    "tutti": Tutti,
    "snapcast": Snapcast,
    "snapcast-pulse": lambda stack, settings, is_far=False: Snapcast(stack, settings, is_far, "pulse"),
}


if __name__ == "__main__":
    sys.exit("this is no program; see script/bench sync")
