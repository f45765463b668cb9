"""/cues: the earlier sound-walk app; and the conductor's terminals and OSC, which it hears."""
import asyncio
import json
import os
import pty
import re
import select
import signal
import socket
import statistics
import struct
import subprocess
import time
import urllib.request

import pytest

from clips import Clip
from patience import PATIENCE, eventually
from people import add_user, ask, make_token
from server import BINARY, RUN, environment, run
from walk_app import App, SlowNetwork

SHEET = """title = "Park"
[[cue]]
name = "bridge"
a = 2.5
b = 20
[[cue]]
name = "end"
a = 20
b = 25
"""


@pytest.fixture
def walk_folder(tmp_path):
    folder = tmp_path / "walk"
    Clip("forest.wav", "wav", 1, 30, seconds=30).put_into(folder)
    (folder / "walk.toml").write_text(SHEET, encoding="utf-8")
    return folder


def is_ready(port):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/walk", timeout=10 * PATIENCE) as answer:
        assets = json.load(answer)["assets"]
    return assets and all(asset["ready"] for asset in assets)


class Walk:
    def __init__(self, server, home):
        self.server, self.port = server, server.port
        add_user(home, "carla", "conductor")
        self.token = make_token(home, "carla")
        eventually(lambda: is_ready(self.port), 20, "the asset")

    def post(self, verb, **body):
        status, _, answer = ask(self.server, f"/api/v1/walk/{verb}", "POST", body, Authorization=f"Bearer {self.token}")
        assert status == 200, (status, answer)

    async def order(self, verb, **body):
        await asyncio.get_running_loop().run_in_executor(None, lambda: self.post(verb, **body))

    def log(self):
        _, _, body = ask(self.server, "/api/v1/walk/log", Authorization=f"Bearer {self.token}")
        return [event["text"] for event in json.loads(body)["events"]]

    def printed(self, pattern):
        return re.search(pattern, self.server.out_path.read_text(encoding="utf-8"))[1]


@pytest.fixture
def walk(serve, tmp_path, walk_folder):
    """walk(*arguments): a server with a walk and a conductor."""
    return lambda *arguments: Walk(serve("--walk", walk_folder, *arguments), tmp_path / "server")


def test_an_app_is_ready_with_the_one_file_that_it_knows(walk, walk_folder):
    Clip("sea.wav", "wav", 2, 30, seconds=5).put_into(walk_folder)
    walk = walk()

    def board():
        _, _, body = ask(walk.server, "/api/v1/walk/participants", Authorization=f"Bearer {walk.token}")
        return {tuple(row["assets"]): row["ready"] for row in json.loads(body)["rows"]}

    async def scenario():
        async with App(walk.port, downloaded=False), App(walk.port, "/cues?asset=sea", downloaded=True):
            await asyncio.get_running_loop().run_in_executor(
                None, eventually, lambda: board() == {("forest",): False, ("sea",): True}, 10, "one of two is ready")
    asyncio.run(scenario())


@pytest.mark.smoke
def test_apps_near_and_far_play_as_one(walk):
    """By their own arithmetic: wait so long after it has come, then play. The original left these two 130 ms apart."""
    walk = walk()

    async def scenario():
        async with SlowNetwork(walk.port, 0.02) as near, SlowNetwork(walk.port, 0.15) as far:
            async with App(near.port) as one, App(far.port) as other, App(walk.port, answers=False) as silent:
                await asyncio.gather(one.pinged(), other.pinged())
                await asyncio.sleep(0.4)  # the pong is on its way
                apart = []
                for number in range(1, 4):
                    await walk.order("cue", a=number, b=number + 1.125, lead_ms=600)
                    first, second = await asyncio.gather(one.cue(number), other.cue(number))
                    assert (first.start, first.end) == (second.start, second.end) == (number, number + 1.125)
                    apart.append(first.begins - second.begins)
                    await asyncio.sleep(max(0.0, second.begins - time.monotonic()) + 0.05)
                assert abs(statistics.median(apart)) < 0.05, apart
                # As phones of the page are told: in the server's time.
                asked = time.monotonic()
                state = await asyncio.get_running_loop().run_in_executor(None, walk.server.json, "/api/v1/walk")
                since = (state["server_time"] - state["live"]["now"]["start"]) / 1e6
                assert asked - 0.03 < first.begins + since < time.monotonic() + 0.03
                await walk.order("message", text='Turn "left"')
                await asyncio.gather(*(app.until(lambda a=app: a.messages, "the message") for app in (one, other, silent)))
                assert one.messages == ['Turn "left"']
                assert '{"ping": "ping"}' == one.texts[0]
                assert len(silent.cues) == 3, "who never answers is told too"
    asyncio.run(scenario())
    log = "\n".join(walk.log())
    assert re.search(r"A new client \d connected, waiting for client \d to finish downloading the audio file", log), log
    latencies = [float(t) for t in re.findall(r"Received pong \{'pong': 'pong'\} Latency ([\d.]+)", log)]
    assert len(latencies) == 2 and 0.04 <= min(latencies) < 0.3 <= max(latencies), log
    assert "Received ack {'ack': 'Received timestamp', 'audioDownloaded': True} Latency 0." in log


@pytest.mark.smoke
def test_who_comes_late_enters_in_the_middle(walk):
    """Any path of the alias's port, as the app knows none; what is no JSON ends nothing."""
    walk = walk("--alias", "0=/cues")
    port = int(walk.printed(r"port +(\d+) is /cues"))

    async def scenario():
        async with App(port, path="/any/thing") as early:
            await early.pinged()
            await early.socket.send("this is no JSON {")
            await early.socket.send(b"\x00\xff")
            await walk.order("cue", name="bridge", lead_ms=400)
            first = await early.cue(1)
            assert (first.start, first.end) == (2.5, 20.0)
            await asyncio.sleep(max(0.0, first.begins - time.monotonic()) + 0.2)
            async with SlowNetwork(port, 0.05) as network, App(network.port, path="/") as late:
                second = await late.cue(1)
                assert second.start > 2.5 and second.end == 20.0
                assert 0 <= second.offset < 0.3
                assert abs(second.zero - first.zero) < 0.03, (first.__dict__, second.__dict__)
                await walk.order("stop")
                stopped = await late.cue(2)
                assert 0 < stopped.end - stopped.start < 0.002, "the app knows no other way to be silent"
                late.reader.cancel()  # vanished: it reads no more
                await walk.order("cue", a=1, b=2, lead_ms=400)
                assert (await early.cue(3)).start == 1.0
                await early.socket.send(json.dumps({"downloadAck": "Download complete"}))
                await early.socket.send(json.dumps({"ack": "Received timestamp"}))
    asyncio.run(scenario())
    eventually(lambda: any("finished downloading the audio file" in text for text in walk.log()), 10)


def osc(address, *arguments):
    def text(value):
        data = value.encode() + b"\0"
        return data + b"\0" * (-len(data) % 4)
    tags = "".join("s" if isinstance(a, str) else "f" for a in arguments)
    values = b"".join(text(a) if isinstance(a, str) else struct.pack(">f", a) for a in arguments)
    return text(address) + text("," + tags) + values


@pytest.mark.smoke
def test_show_control_conducts_by_osc(walk):
    walk = walk("--osc", "0")
    host, port = walk.printed(r"osc +UDP (\S+)").split(":")
    assert host == "127.0.0.1", "nobody else's, unless it is asked for"

    async def scenario():
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            async with App(walk.port) as app:
                await app.pinged()
                for packet in (b"", b"/tutti", osc("/tutti/nothing"), osc("/tutti/cue", "nowhere"), os.urandom(100)):
                    sender.sendto(packet, (host, int(port)))
                sender.sendto(osc("/tutti/message", "Go"), (host, int(port)))
                sender.sendto(osc("/tutti/cue", "forest", 1.5, 4.25), (host, int(port)))
                cue = await app.cue(1)
                assert (cue.start, cue.end) == (1.5, 4.25)
                assert app.messages == ["Go"]
    asyncio.run(scenario())
    assert "there is no OSC address /tutti/nothing" in walk.server.log()


def test_without_a_walk_there_is_nothing_to_conduct(tmp_path):
    for option in (["--console"], ["--osc", "9000"]):
        done = run("serve", tmp_path, "--state-dir", tmp_path / "state", *option)
        assert (done.returncode, done.stderr.count(b"\n")) == (2, 1) and b"--walk" in done.stderr
    done = run("conduct", "http://[x")
    assert (done.returncode, done.stderr.count(b"\n")) == (2, 1)
    done = run("conduct", "ws://127.0.0.1:1", env={"TUTTI_TOKEN": "x"})
    assert (done.returncode, done.stderr.count(b"\n")) == (1, 1) and b"127.0.0.1:1" in done.stderr


class Terminal:
    """A program in a terminal of its own: what it shows, and keys for it."""

    def __init__(self, *command):
        self.shown = ""
        process, self.fd = pty.fork()
        if process == 0:
            os.execvpe(command[0], [str(part) for part in command], environment(TERM="xterm", LANG="C.UTF-8"))
        self.pid = process

    def read(self, seconds=0.0):
        while select.select([self.fd], [], [], seconds)[0]:
            try:
                self.shown += os.read(self.fd, 65536).decode("utf-8", "replace")
            except OSError:
                return
            seconds = 0.0

    def until(self, pattern, seconds=20):
        """Waits until it is shown; forgets it and what was before."""
        deadline = time.monotonic() + seconds * PATIENCE
        while not (found := re.search(pattern, self.shown)):
            self.read(0.1)
            assert time.monotonic() < deadline, f"not shown: {pattern}\n{self.shown}"
        self.shown = self.shown[found.end():]
        return found

    async def sees(self, pattern):
        """until(), while apps go on answering."""
        return await asyncio.get_running_loop().run_in_executor(None, self.until, pattern)

    def press(self, text):
        os.write(self.fd, text.encode())

    def wait(self):
        """Its exit code."""
        deadline = time.monotonic() + 10 * PATIENCE
        while time.monotonic() < deadline:
            self.read(0.1)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.05)  # the terminal may be closed already
        os.kill(self.pid, signal.SIGKILL)
        raise AssertionError(f"still running:\n{self.shown}")


def conduct_at(terminal, port):
    """What both terminals are good for."""
    async def scenario():
        terminal.press("12,11\r")
        await terminal.sees("nothing was sent: a part ends after it begins")
        terminal.press("whe")
        async with App(port) as app:
            await terminal.sees(r"A new client \d connected, waiting")
            await terminal.sees("> whe")  # below it, the line as it was
            terminal.press("\x7fo\r")
            # What is known elsewhere of who is there is told twice a second.
            while (await terminal.sees(r"(\d) connected, 0 ready"))[1] != "1":
                terminal.press("who\r")
            terminal.press("bri\t\r")
            await terminal.sees("Parsed cue=bridge")
            assert (await app.cue(1)).start == 2.5
            await terminal.sees(r"Received ack .* Latency 0\.")
            await asyncio.sleep(max(0.0, app.cues[0].begins - time.monotonic()))
            terminal.press('"Über die Brücke"\r')
            await terminal.sees("Sending server message: Über die Brücke")
            await app.until(lambda: app.messages == ["Über die Brücke"], "the message")
            terminal.press("\x1b[A\x1b[A\r")  # the line before: bridge
            await terminal.sees("Parsed cue=bridge")
            assert (await app.cue(2)).start == 2.5
    asyncio.run(scenario())
    terminal.until(r"Client \d disconnected")


@pytest.mark.smoke
def test_the_conductor_in_the_servers_own_terminal(tmp_path, walk_folder):
    terminal = Terminal(*RUN, BINARY, "serve", "--host", "127.0.0.1", "--port", "0", "--state-dir", tmp_path / "state",
                        "--walk", walk_folder, "--console")
    port = int(terminal.until(r"Listening on http://127.0.0.1:(\d+)/")[1])
    terminal.until("The conductor's line")
    terminal.until("> ")
    eventually(lambda: is_ready(port), 20, "the asset")
    conduct_at(terminal, port)
    terminal.press("\x03")
    assert terminal.wait() == 0, terminal.shown


@pytest.mark.smoke
def test_the_conductor_at_another_terminal(walk):
    walk = walk()
    conduct = [*RUN, BINARY, "conduct", f"ws://127.0.0.1:{walk.port}"]
    terminal = Terminal(*conduct, "--token", walk.token)
    terminal.until("Conducting Park")
    terminal.until("> ")
    conduct_at(terminal, walk.port)
    terminal.press("\x04")
    assert terminal.wait() == 0, terminal.shown


@pytest.mark.smoke
def test_a_script_conducts(walk):
    walk = walk()
    url = f"ws://127.0.0.1:{walk.port}"

    def conduct(lines, token):
        done = subprocess.run([*RUN, str(BINARY), "conduct", url], input=lines.encode(), capture_output=True, check=False,
                              env=environment(TUTTI_TOKEN=token), timeout=20 * PATIENCE)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    code, said, errors = conduct('"one"\n"two"\nend', walk.token)
    assert (code, errors) == (0, ""), said
    assert "Parsed cue=end" in said
    state = walk.server.json("/api/v1/walk")
    assert [message["text"] for message in state["messages"]] == ["one", "two"]
    assert (state["live"]["next"] or state["live"]["now"])["name"] == "end"
    code, said, _ = conduct('"three"\n1.2345,2\n', walk.token)
    assert code == 1 and "more than 3 decimals" in said
    code, _, errors = conduct("stop\n", "tutti_nobody")
    assert code == 1 and errors.count("\n") == 1 and "401" in errors
    assert "three" in walk.log()[-1]
