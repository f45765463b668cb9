"""The whole walk in Chromium: four phones and the conductor's page; one comes late, one loses the network, the server is
killed in the middle of a cue. Judged by what each phone rendered, at the moments at which its browser says it is heard."""
import json
import subprocess
import types

import numpy
import pytest

import people
from clips import Clip
from patience import PATIENCE
from server import ROOT, Server
from walkers import until_ready

pytestmark = pytest.mark.browser
RATE = 48000
PIECE = RATE // 8
CUES = {"gate": (8, 38), "river": (2, 58), "bell": (30, 45), "meadow": (5, 59)}
TOML = 'title = "The Park"\nwelcome = "Welcome. Walk slowly, and look after each other at the road."\n' + "".join(
    f'[[cue]]\nname = "{name}"\na = {a}\nb = {b}\n' for name, (a, b) in CUES.items())
PHONES = {"Ada", "Ben", "Cleo", "Dee"}
# ms. Browsers without a sound card say roughly when something is heard, on a busy machine more roughly.
TOGETHER = 40
REMEMBERED = 150
# Samples: a phone that plays on through anything neither leaves out nor repeats more than its pace is corrected by.
STEADY = 60 * RATE // 1000  # samples; a machine that is busy loses a buffer of its output now and then


def converse(server_of, home, line):
    """What the script has printed at last; the server is killed and started when it asks for that."""
    server = server_of()
    node = subprocess.Popen([*line(server), str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        for said in node.stdout:
            if said.startswith("{"):
                break
            if said.strip() == "kill":
                server.kill()
            else:
                server = server_of("--port", str(server.port))
            node.stdin.write("done\n")
            node.stdin.flush()
        _, errors = node.communicate(timeout=100 * PATIENCE)
        assert node.returncode == 0, errors[-3000:]
        return json.loads(said)
    finally:
        node.kill()
        if server in Server.running:
            server.stop()


@pytest.fixture(scope="module")
def visit(tmp_path_factory):
    """What browser/walk_together.mjs saw; `sound` is what each phone rendered, `source` what it should have."""
    home = tmp_path_factory.mktemp("walk")
    screenshots = ROOT / "build/screenshots"
    screenshots.mkdir(parents=True, exist_ok=True)
    clip = Clip("forest.wav", "wav", 2, 0, seconds=60, rate=RATE)
    clip.put_into(home / "park")
    (home / "park/walk.toml").write_text(TOML, encoding="utf-8")
    people.add_user(home, "anna", role="conductor")
    token = people.make_token(home, "anna")

    def server_of(*port):
        server = Server(home, "--walk", home / "park", port=port or ("--port", "0"))
        until_ready(server)
        return server
    told = converse(server_of, home, lambda server: [
        "node", str(ROOT / "tests/e2e/browser/walk_together.mjs"), server.url, "anna", people.PASSWORD, token, str(screenshots)])
    sound = {name: numpy.fromfile(home / f"{name}.s16", "<i2") / 32768 for name in PHONES}
    source = numpy.frombuffer((home / "park/forest.wav").read_bytes()[-60 * RATE * 4:], "<i2").reshape(-1, 2)[:, 0] / 32768
    print("took", told["took"])
    yield types.SimpleNamespace(**told, sound=sound, source=source)


def place_of(piece, source, around, reach):
    """(where `piece` is in `source`, in samples, near `around`; its normalised correlation there)"""
    begin = max(0, around - reach)
    part = source[begin:around + reach + len(piece)]
    size = len(part) + len(piece)
    products = numpy.fft.irfft(numpy.fft.rfft(part, size) * numpy.conj(numpy.fft.rfft(piece, size)), size)[:len(part) - len(piece)]
    squares = numpy.concatenate([[0], numpy.cumsum(part ** 2)])
    energy = (squares[len(piece):] - squares[:-len(piece)])[:len(products)]
    scores = products / numpy.sqrt(numpy.maximum(energy, 1e-6) * (piece ** 2).sum())
    best = int(scores.argmax())
    return begin + best, float(scores[best])


def late_by(visit, stage, name):
    """ms by which a phone was heard later than the server's time asks, in pieces of the stage."""
    about = visit.phones[name]
    heard_at_zero = stage["outputs"][name]
    cue = stage["cue"]
    found = []
    for moment in numpy.arange(stage["from"] + 100, stage["to"] - 200, 125):
        frame = round((moment - heard_at_zero) * RATE / 1000) - about["first"]
        piece = visit.sound[name][frame:frame + PIECE]
        into = moment + stage["ahead"] - cue["start"] / 1000
        due = round((cue["a_ms"] + into) * RATE / 1000)
        if len(piece) < PIECE or not (piece ** 2).sum() > 0.01:
            continue
        place, score = place_of(piece, visit.source, due, RATE // 2)
        if score > 0.9:
            found.append((due - place) * 1000 / RATE)
    assert len(found) >= 4, f"{name} plays nothing of {cue['name']} at stage '{stage['label']}': {found}"
    return float(numpy.median(found))


def test_all_are_together_at_every_stage(visit):
    assert [stage["label"] for stage in visit.stages] == ["armed", "armed, remembered", "cue", "late", "back", "restarted"]
    assert [stage["cue"]["name"] for stage in visit.stages] == ["gate", "gate", "river", "river", "meadow", "meadow"]
    late = {stage["label"]: {name: round(late_by(visit, stage, name), 1) for name in stage["outputs"]} for stage in visit.stages}
    print(late)
    for label, phones in late.items():
        most = REMEMBERED if "remembered" in label else TOGETHER
        assert max(map(abs, phones.values())) < most, (label, phones)


def steps(visit, name, begin, end):
    """Samples by which the place in the source moves against the output, from piece to piece between two moments."""
    about, stage = visit.phones[name], visit.stages[-1]
    first = round((begin - stage["outputs"][name]) * RATE / 1000) - about["first"]
    last = round((end - stage["outputs"][name]) * RATE / 1000) - about["first"]
    cue = stage["cue"]
    places = []
    for frame in range(first, last - PIECE, RATE // 4):
        moment = stage["outputs"][name] + (frame + about["first"]) * 1000 / RATE
        due = round((cue["a_ms"] + moment + stage["ahead"] - cue["start"] / 1000) * RATE / 1000)
        place, score = place_of(visit.sound[name][frame:frame + PIECE], visit.source, due, RATE // 2)
        if score > 0.9:
            places.append(place - frame)
    return numpy.diff(places)


def test_nobody_stumbles_while_the_server_is_dead(visit):
    back, restarted = visit.stages[-2:]
    for name in PHONES:
        moved = steps(visit, name, back["from"], restarted["to"])
        assert len(moved) > 8, name
        assert abs(int(moved.sum())) < STEADY, (name, moved)


def test_who_was_away_has_played_on_and_nothing_of_what_is_over(visit):
    """While the others heard the bell he heard the river; back again he hears of the newest, and only of that."""
    assert visit.benHears == "river" and visit.benReads == "Turn left at the old bridge"
    bell = next(event["at"] for event in visit.log if event["kind"] == "cue" and ": bell" in event["text"])
    acks = [event["text"] for event in visit.log if event["kind"] == "ack" and event["at"] > bell and event["text"].startswith("Ben ")]
    cues = {text.split(" cue ")[1].split(",")[0] for text in acks}
    assert len(cues) == 1, acks


def test_the_board_and_the_log_know_it_after_the_restart(visit):
    rows = {row["name"]: row for row in visit.rows}
    assert set(rows) >= PHONES and all(rows[name]["ready"] and rows[name]["unlocked"] for name in PHONES)
    kinds = [event["kind"] for event in visit.log]
    assert kinds.count("cue") == 3 and {"arm", "message", "downloaded", "ack", "connected", "left"} <= set(kinds)
    assert kinds[-1] == "stop" or "stop" in kinds


def test_it_can_be_installed(visit):
    assert visit.install == ["in-incognito"], "but for the window that the test is in"


def test_over_plain_http_it_plays_too(visit):
    assert visit.eve == {"secure": False, "worklets": False, "workers": False}
    acks = [event["text"] for event in visit.log if event["kind"] == "ack" and event["text"].startswith("Eve plays cue ")]
    assert acks, [event["text"] for event in visit.log]


def test_messages_are_felt_and_screens_stay_on(visit):
    assert visit.felt == {name: [2, True] for name in PHONES}


def test_nothing_else_goes_wrong(visit):
    assert visit.complaints == []
    assert visit.faults == []
