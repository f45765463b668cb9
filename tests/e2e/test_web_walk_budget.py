"""A walk of two hours in Chromium: what it costs a phone. The asset is as long and as large as a real one; so that nobody
waits for its encoding, it is made of the frames of a short one and put where the server keeps what it has encoded."""
import hashlib
import json
import os
import struct
import subprocess

import pytest

import people
from patience import PATIENCE
from server import ROOT, Server
from walkers import until_ready

pytestmark = pytest.mark.browser
SECONDS = 7200
RATE = 8000
FRAME, SAMPLES, DELAY = 384, 1152, 1105
POINT = 2304  # samples for each two bytes of the waveform
MB = 1e6
MOST_DOWNLOAD, MOST_MEMORY = 150 * MB, 100 * MB


def two_hours(folder):
    """A file that takes no place on the disk: silence, but for its header."""
    folder.mkdir(parents=True)
    path = folder / "long.wav"
    size = SECONDS * RATE
    header = struct.pack("<4sI8sIHHIIHH4sI", b"RIFF", 36 + size, b"WAVEfmt ", 16, 1, 1, RATE, RATE, 1, 8, b"data", size)
    path.write_bytes(header)
    os.truncate(path, len(header) + size)
    return path


def encoded(source, folder):
    """What the server would make of it, as to its size; it is heard as noise."""
    noise = subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "anoisesrc=r=48000:d=10:a=0.1", "-ac", "2", "-c:a", "libmp3lame",
                            "-b:a", "128k", "-reservoir", "0", "-write_xing", "0", "-id3v2_version", "0", "-f", "mp3", "pipe:1"],
                           capture_output=True, check=True).stdout
    stat = source.stat()
    name = hashlib.sha256(f"{source}\n{stat.st_size}\n{stat.st_mtime_ns}".encode()).hexdigest()[:32]
    count = (SECONDS * 48000 + DELAY + SAMPLES - 1) // SAMPLES + 1
    frames = noise[FRAME * 10:FRAME * 400]
    folder.mkdir(parents=True)
    (folder / f"{name}.mp3").write_bytes((frames * (count * FRAME // len(frames) + 1))[:count * FRAME])
    (folder / f"{name}.picture").write_bytes(bytes(2 * (SECONDS * 48000 // POINT)))
    return count * FRAME


@pytest.fixture(scope="module")
def visit(tmp_path_factory):
    home = tmp_path_factory.mktemp("walk")
    source = two_hours(home / "park")
    size = encoded(source, home / "state/walk")
    people.add_user(home, "anna", role="conductor")
    token = people.make_token(home, "anna")
    server = Server(home, "--walk", source)
    try:
        asset, = until_ready(server)["assets"]
        assert (asset["bytes"], asset["frames"]) == (size, SECONDS * 48000), "what was put there is what phones download"
        done = subprocess.run(["node", str(ROOT / "tests/e2e/browser/walk_budget.mjs"), server.url, token],
                              capture_output=True, timeout=100 * PATIENCE, check=False)
        assert done.returncode == 0, done.stderr.decode("utf-8", "replace")[-3000:]
    finally:
        server.stop()
    yield asset, json.loads(done.stdout)


def test_two_hours_are_within_what_a_phone_has(visit):
    asset, seen = visit
    most = {}
    for row in seen["rows"]:
        most[row["stage"]] = max(most.get(row["stage"], 0), row["bytes"])
    print({stage: round(size / MB, 1) for stage, size in most.items()}, "MB; download", round(asset["bytes"] / MB, 1), "MB; heap", seen["heap"])
    assert asset["bytes"] <= MOST_DOWNLOAD
    assert {"empty", "download", "play"} <= set(most)
    # What the same process needs for an empty page is not the walk's.
    assert max(most.values()) - most["empty"] <= MOST_MEMORY


def test_it_plays_from_the_middle(visit):
    row, = visit[1]["phones"]
    assert row["ready"] and row["ack"]["start_error_us"] is not None
