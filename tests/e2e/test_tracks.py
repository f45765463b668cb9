"""GET /api/v1/library/tracks: what track ids mean."""
import json

from clips import Clip


def test_tracks_are_paged_and_found(serve, tmp_path):
    music = tmp_path / "music"
    for number in range(5):
        Clip(f"song {number}.flac", "flac", number, 30, seconds=2 + number, title=f"Песня {number}", artist="Анна").put_into(music)
    server = serve(music)
    server.wait_until_scanned()
    everything = server.json("/api/v1/library/tracks")
    assert everything["total"] == 5 and everything["next"] is None
    assert [track["file"] for track in everything["tracks"]] == [f"song {number}.flac" for number in range(5)]
    assert [track["duration"] for track in everything["tracks"]] == [(2 + number) * 1_000_000 for number in range(5)]

    page = server.json("/api/v1/library/tracks?limit=2&offset=2")
    assert page["tracks"] == everything["tracks"][2:4] and page["next"] == 4
    assert server.json("/api/v1/library/tracks?limit=2&offset=4")["next"] is None
    found = server.json("/api/v1/library/tracks?q=" + "%D0%9F%D0%95%D0%A1%D0%9D%D0%AF%203")  # "ПЕСНЯ 3"
    assert found["tracks"] == everything["tracks"][3:4] and found["total"] == 1
    assert server.json("/api/v1/library/tracks?q=nothing-like-this")["tracks"] == []
    for wrong in ("limit=501", "limit=x", "offset=-1", "q=" + "a" * 201):
        assert server.get("/api/v1/library/tracks?" + wrong)[0] == 400, wrong
    assert server.get("/api/v1/library/tracks", "POST")[0] == 405

    # An id is a file's for good.
    server.stop()
    (music / "song 0.flac").unlink()
    Clip("a new one.flac", "flac", 1, 50, seconds=2).put_into(music)
    server = serve(music)
    server.wait_until_scanned()
    ids = {track["file"]: track["track_id"] for track in server.json("/api/v1/library/tracks")["tracks"]}
    before = {track["file"]: track["track_id"] for track in everything["tracks"]}
    assert "song 0.flac" not in ids and ids.pop("a new one.flac") not in before.values()
    assert json.dumps(ids, sort_keys=True) == json.dumps({f: i for f, i in before.items() if f in ids}, sort_keys=True)
