"""`tutti listen` on an audio device: one that ALSA makes of a program, which takes samples at a device's pace and keeps them."""
import hashlib
import os
import re
import sys

import numpy
import pytest

from server import run
from streams import StreamServer, pcm_header, pcm_stream

RATE = 44100
SINK = r"""
import sys, time
begin, taken = time.monotonic(), 0
with open(sys.argv[1], "wb") as out:
    while data := sys.stdin.buffer.read(4096):
        out.write(data)
        taken += len(data)
        time.sleep(max(0.0, begin + taken / (RATE * 4) - time.monotonic()))
""".replace("RATE", str(RATE))


@pytest.fixture
def home(tmp_path):
    """A home whose default sound device writes what it plays to `heard`."""
    (tmp_path / "sink.py").write_text(SINK, encoding="utf-8")
    (tmp_path / ".asoundrc").write_text(
        f'pcm.!default {{ type file; slave.pcm "null"; format "raw"; file "|{sys.executable} {tmp_path}/sink.py {tmp_path}/heard" }}\n',
        encoding="utf-8")
    return tmp_path


def test_a_device_plays_every_sample_once_and_in_order(home):
    frames = 2 * RATE
    samples = numpy.random.default_rng(5).integers(1, 30_000, (frames, 2), numpy.int16).astype("<i2").tobytes()
    server = StreamServer(pcm_stream(samples, 4, pcm_header(), 8192))
    try:
        done = run("listen", server.url(), "--prebuffer", "0.3", env={"HOME": home}, seconds=30)
    finally:
        server.close()
    assert done.returncode == 0 and not done.stderr, done.stderr.decode()
    heard = numpy.frombuffer((home / "heard").read_bytes(), "<i2").reshape(-1, 2)
    # Before, between and after may be silence; samples never are.
    sound = heard[numpy.any(heard != 0, axis=1)]
    assert hashlib.sha256(sound.tobytes()).hexdigest() == hashlib.sha256(samples).hexdigest()


def test_devices_are_listed_and_found_by_name(home):
    done = run("listen", "--list-devices", env={"HOME": home})
    assert done.returncode == 0 and not done.stderr
    listed = re.search(r"^\* (\d+)  default ", done.stdout.decode(), re.MULTILINE)
    assert listed, done.stdout.decode()
    samples = bytes(numpy.full(2 * RATE // 4, 77, "<i2"))
    for name in (listed[1], "Defau"):
        server = StreamServer(pcm_stream(samples, 4, pcm_header(), 8192))
        try:
            done = run("listen", server.url(), "-o", name, env={"HOME": home}, seconds=30)
        finally:
            server.close()
        assert done.returncode == 0, done.stderr.decode()
        assert numpy.count_nonzero(numpy.frombuffer((home / "heard").read_bytes(), "<i2")) == len(samples) // 2
        os.remove(home / "heard")


def test_what_a_device_cannot_play_is_said(home):
    server = StreamServer(pcm_stream(bytes(6 * 3 * 100), 18, pcm_header(channels=6, width=3), 8192))
    (home / ".asoundrc").write_text('pcm.!default { type hw; card 77 }\n', encoding="utf-8")
    try:
        done = run("listen", server.url(), env={"HOME": home})
    finally:
        server.close()
    assert done.returncode == 2 and b"audio device" in done.stderr, done.stderr.decode()
