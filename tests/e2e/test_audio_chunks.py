"""A file in messages that play one after the other (/audio)."""
import asyncio
import pathlib
import subprocess

import pytest
import websockets

from clips import MUSIC, SONGS, Clip, ffmpeg
from sockets import receive_file, ws

MIB = 1 << 20


def encode(path, *codec, seconds=150):
    path.parent.mkdir(parents=True, exist_ok=True)
    ffmpeg("-t", seconds, "-i", MUSIC / f"{SONGS[0]}.wav", "-ac", 2, "-ar", 44100, *codec, path)
    return path


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "library"


def receive(server, path="/audio", **options):
    return asyncio.run(receive_file(ws(server, path), **options))


def start(serve, folder):
    server = serve(folder)
    server.wait_until_scanned()
    return server


def complaints(data):
    done = subprocess.run(["ffmpeg", "-v", "error", "-f", "mp3", "-i", "pipe:0", "-f", "null", "-"], input=data,
                          capture_output=True, check=False)
    return done.stderr.decode()


@pytest.mark.parametrize("codec", [("-b:a", "256k"), ("-q:a", "0")], ids=["constant", "variable"])
def test_an_mp3_comes_in_pieces_that_play_by_themselves(serve, folder, codec):
    path = encode(folder / "static/audio.mp3", "-c:a", "libmp3lame", *codec)
    encode(folder / "a.mp3", "-c:a", "libmp3lame", "-b:a", "64k", seconds=5)
    server = start(serve, folder)
    # The default limit of the client is 1 MiB: not a byte more.
    messages, code, _ = receive(server)
    assert code == 1000
    assert b"".join(messages) == path.read_bytes()
    assert len(messages) >= 3
    for message in messages[:-1]:
        assert MIB - 3000 < len(message) <= MIB
    for message in messages:
        assert not complaints(message)
    for message in messages[1:]:
        assert message[0] == 0xFF and message[1] & 0xE0 == 0xE0, "begins with a frame"


def test_other_files_come_in_pieces_of_exactly_one_mebibyte(serve, folder):
    path = encode(folder / "a.wav", "-c:a", "pcm_s16le", seconds=20)
    server = start(serve, folder)
    messages, code, _ = receive(server, "/audio?track=a.wav")
    assert code == 1000
    data = path.read_bytes()
    assert b"".join(messages) == data
    assert [len(message) for message in messages] == [MIB] * (len(data) // MIB) + [len(data) % MIB]


def test_without_the_usual_file_the_first_mp3(serve, folder):
    Clip("a.wav", "wav").put_into(folder)
    second = Clip("b.mp3", "mp3").put_into(folder)
    Clip("c.mp3", "mp3", 1).put_into(folder)
    server = start(serve, folder)
    assert b"".join(receive(server)[0]) == second.read_bytes()


def test_what_is_missing_closes_with_a_reason(serve, folder, tmp_path):
    Clip("a.wav", "wav").put_into(folder)
    outside = Clip("outside.mp3", "mp3").put_into(tmp_path)
    server = start(serve, folder)
    for path in ("/audio", "/audio?track=none.mp3", "/audio?track=../outside.mp3", f"/audio?track={outside}"):
        messages, code, reason = receive(server, path)
        assert (messages, code) == ([], 1011), path
        assert reason


def test_a_file_that_changes_meanwhile_is_not_mixed(serve, folder):
    path = encode(folder / "a.wav", "-c:a", "pcm_s16le", seconds=60)
    server = start(serve, folder)

    async def listen():
        async with websockets.connect(ws(server, "/audio?track=a.wav")) as socket:
            await socket.recv()
            pathlib.Path(path).write_bytes(b"RIFF")
            try:
                while True:
                    await socket.recv()
            except websockets.ConnectionClosed:
                return socket.close_code, socket.close_reason
    code, reason = asyncio.run(listen())
    assert code == 1011
    assert "changed" in reason


def test_many_slow_clients_take_little_memory(serve, folder):
    encode(folder / "audio.mp3", "-c:a", "libmp3lame", "-b:a", "320k", seconds=170)
    server = start(serve, folder)

    def rss():
        lines = open(f"/proc/{server.process.pid}/status", encoding="ascii").read().splitlines()
        return int(next(line for line in lines if line.startswith("VmRSS")).split()[1])

    async def stall():
        before = rss()
        sockets = [await websockets.connect(ws(server, "/audio"), max_queue=1, read_limit=1024) for _ in range(60)]
        await asyncio.sleep(2)
        grown = rss() - before
        for socket in sockets:
            socket.transport.abort()
        return grown
    assert asyncio.run(stall()) < 30 << 10
