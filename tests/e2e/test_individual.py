"""Individual stations: every listener has a programme of their own, from its start."""
import re
import secrets
import time

import pytest

import audio
from clips import Clip
from listening import Listener
from patience import PATIENCE, eventually
from test_icy import unweave

BURST = 4.0
SONGS = [Clip(f"{number} song.mp3", "mp3", number % 5, 30 + 10 * number, seconds=2.5, title=f"Song {number}")
         for number in range(6)]


def music_of(path):
    """The frames of an MP3 file that are heard: without tags and the encoder's table."""
    data = path.read_bytes()
    if data[:3] == b"ID3":
        size = data[6] << 21 | data[7] << 14 | data[8] << 7 | data[9]
        data = data[10 + size:]
    if data[-128:-125] == b"TAG":
        data = data[:-128]
    first = audio.whole_frames(data[:1500])
    length = 144 * audio.BITRATES[first[2] >> 4] * 1000 // audio.RATES[first[2] >> 2 & 3] + (first[2] >> 1 & 1)
    assert data[36:40] in (b"Xing", b"Info")
    return data[length:]


def tracks_in(stream, songs):
    """The names of the songs that make up the stream, in order; the last may be cut."""
    order = []
    while stream:
        name = next((name for name, music in songs.items() if music.startswith(stream[:len(music)])), None)
        assert name, f"after {order}: no song begins with {stream[:16].hex()}"
        order.append(name)
        stream = stream[len(songs[name]):]
    return order


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "songs"
    for clip in SONGS:
        clip.put_into(folder)
    return folder


def start(serve, *arguments, **options):
    server = serve(*arguments, "--stream-mode", "individual", **options)
    server.wait_until_scanned()
    return server


def test_each_listener_hears_the_files_themselves_in_an_order_of_their_own(serve, folder):
    server = start(serve, folder)
    songs = {clip.name: music_of(folder / clip.name) for clip in SONGS}
    listeners = [Listener(f"{server.url}/", 9) for _ in range(5)]
    orders = []
    for listener in listeners:
        listener.done()
        assert listener.status == 200
        assert listener.headers["content-type"] == "audio/mpeg"
        orders.append(tracks_in(listener.body, songs))
    for order in orders:
        assert len(order) >= 4, "at least ten seconds of two and a half each"
        assert len(set(order)) == min(len(order), len(SONGS)), "none comes again before all have been"
    assert len({tuple(order[:4]) for order in orders}) > 1


def test_real_time_with_a_burst(serve, folder):
    server = start(serve, folder)
    listener = Listener(f"{server.url}/", 8).done()
    rate = 192_000 / 8
    for elapsed in (0.5, 1, 2, 4, 6, 8):
        assert listener.arrived_by(elapsed) <= (elapsed + BURST + 0.1) * rate, f"too much after {elapsed} s"
    assert listener.arrived_by(1 * PATIENCE) >= (BURST - 1) * rate, "the burst comes at once"
    assert len(listener.body) >= (listener.last_byte_after + BURST - 2.2) * rate


def test_titles_change_with_the_tracks(serve, folder):
    server = start(serve, folder)
    key = "e2e_" + secrets.token_urlsafe(12)
    listener = Listener(f"{server.url}/?listener={key}", 9, Icy_MetaData="1").done()
    heard, blocks = unweave(listener.body, int(listener.headers["icy-metaint"]))
    songs = {clip.name: music_of(folder / clip.name) for clip in SONGS}
    order = tracks_in(heard, songs)
    titles = [re.match(r"StreamTitle='(.*?)';", text)[1] for _, text in blocks]
    names = [f"Song {name[0]}" for name in order]
    assert titles == names[:len(titles)]
    assert len(titles) >= len(names) - 1
    begin = 0
    for (at, _), name in zip(blocks, order):
        assert begin <= at <= begin + int(listener.headers["icy-metaint"])
        begin += len(songs[name])


def test_what_the_server_says_of_it(serve, folder):
    server = start(serve, folder)
    assert server.json("/now-playing")["track"] == ""
    assert server.station("/")["mode"] == "individual"
    assert server.station("/")["entries"] == []
    key = "e2e_" + secrets.token_urlsafe(12)
    listener = Listener(f"{server.url}/?listener={key}")
    eventually(lambda: server.station("/")["listeners"] == 1, 10, "one listener")
    eventually(lambda: server.json("/now-playing")["track"].endswith("song.mp3"), 10, "a track")
    assert server.json("/streams")["streams"][0]["listeners"] == 1
    said = server.json(f"/api/v1/listeners/{key}")
    assert said["entries"][0]["starts_at"] == said["first_sample_at"]
    assert said["entries"][0]["title"].startswith("Song ")
    assert 2_400_000 < said["entries"][0]["duration"] < 2_700_000
    eventually(lambda: len(server.json(f"/api/v1/listeners/{key}")["entries"]) >= 2, 10, "the next track")
    one, two = server.json(f"/api/v1/listeners/{key}")["entries"][:2]
    assert abs(two["starts_at"] - one["starts_at"] - one["duration"]) < 60_000, "a codec's delay at most"
    listener.stop()
    eventually(lambda: server.station("/")["listeners"] == 0, 10, "nobody")


def test_other_formats_come_encoded_and_are_kept(serve, tmp_path):
    folder = tmp_path / "lossless"
    flac = Clip("a.flac", "flac", 1, 40, seconds=6, title="Lossless")
    opus = Clip("b.opus", "opus", 2, 40, seconds=6)
    flac.put_into(folder)
    opus.put_into(folder)
    server = start(serve, folder)
    heard = audio.decode_strictly(Listener(f"{server.url}/", 12).done().body)
    for clip in (flac, opus):
        begin = audio.find_track(clip.pcm, heard)
        assert begin is not None, clip.name
        assert audio.correlation(heard[begin:begin + len(clip.pcm)], clip.pcm) > 0.95
    cache = server.log_path.parent / "state/encoded"
    kept = eventually(lambda: len(list(cache.glob("*.mp3"))) == 2 and sorted(cache.iterdir()), 10, "both kept")
    before = {path: path.stat().st_ino for path in kept}
    server.stop()

    # One is damaged, one is half there: they are made anew, and what is left over goes.
    (cache / "17-0-0-0-0.part").write_bytes(b"x")
    data = bytearray(kept[0].read_bytes())
    data[len(data) // 2:len(data) // 2 + 2000] = bytes(2000)
    kept[0].write_bytes(data)
    server = start(serve, folder)
    assert not list(cache.glob("*.part"))
    heard = audio.decode_strictly(Listener(f"{server.url}/", 12).done().body)
    assert all(audio.find_track(clip.pcm, heard) is not None for clip in (flac, opus))
    eventually(lambda: "encoded anew" in server.log(), 10, "the damage was noticed")
    assert kept[1].stat().st_ino == before[kept[1]], "the sound one was used as it is"


def test_the_cache_stays_within_its_size(serve, tmp_path):
    folder = tmp_path / "many"
    for number in range(12):
        Clip(f"{number}.flac", "flac", number % 5, 20 + number * 5, seconds=20).put_into(folder)
    server = start(serve, folder, "--cache-size", str(1 << 20), "--bitrate", "320000")
    cache = server.log_path.parent / "state/encoded"

    def size():
        return sum(path.stat().st_size for path in cache.iterdir() if path.exists())
    listeners = [Listener(f"{server.url}/") for _ in range(3)]
    largest, until = 0, time.monotonic() + 8
    while time.monotonic() < until:
        largest = max(largest, size())
        time.sleep(0.05)
    for listener in listeners:
        assert len(listener.stop().body) > 8 * 40_000
    assert 0 < largest <= 1 << 20


def test_one_station_of_several(serve, folder, tmp_path):
    Clip("x.mp3", "mp3", seconds=5).put_into(tmp_path / "b")
    server = serve("--directory-routes", f'{{"own":"{folder}","all":"{tmp_path / "b"}"}}', "--individual", "/own")
    server.wait_until_scanned()
    modes = {station["route"]: station["mode"] for station in server.stations()["stations"]}
    assert modes == {"/all": "radio", "/own": "individual"}
    songs = {clip.name: music_of(folder / clip.name) for clip in SONGS}
    assert tracks_in(Listener(f"{server.url}/own", 3).done().body, songs)
    status, headers, body = server.get("/own", method="HEAD")
    assert (status, body) == (200, b"")
    assert headers["Content-Type"] == "audio/mpeg"


def test_tracks_that_are_replaced_or_gone_do_not_end_a_listener(serve, folder):
    server = start(serve, folder)
    listener = Listener(f"{server.url}/")
    eventually(lambda: len(listener.body) > 50_000, 10, "some music")
    for clip in SONGS[:4]:
        (folder / clip.name).unlink()
    Clip("9 new.mp3", "mp3", 4, 120, seconds=2.5, title="New").put_into(folder)
    eventually(lambda: server.stations()["library"]["tracks"] == 3, 20, "the change was seen")
    seen = len(listener.body)
    eventually(lambda: len(listener.body) > seen + 4 * 60_000, 30, "it goes on")
    assert not listener.ended
    listener.stop()
    left = {clip.name: music_of(folder / clip.name) for clip in (*SONGS[4:], Clip("9 new.mp3", "mp3"))}
    tail = listener.body[-100_000:]
    assert any(music[5000:9000] in tail for music in left.values())
