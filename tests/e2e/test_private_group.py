"""Private groups (/sendspin?group=private): what a remote control promises is what is heard."""
import asyncio
import json
import time
import urllib.error
import urllib.request

import numpy
import pytest

from clips import Clip
from sendspin import ARTWORK, Client, contiguous
from test_pcm import make_wav, samples_of

RATE = 44100
LIBRARY = {"a": 40, "b": 30, "c": 20}  # seconds
GAIN = {"a": 1, "b": 0.6, "c": 0.3}    # so that no two are the same


@pytest.fixture
def music(serve, tmp_path):
    """A server with a library of some tracks, and their samples."""
    def wav(name, seconds):
        gain = GAIN[name]
        return make_wav(tmp_path / f"library/{name}.wav", seconds, more=("-af", f"pan=stereo|c0={gain}*c0|c1={gain / 2}*c0"))
    samples = {name: numpy.frombuffer(samples_of(wav(name, seconds)), "<i2").reshape(-1, 2)
               for name, seconds in LIBRARY.items()}

    def start():
        server = serve(tmp_path / "library", "--shuffle", "off")
        server.wait_until_scanned()
        server.samples, server.again = samples, start
        server.ids = {each["title"]: each["track_id"] for each in server.json("/api/v1/library/tracks")["tracks"]}
        return server
    return start()


def promised(client, at):
    """The position in the track, in seconds, that the metadata say for `at` on the server's clock."""
    progress = client.metadata["progress"]
    return progress["track_progress"] / 1000 + (at - client.metadata["timestamp"]) * progress["playback_speed"] / 1e9


def is_heard_as_promised(server, client, chunks):
    """Whether the chunks, to the sample, are the track of the metadata where those say it is."""
    track = server.samples[client.metadata["title"]]
    heard = numpy.frombuffer(b"".join(c.data for c in chunks), "<i2").reshape(-1, 2)
    # The metadata count milliseconds.
    place = promised(client, chunks[0].at) * RATE
    for first in sorted(range(round(place) - 50, round(place) + 51), key=lambda each: abs(each - place)):
        silence = max(0, -first)
        expected = track[max(0, first):][:len(heard) - silence]
        if numpy.array_equal(heard[silence:silence + len(expected)], expected) and not heard[:silence].any():
            return abs(first - place) <= RATE / 1000 + 1
    return False


async def after(client, what, change, seconds=1.5):
    """The audio that is sent once `change` has been made and cleared what there was."""
    cleared = client.count("stream/clear") + client.streams
    before = dict(client.metadata)
    await change
    await client.until(lambda: client.count("stream/clear") + client.streams > cleared, f"a cut after {what}")
    first = len(client.audio())
    await client.until(lambda: client.metadata != before, f"metadata after {what}")

    def enough():
        chunks = client.audio()[first:]
        return chunks and chunks[-1].at - chunks[0].at >= seconds * 1e6 and chunks
    return await client.until(enough, f"audio after {what}")


def ask(server, path, wish=None, headers=None):
    body = None if wish is None else json.dumps(wish).encode()
    request = urllib.request.Request(server.url + path, body, headers or {})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


async def arrange(server, group, wish):
    return await asyncio.get_running_loop().run_in_executor(None, ask, server, f"/api/v1/groups/{group}", wish)


def test_play_pause_seek_and_next_land_where_they_were_promised(music):
    async def listen():
        async with Client(music, "/sendspin?group=private") as client:
            offset, _ = await client.ask_time()
            await client.until(lambda: client.controller.get("supported_commands"), "its controls")
            assert {"play", "pause", "stop", "next", "previous", "repeat_off", "repeat_one", "repeat_all", "shuffle",
                    "unshuffle", "volume", "mute", "switch"} == set(client.controller["supported_commands"])
            assert client.group["playback_state"] == "stopped" and client.group["group_name"] == "Kitchen"
            group = client.group["group_id"]
            assert client.metadata["title"] == "a" and client.metadata["progress"]["playback_speed"] == 0

            chunks = await after(client, "play", client.command("play"))
            assert client.group["playback_state"] == "playing"
            assert contiguous(chunks) and is_heard_as_promised(music, client, chunks)
            assert promised(client, time.monotonic() * 1e6 + offset) < 2, "from the beginning, at once"

            await client.command("pause")
            await client.until(lambda: client.metadata["progress"]["playback_speed"] == 0, "the pause")
            assert client.count("stream/end") == 1 and client.group["playback_state"] == "stopped"
            stopped = client.metadata["progress"]
            assert 0 <= stopped["track_progress"] < 5000
            quiet = len(client.audio())
            await asyncio.sleep(0.5)
            assert len(client.audio()) == quiet, "nothing is sent meanwhile"

            chunks = await after(client, "resume", client.command("play"))
            assert client.metadata["progress"]["track_progress"] == stopped["track_progress"]
            assert is_heard_as_promised(music, client, chunks)

            chunks = await after(client, "seek", arrange(music, group, {"position": 17.25}))
            assert client.metadata["progress"]["track_progress"] == 17250
            assert client.count("stream/end") == 1 and client.count("stream/clear") == 1
            assert contiguous(chunks) and is_heard_as_promised(music, client, chunks)

            chunks = await after(client, "next", client.command("next"))
            assert client.metadata["title"] == "b" and client.metadata["progress"]["track_progress"] == 0
            assert is_heard_as_promised(music, client, chunks)

            # From one to the next by itself: without a gap, and without a word but the new title.
            last = music.samples["b"]
            chunks = await after(client, "the end", arrange(music, group, {"position": LIBRARY["b"] - 2}), seconds=5)
            heard = numpy.frombuffer(b"".join(c.data for c in chunks), "<i2").reshape(-1, 2)
            joined = numpy.concatenate([last[-3 * RATE:], music.samples["c"]])
            place = next(i for i in range(3 * RATE) if numpy.array_equal(joined[i:i + 400], heard[:400]))
            assert numpy.array_equal(joined[place:place + len(heard)], heard)
            cuts = client.count("stream/clear")
            await client.until(lambda: client.metadata["title"] == "c", "the next title")
            assert client.count("stream/clear") == cuts

            await client.command("stop")
            await client.until(lambda: client.metadata["progress"]["playback_speed"] == 0, "a stop")
            assert client.metadata["progress"]["track_progress"] == 0 and client.metadata["title"] == "c"
    asyncio.run(listen())


def test_a_display_keeps_its_cover_through_a_pause(serve, tmp_path):
    Clip("a.mp3", "mp3", cover=True, seconds=20, title="A").put_into(tmp_path / "library")
    server = serve(tmp_path / "library")
    server.wait_until_scanned()
    channel = {"source": "album", "format": "png", "media_width": 40, "media_height": 40}

    async def look():
        async with Client(server, "/sendspin?group=private", roles=["player@v1", "controller@v1", "metadata@v1", "artwork@v1"],
                          artwork={"channels": [channel]}) as client:
            def pictures():
                return [c.data for c in client.chunks if c.kind == ARTWORK]
            await client.until(lambda: client.controller.get("supported_commands"), "its controls")
            await client.command("play")
            await client.until_audio(1)
            await client.until(lambda: pictures() and pictures()[-1], "a picture")
            for _ in range(2):
                heard, ends = len(client.audio()), client.count("stream/end")
                await client.command("pause")
                await client.until(lambda: client.count("stream/end") > ends, "the end of the sound")
                assert client.last("stream/end")["roles"] == ["player"]
                await client.until(lambda: client.metadata["progress"]["playback_speed"] == 0, "the pause")
                await client.command("play")
                await client.until(lambda: len(client.audio()) > heard + 20, "sound again")
            assert all(pictures()), "a picture is never taken away"
    asyncio.run(look())


def test_two_in_a_private_group_hear_the_same_and_a_restart_goes_on(music):
    chosen = [music.ids["c"], music.ids["b"]]

    async def listen():
        async with Client(music, "/sendspin?group=private", client_id="a") as a, Client(music, client_id="b") as b:
            await a.until(lambda: a.group, "its group")
            shown = await arrange(music, a.group["group_id"], {"tracks": chosen, "repeat": "all", "play": True})
            assert shown["private"] and shown["tracks"] == chosen and shown["now"]["title"] == "c" and shown["members"][0]["name"] == "A"
            await a.until_audio(1)
            await b.command("switch")
            await b.until(lambda: b.group["group_id"] == a.group["group_id"], "the same group")
            await b.until(lambda: b.metadata.get("title") == a.metadata["title"], "its title")
            assert b.metadata["title"] == shown["now"]["title"] and b.metadata["repeat"] == "all"
            await b.until(lambda: len(b.audio(b.streams)) > 20, "audio")
            assert b.count("stream/clear") == 1
            assert a.count("stream/clear") == a.count("stream/end") == 0 and contiguous(a.audio()), "nobody noticed"
            known = {chunk.at: chunk.data for chunk in a.audio()}
            await b.until(lambda: [c for c in b.audio() if known.get(c.at) == c.data][20:], "the same chunks")
            await b.command("shuffle")
            await a.until(lambda: a.metadata.get("shuffle") is True, "the shuffle")
            await b.command("next")
            await a.until(lambda: a.metadata["title"] != shown["now"]["title"], "the other title")
            await a.until(lambda: a.group == b.group, "the same state")
            return a.metadata, a.group["group_id"]
    metadata, group = asyncio.run(listen())
    music.stop()
    music = music.again()

    async def again():
        async with Client(music, client_id="a") as a:
            await a.until_audio(1)
            assert a.group["group_id"] == group and a.group["playback_state"] == "playing"
            await a.until(lambda: a.metadata.get("title") == metadata["title"], "the title from before")
            assert a.metadata["repeat"] == "all" and a.metadata["shuffle"] is True
            assert is_heard_as_promised(music, a, a.audio()[:20])
    asyncio.run(again())


def test_what_is_wrong_is_refused_and_other_sites_change_nothing(music):
    async def listen():
        async with Client(music, "/sendspin?group=private") as client:
            await client.until(lambda: client.group, "its group")
            path = f"/api/v1/groups/{client.group['group_id']}"

            def status(path, wish, headers=None):
                try:
                    return ask(music, path, wish, headers) and 200
                except urllib.error.HTTPError as refused:
                    return refused.code
            assert status(path, {"play": "yes"}) == 400
            assert status(path, {"tracks": [99]}) == 409
            assert status("/api/v1/groups/private-77", {"play": True}) == 404
            assert status("/api/v1/groups/", None) == 404
            assert status(path, {"play": True}, {"Origin": "http://elsewhere.example"}) == 403
            groups = ask(music, "/api/v1/groups")["groups"]
            assert [each["id"] for each in groups] == ["/", client.group["group_id"]]
            assert groups[1]["playing"] is False
    asyncio.run(listen())
