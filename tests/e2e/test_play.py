"""`tutti play` to a server that speaks Sendspin as the specification says it: what is heard when, to the sample."""
import time

import numpy
import pytest

from patience import PATIENCE, eventually
from sendspin_server import RATE, SendspinServer, noise_of
from server import run
from sync_player import PlayerAtTerminal, is_in_time, samples_of

SECONDS = 8


@pytest.fixture(scope="module")
def noise():
    return noise_of(SECONDS)


@pytest.fixture
def sendspin(noise):
    """sendspin(codec="flac"): a server for one test."""
    servers = []

    def start(**options):
        servers.append(SendspinServer(noise, **options))
        return servers[-1]
    yield start
    for server in servers:
        server.close()


def lateness(heard, began, drift, server):
    """Milliseconds by which each tenth of a second of `heard` came late, NaN where that sound is not whole. `began`:
    microseconds."""
    # Short enough for noise that is played a little faster or slower, as a player that corrects itself does.
    late, window, margin = [], 600, 4800
    source = numpy.concatenate([server.pcm, server.pcm]).astype(float)
    for begin in range(0, len(heard) - window, RATE // 10):
        piece = heard[begin:begin + window, 0]
        moment = began / 1e6 + begin / RATE * (1 + drift)
        place = (moment - server.epoch) * RATE % len(server.pcm)
        first = int(place) - margin
        around = numpy.take(source[:, 0], range(first, first + window + 2 * margin), mode="wrap")
        likeness = numpy.correlate(around, piece, "valid")
        best = int(likeness[1:-1].argmax()) + 1
        if numpy.count_nonzero(piece) < window * 0.98 or likeness[best] < 0.5 * numpy.sum(piece ** 2):
            late.append(float("nan"))
            continue
        before, at, after = likeness[best - 1:best + 2]
        peak = best + (before - after) / (2 * (before - 2 * at + after))
        # What was found later in the source than it should be came too early.
        late.append((place - int(place) + margin - peak) / RATE * 1000)
    return numpy.array(late)


@pytest.mark.parametrize("codec", ("pcm", "flac"))
def test_what_is_heard_is_heard_in_time(sendspin, play, tmp_path, codec):
    server = sendspin(codec=codec)
    player = play(server.url, tmp_path / "out.wav", "--codec", codec, "--drift", 80, "--name", "Küche")
    player.until("some seconds", lambda report: report["playing"] and len(player.reports()) >= 5)
    player.stop()
    reports = player.reports()
    late = lateness(samples_of(tmp_path / "out.wav"), reports[-1]["began"], 80e-6, server)
    assert is_in_time(late[10:]), late
    assert reports[-1]["title"] == "Noise" and reports[-1]["codec"] == codec
    hello = server.hellos[0]
    assert hello["name"] == "Küche" and hello["player@v1_support"]["supported_formats"][0]["codec"] == codec
    assert server.states[0] == {"state": "synchronized", "player": {"volume": 100, "muted": False}}
    assert server.goodbyes == ["user_request"]


def test_two_players_of_clocks_that_differ_stay_together(sendspin, play, tmp_path):
    server = sendspin(codec="flac", clock_offset=-500)
    drifts = (-120, 90)
    players = [play(server.url, tmp_path / f"{drift}.wav", "--drift", drift) for drift in drifts]
    for player in players:
        player.until("some seconds", lambda report: len(player.reports()) >= 5)  # pylint: disable=cell-var-from-loop
    for player in players:
        player.stop()
    late = [lateness(samples_of(tmp_path / f"{drift}.wav"), player.reports()[-1]["began"], drift * 1e-6, server)
            for drift, player in zip(drifts, players)]
    ends = [values[20:40] for values in late]
    assert is_in_time(ends[0] - ends[1]), late
    assert server.hellos[0]["client_id"] != server.hellos[1]["client_id"], "they are two"


def test_a_server_turns_it_down_and_mutes_it(sendspin, play, tmp_path):
    server = sendspin()
    player = play(server.url, tmp_path / "out.wav", "--volume", 60)
    player.until("sound", lambda report: report["playing"])
    server.call(server.say_to_all("server/command", {"player": {"command": "volume", "volume": 30}}))
    player.until("the volume", lambda report: report["volume"] == 30)
    server.call(server.say_to_all("server/command", {"player": {"command": "mute", "mute": True}}))
    player.until("silence", lambda report: report["muted"])
    time.sleep(0.5)
    player.stop()
    assert [state["player"] for state in server.states] == [
        {"volume": 60, "muted": False}, {"volume": 30, "muted": False}, {"volume": 30, "muted": True}]
    heard = samples_of(tmp_path / "out.wav")
    assert not heard[-RATE // 10:].any()
    loud = numpy.abs(heard).max()
    assert 0.35 < loud / numpy.abs(server.pcm).max() < 0.5, "60 is about 0.43 of the amplitude"


def test_it_plays_on_while_the_network_is_gone_and_nobody_hears_that_it_came_back(sendspin, play, tmp_path):
    server = sendspin(codec="pcm", ahead=3)
    player = play(server.url, tmp_path / "out.wav")
    player.until("enough ahead", lambda report: report["playing"] and report["ahead"] > 2_500_000)
    server.call(server.cut())
    eventually(lambda: len(server.hellos) > 1, 15, "another connection")
    count = len(player.reports())
    player.until("some more seconds", lambda report: len(player.reports()) >= count + 4)
    player.stop()
    report = player.reports()[-1]
    assert report["starved"] == 0, player.said()
    assert "was lost" in player.said()
    assert server.hellos[0]["client_id"] == server.hellos[1]["client_id"]
    late = lateness(samples_of(tmp_path / "out.wav"), report["began"], 0, server)
    assert is_in_time(late[10:]), late


def test_a_server_that_comes_back_with_another_clock_is_heard_again(noise, sendspin, play, tmp_path):
    server = sendspin()
    player = play(server.url, tmp_path / "out.wav")
    player.until("sound", lambda report: report["playing"])
    server.call(server.cut())
    server.close()
    player.until("silence", lambda report: not report["playing"])
    again = SendspinServer(noise, clock_offset=-7, port=server.port)
    try:
        player.until("sound again", lambda report: report["playing"])
        time.sleep(2.5)
        player.stop()
    finally:
        again.close()
    heard = samples_of(tmp_path / "out.wav")
    last = heard[-2 * RATE:]
    late = lateness(last, player.reports()[-1]["began"] + (len(heard) - len(last)) / RATE * 1e6, 0, again)
    assert is_in_time(late), late


@pytest.mark.smoke
def test_what_is_cleared_is_not_heard_and_an_end_is_silence(sendspin, play):
    server = sendspin(ahead=3)
    player = play(server.url)
    player.until("sound", lambda report: report["playing"])
    server.is_sending = False
    server.call(server.say_to_all("stream/clear", {"roles": ["player"]}))
    player.until("silence", lambda report: not report["playing"] and report["ahead"] == 0)
    eventually(lambda: server.states[-1] == {"state": "error"}, 5, "that it says it has nothing to play")
    server.is_sending = True
    player.until("sound again", lambda report: report["playing"])
    eventually(lambda: server.states[-1] == {"state": "synchronized"}, 5, "that it says it plays again")
    server.call(server.say_to_all("stream/end", {}))
    player.until("the end", lambda report: not report["playing"])
    player.stop()
    assert len(server.states) == 3


@pytest.mark.parametrize("arguments, code, words", (
    (("nonsense://x",), 2, "nonsense"),
    ((), 2, "what to play"),
    (("ws://127.0.0.1:1", "-o", "null"), 1, "cannot connect"),
    (("ws://127.0.0.1:1", "-o", "no such device"), 2, "audio device"),
    (("ws://127.0.0.1:1", "-o", "/nowhere/x.wav"), 2, "/nowhere"),
    (("ws://127.0.0.1:1", "--codec", "mp3"), 2, "codec"),
))
def test_what_cannot_be_done_is_said_in_one_line(arguments, code, words):
    done = run("play", *arguments)
    said = done.stderr.decode()
    assert (done.returncode, len(said.splitlines())) == (code, 1), said
    assert words in said


def test_stations_are_asked_for_in_the_address(sendspin, play, tmp_path):
    server = sendspin()
    play(server.url, "null", "--station", "/по-русски 1", "--token", "secret")
    eventually(lambda: server.paths, 10, "a connection")
    assert server.paths == ["/sendspin?station=/%D0%BF%D0%BE-%D1%80%D1%83%D1%81%D1%81%D0%BA%D0%B8%201"]


def test_who_sits_at_the_terminal_sees_how_it_goes_and_has_keys(sendspin, tmp_path):
    server = sendspin()
    with PlayerAtTerminal(tmp_path, server.url) as player:
        eventually(lambda: "sync " in player.shown, 10, "the sync error")
        for words in ("Noise · Nobody", "pcm 48 kHz stereo 16 bit", "s ahead", "volume 100 → null"):
            assert words in player.shown, player.shown.rsplit("\r", 1)[-1]
        player.press(b"--m")
        eventually(lambda: server.states[-1]["player"] == {"volume": 90, "muted": True}, 5, "the keys")
        eventually(lambda: "muted" in player.shown, 5, "that it is muted")
        player.press(b"p><n")
        eventually(lambda: server.commands, 5, "a command")
        assert server.commands == [{"controller": {"command": "switch"}}], "neither pausing nor skipping is allowed here"
        player.press(b"q")
        eventually(lambda: player.process.poll() == 0, 5, "the end")
        assert server.goodbyes == ["user_request"]


def test_where_somebody_went_is_remembered_over_a_loss_of_the_line(sendspin, tmp_path):
    """The group that was asked for at the start is not asked for again once `n` has left it, and is once it is played again."""
    server = sendspin()

    def come_back():
        lines = len(server.paths)
        server.call(server.cut())
        eventually(lambda: len(server.paths) > lines and server.connections, 10, "another connection")
        return server.paths[-1]

    with PlayerAtTerminal(tmp_path, server.url, "--group", "private") as player:
        eventually(lambda: "sync " in player.shown and server.connections, 10, "sound")
        assert come_back() == "/sendspin?group=private"
        player.press(b"n")
        eventually(lambda: server.commands, 5, "a wish for the next group")
        server.call(server.say_to_all("group/update", {"playback_state": "playing", "group_id": "h", "group_name": "Hall"}))
        server.call(server.say_to_all("server/state", {"metadata": {"timestamp": server.server_time(), "title": "In the hall"}}))
        eventually(lambda: "In the hall" in player.shown, 5, "what is played there")
        assert come_back() == "/sendspin"
        player.seen.clear()
        eventually(lambda: "Noise" in player.shown, 5, "the first group again")  # as this server says to whoever comes
        assert come_back() == "/sendspin?group=private"
