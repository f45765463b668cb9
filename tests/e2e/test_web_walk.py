"""The page /walk in Chromium: two phones play a cue, one of them late, one without a network for a while."""
import json
import subprocess
import types

import numpy
import pytest

import people
from clips import Clip
from patience import PATIENCE
from server import ROOT, Server
from test_pcm import samples_of
from test_sendspin_browser import likeness
from walkers import until_ready

pytestmark = pytest.mark.browser
RATE = 48000
A, B = 3, 40
TOML = f"""
title = "The Park"
text = "Twenty minutes from the gate to the river."
welcome = "Welcome. Walk slowly, and look after each other at the road."

[[cue]]
name = "bridge"
a = {A}
b = {B}
"""


@pytest.fixture(scope="module")
def visit(tmp_path_factory):
    """What browser/walk.mjs saw; `sound` is what the first phone rendered, `source` what it should have."""
    home = tmp_path_factory.mktemp("walk")
    screenshots = ROOT / "build/screenshots"
    screenshots.mkdir(parents=True, exist_ok=True)
    clip = Clip("forest.wav", "wav", 2, 0, seconds=60, rate=RATE)
    path = clip.put_into(home / "park")
    (home / "park/walk.toml").write_text(TOML, encoding="utf-8")
    server = Server(home, "--walk", home / "park")
    try:
        people.add_user(home, "anna", role="conductor")
        token = people.make_token(home, "anna")
        until_ready(server)
        done = subprocess.run(["node", str(ROOT / "tests/e2e/browser/walk.mjs"), server.url, token, str(screenshots), str(home)],
                              capture_output=True, timeout=100 * PATIENCE, check=False)
        assert done.returncode == 0, done.stderr.decode("utf-8", "replace")[-3000:]
    finally:
        server.stop()
    sound = numpy.fromfile(home / "walk.f32", numpy.float32).reshape(-1, 2)
    source = numpy.frombuffer(samples_of(path), "<i2").reshape(-1, 2) / 32768
    yield types.SimpleNamespace(**json.loads(done.stdout), sound=sound, source=source)


def test_what_is_heard_is_the_part_without_a_gap(visit):
    """Through the loss of the network too. On a busy machine the pace is corrected: by up to ten samples a piece, hence the likeness."""
    assert visit.rate == RATE
    heard = visit.sound.mean(axis=1)
    begin, end = numpy.flatnonzero(numpy.abs(heard) > 1e-4)[[0, -1]]
    assert (end - begin) / RATE > 5
    wanted = visit.source[A * RATE:B * RATE].mean(axis=1)
    pieces = [heard[at:at + 4800] for at in range(begin + 9600, end - 9600, 24000)]
    assert len(pieces) > 5
    assert min(likeness(piece, wanted) for piece in pieces) > 0.9


def test_it_began_in_time_and_said_so(visit):
    rows = {row["name"]: row for row in visit.acked}
    assert set(rows) == {"Ada", "Ben"}
    assert all(row["ready"] and row["unlocked"] for row in rows.values())
    assert rows["Ada"]["ack"]["late_us"] == 0
    assert abs(rows["Ada"]["ack"]["start_error_us"]) < 20_000
    assert rows["Ben"]["ack"]["late_us"] > 0


def test_it_is_kept_for_the_next_visit(visit):
    assert visit.stored == ["tutti-walk"]


def test_what_is_being_typed_when_the_walk_is_heard_of_is_kept(visit):
    assert visit.typed == "Cy"


def test_nothing_else_goes_wrong(visit):
    assert visit.complaints == []
    assert visit.faults == []
