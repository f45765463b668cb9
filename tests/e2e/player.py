"""A user's device at /player, by a WebSocket client that is not ours (python3-websockets)."""
import asyncio
import json

import secrets
import time

import websockets

from people import jwt
from patience import PATIENCE

KEY = secrets.token_hex(32)
USERS = ("anna", "boris")
T0 = "2022-05-09T09:09:12+0000"


def at(seconds):
    """A time of the document's day, so many seconds after T0."""
    total = 9 * 3600 + 9 * 60 + 12 + seconds
    return f"2022-05-09T{total // 3600:02}:{total // 60 % 60:02}:{total % 60:02}+0000"


def new_track(track_id, time=T0, **more):
    return {"type_push_state": "new_track", "track_id": track_id, **more, "time_state_update": time}


def message(kind, time, **more):
    return {"type_push_state": kind, **more, "time_state_update": time}


def with_users(start, folder, *arguments, **options):
    """A server that takes the tokens in its `token`, one for each of USERS."""
    folder.mkdir(exist_ok=True)
    (folder.parent / "key").write_text(KEY, encoding="ascii")
    server = start(folder, "--jwt-key", folder.parent / "key", *arguments, **options)
    server.token = {user: jwt({"sub": user, "exp": int(time.time()) + 3600}, KEY.encode()) for user in USERS}
    return server


class Device:
    """async with Device(server, token) as device: connected. `trusted`: an ssl context, for wss://."""

    def __init__(self, server, token, path="/player", trusted=None, **headers):
        self.url = f"{'wss' if trusted else 'ws'}://127.0.0.1:{server.port}{path}"
        self.trusted = trusted
        self.headers = {"Authorization": f"Bearer {token}", **headers}
        self.heard = []  # texts, once listen() runs
        self.listener = None

    async def connect(self):
        self.socket = await websockets.connect(self.url, extra_headers=self.headers, max_size=1 << 20, ssl=self.trusted,
                                               open_timeout=10 * PATIENCE, close_timeout=2)
        return self

    async def __aenter__(self):
        return await self.connect()

    async def __aexit__(self, *_):
        await self.close()

    async def close(self):
        if self.listener:
            self.listener.cancel()
        await self.socket.close()

    def vanish(self):
        """Without goodbye."""
        self.socket.transport.abort()

    async def send(self, what):
        text = what if isinstance(what, (str, bytes)) else json.dumps(what)
        await self.socket.send(text)
        return text

    async def text(self):
        return await asyncio.wait_for(self.socket.recv(), 10 * PATIENCE)

    async def json(self):
        return json.loads(await self.text())

    async def state(self):
        """What a device is told first."""
        state = await self.json()
        assert state["type_push_state"] in ("new_track", "no_track_state"), state
        return state

    async def hears_nothing(self):
        """The server's answer to a question is the next that comes."""
        await self.send({"type_push_state": "time", "t": 7})
        reply = await self.json()
        assert reply["type_push_state"] == "time" and reply["t"] == 7, reply

    def listen(self):
        """From now on everything goes to `heard`."""
        async def run():
            try:
                async for text in self.socket:
                    self.heard.append(text)
            except websockets.ConnectionClosed:
                pass
        self.listener = asyncio.get_running_loop().create_task(run())

    async def heard_so_many(self, count):
        for _ in range(int(2000 * PATIENCE)):
            if len(self.heard) >= count:
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"heard {len(self.heard)} of {count}: {self.heard[-3:]}")


class Forwards:
    """Two devices of one user, so that one knows when what the other sent is done."""

    @staticmethod
    async def settled(sender, witness, what):
        text = await sender.send(what)
        assert await witness.text() == text
