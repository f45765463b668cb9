"""The answers that are JSON or text: the API, and what clients of the earlier radio servers ask for."""
import json
import re

import pytest

from clips import ALL_FORMATS, cover
from patience import eventually

pytestmark = pytest.mark.smoke
ROUTES = ["/", "/album", "/по-русски"]
ENCODED = "/%D0%BF%D0%BE-%D1%80%D1%83%D1%81%D1%81%D0%BA%D0%B8"
PAGE = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
READ_ONLY = ("/streams", "/now-playing", "/playback-time", "/api/v1/stations", "/api/v1/library/problems")


def test_stations_are_told_with_their_programme(radio):
    state = radio.server.stations()
    assert [station["route"] for station in state["stations"]] == ROUTES
    assert state["library"]["tracks"] == len(ALL_FORMATS) + 4 + 2
    assert state["library"]["problems"] == 0
    main, _, quick = state["stations"]
    assert main["name"] == "main" and main["bitrate"] == 128000 and main["status"] == "on_air"
    assert quick["url"] == ENCODED
    # The recordings are listening.
    eventually(lambda: radio.server.station("/")["listeners"] >= 1, 5, "the listeners counted")
    for station in state["stations"]:
        entries = station["entries"]
        for one, next_one in zip(entries, entries[1:]):
            assert abs(one["starts_at"] + one["duration"] - next_one["starts_at"]) <= 1, "consecutive, to the microsecond"
        now = state["server_time"]
        assert sum(e["starts_at"] <= now < e["starts_at"] + e["duration"] for e in entries) == 1
        assert sum(e["starts_at"] > now for e in entries) == 3
    assert {e["duration"] for e in quick["entries"]} == {5_000_000}


def test_entries_carry_the_tags(radio):
    def seen():
        return {entry["file"]: entry for entry in radio.server.station("/")["entries"]}
    clips = {str(clip.name).rsplit("/", 1)[-1]: clip for clip in ALL_FORMATS if isinstance(clip.name, str)}
    entries = seen()
    assert len(entries) >= 4
    for file, entry in entries.items():
        clip = clips.get(file)
        if clip is None:  # the name that is no text is shown with replacements
            assert "not utf-8" in file or "newline" in file
            continue
        assert entry["title"] == (clip.title or file.rsplit(".", 1)[0])
        assert entry["artist"] == clip.artist
        assert (entry["cover"] is not None) == clip.cover


def test_covers(radio):
    def with_cover():
        return next((e["cover"] for e in radio.server.station("/")["entries"] if e["cover"]), None)
    url = eventually(with_cover, 40, "an entry with a cover")
    status, headers, body = radio.server.get(url)
    assert status == 200 and headers["Content-Type"] == "image/jpeg"
    assert body == cover().read_bytes()
    status, _, body = radio.server.get(url, If_None_Match=headers["ETag"])
    assert status == 304 and not body
    assert radio.server.get("/api/v1/library/tracks/999999/cover")[0] == 404
    assert radio.server.get("/api/v1/library/tracks/x/cover")[0] == 404


def test_an_unknown_listener_is_not_found(radio):
    assert radio.server.get("/api/v1/listeners/" + "x" * 22)[0] == 404


def test_streams(radio):
    answer = radio.server.json("/streams")
    assert answer["status"] == "success" and "message" in answer
    assert [stream["route"] for stream in answer["streams"]] == ROUTES
    for stream in answer["streams"]:
        assert {"url", "current_track", "listeners", "history_html"} <= stream.keys()
        assert stream["current_track"]
        assert isinstance(stream["listeners"], int)
        assert "<b>more" not in stream["history_html"], "names are escaped"


def test_now_playing(radio):
    entry, into = radio.server.on_air("/по-русски")
    answer = radio.server.json("/now-playing?route=" + ENCODED)
    assert answer["status"] == "success" and answer["route"] == "/по-русски"
    if 0.5 < into < 4.5:
        assert answer["track"] == entry["file"]
    assert answer["path"].endswith(answer["track"])
    everything = radio.server.json("/now-playing")
    assert sorted(everything["tracks"]) == ROUTES
    assert everything["tracks"]["/album"].endswith("part.wav")


def test_now_playing_of_an_unknown_route(radio):
    status, _, body = radio.server.get("/now-playing?route=/nowhere")
    assert status == 404
    assert json.loads(body)["status"] != "success"


def test_playback_time(radio):
    entry, into = radio.server.on_air("/album")
    times = radio.server.json("/playback-time")["playback_times"]
    assert sorted(times) == ROUTES
    one = radio.server.json("/playback-time?route=album")
    for answer in (times["/album"], one):
        assert answer["route"] == "/album" and answer["is_playing"] is True
        assert answer["track_name"] and answer["track_path"] and answer["start_time"]
        assert answer["elapsed_ms"] + answer["remaining_ms"] == pytest.approx(answer["total_ms"], abs=2)
        assert answer["progress_percent"] == pytest.approx(100 * answer["elapsed_ms"] / answer["total_ms"], abs=1.5)
        for name in ("elapsed_text", "total_text", "remaining_text"):
            assert re.fullmatch(r"\d\d:\d\d", answer[name]), answer[name]
    if 0.3 < into < entry["duration"] / 1e6 - 0.7:
        assert one["elapsed_ms"] == pytest.approx(into * 1000, abs=700)
        assert one["total_ms"] == pytest.approx(entry["duration"] / 1000, abs=2)
    assert radio.server.get("/playback-time?route=/nowhere")[0] == 404


def test_reload_playlist(radio):
    answer = radio.server.json("/reload-playlist")
    assert answer["status"] == "success" and answer["message"]
    assert radio.server.json("/reload-playlist?route=/album")["status"] == "success"
    status, _, body = radio.server.get("/reload-playlist", "POST")
    assert (status, body.decode().strip()) == (200, "All playlists reloaded")
    status, _, body = radio.server.get("/reload-playlist?route=/album", "POST")
    assert (status, body.decode().strip()) == (200, "Playlist for stream /album reloaded")
    assert radio.server.get("/reload-playlist?route=/nowhere")[0] == 404


def test_health(radio):
    assert radio.server.get("/healthz")[0::2] == (200, b"OK")
    assert radio.server.get("/readyz")[0::2] == (200, b"Ready - 3 streams registered")
    for path in ("/healthz", "/readyz"):
        status, headers, body = radio.server.get(path, "HEAD")
        assert status == 200 and body == b""
        assert int(headers["Content-Length"]) > 0


def test_playlist_files(radio):
    status, headers, body = radio.server.get("/album.m3u", Host="radio.example:8000")
    assert status == 200 and "mpegurl" in headers["Content-Type"]
    assert body.startswith(b"#EXTM3U") and b"\nhttp://radio.example:8000/album" in body
    status, headers, body = radio.server.get("/album.pls")
    assert status == 200 and headers["Content-Type"].startswith("audio/x-scpls")
    assert body.startswith(b"[playlist]") and f"File1={radio.server.url}/album".encode() in body
    assert f"{radio.server.url}{ENCODED}".encode() in radio.server.get(ENCODED + ".m3u")[2]
    assert radio.server.get("/nowhere.m3u")[0] == 404


@pytest.mark.parametrize("path", READ_ONLY)
def test_other_sites_may_read(radio, path):
    status, headers, _ = radio.server.get(path, Origin="http://elsewhere.example")
    assert status == 200 and headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Content-Type"].startswith("application/json")


@pytest.mark.parametrize("path", ["/", "/album", ENCODED, "/web", "/status"])
def test_a_browser_that_opens_an_address_gets_the_page(radio, path):
    status, headers, body = radio.server.get(path, Accept=PAGE)
    assert status == 200 and headers["Content-Type"].startswith("text/html")
    assert b"<!doctype html>" in body[:100].lower()
    for asset in re.findall(rb'(?:src|href)="(/[^"]+)"', body):
        assert radio.server.get(asset.decode())[0] == 200, asset


@pytest.mark.parametrize("accept", ["*/*", "audio/mpeg", "audio/webm,audio/ogg,audio/wav,audio/*;q=0.9,*/*;q=0.5"])
def test_a_player_that_opens_an_address_gets_the_audio(radio, accept):
    for path in ("/", "/album", "/stream", "/direct-stream"):
        status, headers, body = radio.server.get(path, "HEAD", Accept=accept)
        assert status == 200 and headers["Content-Type"] == "audio/mpeg" and body == b"", path


def test_one_track_by_its_id(radio):
    tracks = radio.server.json("/api/v1/library/tracks")["tracks"]
    for track in tracks[:3]:
        assert radio.server.json(f"/api/v1/library/tracks/{track['track_id']}") == track
    for wrong in ("999999", "x", "1x", "", "-", "1/2", "99999999999999999999"):
        assert radio.server.get(f"/api/v1/library/tracks/{wrong}")[0] == 404, wrong
    assert radio.server.get(f"/api/v1/library/tracks/{tracks[0]['track_id']}", "POST")[0] == 405
