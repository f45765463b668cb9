"""The sign-in page in Chromium: the first operator's way in, what an operator can do, and what a wrong password meets."""
import json
import re
import subprocess
import types

import pytest

from clips import Clip
from patience import PATIENCE
from server import ROOT, Server

pytestmark = pytest.mark.browser
LOOKS = ("desktop-light", "desktop-dark", "phone-light", "phone-dark")


@pytest.fixture(scope="module")
def visit(tmp_path_factory):
    """What browser/signin.mjs saw."""
    home = tmp_path_factory.mktemp("sign_in")
    screenshots = ROOT / "build/screenshots"
    screenshots.mkdir(parents=True, exist_ok=True)
    for number in range(3):
        Clip(f"{number}.mp3", "mp3", number, 60, seconds=30, title=f"Piece {number}").put_into(home / "music")
    server = Server(home, home / "music")
    server.wait_until_scanned()
    link = re.search(r"operator (http://\S+)", server.out_path.read_text())[1]
    done = subprocess.run(["node", str(ROOT / "tests/e2e/browser/signin.mjs"), server.url, link, str(screenshots)],
                          capture_output=True, timeout=100 * PATIENCE, check=False)
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")[-3000:]
    yield types.SimpleNamespace(**json.loads(done.stdout), server=server, secret=link.partition("#once=")[2])
    server.stop()


def test_the_links_secret_does_not_stay_in_the_address(visit):
    assert visit.addressAfter == visit.server.url + "/login"
    assert visit.secret not in visit.server.log()


def test_an_operator_goes_on_to_the_next_track(visit):
    assert visit.before != visit.after
    assert visit.operatesAfter == 0, "after signing out there is nothing to operate"


def test_what_went_wrong_is_said(visit):
    assert "used already" in visit.usedLink
    assert visit.wrong == "The name or the password is not right."
    assert re.fullmatch(r"Too many attempts\. Try again in \d+ (second|minute)s?\.", visit.slowed)


def test_nothing_goes_wrong_in_the_console(visit):
    assert visit.complaints == []


@pytest.mark.parametrize("look", LOOKS)
def test_the_page_hinders_nobody(visit, look):
    assert visit.pages[look]["faults"] == []
