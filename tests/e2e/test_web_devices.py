"""The page "Your devices" in Chromium: two devices of one user follow each other, through a restart of the server too."""
import json
import subprocess
import types

import pytest

from clips import Clip
from patience import PATIENCE
from people import PASSWORD, add_user
from server import ROOT, Server

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def visit(tmp_path_factory):
    """What browser/devices.mjs saw before the restart, while the server was away, and after."""
    home = tmp_path_factory.mktemp("devices")
    screenshots = ROOT / "build/screenshots"
    screenshots.mkdir(parents=True, exist_ok=True)
    for number in range(3):
        Clip(f"{number}.mp3", "mp3", number, 60, seconds=60, title=f"Piece {number}").put_into(home / "music")
    server = Server(home, home / "music")
    server.wait_until_scanned()
    add_user(home, "ada", "listener")
    command = ["node", str(ROOT / "tests/e2e/browser/devices.mjs"), server.url, "ada", PASSWORD, str(screenshots)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as page:
        def step():
            line = page.stdout.readline()
            assert line, page.stderr.read()[-3000:]
            return json.loads(line)

        def go_on():
            page.stdin.write("\n")
            page.stdin.flush()
        try:
            before = step()
            port = server.port
            server.stop()
            go_on()
            assert step() == {"lost": True}
            server = Server(home, home / "music", port=("--port", str(port)))
            go_on()
            after = step()
            go_on()
            assert page.wait(20 * PATIENCE) == 0
        finally:
            if page.poll() is None:
                page.kill()
    yield types.SimpleNamespace(before=types.SimpleNamespace(**before), after=types.SimpleNamespace(**after))
    server.stop()


def test_a_wrong_password_is_told(visit):
    assert visit.before.refusal == "The name or the password is not right."


def test_both_show_the_track_and_the_same_position(visit):
    running = visit.before.running
    assert running["titles"] == [visit.before.tracks[1]] * 2
    laptop, phone = running["seconds"]
    assert laptop >= 2
    assert abs(laptop - phone) < 1, running


def test_a_pause_lands_at_the_same_place(visit):
    laptop, phone = visit.before.paused
    assert abs(laptop - phone) < 0.05
    assert laptop >= visit.before.running["seconds"][0]


def test_a_seek_reaches_the_other_one(visit):
    laptop, phone = visit.before.sought
    assert abs(laptop - phone) < 0.05
    assert laptop == pytest.approx(visit.before.paused[0] + 30, abs=0.5)


def test_a_restart_of_the_server_changes_nothing(visit):
    assert visit.after.kept["titles"] == [visit.before.tracks[1]] * 2
    assert visit.after.kept["seconds"] == pytest.approx(visit.before.sought, abs=0.05)


def test_they_follow_each_other_after_it(visit):
    assert visit.after.after["titles"] == [visit.before.tracks[0]] * 2


def test_nothing_else_goes_wrong(visit):
    assert visit.before.complaints == []
    assert visit.before.faults == []
