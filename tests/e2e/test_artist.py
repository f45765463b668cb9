"""Who plays: the album's artist, and the picture of the artist, as displays are told."""
import asyncio
import subprocess

from clips import Clip
from sendspin import ARTWORK, Client


def test_a_display_is_shown_the_artist_and_told_of_the_albums(serve, tmp_path):
    album = tmp_path / "library/Band/First"
    track = Clip("a.flac", "flac", seconds=20, title="A", artist="Guest").put_into(album)
    subprocess.run(["ffmpeg", "-v", "error", "-i", track, "-c", "copy", "-metadata", "album_artist=Band", album / "b.flac"], check=True)
    track.unlink()
    subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "color=blue:s=90x60", "-frames:v", "1",
                    tmp_path / "library/Band/artist.jpg"], check=True)
    server = serve(tmp_path / "library")
    server.wait_until_scanned()
    size = {"format": "bmp", "media_width": 30, "media_height": 30}

    async def look():
        channels = [{"source": "album", **size}, {"source": "artist", **size}]
        async with Client(server, roles=["artwork@v1", "metadata@v1"], artwork={"channels": channels}) as client:
            def last(channel):
                pictures = [c.data for c in client.chunks if c.kind == ARTWORK + channel]
                return pictures[-1] if pictures else None
            picture = await client.until(lambda: last(1), "a picture of the artist")
            blue, green, red = picture[54:57]
            assert picture[:2] == b"BM" and blue > 200 and green < 60 and red < 60
            shown = client.last("stream/start")["artwork"]["channels"][1]
            assert (shown["source"], shown["width"], shown["height"]) == ("artist", 30, 20)
            assert await client.until(lambda: last(0) is not None, "no cover") and last(0) == b""
            assert (client.metadata["artist"], client.metadata["album_artist"]) == ("Guest", "Band")
            # One channel is changed to the other's picture, and off.
            await client.say("stream/request-format", {"artwork": {"channel": 0, "source": "artist"}})
            await client.until(lambda: last(0), "the artist on the other channel")
            await client.say("stream/request-format", {"artwork": {"channel": 1, "source": "none"}})
            await client.until(lambda: last(1) == b"", "nothing to show")
    asyncio.run(look())
