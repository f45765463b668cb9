"""`tutti play` to a server that speaks Sendspin as the specification says it: what is heard when, to the sample."""
import json
import os
import pty
import signal
import subprocess
import time

import numpy
import pytest

from patience import PATIENCE, eventually
from sendspin_server import RATE, SendspinServer, noise_of
from server import BINARY, RUN, environment, run
from streams import data_of

SECONDS = 8


@pytest.fixture(scope="module")
def noise():
    return noise_of(SECONDS)


@pytest.fixture
def sendspin(noise):
    """sendspin(codec="flac"): a server for one test."""
    servers = []

    def start(**options):
        servers.append(SendspinServer(noise, **options))
        return servers[-1]
    yield start
    for server in servers:
        server.close()


class Player:
    """`tutti play`, in the background; what it reports is in `reports`."""

    def __init__(self, home, url, output, *arguments, **options):
        self.errors = home / f"{time.monotonic_ns()}.err"
        with open(self.errors, "wb") as errors:
            self.process = subprocess.Popen(
                [*RUN, str(BINARY), "play", url, "-o", str(output), "--report", "--state-dir", str(home / "state"),
                 *map(str, arguments)], env=environment(), stdin=subprocess.DEVNULL, stderr=errors, **options)

    def said(self):
        return self.errors.read_text(encoding="utf-8")

    def reports(self):
        return [json.loads(line) for line in self.said().splitlines() if line.startswith("{")]

    def until(self, what, condition):
        def met():
            assert self.process.poll() is None, self.said()
            reports = self.reports()
            return bool(reports) and condition(reports[-1])
        eventually(met, 15, what)
        return self.reports()[-1]

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        assert self.process.wait(10 * PATIENCE) == 0, self.said()


@pytest.fixture
def play(tmp_path):
    players = []

    def start(url, output="null", *arguments, **options):
        players.append(Player(tmp_path, url, output, *arguments, **options))
        return players[-1]
    yield start
    for player in players:
        if player.process.poll() is None:
            player.process.kill()
            player.process.wait()


def samples_of(path):
    data, (_, channels, rate, *_rest) = data_of(path)
    assert (channels, rate) == (2, RATE)
    return numpy.frombuffer(data, "<i2").reshape(-1, 2).astype(float)


def lateness(heard, began, drift, server):
    """Milliseconds by which each half second of `heard` came late, NaN where it is silent. `began`: microseconds."""
    late, window = [], RATE // 2
    source = numpy.concatenate([server.pcm, server.pcm]).astype(float)
    margin = 4800
    for begin in range(0, len(heard) - window, window):
        piece = heard[begin:begin + window, 0]
        if numpy.count_nonzero(piece) < window * 0.98:
            late.append(float("nan"))
            continue
        moment = began / 1e6 + begin / RATE * (1 + drift)
        place = (moment - server.epoch) * RATE % len(server.pcm)
        first = int(place) - margin
        around = numpy.take(source[:, 0], range(first, first + window + 2 * margin), mode="wrap")
        size = 1 << (len(around) + window).bit_length()
        likeness = numpy.fft.irfft(numpy.fft.rfft(around, size) * numpy.conj(numpy.fft.rfft(piece, size)))[:2 * margin]
        best = int(likeness.argmax())
        assert likeness[best] > 0.5 * numpy.sum(piece ** 2), "it is that sound and no other"
        before, at, after = likeness[best - 1:best + 2]
        peak = best + (before - after) / (2 * (before - 2 * at + after))
        # What was found later in the source than it should be came too early.
        late.append((place - int(place) + margin - peak) / RATE * 1000)
    return numpy.array(late)


@pytest.mark.smoke
@pytest.mark.parametrize("codec", ("pcm", "flac"))
def test_what_is_heard_is_heard_in_time(sendspin, play, tmp_path, codec):
    server = sendspin(codec=codec)
    player = play(server.url, tmp_path / "out.wav", "--codec", codec, "--drift", 80, "--name", "Küche")
    player.until("half a dozen seconds", lambda report: report["playing"] and len(player.reports()) >= 7)
    player.stop()
    reports = player.reports()
    late = lateness(samples_of(tmp_path / "out.wav"), reports[-1]["began"], 80e-6, server)
    assert numpy.isfinite(late[2:]).all(), "it plays from the first second on, and without a gap"
    assert numpy.nanmax(numpy.abs(late[6:])) < 0.5, late
    assert (reports[-1]["starts"], reports[-1]["starved"], reports[-1]["jumps"]) == (1, 0, 0)
    assert reports[-1]["title"] == "Noise" and reports[-1]["codec"] == codec
    hello = server.hellos[0]
    assert hello["name"] == "Küche" and hello["player@v1_support"]["supported_formats"][0]["codec"] == codec
    assert server.states[0] == {"state": "synchronized", "player": {"volume": 100, "muted": False}}
    assert server.goodbyes == ["user_request"]
