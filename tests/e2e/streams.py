"""Servers of audio over WebSocket as they were published (seeds/001, seeds/002), for trying our client on: spoken by a
library that we did not write."""
import asyncio
import json
import struct
import threading

import websockets


def pcm_header(rate=44100, channels=2, width=2, chunk_frames=8192, **more):
    return json.dumps({"type": "audio_header", "rate": rate, "channels": channels, "sample_width": width,
                       "chunk_frames": chunk_frames} | more)


class StreamServer:
    """Runs `conversation(number of the connection, socket)` for each client, on a port of its own, until close()."""

    def __init__(self, conversation, **options):
        self.conversation = conversation
        self.options = options
        self.connections = 0
        self.paths = []
        self.headers = []
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(10)

    def url(self, path="/pcm"):
        return f"{'wss' if 'ssl' in self.options else 'ws'}://127.0.0.1:{self.port}{path}"

    def _run(self):
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self):
        self._stop = asyncio.Event()
        async with websockets.serve(self._handle, "127.0.0.1", 0, **self.options) as server:
            self.port = server.sockets[0].getsockname()[1]
            self._ready.set()
            await self._stop.wait()

    async def _handle(self, socket):
        self.connections += 1
        self.paths.append(socket.path)
        self.headers.append(socket.request_headers)
        try:
            await self.conversation(self.connections, socket)
        except websockets.ConnectionClosed:
            pass

    def close(self):
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)


def pcm_stream(samples, frame_bytes, header=None, chunk_frames=8192, drop=None, pause=0.0):
    """The conversation of seeds/001. `drop(connection number)`: after how many messages the line is cut, None for never.
    `pause`: seconds between messages; the newest published server made none."""
    async def converse(number, socket):
        request = await socket.recv()
        if request not in ("PLAY", b"PLAY", "Quero desafiar a gravidade!"):
            await socket.send(f"Então você disse que: {request}")
            return
        await socket.send(header or pcm_header(chunk_frames=chunk_frames))
        size = chunk_frames * frame_bytes
        left = drop(number) if drop else None
        for at in range(0, len(samples), size):
            if left is not None and at // size >= left:
                socket.transport.abort()
                return
            await socket.send(samples[at:at + size])
            await asyncio.sleep(pause)
        await socket.send(json.dumps({"type": "end"}))
        await socket.wait_closed()
    return converse


def file_stream(data, piece=1 << 20, drop=None, code=1000, reason=""):
    """The conversation of seeds/002: the file in pieces, then the close."""
    async def converse(number, socket):
        left = drop(number) if drop else None
        for index, at in enumerate(range(0, len(data), piece)):
            if left is not None and index >= left:
                socket.transport.abort()
                return
            await socket.send(data[at:at + piece])
            await asyncio.sleep(0.01)
        await socket.close(code, reason)
    return converse


def messages(*items):
    """Sends these, whatever was asked, and waits."""
    async def converse(_, socket):
        for item in items:
            await socket.send(item)
        await socket.wait_closed()
    return converse


def data_of(path):
    """The samples in a WAV file, by its own word, and its fmt chunk's first six fields."""
    wav = path.read_bytes()
    assert wav[:4] == b"RIFF" and wav[8:12] == b"WAVE"
    assert struct.unpack("<I", wav[4:8])[0] == len(wav) - 8, "the size of the whole"
    at, fmt = 12, None
    while at < len(wav):
        name, size = wav[at:at + 4], struct.unpack("<I", wav[at + 4:at + 8])[0]
        if name == b"fmt ":
            fmt = struct.unpack("<HHIIHH", wav[at + 8:at + 24])
        if name == b"data":
            return wav[at + 8:at + 8 + size], fmt
        at += 8 + size + size % 2
    raise AssertionError("no samples in it")
