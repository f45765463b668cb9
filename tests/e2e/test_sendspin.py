"""Players in sync (/sendspin): Sendspin v1 as a client that knows nothing of the server sees it."""
import asyncio

import numpy
import pytest

from sendspin import FLAC, OPUS, PCM, Client, contiguous
from test_pcm import make_wav, samples_of

RATE = 44100


@pytest.fixture
def station(serve, tmp_path):
    """A server with one station of one track, and that track's samples."""
    path = make_wav(tmp_path / "library/a.wav", 20)
    server = serve(tmp_path / "library", "--shuffle", "off")
    server.wait_until_scanned()
    server.samples = numpy.frombuffer(samples_of(path), "<i2").reshape(-1, 2)
    return server


def expected(server, at, frames):
    """The samples that are on air at `at`, a moment on the server's clock."""
    entries = server.station()["entries"]
    out = []
    for entry in entries:
        first = round((at - entry["starts_at"]) * RATE / 1e6)
        length = len(server.samples)
        if 0 <= first < length:
            out = server.samples[first:first + frames]
            break
    while len(out) < frames:  # the one track, again and again
        out = numpy.concatenate([out, server.samples])[:frames]
    return out


def test_pcm_is_the_stations_samples_at_the_times_they_were_promised(station):
    async def listen():
        async with Client(station) as client:
            offset, trip = await client.ask_time()
            chunks = await client.until_audio(4)
            return client, offset, trip, chunks
    client, offset, trip, chunks = asyncio.run(listen())
    assert trip < 1e6
    assert client.last("server/hello")["active_roles"] == ["player@v1", "controller@v1", "metadata@v1"]
    assert client.last("stream/start")["player"] == PCM
    assert client.group["playback_state"] == "playing"
    assert contiguous(chunks)
    # Nothing that would be late, and the first some moments ahead.
    lead = [chunk.at - (chunk.arrived * 1e6 + offset) for chunk in chunks]
    assert min(lead) > 0
    assert lead[0] < 2e6
    heard = numpy.frombuffer(b"".join(c.data for c in chunks), "<i2").reshape(-1, 2)
    assert numpy.array_equal(heard, expected(station, chunks[0].at, len(heard)))
