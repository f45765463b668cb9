"""`tutti listen` to `tutti serve`: both ends of our own."""
import hashlib
import subprocess
import time

import pytest

from clips import Clip
from server import run
from streams import data_of

WAV = Clip("tune.wav", "wav", 1, 30, seconds=6)
FLAC = Clip("tune.flac", "flac", 3, 30, seconds=6)
MP3 = Clip("long.mp3", "mp3", 0, 10, seconds=60)  # two pieces of /audio


@pytest.fixture
def server(serve, tmp_path):
    for clip in (WAV, FLAC, MP3):
        clip.put_into(tmp_path / "music")
    server = serve(tmp_path / "music", "--shuffle", "off")
    server.wait_until_scanned()
    return server


def samples_of(path):
    return subprocess.run(["ffmpeg", "-v", "error", "-i", str(path), "-f", "s16le", "-"], capture_output=True, check=True).stdout


def listen(server, path, output):
    return run("listen", server.url.replace("http", "ws") + path, "-o", output, seconds=30)


@pytest.mark.smoke
@pytest.mark.parametrize("name", ("tune.wav", "tune.flac"))
def test_samples_arrive_as_they_are(server, tmp_path, name):
    begin = time.monotonic()
    done = listen(server, f"/pcm?track={name}", tmp_path / "out.wav")
    assert (done.returncode, done.stderr) == (0, b"")
    assert time.monotonic() - begin > 1, "the server sends in real time, but for its burst"
    expected = samples_of(tmp_path / "music" / name)
    assert hashlib.sha256(data_of(tmp_path / "out.wav")[0]).digest() == hashlib.sha256(expected).digest()


def test_a_file_arrives_in_pieces(server, tmp_path):
    done = listen(server, "/audio?track=long.mp3", tmp_path / "out.wav")
    assert (done.returncode, done.stderr) == (0, b"")
    heard, expected = data_of(tmp_path / "out.wav")[0], samples_of(tmp_path / "music/long.mp3")
    assert len(heard) == len(expected)


@pytest.mark.parametrize("path", ("/pcm?track=missing.wav", "/audio?track=missing.mp3", "/nothing"))
def test_what_is_not_there_is_said_in_one_line(server, tmp_path, path):
    done = listen(server, path, tmp_path / "out.wav")
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1, done.stderr.decode()
