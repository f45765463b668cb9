"""What an operator does while a station is on the air, and what is heard of it."""
import json
import time

import pytest

import audio
import people
from clips import Clip
from listening import Listener
from patience import eventually
from people import ask, basic

CLIPS = [Clip(f"{number}.mp3", "mp3", number % 5, 40 + 11 * number, seconds=40, title=f"Tune {number}") for number in range(4)]


@pytest.fixture
def station(serve, tmp_path):
    for clip in CLIPS:
        clip.put_into(tmp_path / "music")
    people.add_user(tmp_path / "server", "olga")

    def start():
        server = serve(tmp_path / "music", "--shuffle", "off", "--stream-routes", "/humor")
        server.wait_until_scanned()
        return server
    return start


def order(server, path, **headers):
    status, _, body = ask(server, f"{path}?ajax=1", "POST", Authorization=basic("olga"), **headers)
    assert status == 200, (status, body)
    return json.loads(body)


def following(server):
    """The files on air and to come."""
    state = server.stations()
    return [e["file"] for e in state["stations"][0]["entries"] if e["starts_at"] + e["duration"] > state["server_time"]]


@pytest.mark.smoke
def test_next_is_heard_at_once_and_its_title_with_it(station):
    server = station()
    listener = Listener(server.url + "/humor", 12)
    eventually(lambda: len(listener.body) > 16000, 10, "audio")
    before = server.on_air("/humor")[0]["file"]
    answer = order(server, "/next-track/humor")
    assert answer == {"success": True, "route": "/humor", "track": f"{(int(before[0]) + 1) % 4}.mp3"}
    eventually(lambda: server.on_air("/humor")[0]["file"] == answer["track"], 5, "the next track on air")
    assert server.json("/now-playing?route=/humor")["track"] == answer["track"]
    entries = server.station("/humor")["entries"]
    new = server.on_air("/humor")[0]
    old = entries[entries.index(new) - 1]
    assert (old["file"], new["file"]) == (before, answer["track"])
    assert abs(old["starts_at"] + old["duration"] - new["starts_at"]) <= 1, "without a gap"
    assert old["duration"] < 20_000_000, "cut"
    heard = audio.decode(listener.done().body)
    tune = next(clip for clip in CLIPS if clip.name == answer["track"])
    begin = audio.find_track(tune.pcm[:3 * audio.RATE], heard)
    assert begin is not None, "the next track is heard from its beginning"
    assert audio.find_track(CLIPS[int(before[0])].pcm[5 * audio.RATE:6 * audio.RATE], heard[begin:]) is None


def test_previous_goes_back(station):
    server = station()
    first = server.on_air("/humor")[0]["file"]
    second = order(server, "/next-track/humor")["track"]
    assert second != first
    assert order(server, "/prev-track/humor")["track"] == first
    assert server.on_air("/humor")[0]["file"] == first
    assert server.on_air("/humor")[1] < 5, "from its beginning"
    assert following(server)[:2] == [first, second]
    time.sleep(1.5)  # the stored queue may be a moment behind
    server.kill()
    server = station()
    assert server.on_air("/humor")[0]["file"] == first, "as after any other change, the programme is kept"
    assert following(server)[:2] == [first, second]


def test_shuffle_and_history(station):
    server = station()
    now = int(following(server)[0][0])
    assert following(server) == [f"{(now + i) % 4}.mp3" for i in range(4)], "in order"
    assert order(server, "/set-shuffle/humor/on")["success"]
    orders = set()
    for _ in range(12):
        answer = order(server, "/shuffle-playlist/humor")
        assert answer["route"] == "/humor" and answer["message"]
        assert following(server)[0] == f"{now}.mp3", "what plays is not cut"
        orders.add(tuple(following(server)))
    assert len(orders) > 2
    assert order(server, "/set-shuffle/humor/off") == {"success": True, "route": "/humor", "message": "Shuffle is off"}
    assert following(server) == [f"{(now + i) % 4}.mp3" for i in range(4)]
    order(server, "/next-track/humor")
    eventually(lambda: "<li>" in server.json("/streams")["streams"][0]["history_html"], 5, "a history")
    order(server, "/clear-history/humor")
    assert server.json("/streams")["streams"][0]["history_html"] == "<ul></ul>"


def test_forms_scripts_and_mistakes(station):
    server = station()
    key = {"Authorization": basic("olga")}
    status, headers, _ = ask(server, "/next-track/humor", "POST", **key)
    assert (status, headers["Location"]) == (302, "/status"), "a form gets the page"
    status, _, body = ask(server, "/next-track/humor", "POST", X_Requested_With="XMLHttpRequest", **key)
    assert status == 200 and json.loads(body)["success"] is True
    status, _, body = ask(server, "/next-track/none?ajax=1", "POST", **key)
    assert status == 404 and json.loads(body)["success"] is False
    for path in ("/next-track/humor", "/prev-track/humor", "/shuffle-playlist/humor", "/set-shuffle/humor/on",
                 "/clear-history/humor"):
        assert ask(server, path, "POST")[0] == 401, path
        status, headers, _ = ask(server, path, **key)
        assert (status, headers["Allow"]) == (405, "POST"), "nothing changes by following a link"
    assert ask(server, "/set-shuffle/humor/maybe", "POST", **key)[0] == 404
