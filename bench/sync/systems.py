"""The systems that are compared: each starts a server of the same noise and any number of players of it."""
import pathlib
import socket
import sys
import time
import wave

import numpy

ROOT = pathlib.Path(__file__).resolve().parents[2]


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def noise(seconds, rate=48000):
    """16-bit stereo, both channels alike, in which no two places are."""
    spectrum = numpy.fft.rfft(numpy.random.default_rng(1).standard_normal(seconds * rate))
    spectrum[int(len(spectrum) * 0.6):] = 0
    pcm = numpy.fft.irfft(spectrum)
    return numpy.repeat((pcm / numpy.abs(pcm).max() * 20000).round().astype("<i2")[:, None], 2, axis=1)


def delayed(stack, settings, port):
    """The port at which the server is found: its own, or a relay's that delays."""
    if not settings.delay and not settings.queue:
        return port
    log = f"relay{len(stack.processes)}"
    stack.run(sys.executable, pathlib.Path(__file__).with_name("relay.py"), port, settings.delay, settings.queue, log=log)
    stack.wait_for(lambda: stack.log(log).strip().isdigit(), "the relay")
    return stack.log(log).strip()


class Tutti:
    """`tutti serve` and `tutti play` on PortAudio, which plays on ALSA's default device."""

    def __init__(self, stack, settings):
        self.stack, self.settings, self.url = stack, settings, settings.url
        if self.url:
            return
        folder, port = stack.home / "music", free_port()
        folder.mkdir()
        with wave.open(str(folder / "noise.wav"), "wb") as file:
            file.setnchannels(2)
            file.setsampwidth(2)
            file.setframerate(48000)
            file.writeframes(noise(120).tobytes())
        self.server = stack.run(settings.tutti, "serve", folder, "--host", "127.0.0.1", "--port", port,
                                "--state-dir", stack.home / "tutti", log="server")
        self.url = f"ws://127.0.0.1:{port}"
        stack.wait_for(lambda: "Listening" in stack.log("server"), "the server")
        time.sleep(1)

    def start(self, number):
        url = f"ws://127.0.0.1:{delayed(self.stack, self.settings, self.url.rsplit(':', 1)[1])}"
        return self.stack.run(self.settings.tutti, "play", url, "--name", f"player {number}", "--report", "--codec",
                              self.settings.codec, "--state-dir", self.stack.home / "state", *self.settings.more.split(),
                              sink=number, log=f"player{number}")


class Snapcast:
    """Debian's snapserver and snapclient, on ALSA's default device or on Pulse's."""

    def __init__(self, stack, settings, player="alsa"):
        self.settings = settings
        self.stack, self.player, self.port = stack, player, free_port()
        source = stack.home / "noise.raw"
        source.write_bytes(noise(120).tobytes())
        # Without a file of its own it plays the system's, which begins with a pipe that nobody writes to.
        (stack.home / "snap").mkdir()
        (stack.home / "snapserver.conf").write_text(
            f"[server]\ndatadir = {stack.home}/snap\n[http]\nport = {free_port()}\n[tcp]\nport = {free_port()}\n"
            f"[stream]\nport = {self.port}\nsource = file://{source}?name=noise&sampleformat=48000:16:2\n", encoding="utf-8")
        stack.run("snapserver", "--config", stack.home / "snapserver.conf", log="server")
        time.sleep(1)

    def start(self, number):
        port = delayed(self.stack, self.settings, self.port)
        return self.stack.run("snapclient", "-h", "127.0.0.1", "-p", port, "--player", self.player, "-i", number + 1,
                              "--hostID", f"player{number}", sink=number, log=f"player{number}")


SYSTEMS = {
    "tutti": Tutti,
    "snapcast": Snapcast,
    "snapcast-pulse": lambda stack, settings: Snapcast(stack, settings, "pulse"),
}


if __name__ == "__main__":
    sys.exit("this is no program; see script/bench sync")
