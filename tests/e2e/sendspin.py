"""A Sendspin client that knows nothing of the server: it says what it is told to, and keeps all that arrives."""
import asyncio
import dataclasses
import json
import struct
import time

import websockets

from patience import PATIENCE
from sockets import ws

PCM = {"codec": "pcm", "sample_rate": 44100, "channels": 2, "bit_depth": 16}
FLAC = {"codec": "flac", "sample_rate": 44100, "channels": 2, "bit_depth": 16}
OPUS = {"codec": "opus", "sample_rate": 48000, "channels": 2, "bit_depth": 16}
PLAYER, ARTWORK, VISUALIZER = 4, 8, 16


@dataclasses.dataclass
class Chunk:
    kind: int
    at: int        # microseconds on the server's clock
    data: bytes
    stream: int    # how many stream/start with a player there were before it
    arrived: float


class Client:
    """`async with Client(server, formats=[PCM]) as client` has said hello and its state."""

    def __init__(self, server, path="/sendspin", client_id="kitchen", roles=("player@v1", "controller@v1", "metadata@v1"),
                 formats=(PCM,), capacity=2_000_000, volume=100, state=True, hello=None, headers=None, **support):
        self.url, self.headers = ws(server, path), headers or {}
        self.hello = {"client_id": client_id, "name": client_id.title(), "version": 1, "supported_roles": list(roles)}
        if "player@v1" in roles:
            self.hello["player@v1_support"] = {"supported_formats": list(formats), "buffer_capacity": capacity,
                                               "supported_commands": ["volume", "mute"]}
        self.hello |= {f"{role}@v1_support": value for role, value in support.items()} | (hello or {})
        self.first_state = {"state": "synchronized"}
        if "player@v1" in roles:
            self.first_state["player"] = {"volume": volume, "muted": False}
        self.says_state = state
        self.messages, self.chunks, self.streams = [], [], 0
        self.news = None
        self.group, self.metadata, self.controller = {}, {}, {}

    async def __aenter__(self):
        self.socket = await websockets.connect(self.url, max_size=None, extra_headers=self.headers)
        self.news = asyncio.Condition()
        self.reader = asyncio.create_task(self._read())
        await self.say("client/hello", self.hello)
        await self.until(lambda: self.last("server/hello"), "server/hello")
        if self.says_state:
            await self.say("client/state", self.first_state)
        return self

    async def __aexit__(self, *_):
        self.reader.cancel()
        await self.socket.close()

    async def say(self, kind, payload):
        await self.socket.send(json.dumps({"type": kind, "payload": payload}))

    async def command(self, command, **more):
        await self.say("client/command", {"controller": {"command": command, **more}})

    async def _read(self):
        try:
            async for message in self.socket:
                self._take(message)
                async with self.news:
                    self.news.notify_all()
        except websockets.ConnectionClosed:
            pass
        async with self.news:
            self.news.notify_all()

    def _take(self, message):
        if isinstance(message, bytes):
            kind, at = struct.unpack(">Bq", message[:9])
            self.chunks.append(Chunk(kind, at, message[9:], self.streams, time.monotonic()))
            return
        message = json.loads(message)
        kind, payload = message["type"], message["payload"]
        self.messages.append((kind, payload))
        if kind == "group/update":
            self.group |= payload
        elif kind == "server/state":
            self.metadata |= payload.get("metadata", {})
            self.controller |= payload.get("controller", {})
        elif kind == "stream/start":
            self.streams += "player" in payload
        elif kind == "server/command":
            answer = {name: value for name, value in payload["player"].items() if name != "command"}
            if "mute" in answer:
                answer = {"muted": answer["mute"]}
            asyncio.ensure_future(self.say("client/state", {"player": answer}))

    def last(self, kind):
        return next((payload for name, payload in reversed(self.messages) if name == kind), None)

    def count(self, kind):
        return sum(name == kind for name, _ in self.messages)

    def audio(self, stream=None):
        return [c for c in self.chunks if c.kind == PLAYER and (stream is None or c.stream == stream)]

    async def until(self, reached, what, seconds=10):
        """What `reached` returns, once that is something."""
        deadline = time.monotonic() + seconds * PATIENCE
        while not (found := reached()):
            assert not self.reader.done(), f"closed with {self.socket.close_code} {self.socket.close_reason}: waited for {what}"
            left = deadline - time.monotonic()
            assert left > 0, f"no {what} within {seconds} s; there were {[name for name, _ in self.messages]}, " \
                             f"{len(self.chunks)} chunks, group {self.group}"
            async with self.news:
                try:
                    await asyncio.wait_for(self.news.wait(), min(left, 0.2))
                except asyncio.TimeoutError:
                    pass
        return found

    async def until_audio(self, seconds, stream=None):
        """So many seconds of audio have arrived."""
        def enough():
            chunks = self.audio(stream)
            return chunks and chunks[-1].at - chunks[0].at >= seconds * 1e6 and chunks
        return await self.until(enough, f"{seconds} s of audio")

    async def closed(self, seconds=10):
        await asyncio.wait_for(asyncio.shield(self.reader), seconds * PATIENCE)
        return self.socket.close_code, self.socket.close_reason

    async def ask_time(self):
        """(server's time less ours, round trip) in microseconds, of the best of some exchanges."""
        best = None
        for _ in range(8):
            before = self.count("server/time")
            sent = time.monotonic_ns() // 1000
            await self.say("client/time", {"client_transmitted": sent})
            await self.until(lambda n=before: self.count("server/time") > n, "server/time")
            arrived = time.monotonic_ns() // 1000
            answer = self.last("server/time")
            assert answer["client_transmitted"] == sent
            assert answer["server_received"] <= answer["server_transmitted"]
            trip = arrived - sent - (answer["server_transmitted"] - answer["server_received"])
            offset = (answer["server_received"] + answer["server_transmitted"] - sent - arrived) // 2
            if best is None or trip < best[1]:
                best = offset, trip
        return best


def contiguous(chunks, rate=44100, frame_bytes=4):
    """Each chunk begins where the one before ends, to the frame."""
    first = chunks[0].at
    frames = 0
    for chunk in chunks:
        if abs((chunk.at - first) * rate / 1e6 - frames) > 0.6:
            return False
        frames += len(chunk.data) // frame_bytes
    return True
