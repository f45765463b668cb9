"""`tutti play --walk`: a loudspeaker of a sound walk, and what it was heard to play."""
import os
import signal
import subprocess
import time
import wave

import numpy
import pytest

from clips import Clip
from patience import eventually
from server import BINARY, RUN, environment, run
from sync_player import WRONG, Player, is_in_time
from test_tls import make_certificate
from walkers import Conductor, until_ready

RATE = 48000


@pytest.fixture
def home(tmp_path):
    return tmp_path / "server"


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "park"
    Clip("forest.wav", "wav", 2, 40, seconds=33).put_into(folder)
    return folder


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """What the walk's file sounds like, at the rate of assets."""
    path = Clip("forest.wav", "wav", 2, 40, seconds=33).put_into(tmp_path_factory.mktemp("source"))
    done = subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-f", "f32le", "-ac", "2", "-ar", str(RATE), "pipe:1"],
                          capture_output=True, check=True)
    return numpy.frombuffer(done.stdout, numpy.float32).reshape(-1, 2)


class Speaker(Player):
    """`tutti play --walk` into a file."""

    def __init__(self, home, url, name, *arguments):
        self.path = home / f"{name}.wav"
        super().__init__(home, url.replace("http", "ws"), self.path, "--walk", "--name", name, *arguments)

    def reports(self):
        return [line for line in super().reports() if "playing" in line]

    def starts(self):
        return [line for line in super().reports() if "started" in line]

    def until_started(self, cue):
        def started():
            assert self.process.poll() is None, self.said()
            return [line for line in self.starts() if line["started"] == cue]
        return eventually(started, 20, f"cue {cue} has begun")[0]

    def until_ready(self):
        return self.until("all files, and the clock", lambda report: report["ready"] and report["playing"])

    def recording(self):
        """Stops it; what was heard, and when its first sample was: on the machine's monotonic clock, in seconds."""
        began = self.reports()[-1]["began"] / 1e6
        self.stop()
        with wave.open(str(self.path)) as file:
            assert (file.getnchannels(), file.getframerate(), file.getsampwidth()) == (2, RATE, 2)
            samples = numpy.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2) / 32768
        return Recording(samples, began)


@pytest.fixture
def speak(tmp_path):
    """speak(url, "gate", "--volume", 60): a loudspeaker for one test."""
    speakers = []

    def start(url, name, *arguments):
        speakers.append(Speaker(tmp_path, url, name, *arguments))
        return speakers[-1]
    yield start
    for speaker in speakers:
        if speaker.process.poll() is None:
            speaker.process.kill()
            speaker.process.wait()


class Recording:
    def __init__(self, samples, began):
        self.samples, self.began = samples, began

    def at(self, moment, seconds):
        first = round((moment - self.began) * RATE)
        return self.samples[first:first + round(seconds * RATE)]

    def off(self, source, moment, position, seconds=0.25):
        """By how many milliseconds the source's `position` is heard later than `moment`, and how loud: 1 is as it is. NaN
        where something else is heard."""
        margin = RATE // 10
        wanted = source[round(position * RATE):round((position + seconds) * RATE), 0]
        around = self.at(moment - margin / RATE, seconds + 2 * margin / RATE)[:, 0]
        score = numpy.correlate(around, wanted, "valid")
        best = int(score.argmax())
        found = around[best:best + len(wanted)]
        likeness = score[best] / numpy.sqrt(numpy.sum(found ** 2) * numpy.sum(wanted ** 2) + 1e-12)
        if likeness < 0.9:
            return float("nan"), float("nan")
        return (best - margin) / RATE * 1000, float(score[best] / numpy.sum(wanted ** 2))

    def level(self, moment, seconds):
        return float(numpy.sqrt(numpy.mean(numpy.square(self.at(moment, seconds)))))


def cue_of(state):
    return state["live"]["next"] or state["live"]["now"]


@pytest.mark.smoke
def test_each_part_is_heard_when_the_server_says_and_replaced_at_one_moment(serve, folder, home, speak, source):
    server = serve("--walk", folder)
    until_ready(server)
    conductor = Conductor(server, home)
    speaker = speak(server.url, "gate", "--sample-format", "s16")
    speaker.until_ready()
    first = cue_of(conductor.do("cue", a=2, b=30))
    began = speaker.until_started(first["id"])["heard"] / 1e6
    second = cue_of(conductor.do("cue", a=12.5, b=14, loop=True, volume=50))
    replaced = speaker.until_started(second["id"])["heard"] / 1e6
    conductor.do("message", text="Налево")
    eventually(lambda: "anna: Налево" in speaker.said(), 10, "the message")
    # A pass and a half.
    eventually(lambda: time.monotonic() > replaced + 2.5, 20, "the loop has gone round")
    stop = conductor.do("stop", fade_ms=400)["live"]["now"]["stop"]
    silent = replaced + (stop["at"] - second["start"]) / 1e6 + 0.4
    eventually(lambda: time.monotonic() > silent + 0.5, 20, "silence")
    _, board = conductor.ask("/participants")
    heard = speaker.recording()

    # How good it is, bench/walk measures, and tests/player/walk_sound_test.cpp to the sample.
    assert heard.level(began - 0.3, 0.2) == 0
    first_part = numpy.array([heard.off(source, began + t, 2 + t)
                              for t in numpy.arange(0.05, min(8, replaced - began - 0.3), 0.4)])
    loop = numpy.array([heard.off(source, replaced + t, 12.5 + t % 1.5) for t in (0.05, 0.4, 0.8, 1.2, 1.55, 1.9, 2.2)])
    for part, volume in ((first_part, 1), (loop, 0.25)):
        assert is_in_time(part[:, 0]), part
        assert 0.9 < numpy.nanmedian(part[:, 1]) / volume < 1.05, part
    assert heard.level(silent + 0.1, 0.3) == 0
    assert heard.level(silent - 0.1, 0.1) < heard.level(silent - 0.5, 0.1)

    row, = board["rows"]
    assert (row["name"], row["kind"], row["ready"], row["ack"]["cue"]) == ("gate", "speaker", True, second["id"])
    assert abs(row["ack"]["start_error_us"]) < WRONG * 1000
    assert row["latency_us"] > 0 and row["clock_us"] is not None and row["seen"] == 1


def test_who_comes_late_and_who_loses_the_server_is_at_the_same_place(serve, folder, home, speak, source):
    server = serve("--walk", folder)
    until_ready(server)
    conductor = Conductor(server, home)
    cue = cue_of(conductor.do("cue", a=0, b=33))
    early = speak(server.url, "early")
    began = early.until_started(cue["id"])["heard"] / 1e6
    server.process.send_signal(signal.SIGSTOP)  # nothing comes any more, and nothing is closed
    lost = time.monotonic()
    eventually(lambda: time.monotonic() > lost + 1, 10, "a second without a network")
    server.process.send_signal(signal.SIGCONT)
    server.kill()
    died = time.monotonic()
    eventually(lambda: time.monotonic() > died + 1, 10, "a second without a server")
    again = serve("--walk", folder, port=("--port", str(server.port)))
    late = speak(again.url, "late")
    late.until_started(cue["id"])
    early.until("it is back", lambda report: report["connected"] and report["cue"] == cue["id"])
    joined = time.monotonic()
    eventually(lambda: time.monotonic() > joined + 1.5, 10, "some sound of both")
    heard_late, heard = late.recording(), early.recording()

    moments = numpy.arange(began + 0.2, joined + 1, 0.25)
    off = numpy.array([heard.off(source, moment, moment - began)[0] for moment in moments])
    assert is_in_time(off), off
    off = numpy.array([heard_late.off(source, moment, moment - began)[0] for moment in joined + numpy.arange(0.2, 1, 0.2)])
    assert is_in_time(off), off


def test_what_was_downloaded_is_kept_checked_and_goes_on_where_it_broke_off(serve, folder, speak, tmp_path):
    certificate, key = make_certificate(tmp_path / "tls")
    server = serve("--walk", folder, "--tls-cert", certificate, "--tls-key", key)
    state = until_ready(server)
    asset, = state["assets"]
    cache = tmp_path / "cache"
    cache.mkdir()
    _, _, whole = server.get(asset["url"])
    name = cache / asset["sha256"]
    name.with_suffix(".part").write_bytes(whole[:200_000])
    (cache / "unrelated.txt").write_text("stays")
    options = ("--walk-cache", cache, "--walk-cache-size", len(whole) + 1000, "--ca", certificate)

    def play():
        speaker = speak(server.url.replace("http:", "https:"), "one", *options)
        speaker.until_ready()
        speaker.stop()
        assert name.with_suffix(".mp3").read_bytes() == whole
        return speaker.said()
    assert "tutti:" not in play()
    assert sorted(os.listdir(cache)) == [asset["sha256"] + ".mp3", "unrelated.txt"]
    # Spoilt, it is brought again; what nobody uses makes room.
    name.with_suffix(".mp3").write_bytes(b"x" + whole[1:])
    (cache / ("0" * 64 + ".mp3")).write_bytes(b"old" * 1000)
    play()
    assert sorted(os.listdir(cache)) == [asset["sha256"] + ".mp3", "unrelated.txt"]
    # What goes on from a piece that is of something else is found out, and begun anew.
    name.with_suffix(".mp3").unlink()
    name.with_suffix(".part").write_bytes(bytes(100_000))
    assert "not what was promised" in play()


def test_what_cannot_be_played_is_said(serve, tmp_path):
    Clip("music.flac", "flac", 3, 200, seconds=5).put_into(tmp_path / "music")
    server = serve(tmp_path / "music")
    url = server.url.replace("http", "ws")
    done = run("play", "--walk", url, "-o", "null", "--state-dir", tmp_path / "state")
    assert done.returncode == 1 and b"has no walk" in done.stderr, done.stderr
    done = run("play", "--walk", url, "--station", "/", "-o", "null")
    assert done.returncode == 2 and b"--walk" in done.stderr, done.stderr
