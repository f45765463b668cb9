"""The page /conduct in Chromium: who is ready is seen, and what is pressed is heard of by the phones."""
import asyncio
import json
import types

import pytest

import people
from clips import Clip
from patience import PATIENCE
from server import ROOT, Server
from walkers import Phone, until_ready

pytestmark = pytest.mark.browser
TOML = """
title = "The Park"

[[cue]]
name = "gate"
a = 0
b = 20

[[cue]]
name = "bridge"
a = 2.5
b = 22
note = "wait for the bus"
volume = 80

[[cue]]
name = "river"
a = 4
b = 24
"""


class Walker(Phone):
    """Acknowledges every cue, once, and remembers what it was told."""

    def __init__(self, *arguments):
        self.cues = {}
        super().__init__(*arguments)

    def _take(self, message):
        super()._take(message)
        live = self.walk.get("live") or {}
        for cue in (live.get("now"), live.get("next")):
            if cue and cue["id"] not in self.cues:
                self.cues[cue["id"]] = cue
                asyncio.ensure_future(self.ack(cue["id"], 300))


async def watch(server, asset, screenshots):
    """What browser/conduct.mjs saw, and the phones."""
    async with Walker(server, "ada") as ada, Walker(server, "ben") as ben:
        size = asset["bytes"]
        await ada.tell(name="Ada", unlocked=True, assets={asset["id"]: {"have": size, "ready": True}}, clock_us=400,
                       latency_us=30_000, correction_us=-45_000, battery=0.83, network="wifi", hidden=False)
        await ben.tell(name="Ben", unlocked=False, assets={asset["id"]: {"have": size // 4, "ready": False}}, battery=0.12)
        line = ["node", ROOT / "tests/e2e/browser/conduct.mjs", server.url, "anna", people.PASSWORD, screenshots]
        node = await asyncio.create_subprocess_exec(*map(str, line), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE)
        try:
            out, err = await asyncio.wait_for(node.communicate(), 100 * PATIENCE)
        finally:
            if node.returncode is None:
                node.kill()
        assert node.returncode == 0, err.decode("utf-8", "replace")[-3000:]
        return types.SimpleNamespace(**json.loads(out), cues=ada.cues, messages=ada.walk["messages"])


@pytest.fixture(scope="module")
def visit(tmp_path_factory):
    home = tmp_path_factory.mktemp("conduct")
    screenshots = ROOT / "build/screenshots"
    screenshots.mkdir(parents=True, exist_ok=True)
    Clip("forest.wav", "wav", 2, 0, seconds=30).put_into(home / "park")
    (home / "park/walk.toml").write_text(TOML, encoding="utf-8")
    server = Server(home, "--walk", home / "park")
    try:
        people.add_user(home, "anna", role="conductor")
        asset, = until_ready(server)["assets"]
        yield asyncio.run(watch(server, asset, screenshots))
    finally:
        server.stop()


def facts(lines):
    """The row's names and values."""
    return dict(zip(lines[2::2], lines[3::2]))


def test_the_board_says_who_is_ready_and_what_is_missing(visit):
    assert visit.counts == ["2", "1", "1"]
    assert visit.ada[:2] == ["Ada", "Ready"] and visit.ben[:2] == ["Ben", "Not ready"]
    ada = facts(visit.ada)
    assert ada == {"Download": "100 %", "Sound": "unlocked", "Clock": "± 0.4 ms", "Latency": "30 ms", "Correction": "-45 ms",
                   "Battery": "83 %", "Network": "wifi", "Last ack": "–", "Start error": "–"}
    ben = facts(visit.ben)
    assert ben["Download"] in ("24 %", "25 %") and ben["Sound"] == "locked" and ben["Clock"] == "–"
    assert facts(visit.acked)["Last ack"] == "cue 1" and facts(visit.acked)["Start error"] == "0.3 ms"


def test_the_phones_heard_of_what_was_pressed(visit):
    told = [(cue["name"], cue["a_ms"], cue["b_ms"]) for _, cue in sorted(visit.cues.items())]
    assert told == [("bridge", 2500, 22000), ("river", 4000, 24000), (None, 7000, 29125), ("gate", 0, 20000)]
    assert [message["text"] for message in visit.messages] == ["Turn left"]
    assert visit.focused == "BODY"


def test_what_cannot_be_meant_is_said(visit):
    assert visit.refused == "To must be after From. Nothing was sent."
    assert visit.refusedByServer and "Nothing was sent" not in visit.refusedByServer


def test_the_log_can_be_saved_with_its_authors(visit):
    orders = [(kind, text) for kind, _, text in visit.log if kind in ("cue", "message", "lead", "stop")]
    assert [kind for kind, _ in orders] == ["cue", "cue", "message", "cue", "lead", "lead", "cue", "stop"]
    assert all(text.startswith("anna: ") for _, text in orders)
    assert ["connected", "Ada"] in [[kind, who] for kind, who, _ in visit.log]


def near(numbers, wanted):
    """Within three pixels of a waveform of 30 s."""
    return all(abs(number - each) < 0.3 for number, each in zip(numbers, wanted, strict=True))


def test_a_part_is_picked_by_mouse_keys_and_finger(visit):
    assert near(visit.dragging, (6, 10.5)) and near(visit.dragged, (6, 15))
    assert 6.05 < visit.nudged[0] < 7 and visit.nudged[1] == visit.dragged[1]
    assert visit.tapped == [0, 20]
    assert near(visit.swiped, (12, 24)) and near(visit.regripped, (12, 18))


def test_cues_are_edited_by_two_and_nobody_overwrites_the_other(visit):
    assert visit.sheet == ["gate", "bridge", "water", "river"]
    assert "by the fountain" in visit.added and "forest 1" in visit.added
    assert visit.overtaken.startswith("anna has changed the cues meanwhile")
    assert visit.left == ["gate", "bridge", "river"]


def test_nothing_else_goes_wrong(visit):
    assert visit.complaints == []
    assert visit.faults == []
