"""A sound walk: what phones download, and what they are told when."""
import asyncio
import hashlib
import json
import subprocess
import time
import wave

import numpy
import pytest
import websockets

import people
from clips import Clip
from private_redis import PrivateRedis
from server import run
from sockets import ws
from walkers import Conductor, Phone, until_ready

RATE = 48000
TOML = """
title = "Парк"
languages = ["en", "ru"]

[[cue]]
name = "gate"
a = 0
b = 5

[[cue]]
name = "bridge"
asset = "лес"
a = 2.5
b = 9.125
note = "wait for the bus"
volume = 80
"""


@pytest.fixture
def home(tmp_path):
    return tmp_path / "server"


@pytest.fixture
def source():
    return Clip("лес.wav", "wav", 2, 40, seconds=12)


@pytest.fixture
def folder(tmp_path, source):
    folder = tmp_path / "park"
    source.put_into(folder)
    (folder / "walk.toml").write_text(TOML, encoding="utf-8")
    return folder


@pytest.fixture
def park(serve, folder):
    """A server with a walk, and no station, whose assets are ready."""
    server = serve("--walk", folder)
    until_ready(server)
    return server


def decode(path_or_bytes):
    """Every sample of it at 48 kHz, nothing taken off."""
    raw = isinstance(path_or_bytes, bytes)
    done = subprocess.run(["ffmpeg", "-v", "error", *(("-f", "mp3", "-i", "pipe:0") if raw else ("-i", path_or_bytes)),
                           "-f", "f32le", "-ac", "2", "-ar", str(RATE), "pipe:1"],
                          input=path_or_bytes if raw else None, capture_output=True, check=True)
    return numpy.frombuffer(done.stdout, numpy.float32).reshape(-1, 2)


@pytest.mark.smoke
def test_what_is_downloaded_is_the_source_behind_the_delay(park, folder):
    state = park.json("/api/v1/walk")
    assert state["walk"] == {"title": "Парк", "text": "", "welcome": "", "languages": ["en", "ru"]}
    asset, = state["assets"]
    assert asset["id"] == "les" and asset["url"] == "/walk/assets/les" and asset["type"] == "audio/mpeg"
    assert [cue["asset"] for cue in state["sheet"]] == ["les", "les"]

    status, headers, body = park.get(asset["url"])
    assert status == 200 and len(body) == asset["bytes"] and len(body) % 384 == 0
    assert hashlib.sha256(body).hexdigest() == asset["sha256"]
    assert headers["ETag"] == f'"{asset["sha256"]}"' and headers["Content-Type"] == "audio/mpeg"

    heard, played = decode(body), decode(folder / "лес.wav")
    assert asset["frames"] == len(played)
    delay = asset["delay"]
    piece = played[2 * RATE:4 * RATE, 0]
    around = heard[delay + 2 * RATE - 2000:delay + 4 * RATE + 2000, 0]
    score = numpy.correlate(around, piece, "valid")
    assert int(score.argmax()) == 2000, f"{score.argmax() - 2000} samples beside the place that the delay names"
    level = [20 * numpy.log10(numpy.sqrt(numpy.mean(numpy.square(x)))) for x in
             (heard[delay:delay + len(played)], played)]
    assert abs(level[0] - level[1]) < 0.5

    # A page seeks by arithmetic: any frame and the one before it are enough.
    first = 200
    part = decode(body[(first - 2) * 384:(first + 20) * 384])
    assert numpy.abs(part[2 * 1152:20 * 1152] - heard[first * 1152:(first + 18) * 1152]).max() < 1e-3


def test_a_download_goes_on_where_it_was_cut(park):
    asset, = park.json("/api/v1/walk")["assets"]
    _, headers, whole = park.get(asset["url"])
    tag = headers["ETag"]
    status, headers, rest = park.get(asset["url"], Range="bytes=100000-", If_Range=tag)
    assert status == 206 and headers["Content-Range"] == f"bytes 100000-{len(whole) - 1}/{len(whole)}"
    assert rest == whole[100000:]
    assert park.get(asset["url"], Range="bytes=100000-", If_Range='"older"')[0] == 200
    assert park.get(asset["url"], If_None_Match=tag)[::2] == (304, b"")
    assert park.get(asset["url"], Range=f"bytes={len(whole)}-")[0] == 416
    status, headers, body = park.get(asset["url"], "HEAD")
    assert (status, int(headers["Content-Length"]), body) == (200, len(whole), b"")
    assert park.get("/walk/assets/moon")[0] == 404
    assert park.get(asset["url"], "POST")[0] == 405


@pytest.mark.smoke
def test_a_cue_reaches_everybody_before_it_starts_and_is_replaced_at_one_moment(park, home):
    conductor = Conductor(park, home)

    async def walk():
        async with Phone(park, "a") as a, Phone(park, "b") as b:
            for phone in (a, b):
                await phone.until_walk(lambda walk: walk["walk"]["title"] == "Парк", "the whole state")
                offset, _ = await phone.ask_time()
                conductor_state = await asyncio.to_thread(conductor.do, "cue", name="bridge") if phone is a else None
                cue = await phone.until_walk(lambda walk: walk["live"]["next"] or walk["live"]["now"], "the cue")
                told_at = time.monotonic_ns() // 1000 + offset
                assert cue["name"] == "bridge" and (cue["a_ms"], cue["b_ms"], cue["volume"]) == (2500, 9125, 80)
                assert cue["author"] == "anna"
                if conductor_state:
                    assert cue["start"] > told_at, "it is told before it starts"
            first = a.walk["live"]["next"] or a.walk["live"]["now"]
            await asyncio.sleep(max(0, (first["start"] - (time.monotonic_ns() // 1000 + offset)) / 1e6) + 0.3)
            await asyncio.to_thread(conductor.do, "cue", a=0.5, b=3.25, loop=True)
            for phone in (a, b):
                live = await phone.until_walk(
                    lambda walk: walk["live"]["next"] and walk["live"]["next"]["id"] > first["id"] and walk["live"], "the next cue")
                assert live["now"]["id"] == first["id"], "until then the old one goes on"
                assert live["next"]["start"] > first["start"]
            assert a.walk["live"] == b.walk["live"]
            async with Phone(park, "late") as late:
                await late.until_walk(lambda walk: walk["live"]["next"] or walk["live"]["now"], "the cue, coming late")
                heard = late.walk["live"]["next"] or late.walk["live"]["now"]
                assert heard == a.walk["live"]["next"]
            await asyncio.to_thread(conductor.do, "stop", fade_ms=500)
            stopped = await b.until_walk(lambda walk: any(cue and cue["stop"] for cue in walk["live"].values()), "the stop")
            assert stopped
            await asyncio.to_thread(conductor.do, "message", text="Налево 🌲")
            for phone in (a, b):
                await phone.until_walk(lambda walk: walk["messages"] and walk["messages"][-1]["text"] == "Налево 🌲", "it")
    asyncio.run(walk())


@pytest.fixture(params=["sqlite", "redis"])
def store(request, tmp_path):
    """Options of the server for each store."""
    if request.param == "sqlite":
        yield ()
        return
    redis = PrivateRedis(tmp_path / "redis")
    yield ("--store", redis.url)
    redis.stop()


def test_after_a_kill_in_the_middle_of_a_cue_everybody_is_in_the_same_place(serve, folder, home, store):
    server = serve("--walk", folder, *store)
    until_ready(server)
    conductor = Conductor(server, home)
    conductor.do("cue", a=0, b=9, loop=True)
    conductor.do("message", text="kept")

    def played(of):
        """Bounds of how long the cue has been playing, and what else is known of it."""
        asked = time.monotonic()
        state = of.json("/api/v1/walk")
        answered = time.monotonic()
        cue = state["live"]["now"] or state["live"]["next"]
        return (state["server_time"] - cue["start"]) / 1e6, asked, answered, cue, state
    before, asked, answered, cue, _ = played(server)
    server.kill()
    again = serve("--walk", folder, *store)
    after, asked_again, answered_again, kept, state = played(again)
    assert (kept["id"], kept["a_ms"], kept["b_ms"], kept["loop"]) == (cue["id"], 0, 9000, True)
    slack = 0.01  # the calendar's clock is not the one that this test measures by
    assert asked_again - answered - slack <= after - before <= answered_again - asked + slack
    assert [message["text"] for message in state["messages"]] == ["kept"]
    began = time.monotonic()
    until_ready(again)
    assert time.monotonic() - began < 10, "what was encoded is kept"
    conductor.server = again
    status, log = conductor.ask("/log")
    assert status == 200 and log["events"][0]["kind"] == "cue"
    assert abs(log["events"][0]["wall_us"] / 1e6 - time.time()) < 300
    status, headers, table = people.ask(again, "/api/v1/walk/log.csv", Authorization=conductor.bearer)
    lines = table.decode().splitlines()
    assert status == 200 and headers["Content-Type"].startswith("text/csv")
    assert lines[0] == "time,kind,participant,latency_ms,text" and lines[1].endswith(',cue,,,"anna: les 0.000–9.000"'), lines
    assert people.ask(again, "/api/v1/walk/log.csv")[0] == 401


def test_readiness_and_acks_reach_the_conductors_board(park, home):
    conductor = Conductor(park, home)

    async def walk():
        async with Phone(park, "pixel") as phone, conductor.line() as line:
            async def said(kind, key="type"):
                while True:
                    message = json.loads(await asyncio.wait_for(line.recv(), 10))
                    if message["type"] == kind and key in message:
                        return message
            whole = await said("walk")
            assert whole["walk"]["title"] == "Парк" and whole["sheet"][1]["note"] == "wait for the bus"
            asset, = whole["assets"]
            await phone.tell(name="Pixel 7", unlocked=True, assets={"les": {"have": asset["bytes"], "ready": True}},
                             clock_us=420, latency_us=31000, correction_us=0, battery=0.8, network="wifi", hidden=False)
            while not ((rows := (await said("participants"))["rows"]) and rows[0]["ready"]):
                pass
            row = rows[0]
            assert (row["name"], row["latency_us"], row["battery"]) == ("Pixel 7", 31000, 0.8)
            await line.send(json.dumps({"verb": "cue", "name": "moon"}))
            assert "gate, bridge" in (await said("error"))["message"]
            await line.send(json.dumps({"verb": "cue", "name": "gate"}))
            cue = (await said("walk", "live"))["live"]["next"]
            assert (await said("done")) == {"type": "done"}
            await phone.ack(cue["id"], start_error_us=300)
            while (await said("event"))["kind"] != "ack":
                pass
            while not (rows := (await said("participants"))["rows"]) or not rows[0]["ack"]:
                pass
            assert rows[0]["ack"]["cue"] == cue["id"] and rows[0]["ack"]["start_error_us"] == 300
    asyncio.run(walk())
    _, answer = conductor.ask("/participants")
    assert [(row["name"], row["connected"]) for row in answer["rows"]] == [("Pixel 7", False)]
    _, log = conductor.ask("/log")
    assert {"connected", "downloaded", "cue", "ack"} <= {event["kind"] for event in log["events"]}


def test_only_conductors_conduct(park, home):
    people.add_user(home, "lena", role="listener")
    lena = "Bearer " + people.make_token(home, "lena")
    for path in ("/participants", "/log"):
        assert people.ask(park, "/api/v1/walk" + path)[0] == 401
    for verb, method in (("cue", "POST"), ("stop", "POST"), ("message", "POST"), ("arm", "POST"), ("sheet", "PUT"), ("", "PATCH")):
        assert people.ask(park, f"/api/v1/walk/{verb}".rstrip("/"), method, {})[0] == 401
        assert people.ask(park, f"/api/v1/walk/{verb}".rstrip("/"), method, {}, Authorization=lena)[0] == 403
    conductor = Conductor(park, home)
    assert conductor.ask("/cue", "POST", {"a": 5, "b": 5})[0] == 409
    status, answer = conductor.ask("/cue", "POST", {"a": "5"})
    assert status == 400 and "a number of seconds" in answer["message"]
    assert conductor.ask("/cue")[0] == 405 and conductor.ask("/dance", "POST")[0] == 404

    async def knock(headers):
        with pytest.raises(websockets.InvalidStatusCode) as refused:
            await websockets.connect(ws(park, "/walk/conduct"), extra_headers=headers)
        return refused.value.status_code
    assert asyncio.run(knock({})) == 401
    assert asyncio.run(knock({"Authorization": lena})) == 403


def test_a_sheet_can_be_changed_and_run_on_its_own(park, home):
    conductor = Conductor(park, home)
    sheet = conductor.ask("")[1]["sheet"]
    sheet.append({"name": "end", "asset": "les", "a_ms": 9000, "b_ms": 11000, "volume": 100, "loop": False, "note": ""})
    assert conductor.do("sheet", sheet=sheet)["sheet"] == sheet
    armed = conductor.do("arm", **{"from": "bridge"})["armed"]
    assert armed["from"] == "bridge" and armed["start"] > park.json("/api/v1/walk")["server_time"] - 5_000_000
    assert conductor.ask("/sheet", "PUT", {"sheet": []})[0] == 409
    assert conductor.do("arm", armed=False)["armed"] is None


def test_what_was_edited_holds_after_a_restart_and_nobody_overwrites_what_they_have_not_seen(serve, folder, home):
    server = serve("--walk", folder)
    until_ready(server)
    conductor = Conductor(server, home)
    before = conductor.ask("")[1]
    assert before["edit"] == {"revision": 0, "author": ""}
    status, after = conductor.ask("", "PATCH", {"title": "Ночь", "welcome": "Put on your headphones.", "revision": 0})
    assert status == 200 and after["edit"] == {"revision": 1, "author": "anna"}
    words = {"title": "Ночь", "text": "", "welcome": "Put on your headphones.", "languages": ["en", "ru"]}
    assert after["walk"] == words
    status, refused = conductor.ask("/sheet", "PUT", {"sheet": [], "revision": 0})
    assert status == 409 and "edited meanwhile by anna" in refused["message"]
    assert conductor.ask("", "PATCH", {"languages": ["e n"]})[0] == 409
    server.stop()
    (folder / "walk.toml").write_text(TOML.replace("Парк", "Park").replace("2.5", "3.5"), encoding="utf-8")
    server = serve("--walk", folder)
    state = until_ready(server)
    assert state["walk"] == words and state["edit"]["revision"] == 1
    assert state["sheet"][1]["a_ms"] == 3500, "what nobody edited is as walk.toml has it"


def test_a_waveform_is_drawn_from_some_bytes(park, folder, home):
    conductor = Conductor(park, home)
    path = "/api/v1/walk/assets/les/peaks"
    assert people.ask(park, path)[0] == 401
    status, headers, points = people.ask(park, path, Authorization=conductor.bearer)
    headers = {name.lower(): value for name, value in dict(headers).items()}
    assert (status, headers["tutti-step"]) == (200, "2304")
    played = numpy.abs(decode(folder / "лес.wav")).max(axis=1)
    peaks = [played[at:at + 2304].max() for at in range(0, len(played), 2304)]
    assert len(points) == 2 * len(peaks)
    drawn = numpy.frombuffer(points, numpy.uint8).reshape(-1, 2)
    assert numpy.abs(drawn[:, 0] - 255 * numpy.sqrt(numpy.minimum(peaks, 1))).max() <= 2
    assert (drawn[:, 1] <= drawn[:, 0]).all()
    known = people.ask(park, path, Authorization=conductor.bearer, If_None_Match=headers["etag"])
    assert known[0] == 304 and not known[2]
    assert conductor.ask("/assets/moon/peaks")[0] == 404


def test_what_is_wrong_with_a_walk_is_said_at_the_start(serve, tmp_path):
    folder = tmp_path / "wrong"
    folder.mkdir()
    (folder / "walk.toml").write_text('title = "x"\n[[cue]]\nname = "gate"\na = 5\n')
    done = run("serve", "--walk", folder, "--state-dir", tmp_path / "state", "--port", "0")
    assert done.returncode == 2 and b"walk.toml, line 2: b is a number of seconds" in done.stderr
    done = run("serve", "--walk", tmp_path / "nowhere", "--state-dir", tmp_path / "state", "--port", "0")
    assert done.returncode == 2 and b"nowhere" in done.stderr


def test_one_file_is_a_walk(serve, tmp_path):
    path = tmp_path / "Old Bridge.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(44100)
        file.writeframes(bytes(2 * 44100 * 3))
    state = until_ready(serve("--walk", path))
    asset, = state["assets"]
    assert (asset["id"], asset["title"], asset["frames"]) == ("old-bridge", "Old Bridge", 3 * RATE)
