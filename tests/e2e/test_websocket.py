"""What holds for every WebSocket of the server (RFC 6455), seen by a client that is not ours and by ones with no manners.

The door is /pcm: it answers text that is no request with that text.
"""
import asyncio
import json
import re
import socket
import threading
import time

import pytest
import websockets

from clips import Clip
from listening import connect
from patience import PATIENCE, eventually
from raw_websocket import BINARY, CLOSE, PING, PONG, TEXT, RawWebSocket, frame, request
from server import Server, run

ANSWER = "Então você disse que: "


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("websocket")
    Clip("tune.wav", "wav", 1, 30, seconds=5).put_into(home / "music")
    return home


@pytest.fixture(scope="module")
def server(home):
    server = Server(home / "server", home / "music", "--alias", "0=/pcm", "--alias", "0=/")
    server.wait_until_scanned()
    yield server
    server.stop()


@pytest.fixture
def url(server):
    return server.url + "/pcm"


def ws(url):
    return url.replace("http://", "ws://")


def rss_kib(server):
    with open(f"/proc/{server.process.pid}/status", encoding="ascii") as lines:
        return int(next(line for line in lines if line.startswith("VmRSS")).split()[1])


def echoes(url, text="ainda vivo"):
    """The server goes on serving others."""
    with RawWebSocket(url) as raw:
        raw.send(TEXT, text.encode())
        return raw.receive() == (TEXT, (ANSWER + text).encode())


# --- a client that is not ours


@pytest.mark.smoke
def test_a_library_talks_with_it(url):
    async def talk():
        async with websockets.connect(ws(url), compression="deflate") as client:
            assert client.extensions == [], "compression is declined"
            await client.send("olá")
            assert await client.recv() == ANSWER + "olá"
            await client.send(["frag", "men", "tos"])
            assert await client.recv() == ANSWER + "fragmentos"
            await asyncio.wait_for(await client.ping(b"alive?"), 10 * PATIENCE)
            await client.close(1000, "done")
            return client.close_code
    assert asyncio.run(talk()) == 1000


def test_its_close_code_is_echoed(url):
    async def talk(code):
        client = await websockets.connect(ws(url))
        await client.close(code, "até logo")
        return client.close_code
    for code in (1000, 1001, 3000, 4999):
        assert asyncio.run(talk(code)) == code


def test_many_come_and_go(url):
    async def visit(n):
        async with websockets.connect(ws(url)) as client:
            await client.send(str(n))
            assert await client.recv() == ANSWER + str(n)

    async def all_of_them():
        await asyncio.gather(*(visit(n) for n in range(200)))
    asyncio.run(all_of_them())


def test_a_browser_of_another_site_may_listen(url):
    """What is public is public for pages too."""
    with RawWebSocket(url, Origin="https://elsewhere.example") as raw:
        assert raw.status == 101


# --- the handshake


def test_plain_requests_are_told_what_this_is(server):
    status, headers, body = server.get("/pcm")
    assert (status, headers["Upgrade"], headers["Sec-WebSocket-Version"]) == (426, "websocket", "13")
    answer = json.loads(body)
    assert answer["status"] == "error" and f"ws://127.0.0.1:{server.port}/pcm" in answer["message"]
    status, _, body = server.get("/pcm", method="HEAD")
    assert (status, body) == (426, b"")
    status, headers, _ = server.get("/pcm", method="POST")
    assert status == 405 and "GET" in headers["Allow"]


REFUSED = {
    "another version": (dict(Sec_WebSocket_Version="8"), 426),
    "no version": (dict(Sec_WebSocket_Version=None), 426),
    "no key": (dict(Sec_WebSocket_Key=None), 400),
    "a key of 15 bytes": (dict(Sec_WebSocket_Key="AAAAAAAAAAAAAAAAAAAA"), 400),
    "a key that is not base64": (dict(Sec_WebSocket_Key="!!!!!!!!!!!!!!!!!!!!!!=="), 400),
    "HTTP/1.0": (dict(version="1.0"), 400),
    "no Connection: Upgrade": (dict(Connection="keep-alive"), 426),
    "another protocol": (dict(Upgrade="h2c"), 426),
    "POST": (dict(method="POST", Content_Length="0"), 405),
}


@pytest.mark.parametrize("wrong", REFUSED)
def test_improper_handshakes_are_refused(url, wrong):
    changes, status = REFUSED[wrong]
    with RawWebSocket(url, **changes) as raw:
        assert raw.status == status


def test_headers_are_lists_in_any_case(url):
    with RawWebSocket(url, Connection="keep-alive, UPGRADE", Upgrade="WebSocket") as raw:
        assert raw.status == 101


def test_what_is_sent_ahead_is_not_lost(url):
    with RawWebSocket(url, ahead=frame(TEXT, b"one") + frame(TEXT, b"two")) as raw:
        assert [raw.receive()[1].decode() for _ in range(2)] == [ANSWER + "one", ANSWER + "two"]


def test_an_upgrade_may_follow_other_requests_on_a_connection(server):
    with connect(server.url) as sock:
        sock.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" + request(server.url + "/pcm") + frame(TEXT, b"x"))
        sock.settimeout(10 * PATIENCE)
        data = b""
        while (ANSWER + "x").encode() not in data:
            piece = sock.recv(65536)
            assert piece, data
            data += piece
    assert data.index(b" 200 ") < data.index(b" 101 ")


# --- hostile frames

HOSTILE = {
    "unmasked": (frame(TEXT, b"x", masked=False), 1002),
    "reserved bit 1, as compression would set it": (frame(TEXT | 0x40, b"x"), 1002),
    "reserved bit 2": (frame(TEXT | 0x20, b"x"), 1002),
    "reserved bit 3": (frame(TEXT | 0x10, b"x"), 1002),
    **{f"opcode {opcode}": (frame(0x80 | opcode, b"x"), 1002) for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)},
    "a continuation of nothing": (frame(0x80, b"x"), 1002),
    "a fragment of nothing": (frame(0x00, b"x"), 1002),
    "a message within another": (frame(0x01, b"x") + frame(TEXT, b"x"), 1002),
    "a ping of 126 bytes": (frame(PING, b"x" * 126), 1002),
    "a fragmented ping": (frame(0x09, b"x"), 1002),
    "a fragmented close": (frame(0x08, b""), 1002),
    "a length of 2^63": (frame(BINARY, b"x", length=1 << 63), 1002),
    "a length of 2^64 - 1": (frame(BINARY, b"x", length=(1 << 64) - 1), 1002),
    "a length of 2^63 - 1": (frame(BINARY, b"x", length=(1 << 63) - 1), 1009),
    "a length written too long": (b"\x82\xff" + (5).to_bytes(8, "big") + b"maskhello", 1002),
    "a message of 1 MiB": (frame(BINARY, b"x" * (1 << 20)), 1009),
    "the same in fragments": (frame(0x02, b"x" * 40_000) + frame(0x00, b"x" * 40_000) + frame(0x80, b""), 1009),
    "text that is not UTF-8": (frame(TEXT, b"\xff\xfe"), 1007),
    "a surrogate": (frame(TEXT, b"\xed\xa0\x80"), 1007),
    "half a character at the end": (frame(TEXT, "é".encode()[:1]), 1007),
    "a close code of one byte": (frame(CLOSE, b"\x03"), 1002),
    **{f"close code {code}": (frame(CLOSE, code.to_bytes(2, "big")), 1002)
       for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535)},
    "a close reason that is not UTF-8": (frame(CLOSE, b"\x03\xe8\xff"), 1007),
    "500 messages at once": (frame(TEXT, b"x") * 500, 1008),
    "500 pings at once": (frame(PING, b"x") * 500, 1008),
    "500 empty fragments": (frame(0x01) + frame(0x00) * 500, 1008),
    "bytes that are no frames": (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", 1002),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_frames_end_their_connection_with_a_code(url, name):
    data, code = HOSTILE[name]
    with RawWebSocket(url) as raw:
        try:
            raw.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass  # it need not read all of it
        raw.socket.shutdown(socket.SHUT_WR)
        assert raw.closed_with() == code
    assert echoes(url)


def test_byte_by_byte_is_slow_but_right(url):
    with RawWebSocket(url) as raw:
        for byte in frame(0x01, "é".encode()) + frame(PING, b"?") + frame(0x80, "é".encode()):
            raw.socket.sendall(bytes([byte]))
        assert raw.receive() == (PONG, b"?")
        assert raw.receive() == (TEXT, (ANSWER + "éé").encode())


def test_of_many_pings_the_last_is_answered(url):
    with RawWebSocket(url) as raw:
        raw.socket.sendall(frame(PING, b"1") + frame(PING, b"2") + frame(PING, b"3"))
        while raw.receive() != (PONG, b"3"):
            pass


def test_nothing_is_heard_after_a_close(url):
    with RawWebSocket(url) as raw:
        raw.socket.sendall(frame(CLOSE, b"\x03\xe8bye") + frame(TEXT, b"late"))
        assert raw.receive() == (CLOSE, b"\x03\xe8")
        with pytest.raises((EOFError, ConnectionResetError)):
            raw.receive()


def test_connections_that_are_cut_leave_nothing_behind(server, url):
    for _ in range(100):
        raw = RawWebSocket(url)
        raw.send(0x01, b"the beginning")
        raw.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        raw.socket.close()

    def files():
        import os
        return len(os.listdir(f"/proc/{server.process.pid}/fd"))
    count = files()
    eventually(lambda: files() <= max(count, 60), 10, "their files are closed")
    assert echoes(url)


def test_a_length_takes_no_memory_before_its_bytes_come(server, url):
    before = rss_kib(server)
    raws = [RawWebSocket(url) for _ in range(200)]
    for raw in raws:
        raw.socket.sendall(frame(BINARY, b"x", length=16_000))
    assert echoes(url)
    assert rss_kib(server) - before < 200 * 30 + 2000
    for raw in raws:
        raw.socket.close()


def test_who_never_reads_costs_little_and_harms_nobody(server, url):
    before = rss_kib(server)
    raws = [RawWebSocket(url, receive_buffer=4096) for _ in range(40)]
    for raw in raws:
        raw.send(TEXT, b"PLAY")
    for _ in range(10):
        assert echoes(url)
        time.sleep(0.2)
    assert rss_kib(server) - before < 40_000
    for raw in raws:
        raw.socket.close()
    assert echoes(url)


# --- time


def test_the_dead_and_the_dripping_are_ended_the_living_are_kept(url):
    """All at once, as it takes 40 seconds."""
    ended, pings, stop = {}, [0], threading.Event()
    began = time.monotonic()

    def watch(name, raw, act):
        raw.socket.settimeout(0.5)
        try:
            while not stop.is_set():
                act(raw)
                try:
                    raw._more()
                except TimeoutError:
                    continue
        except (EOFError, ConnectionResetError, BrokenPipeError):
            ended[name] = time.monotonic() - began

    def answer_pings(raw):
        while b"\x89\x00" in raw.pending:
            raw.pending = raw.pending.replace(b"\x89\x00", b"", 1)
            pings[0] += 1
            raw.send(PONG)

    dripping = iter(frame(TEXT, b"x" * 10_000))
    actors = {"silent": lambda raw: None, "living": answer_pings,
              "dripping": lambda raw: raw.socket.sendall(bytes([next(dripping)]))}
    raws = {name: RawWebSocket(url) for name in actors}
    threads = [threading.Thread(target=watch, args=(name, raws[name], act)) for name, act in actors.items()]
    for thread in threads:
        thread.start()
    eventually(lambda: {"silent", "dripping"} <= ended.keys(), 45, "the silent and the dripping are ended")
    stop.set()
    for thread in threads:
        thread.join()
    assert ended.keys() == {"silent", "dripping"}
    assert 25 <= ended["silent"] and pings[0] >= 1
    assert raws["dripping"].closed_with() in (1008, None)
    with raws["living"] as raw:
        raw.socket.settimeout(10 * PATIENCE)
        raw.send(TEXT, b"x")
        assert raw.receive()[0] == TEXT


def test_a_stop_says_goodbye_and_waits_for_nobody(home):
    server = Server(home / "stopped", home / "music")
    server.wait_until_scanned()
    silent = RawWebSocket(server.url + "/pcm")

    async def stay():
        async with websockets.connect(ws(server.url) + "/pcm") as client:
            await client.send("x")
            await client.recv()
            await asyncio.to_thread(server.stop)  # which fails if it takes 5 seconds
            with pytest.raises(websockets.ConnectionClosed):
                await client.recv()
            return client.close_code
    assert asyncio.run(stay()) == 1001
    assert silent.closed_with() == 1001


def test_there_are_only_so_many_places(home):
    server = Server(home / "small", home / "music", "--max-listeners", "2")
    server.wait_until_scanned()
    url = server.url + "/pcm"
    first, second = RawWebSocket(url), RawWebSocket(url)
    assert (first.status, second.status) == (101, 101)
    with RawWebSocket(url) as third:
        assert third.status == 503 and third.headers["retry-after"]
    assert server.get("/healthz")[0] == 200
    first.socket.close()

    def place():
        with RawWebSocket(url) as raw:
            return raw.status == 101
    eventually(place, 10, "a place is free again")
    second.socket.close()
    server.stop()


# --- ports of their own


def alias_ports(server):
    text = server.out_path.read_text(encoding="utf-8")
    return {path: int(port) for port, path in re.findall(r"port +(\d+) is (\S+)$", text, re.MULTILINE)}


def test_a_port_of_its_own_takes_any_path(server):
    port = alias_ports(server)["/pcm"]
    for path in ("/", "/pcm", "/anything/at/all?x=1"):
        assert echoes(f"http://127.0.0.1:{port}{path}")
    with RawWebSocket(f"http://127.0.0.1:{port}/", Upgrade=None) as raw:
        assert raw.status == 426


def test_a_station_may_have_a_port_too(server):
    port = alias_ports(server)["/"]
    with connect(f"http://127.0.0.1:{port}") as sock:
        sock.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n")
        sock.settimeout(10 * PATIENCE)
        head = sock.recv(65536)
    assert b" 200 " in head and b"audio/mpeg" in head
    with connect(f"http://127.0.0.1:{port}") as sock:
        sock.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert b" 200 " in sock.recv(65536), "the other paths are there"


@pytest.mark.parametrize("value, named, code", [("5009", "5009", 2), ("5009=cues", "5009=cues", 2), ("70000=/pcm", "70000", 2),
                                                ("0=/nothing-here", "/nothing-here", 1), ("{taken}=/pcm", "{taken}", 1)])
def test_a_wrong_alias_ends_the_start_with_one_clear_line(home, tmp_path, value, named, code):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        value, named = (text.replace("{taken}", str(taken.getsockname()[1])) for text in (value, named))
        done = run("serve", "--host", "127.0.0.1", "--port", "0", "--state-dir", tmp_path / "state", "--alias", value, home / "music")
    lines = done.stderr.decode().splitlines()
    assert (done.returncode, len(lines)) == (code, 1), lines
    assert lines[0].startswith("tutti: ") and named in lines[0]


def test_an_origin_is_checked_at_the_start(home, tmp_path):
    done = run("serve", "--port", "0", "--state-dir", tmp_path / "state", "--allow-origin", "app.example", home / "music")
    assert done.returncode == 2 and b"app.example" in done.stderr


def test_aliases_may_come_from_variables_and_files(home, tmp_path):
    config = tmp_path / "tutti.toml"
    config.write_text('alias = ["0=/pcm", "0=/"]\n', encoding="utf-8")
    for name, arguments, env in (("variable", [], {"TUTTI_ALIAS": "0=/pcm,0=/"}), ("file", ["--config", config], {})):
        server = Server(tmp_path / name, home / "music", *arguments, env=env)
        server.wait_until_scanned()
        assert alias_ports(server).keys() == {"/pcm", "/"}, name
        server.stop()
