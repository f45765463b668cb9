"""`tutti play` to `tutti serve`: both ends of our own."""
import json
import re

import numpy
import pytest

from clips import Clip
from patience import eventually
from sendspin_server import RATE
from server import run
from sync_player import is_in_time, samples_of

MUSIC = Clip("music.flac", "flac", 3, 200, seconds=40, title="Music")
OTHER = Clip("other.flac", "flac", 1, 100, seconds=40, title="Other")


@pytest.fixture
def server(serve, tmp_path):
    MUSIC.put_into(tmp_path / "music")
    OTHER.put_into(tmp_path / "other")
    server = serve(tmp_path / "music", "--shuffle", "off", "--directory-routes",
                   json.dumps({"other": str(tmp_path / "other")}))
    server.wait_until_scanned()
    return server


def apart(one, other):
    """Milliseconds by which each tenth of their last seconds, three at most, came later from the second player, NaN where
    one of the recordings does not have it whole. Of each: what it recorded, its last report, its drift."""
    def place(moment, player):
        _, report, drift = player
        return (moment - report["began"] / 1e6) * RATE / (1 + drift * 1e-6)

    ends = [report["began"] / 1e6 + len(samples) / RATE for samples, report, _ in (one, other)]
    count, margin = RATE // 20, 2400
    out = []
    for back in range(30):
        moment = min(ends) - 1 - back / 10
        places = [place(moment, player) for player in (one, other)]
        if min(places) < margin:
            break
        first = one[0][int(places[0]):int(places[0]) + count, 0]
        second = other[0][int(places[1]) - margin:int(places[1]) + count + margin, 0]
        likeness = numpy.correlate(second, first, "valid")
        best = int(likeness.argmax())
        is_whole = likeness[best] > 0.8 * numpy.sum(first ** 2) > 0
        out.append((best - margin + places[0] % 1 - places[1] % 1) / RATE * 1000 if is_whole else float("nan"))
    return numpy.array(out)


def test_players_of_a_station_are_together_whatever_it_is_sent_in(server, play, tmp_path):
    url = server.url.replace("http", "ws")
    choices = (("flac", -90), ("pcm", 110), ("opus", 0))
    players = [play(url, tmp_path / f"{codec}.wav", "--codec", codec, "--drift", drift) for codec, drift in choices]
    for player in players:
        player.until("some seconds", lambda report: report["playing"] and report["ahead"] > 0)
        player.until("some seconds more", lambda report, player=player: len(player.reports()) >= 5)
    for player in players:
        player.stop()
    heard = [(samples_of(tmp_path / f"{codec}.wav"), player.reports()[-1], drift)
             for (codec, drift), player in zip(choices, players)]
    for (codec, _), each in zip(choices, heard):
        assert each[1]["codec"] == codec and each[1]["title"] == "Music", each[1]
    for each in heard[1:]:
        offsets = apart(heard[0], each)
        assert is_in_time(offsets), offsets


def test_a_private_group_plays_the_library_and_does_as_it_is_told(server, play):
    player = play(server.url.replace("http", "ws"), "null", "--group", "private", "--name", "Kitchen")
    player.until("the first track", lambda report: report["playing"] and report["group"] == "Kitchen" and report["title"] == "Music")

    def arrange(body):
        status, _, answer = server.get("/api/v1/groups/private-1", "POST", json.dumps(body))
        assert status == 200, answer
    arrange({"play": False})
    player.until("silence", lambda report: not report["playing"])
    arrange({"position": 30, "play": True})
    heard = player.until("sound", lambda report: report["playing"] and report["ahead"] > 0)
    assert heard["starts"] >= 2 and heard["title"] == "Music"
    tracks = server.json("/api/v1/library/tracks?q=other")["tracks"]
    arrange({"track": tracks[0]["track_id"]})
    player.until("the other track", lambda report: report["playing"] and report["title"] == "Other")
    player.stop()


@pytest.mark.smoke
def test_a_station_can_be_chosen(server, play):
    player = play(server.url.replace("http", "ws"), "null", "--station", "/other")
    player.until("its title", lambda report: report["playing"] and report["title"] == "Other")
    player.stop()


def test_a_station_that_is_not_there_is_a_clear_error(server, tmp_path):
    done = run("play", server.url.replace("http", "ws"), "-o", "null", "--station", "/nope", "--state-dir", tmp_path / "state")
    lines = done.stderr.decode().splitlines()
    assert done.returncode == 2 and len(lines) == 1, (done.returncode, lines)
    assert "no station /nope" in lines[0] and "/, /other" in lines[0]


def test_a_port_of_its_own_needs_no_path(serve, play, tmp_path):
    OTHER.put_into(tmp_path / "other")
    server = serve(tmp_path / "other", "--alias", "0=/sendspin")
    server.wait_until_scanned()
    port = eventually(lambda: re.search(r"port +(\d+) is /sendspin", server.out_path.read_text()), 5, "the port")[1]
    for url in (f"ws://127.0.0.1:{port}", f"ws://127.0.0.1:{port}/any/path"):
        player = play(url)
        player.until("its title", lambda report: report["playing"] and report["title"] == "Other")
        player.stop()
