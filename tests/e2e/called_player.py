"""A Sendspin client that waits for servers to connect to it."""
import asyncio
import time

import websockets

from patience import PATIENCE
from sendspin import Client


class CalledPlayer(Client):
    """`async with CalledPlayer() as player`: listens at player.port; called() waits for a server and introduces itself."""

    def __init__(self, path="/sendspin", port=0, **about):
        super().__init__(_Nowhere, **about)
        self.path, self.port = path, port
        self.calls = asyncio.Queue()
        self.paths = []

    async def __aenter__(self):
        self.news = asyncio.Condition()
        self.listening = await websockets.serve(self._on_call, "127.0.0.1", self.port, max_size=None, compression=None)
        self.port = self.listening.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_):
        self.listening.close()
        await self.listening.wait_closed()

    @property
    def address(self):
        return f"ws://127.0.0.1:{self.port}{self.path}"

    async def _on_call(self, socket):
        self.paths.append(socket.path)
        await self.calls.put((socket, time.monotonic()))
        await socket.wait_closed()

    async def called(self, seconds=10):
        """The server's hello, and when it called."""
        self.socket, at = await asyncio.wait_for(self.calls.get(), seconds * PATIENCE)
        self.messages.clear()
        self.reader = asyncio.create_task(self._read())
        await self.say("client/hello", self.hello)
        hello = await self.until(lambda: self.last("server/hello"), "server/hello")
        await self.say("client/state", self.first_state)
        return hello, at

    async def leave(self, reason):
        await self.say("client/goodbye", {"reason": reason})
        return await self.closed()


class _Nowhere:
    url = "http://"
