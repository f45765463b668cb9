"""WebSocket clients of the files: Debian's websockets, which knows nothing of the server."""
import asyncio
import json
import time

import websockets

from patience import PATIENCE


def ws(server, path):
    return server.url.replace("http://", "ws://") + path


class Pcm:
    """One connection to /pcm. Everything that arrived is in `messages`, with the seconds since the last request."""

    def __init__(self, url, **options):
        self.url, self.options, self.socket, self.asked_at = url, {"max_size": None} | options, None, 0.0

    async def __aenter__(self):
        self.socket = await websockets.connect(self.url, **self.options)
        return self

    async def __aexit__(self, *_):
        await self.socket.close()

    async def ask(self, request="PLAY"):
        self.asked_at = time.monotonic()
        await self.socket.send(request)

    async def next(self, seconds=10):
        message = await asyncio.wait_for(self.socket.recv(), seconds * PATIENCE)
        return message

    async def stream(self, request="PLAY", seconds=60):
        """(header, [(seconds since the request, bytes)], what ended it)"""
        await self.ask(request)
        header = await self.next()
        assert isinstance(header, str), "the header comes first"
        if json.loads(header)["type"] != "audio_header":
            return header, [], None
        chunks = []
        while True:
            message = await self.next(seconds)
            if isinstance(message, str):
                return header, chunks, message
            chunks.append((time.monotonic() - self.asked_at, message))


async def receive_file(url, **options):
    """([messages], close code, reason) of /audio."""
    messages = []
    async with websockets.connect(url, **options) as socket:
        try:
            while True:
                messages.append(await asyncio.wait_for(socket.recv(), 20 * PATIENCE))
        except websockets.ConnectionClosed:
            return messages, socket.close_code, socket.close_reason


def joined(chunks):
    return b"".join(data for _, data in chunks)
