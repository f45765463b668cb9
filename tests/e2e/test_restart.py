"""A station goes on after a restart as if it had never stopped, also when it could not say goodbye."""
import time

import pytest

import audio
from clips import Clip
from listening import Listener
from patience import eventually

CLIPS = [Clip(f"{number}.flac", "flac", number % 5, 40 + 7 * number, seconds=6) for number in range(6)]


def programme(server, route="/"):
    """[(begins, ends, file)] on this machine's clock."""
    asked = time.time()
    state = server.stations()
    offset = (asked + time.time()) / 2 - state["server_time"] / 1e6
    station = next(station for station in state["stations"] if station["route"] == route)
    return [(e["starts_at"] / 1e6 + offset, (e["starts_at"] + e["duration"]) / 1e6 + offset, e["file"]) for e in station["entries"]]


def upcoming(server):
    now = time.time()
    return [entry for entry in programme(server) if entry[1] > now]


@pytest.mark.smoke
@pytest.mark.parametrize("end", ["stop", "kill"])
def test_the_programme_goes_on(serve, tmp_path, end):
    for clip in CLIPS:
        clip.put_into(tmp_path / "music")
    server = serve(tmp_path / "music")
    server.wait_until_scanned()
    # The stored queue may be a moment behind what was just committed.
    time.sleep(1.5)
    expected = upcoming(server)
    getattr(server, end)()
    time.sleep(2)
    server = serve(tmp_path / "music")
    eventually(lambda: server.station()["status"] == "on_air", 20, "the station on the air")
    seen = programme(server)
    compared = 0
    for begins, _, file in expected:
        for seen_begins, _, seen_file in seen:
            if abs(begins - seen_begins) < 1:
                assert seen_file == file
                assert abs(seen_begins - begins) < 0.25, f"{file} moved by {seen_begins - begins:.3f} s"
                compared += 1
    assert compared >= 2, (expected, seen)

    # The answers of the earlier servers, and the audio itself, agree.
    now = time.time()
    playing = server.json("/now-playing")
    position = server.json("/playback-time?route=/")
    on_air = next(entry for entry in programme(server) if entry[0] <= now < entry[1])
    if 0.5 < now - on_air[0] < 5:
        assert playing["track"] == position["track_name"] == on_air[2]
        assert abs(position["elapsed_ms"] / 1000 - (now - on_air[0])) < 0.5
    stream = Listener(server.url + "/", 3).done()
    heard = audio.decode(stream.body)
    clips = {clip.name: clip for clip in CLIPS}
    around = [clips[file] for begins, ends, file in programme(server) if begins < time.time() and ends > now - 6]
    assert any(audio.locate(heard[5000:5000 + 2 * audio.RATE], clip.pcm).correlation > 0.9 or
               audio.locate(clip.pcm[2 * audio.RATE:3 * audio.RATE], heard).correlation > 0.9 for clip in around)


def test_the_second_start_reads_no_file_again(serve, tmp_path):
    for clip in CLIPS[:3]:
        clip.put_into(tmp_path / "music")
    server = serve(tmp_path / "music")
    tracks = {e["file"]: e["track_id"] for e in server.wait_until_scanned()["stations"][0]["entries"]}
    server.stop()
    server = serve(tmp_path / "music")
    # On the air with the first answer, under the same ids.
    assert server.station()["status"] == "on_air"
    again = {e["file"]: e["track_id"] for e in server.station()["entries"]}
    assert tracks.items() <= again.items() or again.items() <= tracks.items()
