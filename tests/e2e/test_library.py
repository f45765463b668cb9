"""Folders change, and hold things that nobody can play."""
import json
import os
import time

import pytest

import audio
from clips import Clip
from conftest import snapshot
from listening import Listener
from patience import eventually

TUNES = [Clip(f"tune {number}.flac", "flac", number, 50, seconds=6) for number in range(3)]


def files_on(server, route="/"):
    return {entry["file"] for entry in server.station(route)["entries"]}


def problems(server):
    return {problem["path"]: problem["reason"] for problem in server.json("/api/v1/library/problems")["problems"]}


@pytest.mark.smoke
def test_broken_files_are_listed_and_passed_over(serve, tmp_path):
    music = tmp_path / "music"
    good = TUNES[0].put_into(music)
    flac = good.read_bytes()
    mp3 = Clip("cut", "mp3", 1, 20, seconds=6).put_into(tmp_path).read_bytes()
    broken = {
        "empty.mp3": b"",
        "text.mp3": b"I am a text that calls itself music.\n" * 50,
        "cut in the head.flac": flac[:60],
        "noise.ogg": bytes(range(256)) * 64,
        "playlist.m4a": b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n",
    }
    for name, data in broken.items():
        (music / name).write_bytes(data)
    # What can still be played is played.
    (music / "cut in the middle.mp3").write_bytes(mp3[:len(mp3) // 2])
    # No audio, and nothing claims so: not worth a word.
    (music / "cover.jpg").write_bytes(b"\xff\xd8\xff\xe0 picture")
    (music / "notes.txt").write_text("hello", encoding="utf-8")
    (music / ".hidden.mp3").write_bytes(b"hidden")
    before = snapshot(music)

    server = serve(music, "--shuffle", "off")
    server.wait_until_scanned()
    listed = problems(server)
    assert {os.path.basename(path) for path in listed} == set(broken), listed
    assert all(len(reason) > 3 for reason in listed.values()), listed
    assert server.stations()["library"]["problems"] == len(broken)
    # The first of them to be known opens the programme; the other joins behind what is committed.
    eventually(lambda: files_on(server) == {"tune 0.flac", "cut in the middle.mp3"}, 30, "both on the programme")
    heard = audio.decode_strictly(Listener(server.url + "/", 8).done().body)
    assert audio.find_track(TUNES[0].pcm[:4 * audio.RATE], heard) is not None or len(heard) > 8 * audio.RATE
    for name in broken:
        assert server.log().count(name) <= 1, f"{name} is reported once"
    assert snapshot(music) == before


def test_files_come_and_go_while_it_runs(serve, tmp_path):
    music = tmp_path / "music"
    TUNES[0].put_into(music)
    server = serve(music, "--shuffle", "off")
    server.wait_until_scanned()
    assert files_on(server) == {"tune 0.flac"}
    TUNES[1].put_into(music)
    eventually(lambda: "tune 1.flac" in files_on(server), 15, "the new file on the programme")
    assert server.stations()["library"]["tracks"] == 2
    # A folder that is new itself, with a folder in it.
    Clip("new/er/tune.ogg", "ogg", 2, 30, seconds=6).put_into(music)
    eventually(lambda: server.stations()["library"]["tracks"] == 3, 15, "the file in a new folder")
    (music / "tune 1.flac").unlink()

    def gone():
        state = server.stations()
        now = state["server_time"]
        coming = {e["file"] for e in server.station("/")["entries"] if e["starts_at"] > now}
        return state["library"]["tracks"] == 2 and "tune 1.flac" not in coming
    eventually(gone, 15, "the removed file off the programme")
    # Broken, and then repaired by the copy's second half.
    broken = music / "tune 2.flac"
    broken.write_bytes(b"")
    eventually(lambda: problems(server), 15, "the empty file among the problems")
    broken.write_bytes(TUNES[2]._encoded().read_bytes())
    eventually(lambda: not problems(server) and server.stations()["library"]["tracks"] == 3, 15, "the repaired file")


def test_a_removed_file_plays_to_its_end(serve, tmp_path):
    music = tmp_path / "music"
    long_one = Clip("long.flac", "flac", 0, 100, seconds=14)
    long_one.put_into(music)
    server = serve(music, "--shuffle", "off")
    server.wait_until_scanned()

    def early():
        entry, into = server.on_air()
        return into < 3
    eventually(early, 20, "the track near its beginning")
    _, into = server.on_air()
    stream = Listener(server.url + "/", 14 - into + 2)
    time.sleep(1)
    TUNES[1].put_into(music)
    (music / "long.flac").unlink()
    heard = audio.decode_strictly(stream.done().body)
    last = long_one.pcm[9 * audio.RATE:]
    begin = audio.find_track(last, heard)
    assert begin is not None, "the removed track was cut"
    assert audio.correlation(heard[begin:begin + len(last)], last) > 0.98


@pytest.mark.smoke
def test_an_empty_folder_says_so_and_comes_alive(serve, tmp_path):
    music, empty = tmp_path / "music", tmp_path / "empty"
    TUNES[0].put_into(music)
    empty.mkdir()
    server = serve(music, "--directory-routes", json.dumps({"empty": str(empty)}))
    eventually(lambda: not server.stations()["library"]["scanning"], 20)
    assert server.station("/empty")["status"] == "empty"
    status, headers, body = server.get("/empty")
    assert status == 503 and int(headers["Retry-After"]) > 0
    assert headers["Content-Type"].startswith("text/plain") and body
    assert server.get("/empty", Accept="text/html")[0] == 200, "the page explains it"
    assert [stream["route"] for stream in server.json("/streams")["streams"]] == ["/", "/empty"]
    TUNES[1].put_into(empty)
    eventually(lambda: server.station("/empty")["status"] == "on_air", 15, "the station on the air")
    # It began just now: what lies before its beginning may be silence.
    heard = audio.decode(Listener(server.url + "/empty", 8).done().body)
    assert audio.find_track(TUNES[1].pcm[:4 * audio.RATE], heard) is not None


def test_links_that_leave_the_folder_are_not_followed(serve, tmp_path):
    music, outside = tmp_path / "music", tmp_path / "outside"
    inside = TUNES[0].put_into(music / "sub")
    secret = TUNES[1].put_into(outside)
    (music / "file link.flac").symlink_to(secret)
    (music / "folder link").symlink_to(outside)
    (music / "up").symlink_to("..")
    (music / "round").symlink_to(".")
    (music / "dangling.mp3").symlink_to("nowhere.mp3")
    (music / "inner link.flac").symlink_to(inside)
    server = serve(music, "--shuffle", "off")
    server.wait_until_scanned()
    assert server.stations()["library"]["tracks"] == 1, files_on(server)
    assert "tune 1.flac" not in files_on(server) and "file link.flac" not in files_on(server)


def test_reload_reaches_the_radio(serve, tmp_path):
    music = tmp_path / "music"
    TUNES[0].put_into(music)
    server = serve(music, "--shuffle", "off")
    server.wait_until_scanned()
    TUNES[1].put_into(music)
    assert server.json("/reload-playlist")["status"] == "success"
    eventually(lambda: "tune 1.flac" in files_on(server), 10, "the new file on the programme")
