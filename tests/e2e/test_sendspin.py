"""Players in sync (/sendspin): Sendspin v1 as a client that knows nothing of the server sees it."""
import asyncio
import base64
import json
import signal
import struct
import subprocess
import time

import numpy
import pytest
import websockets

import people
from clips import Clip
from patience import PATIENCE
from sendspin import ARTWORK, FLAC, OPUS, PCM, VISUALIZER, Client, contiguous
from sockets import ws
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


def test_a_question_came_when_it_came_and_not_when_it_was_read(station):
    """A server that was kept waiting says so, or its clients would take the wait for the network's."""
    async def asked_while_it_sleeps(client):
        before = client.count("server/time")
        station.process.send_signal(signal.SIGSTOP)
        try:
            await client.say("client/time", {"client_transmitted": time.monotonic_ns() // 1000})
            await asyncio.sleep(0.3)
        finally:
            station.process.send_signal(signal.SIGCONT)
        await client.until(lambda: client.count("server/time") > before, "server/time")
        answer = client.last("server/time")
        return (answer["server_transmitted"] - answer["server_received"]) / 1e6

    async def ask():
        async with Client(station) as client:
            await client.ask_time()
            # Of more than a second nothing is believed; a busy machine may wake us so late.
            return [await asked_while_it_sleeps(client) for _ in range(3)]
    assert max(asyncio.run(ask())) > 0.25


def flac_samples(header, chunks):
    done = subprocess.run(["ffmpeg", "-v", "error", "-f", "flac", "-i", "-", "-f", "s16le", "-"],
                          input=header + b"".join(c.data for c in chunks), capture_output=True, check=True)
    return numpy.frombuffer(done.stdout, "<i2").reshape(-1, 2)


def test_flac_decodes_to_the_same_samples(station):
    async def listen():
        async with Client(station, formats=[FLAC, PCM]) as client:
            return client.last("stream/start")["player"] if await client.until_audio(2) else None, client.audio()
    start, chunks = asyncio.run(listen())
    assert {name: start[name] for name in FLAC} == FLAC
    header = base64.b64decode(start["codec_header"])
    assert header.startswith(b"fLaC")
    heard = flac_samples(header, chunks)
    assert len(heard) >= 2 * RATE
    assert numpy.array_equal(heard, expected(station, chunks[0].at, len(heard)))


def test_two_clients_get_the_same_chunks_and_a_late_one_only_what_is_to_come(station):
    async def listen():
        async with Client(station, client_id="early") as early:
            await early.until_audio(4)
            async with Client(station, client_id="late") as late:
                offset, _ = await late.ask_time()
                await late.until_audio(2)
                return early.audio(), late.audio(), offset
    early, late, offset = asyncio.run(listen())
    assert late[0].at > late[0].arrived * 1e6 + offset, "nothing of the past"
    known = {chunk.at: chunk.data for chunk in early}
    shared = [chunk for chunk in late if chunk.at in known]
    assert len(shared) > 20
    assert all(chunk.data == known[chunk.at] for chunk in shared)


def test_the_buffer_is_never_overfilled(station):
    capacity = 200_000

    async def listen():
        async with Client(station, capacity=capacity) as client:
            offset, _ = await client.ask_time()
            await client.until_audio(3)
            return client.audio(), offset
    chunks, offset = asyncio.run(listen())
    for i, chunk in enumerate(chunks):
        now = chunk.arrived * 1e6 + offset
        held = sum(len(c.data) + 9 for c in chunks[:i + 1] if c.at + 50_000 > now)
        assert held <= capacity + len(chunk.data) + 9


def test_another_format_goes_on_where_the_first_ends(station):
    async def listen():
        async with Client(station, capacity=150_000) as client:
            await client.until_audio(1)
            await client.say("stream/request-format", {"player": {"codec": "flac"}})
            await client.until_audio(1, stream=2)
            first, second = client.audio(1), client.audio(2)
            header = base64.b64decode(client.last("stream/start")["player"]["codec_header"])
            await client.say("stream/request-format", {"player": {"sample_rate": 7}})
            await client.until(lambda: client.streams == 3, "an answer")
            assert client.last("stream/start")["player"]["codec"] == "flac", "what cannot be made changes nothing"
            assert client.count("stream/end") == client.count("stream/clear") == 0
            return first, second, header
    first, second, header = asyncio.run(listen())
    end = first[-1].at + len(first[-1].data) / 4 / RATE * 1e6
    assert abs(second[0].at - end) < 30, "without a gap"
    heard = numpy.concatenate([numpy.frombuffer(b"".join(c.data for c in first), "<i2").reshape(-1, 2),
                               flac_samples(header, second)])
    assert numpy.array_equal(heard, expected(station, first[0].at, len(heard)))


def test_every_codec_and_depth(station):
    formats = [OPUS, PCM | {"sample_rate": 48000, "bit_depth": 24}, PCM | {"channels": 1}, FLAC | {"sample_rate": 96000}]

    async def listen(wanted):
        nonsense = {"codec": "pcm", "sample_rate": 7, "channels": 2, "bit_depth": 16}
        async with Client(station, client_id=str(wanted), formats=[nonsense, wanted, PCM], capacity=400_000) as client:
            await client.until_audio(0.3)
            return client.last("stream/start")["player"], client.audio()

    async def all_of_them():
        return await asyncio.gather(*map(listen, formats))
    for wanted, (start, chunks) in zip(formats, asyncio.run(all_of_them())):
        assert {name: start[name] for name in wanted} == wanted
        if wanted["codec"] == "pcm":
            width = wanted["channels"] * wanted["bit_depth"] // 8
            assert contiguous(chunks, wanted["sample_rate"], width)
        else:
            steps = {b.at - a.at for a, b in zip(chunks, chunks[1:])}
            length = 20_000 if wanted["codec"] == "opus" else 50_000
            assert all(abs(step - length) <= 1 for step in steps)


def test_the_first_message_and_the_first_state_come_first(station):
    async def listen():
        async with Client(station, state=False) as client:
            await client.until(lambda: client.group, "group/update")
            await client.ask_time()
            assert client.count("stream/start") == 0 and not client.chunks, "nothing before client/state"
            await client.say("client/state", client.first_state)
            await client.until_audio(0.2)
            assert client.metadata["title"] == "a"
            progress = client.metadata["progress"]
            assert progress["track_duration"] == 20_000 and progress["playback_speed"] == 1000
            offset, _ = await client.ask_time()
            now = time.monotonic() * 1e6 + offset
            entry, elapsed = station.on_air()
            assert abs(client.metadata["timestamp"] - entry["starts_at"]) < 2 or now < entry["starts_at"] + 1e6
            await client.say("client/goodbye", {"reason": "user_request"})
            return await client.closed()
    assert asyncio.run(listen())[0] == 1000


@pytest.fixture
def two_stations(serve, tmp_path):
    for name in ("main", "humor"):
        make_wav(tmp_path / name / f"{name}.wav", 20)
    server = serve("--directory-routes", json.dumps({"/": str(tmp_path / "main"), "/humor": str(tmp_path / "humor")}))
    server.wait_until_scanned()
    return server


def test_stations_are_groups_that_are_remembered(two_stations):
    async def listen():
        async with Client(two_stations, "/sendspin?station=/humor", client_id="a", volume=20) as a, \
                Client(two_stations, "/sendspin?station=/humor", client_id="b", volume=40) as b:
            await a.until(lambda: a.controller.get("volume") == 30, "the group's volume")
            assert a.group == {"playback_state": "playing", "group_id": "/humor", "group_name": "humor"}
            assert set(a.controller["supported_commands"]) == {"volume", "mute", "switch"}
            await a.command("next")  # not a listener's
            await a.command("volume", volume=50)
            await b.until(lambda: b.controller["volume"] == 50, "the new volume")
            assert a.last("server/command")["player"] == {"command": "volume", "volume": 40}
            assert b.last("server/command")["player"] == {"command": "volume", "volume": 60}
            await b.command("mute", mute=True)
            await a.until(lambda: a.controller["muted"], "mute")
            assert a.last("server/command")["player"] == {"command": "mute", "mute": True}

            await a.until_audio(0.5)
            await a.command("switch")
            await a.until(lambda: a.group["group_id"] == "private-1", "a group of its own")
            assert a.group["playback_state"] == "stopped"
            await a.command("switch")
            await a.until(lambda: a.group["group_id"] == "/", "the other station")
            assert a.count("stream/clear") == 0 and a.count("stream/end") == 1, "a group of its own is on the way"
            await a.until(lambda: a.metadata["title"] == "main", "its title")
            await a.command("switch")
            await a.until(lambda: a.group["group_id"] == "/humor", "the first station")
            assert b.metadata["title"] == "humor"
            assert a.count("stream/clear") == 1 and a.count("stream/end") == 1

            await a.say("client/state", {"state": "external_source"})
            await a.until(lambda: a.group["playback_state"] == "stopped", "silence")
            assert a.count("stream/end") == 2
            await a.command("switch")
            await a.until(lambda: a.group["group_id"] == "/humor", "the group before")
    asyncio.run(listen())

    async def again():
        async with Client(two_stations, client_id="a", volume=100) as a:
            await a.until(lambda: a.last("server/command"), "the volume it had")
            assert a.last("server/command")["player"] in ({"command": "volume", "volume": 40}, {"command": "mute", "mute": True})
            return a.group["group_id"]
    assert asyncio.run(again()) == "/humor"


def test_hostile_clients_are_closed_and_hurt_nobody(station):
    async def closed_after(*messages, path="/sendspin"):
        async with websockets.connect(ws(station, path), max_size=None) as socket:
            for message in messages:
                await socket.send(message)
            try:
                while True:
                    await asyncio.wait_for(socket.recv(), 10 * PATIENCE)
            except websockets.ConnectionClosed:
                return socket.close_code, socket.close_reason

    async def attack():
        async with Client(station, client_id="victim") as victim:
            await victim.until_audio(0.5)
            code, reason = await closed_after('{"type":"client/init","payload":{}}')
            assert code == 1002 and "client/hello" in reason
            assert (await closed_after('{"type":"client/time","payload":{"client_transmitted":1}}'))[0] == 1002
            assert (await closed_after("noise"))[0] == 1008
            assert (await closed_after(b"\x04" * 100))[0] == 1008
            assert (await closed_after('{"type":"client/hello","payload":' + "[" * 5000))[0] == 1008
            assert (await closed_after("x" * 20_000))[0] == 1009
            hello = json.dumps({"type": "client/hello", "payload": victim.hello | {"client_id": "x"}})
            assert (await closed_after(hello, hello))[0] == 1002
            assert (await closed_after(hello, *["noise"] * 30))[0] == 1008
            code, reason = await closed_after(json.dumps({"type": "client/hello", "payload": victim.hello | {"version": 2}}))
            assert code == 1002 and "version 1" in reason
            # One that never reads is one that everyone else does not notice.
            deaf = await websockets.connect(ws(station, "/sendspin"), max_queue=1, read_limit=1024)
            await deaf.send(hello)
            await deaf.send(json.dumps({"type": "client/state", "payload": victim.first_state}))
            before = len(victim.audio())
            await victim.until(lambda: len(victim.audio()) > before + 5, "more audio")
            assert contiguous(victim.audio())
            # The same client once more: the newer connection is the client.
            async with Client(station, client_id="victim"):
                code, reason = await victim.closed()
                assert code == 1008 and "client_id" in reason
            deaf.transport.abort()
    asyncio.run(attack())
    assert station.get("/sendspin")[0] == 426


def test_an_operator_may_skip(serve, tmp_path):
    make_wav(tmp_path / "library/a.wav", 20)
    make_wav(tmp_path / "library/b.wav", 21)
    people.add_user(tmp_path / "server", "olga")
    server = serve(tmp_path / "library", "--shuffle", "off")
    server.wait_until_scanned()
    token = people.make_token(tmp_path / "server", "olga")

    async def listen():
        async with Client(server, f"/sendspin?token={token}") as client:
            await client.until(lambda: "next" in client.controller.get("supported_commands", []), "an operator's controls")
            await client.until_audio(3)
            title = client.metadata["title"]
            await client.command("next")
            await client.until(lambda: client.count("stream/clear"), "stream/clear")
            cleared = len(client.audio())
            await client.until(lambda: client.metadata["title"] != title, "the next title")
            await client.until(lambda: len(client.audio()) > cleared + 10, "its audio")
            assert client.count("stream/end") == 0
            assert contiguous(client.audio()[cleared:])
    asyncio.run(listen())


def test_covers_are_shown_in_the_size_that_is_asked_for(serve, tmp_path):
    Clip("a.mp3", "mp3", cover=True, seconds=20, title="A").put_into(tmp_path / "library")
    server = serve(tmp_path / "library")
    server.wait_until_scanned()
    channel = {"source": "album", "format": "png", "media_width": 40, "media_height": 60}

    async def look():
        async with Client(server, roles=["artwork@v1", "visualizer@v1", "metadata@v1"], artwork={"channels": [channel]},
                          visualizer={"buffer_capacity": 100_000}) as client:
            picture = await client.until(lambda: [c for c in client.chunks if c.kind == ARTWORK], "a picture")
            assert picture[0].data.startswith(b"\x89PNG")
            size = struct.unpack(">II", picture[0].data[16:24])
            shown = client.last("stream/start")["artwork"]["channels"][0]
            assert (shown["width"], shown["height"]) == size and max(size) <= 60
            assert client.metadata["artwork_url"].startswith(server.url)
            await client.say("stream/request-format", {"artwork": {"channel": 0, "format": "bmp"}})
            await client.until(lambda: [c for c in client.chunks if c.kind == ARTWORK and c.data[:2] == b"BM"], "a bitmap")
            await client.say("stream/request-format", {"artwork": {"channel": 0, "source": "none"}})
            await client.until(lambda: [c for c in client.chunks if c.kind == ARTWORK][-1].data == b"", "nothing to show")
            seen = await client.until(lambda: [c for c in client.chunks if c.kind == VISUALIZER][:30][29:], "pictures of sound")
            start = next(p for k, p in client.messages if k == "stream/start")["visualizer"]
            assert start["layout"] == "bands" and len(seen[0].data) == 6 + start["bands"]
            assert not client.audio()
    asyncio.run(look())
