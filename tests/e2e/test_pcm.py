"""Raw samples over WebSocket (/pcm), as the clients of an earlier server ask for them."""
import asyncio
import json
import subprocess
import time

import pytest

from clips import MUSIC, SONGS, Clip, ffmpeg
from patience import PATIENCE, eventually
from server import run
from sockets import Pcm, joined, ws

BURST = 2.0
CODECS = {16: "pcm_s16le", 24: "pcm_s24le", 32: "pcm_s32le", "float": "pcm_f32le"}


def make_wav(path, seconds, codec="pcm_s16le", rate=44100, more=()):
    path.parent.mkdir(parents=True, exist_ok=True)
    ffmpeg("-ss", 20, "-t", seconds, "-i", MUSIC / f"{SONGS[0]}.wav", "-af", "pan=stereo|c0=c0|c1=0.7*c0", "-ar", rate,
           "-c:a", codec, *more, path)
    return path


def samples_of(path, codec="pcm_s16le"):
    raw = {"pcm_s16le": "s16le", "pcm_s24le": "s24le", "pcm_s32le": "s32le", "pcm_f32le": "f32le"}[codec]
    return subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-f", raw, "-c:a", codec, "-"], capture_output=True,
                          check=True).stdout


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "library"


def serve_files(serve, folder, *arguments):
    server = serve(folder, *arguments)
    server.wait_until_scanned()
    return server


def test_what_the_document_says_byte_for_byte(serve, folder):
    path = make_wav(folder / "a.wav", 3)
    server = serve_files(serve, folder)

    async def listen():
        async with Pcm(ws(server, "/pcm")) as client:
            return await client.stream("Quero desafiar a gravidade!")
    header, chunks, end = asyncio.run(listen())
    assert header == '{"type": "audio_header", "rate": 44100, "channels": 2, "sample_width": 2, "chunk_frames": 8192}'
    assert json.loads(end) == {"type": "end"}
    frames = 3 * 44100
    assert [len(data) for _, data in chunks] == [8192 * 4] * (frames // 8192) + [frames % 8192 * 4]
    assert joined(chunks) == samples_of(path)


@pytest.mark.parametrize("kind", CODECS)
def test_every_sample_format_is_the_files_own(serve, folder, kind):
    path = make_wav(folder / "a.wav", 2.5, CODECS[kind], 48000, ("-rf64", "always") if kind == 24 else ())
    server = serve_files(serve, folder)

    async def listen():
        async with Pcm(ws(server, "/pcm?chunk_frames=2048")) as client:
            return await client.stream()
    header, chunks, _ = asyncio.run(listen())
    expected = {"type": "audio_header", "rate": 48000, "channels": 2, "sample_width": 4 if kind == "float" else kind // 8,
                "chunk_frames": 2048}
    assert json.loads(header) == expected | ({"format": "float"} if kind == "float" else {})
    assert {len(data) for _, data in chunks[:-1]} == {2048 * 2 * expected["sample_width"]}
    assert joined(chunks) == samples_of(path, CODECS[kind])


def test_other_formats_are_decoded_to_16_bit(serve, folder):
    flac = Clip("a.flac", "flac", seconds=3).put_into(folder)
    mp3 = Clip("b.mp3", "mp3", seconds=3).put_into(folder)
    server = serve_files(serve, folder)

    async def listen(track):
        async with Pcm(ws(server, f"/pcm?track={track}")) as client:
            return await client.stream()
    _, chunks, _ = asyncio.run(listen("a.flac"))
    assert joined(chunks) == samples_of(flac)
    header, chunks, _ = asyncio.run(listen("b.mp3"))
    assert json.loads(header)["sample_width"] == 2
    ours, theirs = joined(chunks), samples_of(mp3)
    assert len(ours) == len(theirs) == 3 * 44100 * 4
    assert max(abs(a - b) for a, b in zip(memoryview(ours).cast("h"), memoryview(theirs).cast("h"))) <= 1


def test_real_time_with_a_burst_and_no_drift(serve, folder):
    make_wav(folder / "a.wav", 8)
    server = serve_files(serve, folder)

    async def listen():
        async with Pcm(ws(server, "/pcm")) as client:
            return await client.stream()
    _, chunks, _ = asyncio.run(listen())
    for number, (when, _) in enumerate(chunks):
        assert when >= number * 8192 / 44100 - BURST - 0.005, f"chunk {number} came after {when:.3f} s: faster than real time"
    last = len(chunks) - 1
    assert chunks[last][0] <= last * 8192 / 44100 - BURST + 1.0 * PATIENCE, "and not slower"
    burst = sum(when < 1 for when, _ in chunks) * 8192 / 44100
    assert burst >= BURST, "a client can prebuffer at once"


def test_it_can_be_asked_again_and_says_what_it_was_told(serve, folder):
    path = make_wav(folder / "a.wav", 0.5)
    server = serve_files(serve, folder)

    async def listen():
        async with Pcm(ws(server, "/pcm")) as client:
            await client.ask("bom dia")
            assert await client.next() == "Então você disse que: bom dia"
            await client.ask("çã".encode())
            assert await client.next() == "Então você disse que: çã"
            first = await client.stream("PLAY")
            await client.ask("tudo bem?")
            assert await client.next() == "Então você disse que: tudo bem?"
            second = await client.stream(b"PLAY")
            return first, second
    for _, chunks, end in asyncio.run(listen()):
        assert joined(chunks) == samples_of(path)
        assert json.loads(end) == {"type": "end"}


def test_a_second_request_during_a_stream_is_ignored(serve, folder):
    path = make_wav(folder / "a.wav", 3)
    server = serve_files(serve, folder)

    async def listen():
        async with Pcm(ws(server, "/pcm")) as client:
            await client.ask()
            await client.ask()
            messages = []
            while not messages or messages[-1] != '{"type": "end"}':
                messages.append(await client.next())
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(client.socket.recv(), 0.5)
            return messages
    messages = asyncio.run(listen())
    assert sum(isinstance(message, str) for message in messages) == 2
    assert b"".join(message for message in messages if isinstance(message, bytes)) == samples_of(path)


def test_what_cannot_be_played_is_an_error_in_the_headers_place(serve, folder, tmp_path):
    make_wav(folder / "a.wav", 0.2)
    make_wav(tmp_path / "secret.wav", 0.2)
    server = serve_files(serve, folder)

    async def ask(query):
        async with Pcm(ws(server, f"/pcm?{query}")) as client:
            header, chunks, _ = await client.stream()
            assert not chunks
            echo = await client.socket.send("still here") or await client.next()
            assert echo == "Então você disse que: still here"
            return json.loads(header)
    for query in ("track=missing.wav", "track=../secret.wav", "track=" + str(tmp_path / "secret.wav"), "track=99999",
                  "track=%2e%2e/secret.wav", "chunk_frames=7", "chunk_frames=1e3", "track="+"x" * 3000):
        answer = asyncio.run(ask(query))
        assert answer["type"] == "error", query
        assert answer["message"]
        assert str(tmp_path) not in answer["message"] or "track=/" in query, "paths are nobody's business"


def test_which_file(serve, folder, tmp_path):
    first = make_wav(folder / "a.wav", 0.3)
    other = make_wav(folder / "sub/ü b.wav", 0.4)
    outside = make_wav(tmp_path / "outside.wav", 0.5)
    server = serve_files(serve, folder)

    async def listen(url):
        async with Pcm(url) as client:
            return joined((await client.stream())[1])
    assert asyncio.run(listen(ws(server, "/pcm"))) == samples_of(first)
    assert asyncio.run(listen(ws(server, "/pcm?track=sub/%C3%BC%20b.wav"))) == samples_of(other)
    by_file = {track["file"]: track["track_id"] for track in server.json("/api/v1/library/tracks")["tracks"]}
    assert asyncio.run(listen(ws(server, f"/pcm?track={by_file['ü b.wav']}"))) == samples_of(other)
    server.stop()
    server = serve(folder, "--wav", outside, name="second")
    assert asyncio.run(listen(ws(server, "/pcm"))) == samples_of(outside)
    assert run("serve", folder, "--wav", tmp_path / "none.wav").returncode == 2


def test_a_port_of_its_own_for_clients_that_know_no_path(serve, folder):
    path = make_wav(folder / "a.wav", 0.3)
    server = serve(folder, "--alias", "0=/pcm")
    server.wait_until_scanned()
    port = next(int(line.split()[1]) for line in server.out_path.read_text().splitlines() if line.endswith("is /pcm"))

    async def listen():
        async with Pcm(f"ws://127.0.0.1:{port}") as client:
            return joined((await client.stream())[1])
    assert asyncio.run(listen()) == samples_of(path)


def test_a_plain_request_is_told_to_upgrade(serve, folder):
    make_wav(folder / "a.wav", 0.3)
    server = serve(folder)
    for path in ("/pcm", "/audio"):
        status, headers, _ = server.get(path)
        assert status == 426
        assert headers["Upgrade"] == "websocket"


def rss_kib(server):
    status = dict(line.split(":", 1) for line in open(f"/proc/{server.process.pid}/status", encoding="ascii"))
    return int(status["VmRSS"].split()[0])


def test_a_file_of_gibibytes_takes_no_memory(serve, folder):
    """A sparse WAV of 4 GiB, listened to by several from the start: only what is on its way is in memory."""
    path = make_wav(folder / "long.wav", 1)
    with open(path, "r+b") as file:
        head = file.read(4096)
        data = head.index(b"data")
        file.seek(data + 4)
        file.write(b"\xff\xff\xff\xff")
        file.truncate(4 << 30)
    make_wav(folder / "short.wav", 0.2)
    server = serve(folder)
    eventually(lambda: server.stations()["library"]["tracks"] >= 2, 60, "both tracks found")

    async def listen():
        clients = [Pcm(ws(server, "/pcm?track=long.wav")) for _ in range(20)]
        for client in clients:
            await client.__aenter__()
            await client.ask()
        got = 0
        until = time.monotonic() + 6
        while time.monotonic() < until:
            for client in clients:
                message = await client.next()
                got += len(message)
        for client in clients:
            await client.__aexit__()
        return got
    async def one():
        async with Pcm(ws(server, "/pcm?track=short.wav")) as client:
            await client.stream()
    asyncio.run(one())
    before = rss_kib(server)
    assert asyncio.run(listen()) > 10 << 20
    assert rss_kib(server) - before < 32 << 10


def test_it_begins_at_any_frame(serve, folder):
    path = make_wav(folder / "a.wav", 2)
    samples = samples_of(path)
    server = serve_files(serve, folder)

    async def listen(first):
        async with Pcm(ws(server, f"/pcm?first_frame={first}")) as client:
            return await client.stream("PLAY")
    for first in (1, 44100, 2 * 44100 - 5, 2 * 44100, 10**9):
        header, chunks, end = asyncio.run(listen(first))
        assert json.loads(header)["first_frame"] == first
        assert joined(chunks) == samples[first * 4:]
        assert json.loads(end) == {"type": "end"}
