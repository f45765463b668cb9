"""sendspin-js 3.2.1 in Chromium plays a station: every codec, what is on air, its volume; and a private group: pause and seek."""
import json
import subprocess
import types

import numpy
import pytest

from patience import PATIENCE
from server import ROOT, Server
from test_pcm import make_wav, samples_of

pytestmark = pytest.mark.browser
CODECS = ("pcm", "flac", "opus")


@pytest.fixture(scope="module")
def visit(tmp_path_factory):
    home = tmp_path_factory.mktemp("sendspin")
    path = make_wav(home / "library/tune.wav", 20, rate=48000)
    server = Server(home, home / "library")
    server.wait_until_scanned()
    done = subprocess.run(["node", str(ROOT / "tests/e2e/browser/sendspin.mjs"), server.url, str(home), *CODECS],
                          capture_output=True, timeout=100 * PATIENCE, check=False)
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")[-3000:]
    sound = {name: numpy.fromfile(home / f"{name}.f32", numpy.float32).reshape(-1, 2) for name in (*CODECS, "group")}
    samples = numpy.frombuffer(samples_of(path), "<i2").reshape(-1, 2) / 32768
    yield types.SimpleNamespace(**json.loads(done.stdout), sound=sound, samples=samples)
    server.stop()


def find(piece, whole):
    """The highest normalised correlation of `piece` with any equally long part of `whole`, which goes round, and where it is."""
    size = len(whole)
    spectrum = numpy.fft.rfft(whole) * numpy.conj(numpy.fft.rfft(piece, size))
    products = numpy.fft.irfft(spectrum, size)
    squares = numpy.concatenate([[0], numpy.cumsum(numpy.concatenate([whole, whole[:len(piece)]]) ** 2)])
    energy = squares[len(piece):len(piece) + size] - squares[:size]
    likeness = products / numpy.sqrt(numpy.maximum(energy, 1e-9) * (piece ** 2).sum())
    return float(likeness.max()), int(likeness.argmax())


def likeness(piece, whole):
    return find(piece, whole)[0]


@pytest.mark.parametrize("codec", CODECS)
def test_the_station_is_what_is_rendered(visit, codec):
    played = visit.played[codec]
    assert played["isConnected"] and played["isPlaying"]
    assert played["format"]["codec"] == codec
    assert played["rate"] == 48000
    mono = visit.sound[codec].mean(axis=1)
    heard = numpy.flatnonzero(mono)
    pieces = [mono[begin:begin + 4800] for begin in range(heard[0], heard[-1] - 4800, 9600)]
    assert max(numpy.abs(piece).max() for piece in pieces) > 0.01
    # The player corrects its pace by up to half a percent while it finds the time: a tenth of a second is 24 samples
    # longer then. Between that it is the station's sound.
    alike = [likeness(piece, visit.samples.mean(axis=1)) for piece in pieces]
    assert max(alike) > 0.97, alike
    assert numpy.median(alike) > 0.7, alike


@pytest.mark.parametrize("codec", CODECS)
def test_it_knows_what_is_on_air_and_obeys(visit, codec):
    played = visit.played[codec]
    state = played["state"]
    assert state["groupState"] == {"playback_state": "playing", "group_id": "/", "group_name": "main"}
    assert state["serverState"]["metadata"]["title"] == "tune"
    assert played["progress"]["durationMs"] == 20_000
    assert state["serverState"]["controller"]["supported_commands"] == ["volume", "mute", "switch"]
    assert played["volume"] == 30
    assert played["time"]["synced"]


def test_a_private_group_is_heard_as_it_is_told(visit):
    group = visit.group
    assert {"play", "pause", "switch"} <= set(group["commands"]) and group["answer"] == 200
    assert group["heardWhilePaused"] == 0
    mono, whole = visit.sound["group"].mean(axis=1), visit.samples.mean(axis=1)
    # Stretches of sound between silences of a tenth of a second: the station, if it came so soon, then the group's.
    heard = numpy.flatnonzero(mono)
    ends = numpy.flatnonzero(numpy.diff(heard) > 4800)
    stretches = [(heard[a], heard[b]) for a, b in zip([0, *(ends + 1)], [*ends, len(heard) - 1]) if heard[b] - heard[a] > 24000]
    places = [[find(mono[at:at + 4800], whole) for at in (begin + 4800, end - 9600)] for begin, end in stretches]
    # The player's pace is half a percent off while it finds the time: a tenth of a second is 24 samples longer.
    assert min(score for each in places for score, _ in each) > 0.7
    (_, (_, paused)), ((_, resumed), _), ((_, sought), _) = places[-3:]
    assert paused < 4 * 48000
    assert -0.6 < (resumed - paused) / 48000 < 1, "it goes on where it stood"
    assert 12 * 48000 <= sought < 13.5 * 48000
