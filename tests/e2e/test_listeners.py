"""Too many listeners, slow ones, and the end."""
import secrets
import socket
import time

import pytest

import audio
from clips import Clip
from listening import Listener, connect, parse_head, request_head
from patience import PATIENCE, eventually


@pytest.fixture
def music(tmp_path):
    for number in range(2):
        Clip(f"{number}.flac", "flac", number * 3, 80, seconds=10).put_into(tmp_path / "music")
    return tmp_path / "music"


@pytest.mark.smoke
def test_a_full_server_says_so(serve, music):
    server = serve(music, "--max-listeners", "2")
    server.wait_until_scanned()
    inside = [Listener(server.url + "/") for _ in range(2)]
    eventually(lambda: all(listener.first_byte_after for listener in inside), 10, "two listeners with audio")
    refused = Listener(server.url + "/", 5)
    eventually(lambda: refused.ended, 6, "the third one sent away")
    assert refused.done().status == 503
    assert refused.headers["content-type"].startswith("text/plain")
    assert len(refused.body) > 10 and b"\xff\xfb" not in refused.body
    assert int(refused.headers["retry-after"]) > 0
    assert server.get("/healthz")[0] == 200 and server.get("/", Accept="text/html")[0] == 200
    assert server.station()["listeners"] == 2
    inside.pop().stop()

    def let_in():
        listener = Listener(server.url + "/", 1.5).done()
        return listener.status == 200 and listener.body
    eventually(let_in, 10, "room again once one left", every=0.5)
    inside.pop().stop()
    eventually(lambda: server.station()["listeners"] == 0, 10, "nobody counted as listening")


def test_one_that_never_reads_disturbs_nobody(serve, music):
    """It falls behind, is taken back to the live edge at a frame's edge, and never touches the others."""
    server = serve(music, "--bitrate", "320000", "--buffer-size", "262144")
    server.wait_until_scanned()
    key = secrets.token_urlsafe(16)
    with socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        slow.settimeout(10 * PATIENCE)
        slow.connect(("127.0.0.1", server.port))
        slow.sendall(request_head(f"{server.url}/?listener={key}"))
        other = Listener(server.url + "/", 16)
        other.done()
        received = b""
        try:
            until = time.monotonic() + 6 * PATIENCE
            while time.monotonic() < until and len(received) < 1_500_000:
                received += slow.recv(65536)
        except TimeoutError:
            pass
    heard = audio.decode_strictly(other.body)
    assert len(heard) / audio.RATE > 14
    assert other.longest_silence(after=1.0) < 2.5
    where = server.json(f"/api/v1/listeners/{key}")
    assert where["skipped"] > 0, "16 s at 320 kbit/s are more than its buffers hold"
    head, body = received.split(b"\r\n\r\n", 1)
    assert parse_head(head)[0] == 200
    assert len(audio.decode_strictly(body)) > 3 * audio.RATE, "whole frames before and after the skip"


def test_many_come_and_go(serve, music):
    """Connections that are cut in the middle leave nothing behind."""
    server = serve(music)
    server.wait_until_scanned()
    for _ in range(40):
        with connect(server.url) as sock:
            sock.sendall(request_head(server.url + "/", Icy_MetaData="1"))
            sock.recv(1000)
            # RST instead of a polite end.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    eventually(lambda: server.station()["listeners"] == 0, 15, "nobody counted as listening")


@pytest.mark.smoke
def test_sigterm_with_listeners_connected(serve, music):
    server = serve(music)
    server.wait_until_scanned()
    listeners = [Listener(server.url + "/") for _ in range(3)]
    idle, partial = connect(server.url), connect(server.url)
    partial.sendall(b"GET / HTTP/1.1\r\nHost:")
    eventually(lambda: all(listener.first_byte_after for listener in listeners), 10, "audio for all")
    server.stop()  # asserts exit code 0 within 5 s
    for listener in listeners:
        assert len(listener.stop().body) > 0
    idle.close()
    partial.close()
    with pytest.raises(OSError):
        connect(server.url, 1)


def test_an_idle_station_answers_at_once(serve, music):
    server = serve(music)
    server.wait_until_scanned()
    time.sleep(5)
    listener = Listener(server.url + "/", 1.5).done()
    assert listener.first_byte_after < 0.5 * PATIENCE, "the bench measures it more finely"
    assert len(listener.body) > 3 * 16_000
