"""The manners of an HTTP server, also towards clients that have none."""
import contextlib
import re
import socket
import subprocess
import time

import pytest

from listening import Listener, connect, parse_head, request_head
from patience import PATIENCE, eventually


def exchange(url, data, seconds=10):
    """What comes back for `data` until the server closes or falls silent."""
    with connect(url) as sock:
        sock.sendall(data)
        sock.settimeout(seconds * PATIENCE)
        return read_until_closed(sock)


def read_until_closed(sock):
    answer = b""
    try:
        while piece := sock.recv(65536):
            answer += piece
    except (ConnectionResetError, BrokenPipeError):
        pass
    return answer


def read_answer(sock):
    """(status, headers, body) of one answer on a connection that stays open."""
    sock.settimeout(10 * PATIENCE)
    data = b""
    while b"\r\n\r\n" not in data:
        piece = sock.recv(65536)
        assert piece, f"closed after {data!r}"
        data += piece
    head, body = data.split(b"\r\n\r\n", 1)
    status, headers = parse_head(head)
    while len(body) < int(headers.get("content-length", 0)):
        body += sock.recv(65536)
    return status, headers, body


def still_answers(radio):
    return radio.server.get("/healthz")[0] == 200


@pytest.mark.smoke
def test_a_connection_serves_many_requests(radio):
    with connect(radio.url()) as sock:
        for path in ("/healthz", "/streams", "/no-such-path", "/healthz"):
            sock.sendall(request_head(radio.server.url + path))
            status, _, _ = read_answer(sock)
            assert status == (404 if path == "/no-such-path" else 200)


def test_curl_reuses_its_connection(radio):
    done = subprocess.run(["curl", "-s", "-o", "/dev/null", "-o", "/dev/null", "-w", "%{http_code} %{num_connects}\n",
                           radio.url("/healthz"), radio.url("/streams")], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["200", "1", "200", "0"]


def test_requests_sent_ahead_are_answered_in_order(radio):
    data = request_head(radio.url("/healthz")) + request_head(radio.url("/readyz"), Connection="close")
    answer = exchange(radio.url(), data)
    assert answer.count(b"HTTP/1.1 200") == 2
    assert answer.index(b"OK") < answer.index(b"Ready - ")


def test_http_1_0_is_answered_and_closed(radio):
    answer = exchange(radio.url(), b"GET /healthz HTTP/1.0\r\n\r\n")
    assert re.match(rb"HTTP/1\.[01] 200 ", answer) and answer.endswith(b"OK")


def test_an_http_1_0_player_gets_audio(radio):
    """As old radio receivers ask."""
    with connect(radio.url()) as sock:
        sock.sendall(b"GET /album HTTP/1.0\r\nIcy-MetaData: 1\r\n\r\n")
        data = b""
        while len(data) < 20_000:
            piece = sock.recv(65536)
            assert piece
            data += piece
    assert data.split(b" ")[1] == b"200" and b"icy-metaint" in data.lower()


@pytest.mark.smoke
def test_expect_continue(radio):
    with connect(radio.url()) as sock:
        sock.sendall(request_head(radio.url("/reload-playlist"), "POST", Expect="100-continue", Content_Length="5"))
        status, _, body = read_answer(sock)
        if status == 100:
            assert not body
            sock.sendall(b"hello")
            status, _, body = read_answer(sock)
        assert status == 200 and b"reloaded" in body


def test_an_expectation_that_nobody_knows(radio):
    """RFC 9110 lets a server refuse it or pass it over."""
    answer = exchange(radio.url(), request_head(radio.url("/healthz"), Expect="miracles", Connection="close"))
    assert answer.split(b" ")[1] in (b"200", b"417")


@pytest.mark.smoke
def test_unknown_paths_and_methods(radio):
    status, _, body = radio.server.get("/no-such-path")
    assert status == 404 and body
    status, headers, _ = radio.server.get("/no-such-path", Accept="text/html")
    assert status == 404
    for path, method in (("/streams", "DELETE"), ("/", "POST"), ("/healthz", "PUT")):
        status, headers, _ = radio.server.get(path, method)
        assert status == 405 and "GET" in headers["Allow"], path


def test_head_of_a_stream_ends_at_once(radio):
    done = subprocess.run(["curl", "-s", "-I", "-m", "5", radio.url("/album")], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and done.stdout.startswith("HTTP/1.1 200")
    assert "audio/mpeg" in done.stdout


def test_a_range_of_the_endless_stream_is_the_stream(radio):
    """Browsers ask for bytes=0- before they play."""
    stream = Listener(radio.url("/album"), 1.0, Range="bytes=0-").done()
    assert stream.status in (200, 206) and len(stream.body) > 10_000


@pytest.mark.parametrize("data", [
    b"\r\n\r\n\r\n\r\n", b"NONSENSE\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", b"GET /assets/../../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", b"POST /reload-playlist HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
    bytes(range(256)) * 8,
], ids=lambda data: data[:16].decode("latin-1").encode("ascii", "replace").decode())
def test_nonsense_is_refused(radio, data):
    with connect(radio.url()) as sock:
        sock.sendall(data)
        with contextlib.suppress(OSError):  # it may have been refused and closed already
            sock.shutdown(socket.SHUT_WR)
        sock.settimeout(15 * PATIENCE)
        answer = read_until_closed(sock)
    assert not answer or answer.split(b" ")[1][:1] == b"4", answer[:100]
    assert b"root:" not in answer
    assert still_answers(radio)


def test_a_head_that_is_too_big(radio):
    answer = exchange(radio.url(), b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-Long: " + b"y" * 200_000 + b"\r\n\r\n")
    # The server may close before all of it was sent; then the answer can get lost on the way.
    assert not answer or b" 431 " in answer.split(b"\r\n")[0]
    with connect(radio.url()) as sock:
        sock.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"y" * 20_000)
        sock.settimeout(5 * PATIENCE)
        assert b" 431 " in read_until_closed(sock).split(b"\r\n")[0]
    assert still_answers(radio)


@pytest.mark.smoke
def test_a_tls_client_is_shown_the_door(radio):
    before = radio.server.log()
    begin = time.monotonic()
    done = subprocess.run(["curl", "-s", "-k", "-m", "10", radio.url("/").replace("http:", "https:")],
                          capture_output=True, check=False)
    assert done.returncode not in (0, 28), "refused, not left waiting"
    assert time.monotonic() - begin < 5 * PATIENCE

    def lines():
        return [line for line in radio.server.log()[len(before):].splitlines() if re.search(r"TLS|https", line)]
    eventually(lines, 5, "a line in the log about TLS")
    assert len(lines()) == 1, lines()


def test_a_client_that_never_ends_its_request_is_closed(radio):
    """Slowloris: a byte now and then keeps no connection."""
    begin = time.monotonic()
    deadline = begin + 30 * PATIENCE
    with connect(radio.url()) as sock:
        sock.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        sock.settimeout(0.5)
        closed = False
        while not closed and time.monotonic() < deadline:
            try:
                sock.sendall(b"z")
                closed = not sock.recv(4096) or closed
            except TimeoutError:
                continue
            except OSError:
                closed = True
    took = time.monotonic() - begin
    assert closed, f"still open after {took:.0f} s"
    assert took > 2, "a slow client must have some time"
    assert still_answers(radio)


def test_requests_are_not_logged_one_by_one(radio):
    before = len(radio.server.log().splitlines())
    for _ in range(50):
        radio.server.get("/healthz")
        radio.server.get("/no-such-path")
    assert len(radio.server.log().splitlines()) - before < 10
