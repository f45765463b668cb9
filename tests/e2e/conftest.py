"""What the end-to-end tests share: one radio that most of them listen to, and recordings of it that are made in the
background while other tests run."""
import dataclasses
import faulthandler
import functools
import json
import os
import pathlib
import secrets
import signal
import sys
import threading
import time
import wave

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import audio  # noqa: E402
from clips import ALL_FORMATS, Clip  # noqa: E402
from listening import Listener  # noqa: E402
from patience import PATIENCE  # noqa: E402
from server import BINARY, Server  # noqa: E402
from sync_player import Player  # noqa: E402

# No test may hang the suite.
LONGEST = 120
# Longer than the burst, so that the first listener can get all of it.
WARM_UP = 5.5


def pytest_sessionstart(session):
    if not session.config.option.collectonly and not BINARY.exists():
        pytest.exit(f"there is no server to test at {BINARY}: run script/test build, or set TUTTI_BINARY", 2)


def pytest_collection_modifyitems(items):
    """First what starts the radio and its recordings, last what needs them: the others fill the time between."""
    def turn(item):
        if "recordings" in item.fixturenames:
            return 2
        return 0 if "radio" in item.fixturenames else 1
    items.sort(key=turn)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item):
    """Ends a test that hangs; or its process, where tests do not run in the main thread (pytest -n gives no choice), to
    which alone signals come."""
    def too_long(*_):
        raise AssertionError(f"not finished after {LONGEST * PATIENCE:g} s")
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGALRM, too_long)
        signal.alarm(int(LONGEST * PATIENCE))
        yield
        signal.alarm(0)
    else:
        faulthandler.dump_traceback_later(LONGEST * PATIENCE, exit=True)
        yield
        faulthandler.cancel_dump_traceback_later()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """A failure shows what the servers said."""
    report = (yield).get_result()
    if report.failed:
        for server in Server.running:
            report.sections.append((f"log of the server at {server.url}", server.log()[-3000:]))


def pytest_sessionfinish():
    for server in list(Server.running):
        server.kill()


@pytest.fixture
def serve(tmp_path):
    """serve(folder, "--shuffle", "off"): a server for one test, stopped at its end. Called again: a restart."""
    mine = []

    def start(*arguments, name="server", **options):
        server = Server(tmp_path / name, *arguments, **options)
        mine.append(server)
        return server
    yield start
    for server in mine:
        if server in Server.running:
            server.stop()


@pytest.fixture
def play(tmp_path):
    """play(url, "null", "--volume", 60): a player for one test."""
    players = []

    def start(url, output="null", *arguments, **options):
        players.append(Player(tmp_path, url, output, *arguments, **options))
        return players[-1]
    yield start
    for player in players:
        if player.process.poll() is None:
            player.process.kill()
            player.process.wait()


@dataclasses.dataclass
class Radio:
    """A server with a folder in all formats at /, an album at /album, and quick changes at /по-русски."""
    server: Server
    folder: pathlib.Path
    album: "Album"
    key: str
    before: dict  # path: (bytes, mtime) of all its files
    recordings: dict
    programme: list  # of /, when the recordings began

    def url(self, route="/"):
        return self.server.url + route


@dataclasses.dataclass
class Album:
    """One piece of music, cut into files of odd lengths."""
    pcm: object
    parts: list  # frames of each
    folder: pathlib.Path


def make_album(folder):
    pcm = Clip("album", "wav", 3, 200, seconds=12).pcm
    parts = [100_003, 163_171, 88_200, len(pcm) - 100_003 - 163_171 - 88_200]
    folder.mkdir()
    begin = 0
    for number, frames in enumerate(parts, 1):
        with wave.open(str(folder / f"{number} part.wav"), "wb") as file:
            file.setnchannels(2)
            file.setsampwidth(2)
            file.setframerate(audio.RATE)
            file.writeframes((pcm[begin:begin + frames] * 32768).round().astype("<i2").tobytes())
        begin += frames
    return Album(pcm, parts, folder)


def snapshot(*folders):
    return {path: (path.read_bytes(), path.stat().st_mtime_ns)
            for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="session")
def radio(tmp_path_factory):
    home = tmp_path_factory.mktemp("radio")
    folder, quick = home / "музыка 🎵", home / "quick"
    for clip in ALL_FORMATS:
        clip.put_into(folder)
    for name, song in (("a.mp3", 1), ("b.mp3", 3)):
        Clip(name, "mp3", song, 100, seconds=5, title=f"Quick {name[0].upper()}").put_into(quick)
    (folder / "cover.jpg").write_bytes(b"not audio, and nothing claims so")
    album = make_album(home / "album")
    arguments = (folder, "--shuffle", "off", "--directory-routes",
                 json.dumps({"album": str(album.folder), "/по-русски": str(quick)}))
    # A station begins with the first track that the scan finds. Here all are known when it does.
    scan = Server(home, folder, album.folder, quick, "--stream-routes", "/scan")
    scan.wait_until_scanned()
    scan.stop()
    server = Server(home, *arguments)
    started = time.monotonic()
    server.wait_until_scanned()
    before = snapshot(folder, album.folder)
    time.sleep(max(0.0, started + WARM_UP - time.monotonic()))

    cycle = sum(clip.seconds for clip in ALL_FORMATS)
    longest = max(clip.seconds for clip in ALL_FORMATS)
    key = "e2e_" + secrets.token_urlsafe(12)
    recordings = {
        "plain": Listener(f"{server.url}/?listener={key}", cycle + longest + 2),
        "icy": Listener(f"{server.url}/", cycle, Icy_MetaData="1"),
        "album": Listener(f"{server.url}/album", 24),
    }
    yield Radio(server, folder, album, key, before, recordings, server.station("/")["entries"])
    server.stop()


@dataclasses.dataclass
class Recordings:
    plain: Listener  # a whole cycle of / and more
    icy: Listener
    album: Listener

    @functools.cached_property
    def pcm(self):
        return audio.decode(self.plain.body)

    @functools.cached_property
    def found(self):
        """{clip: first frame in pcm} of the clips that were heard from beginning to end."""
        found = {clip: audio.find_track(clip.pcm, self.pcm) for clip in ALL_FORMATS}
        return {clip: begin for clip, begin in sorted(found.items(), key=lambda item: item[1] or 0) if begin is not None}


@pytest.fixture(scope="session")
def recordings(radio):
    return Recordings(**{name: listener.done() for name, listener in radio.recordings.items()})


def as_nobody():
    """How to run a program that refuses to be root."""
    return ["runuser", "-u", "nobody", "--"] if os.geteuid() == 0 else []
