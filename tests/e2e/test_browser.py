"""The web page in Chromium: it loads, anyone can use it, and it shows what it plays."""
import json
import re
import subprocess
import types

import numpy
import pytest

import audio
from clips import Clip
from patience import PATIENCE
from server import ROOT

pytestmark = pytest.mark.browser
QUICK = "/%D0%BF%D0%BE-%D1%80%D1%83%D1%81%D1%81%D0%BA%D0%B8"
LOOKS = ("desktop-light", "desktop-dark", "phone-light", "phone-dark")
TUNES = {"Quick A": Clip("a.mp3", "mp3", 1, 100, seconds=5, title="Quick A"),
         "Quick B": Clip("b.mp3", "mp3", 3, 100, seconds=5, title="Quick B")}


@pytest.fixture(scope="module")
def visit(radio, tmp_path_factory):
    """What browser/visit.mjs saw; `sound` is what the page played."""
    screenshots = ROOT / "build/screenshots"
    screenshots.mkdir(parents=True, exist_ok=True)
    sound = tmp_path_factory.mktemp("browser") / "sound.f32"
    done = subprocess.run(["node", str(ROOT / "tests/e2e/browser/visit.mjs"), radio.server.url, QUICK, str(screenshots), str(sound)],
                          capture_output=True, timeout=100 * PATIENCE, check=False)
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")[-3000:]
    mono = numpy.fromfile(sound, numpy.float32)
    return types.SimpleNamespace(**json.loads(done.stdout), sound=numpy.stack([mono, mono], axis=1) / 2)


def test_nothing_goes_wrong_in_the_console(visit):
    # Chromium tells of every 404 in the console; the page asks for its listener until the stream has begun.
    complaints = [text for text in visit.complaints if "the server responded with a status of 404" not in text]
    assert complaints == []


@pytest.mark.parametrize("look", LOOKS)
def test_the_page_hinders_nobody(visit, look):
    assert visit.pages[look]["faults"] == []


def test_dark_and_light_differ(visit):
    def brightness(look):
        return sum(map(float, re.findall(r"[\d.]+", visit.pages[look]["background"])[:3]))
    for device in ("desktop", "phone"):
        assert brightness(f"{device}-light") > 2 * brightness(f"{device}-dark")


def test_a_screen_reader_finds_its_way(visit):
    for part in ('main', 'heading "Stations" [level=2]', 'button "Listen to main"', 'button "Listen to album"',
                 'slider "Volume"', 'progressbar', 'region "Station main"'):
        assert part in visit.tree, visit.tree


def test_the_keyboard_reaches_the_button_and_shows_where_it_is(visit):
    assert visit.tabs[-1]["name"] == "Listen to по-русски", visit.tabs
    assert all(tab["visible"] for tab in visit.tabs), visit.tabs
    assert visit.pressed == "true"


def test_it_plays(visit):
    assert visit.heard["advanced"] > 10, visit.heard
    assert audio.level(visit.sound)[0] > -45, "silence"
    assert visit.stopped


def test_what_it_plays_is_the_station(visit):
    # In short pieces: a browser on a busy machine stops for some ms now and then.
    for tune in TUNES.values():
        pieces = [tune.pcm[begin:begin + audio.RATE // 2] for begin in range(audio.RATE, 3 * audio.RATE, audio.RATE // 2)]
        found = sorted(audio.locate(piece, visit.sound).correlation for piece in pieces)
        assert found[1] > 0.9, (tune.name, found)  # all but one


def test_the_title_changes_when_the_change_is_heard(visit):
    """Within the page's tick, although the server sends audio seconds ahead."""
    changes = [(change["title"], change["frame"]) for change in visit.heard["titles"][1:]]
    assert len(changes) >= 2, visit.heard["titles"]
    compared = 0
    for title, frame in changes:
        begin = max(0, frame - 2 * audio.RATE)
        around = visit.sound[begin:frame + 5 * audio.RATE]
        if frame + 3.2 * audio.RATE > len(visit.sound):  # too near the end to hear enough of the tune
            continue
        match = audio.locate(TUNES[title].pcm[audio.RATE // 2:audio.RATE * 3 // 2], around)
        assert match.correlation > 0.9
        heard = begin + match.offset - audio.RATE // 2
        assert abs(frame - heard) < 1.5 * audio.RATE, f"{title} was shown {(frame - heard) / audio.RATE:.1f} s after it was heard"
        compared += 1
    assert compared >= 1, changes


def test_the_window_names_what_is_heard(visit):
    assert re.fullmatch(r"Quick [AB] · по-русски — Tutti", visit.documentTitle)


def test_the_volume_follows_the_keyboard(visit):
    assert visit.volumeBefore == pytest.approx(1, abs=0.5)
    assert 0 < visit.volumeAfter < visit.volumeBefore


def test_screenshots_were_taken(visit):
    for look in (*LOOKS, "listening"):
        assert (ROOT / f"build/screenshots/{look}.png").stat().st_size > 10_000
