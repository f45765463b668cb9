"""https:// and wss://: beside plain on one port or on its own, with clients that we did not write."""
import asyncio
import hashlib
import re
import signal
import socket
import ssl
import subprocess
import time

import pytest

import audio
import player
from clips import Clip
from listening import Listener, connect, request_head
from patience import PATIENCE, eventually
from server import run
from sockets import Pcm, joined
from streams import data_of

TUNE = Clip("tune 0", "flac", 1, 4, seconds=6)


def make_certificate(folder, name="localhost"):
    folder.mkdir(parents=True, exist_ok=True)
    certificate, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-days", "2", "-subj", f"/CN={name}", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                    "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    return certificate, key


@pytest.fixture
def certificate(tmp_path):
    return make_certificate(tmp_path / "tls")


@pytest.fixture
def secure(serve, tmp_path, certificate):
    """A server with TLS beside plain, on one port."""
    TUNE.put_into(tmp_path / "music")
    server = serve(tmp_path / "music", "--tls-cert", certificate[0], "--tls-key", certificate[1])
    server.wait_until_scanned()
    return server


def https(server):
    return server.url.replace("http://", "https://")


def curl(*arguments, ca, check=True):
    return subprocess.run(["curl", "-s", "--cacert", str(ca), "--max-time", str(10 * PATIENCE), *map(str, arguments)],
                          capture_output=True, check=check)


def wrapped(server, ca, **limits):
    """A TLS connection of Python's."""
    context = ssl.create_default_context(cafile=str(ca))
    for name, value in limits.items():
        setattr(context, name, value)
    context.set_alpn_protocols(["h2", "http/1.1"])
    return context.wrap_socket(socket.create_connection(("127.0.0.1", server.port), 10 * PATIENCE),
                               server_hostname="localhost")


@pytest.mark.smoke
def test_one_port_speaks_both(secure, certificate):
    assert curl(https(secure) + "/healthz", ca=certificate[0]).stdout == b"OK"
    assert secure.get("/healthz")[0] == 200
    announced = secure.out_path.read_text(encoding="utf-8")
    assert f"Listening on {https(secure)}/" in announced and f"Listening on {secure.url}/" in announced
    # A reply that is larger than a record, over one connection several times.
    page = secure.get("/web")[2]
    both = curl(https(secure) + "/web", https(secure) + "/web", ca=certificate[0]).stdout
    assert both == page + page


@pytest.mark.smoke
def test_the_audio_over_tls_is_the_audio(secure, certificate):
    plain = Listener(secure.url + "/", 6)
    limited = curl("--max-time", 6, https(secure) + "/", ca=certificate[0], check=False)
    heard, over_tls = plain.done().body, limited.stdout
    assert len(over_tls) > 4 * 16000, "the burst and more"
    # Both began within the same second, so most of what they got is the same bytes.
    middle = over_tls[len(over_tls) // 3:len(over_tls) // 3 + 20000]
    assert middle in heard
    assert len(audio.decode_strictly(over_tls)) > 4 * audio.RATE


def test_ffmpeg_plays_https(secure, certificate):
    done = subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-ca_file", str(certificate[0]), "-i",
                           https(secure).replace("127.0.0.1", "localhost") + "/", "-t", "3", "-f", "s16le", "pipe:1"],
                          capture_output=True, check=True, timeout=30 * PATIENCE)
    assert len(done.stdout) >= 3 * 44100 * 4 * 0.95 and not done.stderr


def samples_of(path):
    return subprocess.run(["ffmpeg", "-v", "error", "-i", str(path), "-f", "s16le", "-"], capture_output=True, check=True).stdout


def sha256(samples):
    return hashlib.sha256(samples).hexdigest()


@pytest.mark.smoke
def test_files_over_wss_are_the_files(secure, certificate, tmp_path):
    """By Debian's websockets and by `tutti listen`."""
    url = https(secure).replace("https://", "wss://") + "/pcm"
    expected = sha256(samples_of(tmp_path / "music" / "tune 0"))

    async def receive():
        async with Pcm(url, ssl=ssl.create_default_context(cafile=certificate[0])) as client:
            return await client.stream()
    assert sha256(joined(asyncio.run(receive())[1])) == expected
    done = run("listen", url, "--ca", certificate[0], "-o", tmp_path / "out.wav", seconds=30)
    assert (done.returncode, done.stderr) == (0, b"")
    assert sha256(data_of(tmp_path / "out.wav")[0]) == expected
    distrusted = run("listen", url, "-o", tmp_path / "none.wav", seconds=30)
    assert distrusted.returncode == 1 and b"certificate" in distrusted.stderr and len(distrusted.stderr.splitlines()) == 1


def test_devices_over_wss_follow_each_other(serve, tmp_path, certificate):
    def start(folder, *arguments):
        return serve(folder, "--tls-cert", certificate[0], "--tls-key", certificate[1], *arguments)
    server = player.with_users(start, tmp_path / "music")

    async def follow():
        trusted = ssl.create_default_context(cafile=certificate[0])
        async with player.Device(server, server.token["anna"], trusted=trusted) as phone, \
                player.Device(server, server.token["anna"], trusted=trusted) as laptop:
            for device in (phone, laptop):
                await device.state()
            sent = await phone.send(player.new_track(2, from_is="playlist", from_is_id=3, on_pause=True,
                                                     last_sec_position=0))
            assert await laptop.text() == sent
    asyncio.run(follow())


def test_versions_and_alpn(secure, certificate):
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        with wrapped(secure, certificate[0], minimum_version=version, maximum_version=version) as sock:
            assert sock.selected_alpn_protocol() == "http/1.1"
            sock.sendall(request_head(secure.url + "/healthz"))
            assert sock.recv(4096).startswith(b"HTTP/1.1 200")
    old = subprocess.run(["openssl", "s_client", "-tls1_1", "-cipher", "ALL:@SECLEVEL=0", "-connect",
                          f"127.0.0.1:{secure.port}"], input=b"", capture_output=True, check=False)
    assert old.returncode != 0, "TLS 1.1 is refused"


def test_a_certificate_is_read_again(secure, certificate):
    def shown():
        done = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{secure.port}", "-servername", "localhost"],
                              input=b"", capture_output=True, check=False)
        return re.search(rb"subject=CN = (\S+)", done.stdout)[1]
    assert shown() == b"localhost"
    stays = Listener(secure.url + "/")
    make_certificate(certificate[0].parent, "fresh.example")
    secure.process.send_signal(signal.SIGHUP)
    eventually(lambda: shown() == b"fresh.example", 10, "the fresh certificate")
    # One that is broken is refused, and the good one goes on.
    certificate[0].write_text("no certificate")
    secure.process.send_signal(signal.SIGHUP)
    eventually(lambda: "the certificate stays as it was" in secure.log(), 10, "a word about the broken one")
    assert shown() == b"fresh.example"
    assert stays.stop().body


def test_a_port_of_its_own(serve, tmp_path, certificate):
    TUNE.put_into(tmp_path / "music")
    server = serve(tmp_path / "music", "--tls-cert", certificate[0], "--tls-key", certificate[1], "--tls-port", "0",
                   "--tls-redirect", "on", "--hsts", "3600")
    found = re.search(r"Listening on https://127\.0\.0\.1:(\d+)/", server.out_path.read_text(encoding="utf-8"))
    port = int(found[1])
    assert port != server.port
    answer = curl("-i", f"https://127.0.0.1:{port}/streams", ca=certificate[0]).stdout
    assert b"200 OK" in answer and b"Strict-Transport-Security: max-age=3600" in answer
    # Plain requests are sent on, probes are not.
    with connect(server.url) as sock:
        sock.sendall(request_head(server.url + "/streams?a=b"))
        moved = sock.recv(4096).decode()
    assert moved.startswith("HTTP/1.1 308") and f"Location: https://127.0.0.1:{port}/streams?a=b\r\n" in moved
    assert "Strict-Transport-Security" not in moved
    assert server.get("/healthz")[0] == 200
    # Each port speaks its own language only.
    with connect(f"http://127.0.0.1:{port}") as sock:
        sock.sendall(request_head(f"http://127.0.0.1:{port}/streams"))
        assert sock.recv(4096).startswith(b"HTTP/1.1 400")
    with pytest.raises(OSError):
        wrapped(server, certificate[0])


def test_hostile_handshakes_disturb_nobody(secure):
    for junk in (b"\x16\x03\x01", b"\x16\x03\x01\x40\x00" + b"\xff" * 2000, b"\x16\x03\x03\x00\x05\x01\x00\x00\x01\x00"):
        with connect(secure.url) as sock:
            sock.settimeout(15 * PATIENCE)
            try:
                sock.sendall(junk)
                sock.shutdown(socket.SHUT_WR)
                while sock.recv(4096):
                    pass
            except TimeoutError:
                raise
            except OSError:
                pass  # refused before all of it was said
    assert secure.get("/healthz")[0] == 200


def test_one_who_reads_nothing_over_tls_is_no_trouble(secure, certificate):
    """Its kernel buffers fill, then TLS itself holds a record; what it reads afterwards is still whole."""
    with wrapped(secure, certificate[0]) as stalled:
        stalled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        stalled.sendall(request_head(secure.url + "/"))
        other = Listener(secure.url + "/", 8)
        time.sleep(6)
        received = b""
        stalled.settimeout(1)
        while len(received) < 100_000:
            try:
                piece = stalled.recv(65536)
            except TimeoutError:
                break
            assert piece
            received += piece
    assert len(other.done().body) > 8 * 16000
    body = received.split(b"\r\n\r\n", 1)[1]
    assert len(audio.decode_strictly(body)) > 3 * audio.RATE
    assert body[20_000:40_000] in other.body, "what both heard is the same"
    assert body[20_000:40_000] in other.body, "what both heard is the same"


def test_what_cannot_be_used_is_said(tmp_path, certificate):
    music = tmp_path / "music"
    TUNE.put_into(music)
    for arguments, word in (
            (("--tls-cert", certificate[0]), "--tls-key"),
            (("--tls-cert", tmp_path / "none.pem", "--tls-key", certificate[1]), "none.pem"),
            (("--tls-cert", certificate[0], "--tls-key", certificate[0]), "key"),
            (("--tls-port", "0"), "--tls-cert")):
        done = run("serve", "--host", "127.0.0.1", "--port", "0", "--state-dir", tmp_path / "state", *arguments, music)
        message = done.stderr.decode()
        assert done.returncode != 0 and word in message and message.count("\n") == 1, message
