"""The earlier sound-walk app as its published program behaves, by a WebSocket client that knows nothing of the server;
and a network that takes its time."""
import asyncio
import json
import time

import websockets

from patience import PATIENCE

HELLO = json.dumps({"message": "Client connected"})


class SlowNetwork:
    """A relay on this machine, `delay` seconds long each way: `async with SlowNetwork(port, 0.15) as relay: relay.port`."""

    def __init__(self, port, delay):
        self.target, self.delay, self.tasks = port, delay, []

    async def __aenter__(self):
        self.server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_):
        for task in self.tasks:
            task.cancel()
        self.server.close()

    async def _accept(self, reader, writer):
        there, back = await asyncio.open_connection("127.0.0.1", self.target)
        self.tasks += [asyncio.create_task(self._carry(reader, back)), asyncio.create_task(self._carry(there, writer))]

    async def _carry(self, reader, writer):
        """What is read at t is written at t + delay, in order, however much is on its way."""
        loop = asyncio.get_running_loop()
        try:
            while data := await reader.read(65536):
                loop.call_later(self.delay, writer.write, data)
            loop.call_later(self.delay, writer.close)
        except OSError:
            writer.close()


class App:
    """`async with App(port) as app`: connected, and it answers what it must. What came is in `cues` and `messages`."""

    def __init__(self, port, path="/cues", downloaded=None, answers=True):
        self.url, self.downloaded, self.answers = f"ws://127.0.0.1:{port}{path}", downloaded, answers
        self.texts, self.cues, self.messages, self.pings = [], [], [], 0
        self.news = None

    async def __aenter__(self):
        self.news = asyncio.Condition()
        self.socket = await websockets.connect(self.url)
        hello = {"message": "Client connected"}
        if self.downloaded is not None:
            hello["audioDownloaded"] = self.downloaded
        await self.socket.send(json.dumps(hello))
        self.reader = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_):
        self.reader.cancel()
        await self.socket.close()

    async def _read(self):
        try:
            async for text in self.socket:
                await self._take(text, time.monotonic())
                async with self.news:
                    self.news.notify_all()
        except websockets.ConnectionClosed:
            pass

    async def _take(self, text, now):
        self.texts.append(text)
        said = json.loads(text)
        if "ping" in said:
            self.pings += 1
            if self.answers:
                await self.socket.send(json.dumps({"pong": "pong"}))
        elif "message" in said:
            self.messages.append(said["message"])
        else:
            assert isinstance(said["start"], float) and isinstance(said["end"], float), text
            self.cues.append(Cue(now, said["start"], said["end"], said["playbackTimeOffset"]))
            if self.answers:
                await self.socket.send(json.dumps({"ack": "Received timestamp", "audioDownloaded": True}))

    async def until(self, condition, what, seconds=10):
        async with self.news:
            try:
                await asyncio.wait_for(self.news.wait_for(condition), seconds * PATIENCE)
            except asyncio.TimeoutError:
                raise AssertionError(f"not within {seconds * PATIENCE:g} s: {what}; {self.texts}") from None

    async def cue(self, number):
        """The cue of that number, from 1."""
        await self.until(lambda: len(self.cues) >= number, f"cue {number}")
        return self.cues[number - 1]

    async def pinged(self):
        """It has been measured once."""
        await self.until(lambda: self.pings, "a ping")


class Cue:
    def __init__(self, received, start, end, offset):
        self.received, self.start, self.end, self.offset = received, start, end, offset

    @property
    def begins(self):
        """When the app plays, on this machine's clock."""
        return self.received + self.offset

    @property
    def zero(self):
        """When the beginning of the file would have been heard: the same for all who are in sync."""
        return self.begins - self.start
