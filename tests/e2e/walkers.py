"""Phones of a sound walk, and who conducts it: Sendspin clients with the role _walk@v1, and the HTTP API."""
import json

import websockets

import people
from patience import eventually
from sendspin import Client
from sockets import ws


class Phone(Client):
    """`async with Phone(server, "pixel") as phone` takes part; `phone.walk` is the state as it was told."""

    def __init__(self, server, client_id="pixel", **options):
        self.walk = {}
        super().__init__(server, client_id=client_id, roles=("_walk@v1",), **options)

    def _take(self, message):
        super()._take(message)
        kind, payload = self.messages[-1]
        if kind == "server/state":
            self.walk |= payload.get("_walk", {})

    async def tell(self, **state):
        await self.say("client/state", {"_walk": state})

    async def ack(self, cue, start_error_us=None, late_us=0):
        await self.say("client/command",
                       {"_walk": {"command": "ack", "cue": cue, "start_error_us": start_error_us, "late_us": late_us}})

    async def until_walk(self, reached, what):
        return await self.until(lambda: self.walk and reached(self.walk), what)


class Conductor:
    """What somebody with the role conductor asks for over HTTP."""

    def __init__(self, server, home, name="anna"):
        self.server = server
        people.add_user(home, name, role="conductor")
        self.bearer = "Bearer " + people.make_token(home, name)

    def ask(self, path, method="GET", body=None):
        """(status, what was answered)"""
        status, _, answer = people.ask(self.server, "/api/v1/walk" + path, method, body, Authorization=self.bearer)
        return status, json.loads(answer)

    def do(self, verb, **body):
        status, answer = self.ask("/" + verb, "PUT" if verb == "sheet" else "POST", body)
        assert status == 200, answer
        return answer

    def line(self):
        """The conductor's line, /walk/conduct."""
        return websockets.connect(ws(self.server, "/walk/conduct"), max_size=None,
                                  extra_headers={"Authorization": self.bearer})


def until_ready(server):
    """The state of the walk, once all of its assets can be downloaded."""
    def ready():
        state = server.json("/api/v1/walk")
        return state["assets"] and all(asset["ready"] for asset in state["assets"]) and state
    return eventually(ready, 60, "all assets of the walk are ready")
