"""The page "Tracks" in Chromium: what it renders are the samples of the file, through both doors."""
import json
import subprocess
import types

import numpy
import pytest

import audio
from clips import Clip
from patience import PATIENCE
from server import ROOT, Server

pytestmark = pytest.mark.browser
LOOKS = ("desktop-light", "desktop-dark", "phone-light", "phone-dark")
# Longer than what is decoded at a time, so that parts join.
MP3 = Clip("second.mp3", "mp3", 1, 60, seconds=23, title="Through the File")
WAV = Clip("first.wav", "wav", 3, 60, seconds=9)


@pytest.fixture(scope="module")
def visit(tmp_path_factory):
    """What browser/tracks.mjs saw; `pcm` and `audio` are what the page rendered."""
    home = tmp_path_factory.mktemp("tracks")
    screenshots = ROOT / "build/screenshots"
    screenshots.mkdir(parents=True, exist_ok=True)
    for clip in (MP3, WAV):
        clip.put_into(home / "music")
    server = Server(home, home / "music")
    server.wait_until_scanned()
    done = subprocess.run(["node", str(ROOT / "tests/e2e/browser/tracks.mjs"), server.url, "first", MP3.title, str(screenshots), str(home)],
                          capture_output=True, timeout=110 * PATIENCE, check=False)
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")[-3000:]
    sound = {door: numpy.fromfile(home / f"{door}.f32", numpy.float32).reshape(-1, 2) for door in ("pcm", "audio")}
    yield types.SimpleNamespace(**json.loads(done.stdout), **sound)
    server.stop()


def without_silence(sound):
    """From the first frame that is not silent to the last."""
    heard = numpy.flatnonzero(numpy.abs(sound).sum(axis=1))
    return sound[heard[0]:heard[-1] + 1]


def test_pcm_is_rendered_sample_by_sample(visit):
    assert visit.heard["pcm"]["rate"] == audio.RATE
    wanted, heard = without_silence(WAV.pcm), without_silence(visit.pcm)
    late = len(wanted) - len(heard)
    assert 0 <= late < audio.RATE // 10, "a busy machine begins some samples late"
    assert numpy.abs(heard - wanted[late:]).max() < 1e-7, "a click, a gap or a doubled piece"


def test_a_file_is_rendered_sample_by_sample(visit, tmp_path):
    """As FFmpeg decodes it in one go, without what the encoder put around the music."""
    assert visit.heard["audio"]["rate"] == audio.RATE
    wanted = audio.decode(MP3.put_into(tmp_path))
    begin = audio.locate(wanted[audio.RATE:3 * audio.RATE], visit.audio).offset - audio.RATE
    heard = visit.audio[begin:begin + len(wanted)]
    assert len(heard) == len(wanted)
    assert numpy.abs(heard - wanted).max() < 1e-4, "a click, a gap or a doubled piece"


def test_controls(visit):
    for door, title in (("pcm", "first"), ("audio", MP3.title)):
        seen = visit.heard[door]
        assert (seen["heading"], seen["paused"], seen["off"]) == (title, "Paused", "Not connected")
        assert seen["sought"].startswith(("5 seconds", "6 seconds", "7 seconds", "8 seconds")), seen


def test_a_track_that_is_not_there_is_told(visit):
    assert "no/such/file.wav" in visit.refused, visit.refused


def test_nothing_goes_wrong_in_the_console(visit):
    assert visit.complaints == []


@pytest.mark.parametrize("look", LOOKS)
def test_the_page_hinders_nobody(visit, look):
    assert visit.pages[look]["faults"] == []
    assert visit.pages[look]["title"] == "Tracks — Tutti"


def test_a_screen_reader_finds_its_way(visit):
    for part in ('navigation "Pages"', 'heading "The library" [level=2]', 'slider "Position"', 'searchbox "Find a track"', 'button "Connect"'):
        assert part in visit.tree, visit.tree
