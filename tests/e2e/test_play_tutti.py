"""`tutti play` to `tutti serve`: both ends of our own."""
import json

import numpy
import pytest

from clips import Clip
from sendspin_server import RATE
from sync_player import WRONG, samples_of

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


def apart(one, other, seconds=1.0):
    """Milliseconds by which what the second player let be heard came later, for its last second."""
    begins = [report["began"] / 1e6 for report in (one[1], other[1])]
    count = int(seconds * RATE)
    # The same moment in both, two seconds before the shorter one ends.
    moment = min(begin + len(samples) / RATE for begin, (samples, _) in zip(begins, (one, other))) - 2
    margin = 2400
    places = [(moment - begin) * RATE for begin in begins]
    first = one[0][int(places[0]):int(places[0]) + count, 0]
    second = other[0][int(places[1]) - margin:int(places[1]) + count + margin, 0]
    likeness = numpy.correlate(second, first, "valid")
    best = int(likeness.argmax())
    assert likeness[best] > 0.9 * numpy.sum(first ** 2), "they play the same"
    return (best - margin + places[0] % 1 - places[1] % 1) / RATE * 1000


@pytest.mark.smoke
def test_players_of_a_station_are_together_whatever_it_is_sent_in(server, play, tmp_path):
    url = server.url.replace("http", "ws")
    choices = (("flac", -90), ("pcm", 110), ("opus", 0))
    players = [play(url, tmp_path / f"{codec}.wav", "--codec", codec, "--drift", drift) for codec, drift in choices]
    for player in players:
        player.until("some seconds", lambda report: report["playing"] and report["ahead"] > 0)
        player.until("some seconds more", lambda report, player=player: len(player.reports()) >= 5)
    for player in players:
        player.stop()
    heard = [(samples_of(tmp_path / f"{codec}.wav"), player.reports()[-1]) for (codec, _), player in zip(choices, players)]
    for (codec, _), each in zip(choices, heard):
        assert each[1]["codec"] == codec and each[1]["title"] == "Music", each[1]
        assert (each[1]["starts"], each[1]["starved"], each[1]["jumps"]) == (1, 0, 0), each[1]
    for each in heard[1:]:
        assert abs(apart(heard[0], each)) < WRONG


def test_a_station_can_be_chosen(server, play):
    player = play(server.url.replace("http", "ws"), "null", "--station", "/other")
    player.until("its title", lambda report: report["playing"] and report["title"] == "Other")
    player.stop()
