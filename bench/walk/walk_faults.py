"""What goes wrong on a walk, each done to a crowd in the middle of a cue, with what came of it.

The phones are those of `precision`, with networks that delay and queue. The full disk of a browser is in `players`.
"""
import asyncio
import signal
import time

import numpy
import websockets

import harness
from phones import Phones
from walk_precision import NETWORK, errors
from walk_server import WalkServer

FEW = 20  # phones that a fault hits
EXACT = 10  # ms: what the start of 99 of 100 phones may be off
NOTICED = 60  # seconds until a conductor sees that a phone is silent


def most(errors):
    """What 99 of 100 keep."""
    return float(numpy.percentile(errors, 99))


class Walk:
    """A server, its phones, and a cue that all of them play."""

    def __init__(self, server, phones):
        self.server, self.phones = server, phones
        self.rows = []

    def cue(self):
        """Seconds from GO until the begin; (the cue's id, the errors of all that have heard of it)."""
        self.phones.heard()
        cue = self.server.cue(5, 55)
        time.sleep(self.server.lead()["chosen_ms"] / 1000 + 1)
        heard = [h for h in self.phones.heard() if h.cue == cue["id"]]
        return cue["id"], errors(heard)[0]

    def offs(self, whom=None):
        """How far the cue that is heard is from where it should be, ms, of each phone that plays what the reference does;
        and how many do not."""
        states = self.phones.state()
        truth = states[0]
        others = [s for s in states[1:] if whom is None or s.phone in whom]
        same = [abs(s.began - truth.began) / 1000 for s in others if s.cue == truth.cue]
        return same, len(others) - len(same)

    def outcome(self, fault, what, value, target, unit):
        self.rows.append([fault, what, f"{value:.1f} {unit}", harness.verdict(round(value, 1), target)])

    def note(self, fault, what, is_right, text=""):
        self.rows.append([fault, what, text, "ok" if is_right else "MISSED"])


def phone_killed(walk):
    """The kernel closes its connection; the others go on."""
    fault = "phones killed"
    walk.cue()
    killed = set(range(1, FEW + 1))
    begun = time.monotonic()
    walk.phones.say(f"kill {FEW}")
    names = {f"phone-1-{n}" for n in killed}
    while any(row["connected"] for row in walk.server.rows() if row["id"] in names) and time.monotonic() - begun < NOTICED:
        time.sleep(0.1)
    walk.outcome(fault, "the board shows that they are gone", time.monotonic() - begun, 2, "s")
    _, found = walk.cue()
    walk.outcome(fault, f"next cue: 99 of 100 of the other {len(found)}", most(found), EXACT, "ms")
    walk.note(fault, "next cue: phones that heard of it", len(found) == walk.phones.count - FEW,
              f"{len(found)} of {walk.phones.count - FEW}")


def network_gone(walk, settings):
    """Of some phones for a while; they go on by the clock they have. Meanwhile there is another cue."""
    fault = f"network gone for {settings.outage:g} s"
    whom = set(range(FEW + 1, 2 * FEW + 1))
    walk.cue()
    walk.phones.say(f"cut {2 * FEW} {settings.outage}")
    begun = time.monotonic()
    time.sleep(settings.outage - 4)
    same, others = walk.offs(whom)
    walk.outcome(fault, "their sound, by the clock they had, before the next cue", max(same), EXACT, "ms")
    walk.note(fault, "still playing", others == 0, f"{len(same)} of {FEW}")
    walk.server.cue(5, 55)
    time.sleep(max(0.0, begun + settings.outage - time.monotonic()))
    took = walk.phones.wait_until(
        lambda all_: all(s.is_in_time and s.cue == all_[0].cue for s in all_ if s.phone in whom), "all are back", 60)
    walk.outcome(fault, "from its return until all are in the cue they missed", took, 10, "s")
    same, others = walk.offs(whom)
    walk.outcome(fault, "and how far off they are there", max(same), EXACT, "ms")
    heard = [h for h in walk.phones.heard() if h.phone in whom]
    walk.note(fault, "cues told on their return: that one alone", len(heard) == FEW, f"{len(heard)} to {FEW} phones")


def server_killed(walk):
    """SIGKILL in the middle of a cue; started again, it tells the same cue by another clock."""
    fault = "server killed, started again"
    number, _ = walk.cue()
    alive = set(range(2 * FEW + 1, walk.phones.count + 1))
    before = {s.phone: s.began for s in walk.phones.state() if s.phone in alive}
    walk.server.process.send_signal(signal.SIGKILL)
    walk.server.process.wait()
    time.sleep(2)
    same, others = walk.offs(alive)
    walk.note(fault, "still playing, without it", others == 0 and max(same) <= EXACT, f"{len(same)}, worst {max(same):.1f} ms")
    begun = time.monotonic()
    walk.server.again()
    walk.outcome(fault, "the start of the server", time.monotonic() - begun, 5, "s")
    begun = time.monotonic()
    walk.phones.wait_until(lambda all_: all(s.is_in_time for s in all_ if s.phone in alive or s.phone == 0), "all are back", 60)
    walk.outcome(fault, "and until all phones are back and know its clock", time.monotonic() - begun, 20, "s")
    after = [s for s in walk.phones.state() if s.phone in alive]
    walk.note(fault, "the cue is the same", all(s.cue == number for s in after), f"cue {number}")
    walk.outcome(fault, "the largest jump of a phone's sound", max(abs(s.began - before[s.phone]) for s in after) / 1000, EXACT, "ms")
    same, _ = walk.offs(alive)
    walk.outcome(fault, "how far off they are then", max(same), EXACT, "ms")


async def go_and_leave(server):
    async with websockets.connect(f"ws://127.0.0.1:{server.port}/walk/conduct", max_size=None,
                                  extra_headers={"Authorization": server.bearer}) as line:
        await line.recv()
        await line.send('{"verb": "cue", "a": 5, "b": 55}')
        while '"done"' not in await line.recv():
            pass
        line.transport.abort()  # no goodbye


def conductor_gone(walk):
    """Its connection breaks right after GO; nobody hears a difference, and another one takes over."""
    fault = "conductor's line broken"
    walk.phones.heard()
    asyncio.run(go_and_leave(walk.server))
    time.sleep(walk.server.lead()["chosen_ms"] / 1000 + 1)
    heard = walk.phones.heard()
    found, _ = errors(heard)
    alive = walk.phones.count - FEW
    walk.note(fault, "its cue begins all the same", len(found) == alive, f"{len(found)} of {alive}")
    walk.outcome(fault, "start of 99 of 100", most(found), EXACT, "ms")
    number, found = walk.cue()
    walk.note(fault, "the next cue, by another conductor", len(found) == alive, f"{len(found)} of {alive}")


def disk_full(walk, refusing):
    """Phones that can store nothing say so; they do not hold up the others."""
    fault = "phone's disk full"
    rows = {row["id"]: row for row in walk.server.rows()}
    mine = [rows[f"phone-2-{n}"] for n in range(1, refusing + 1)]
    walk.note(fault, "the board shows them as not ready", all(row["connected"] and not row["ready"] for row in mine),
              f"{sum(not row['ready'] for row in mine)} of {refusing}")
    _, found = walk.cue()
    walk.outcome(fault, "start of 99 of 100 others", most(found), EXACT, "ms")


def show(settings):
    with WalkServer(settings) as server, Phones(settings, server.port, phones=settings.phones, seed=settings.seed, **NETWORK) as phones:
        phones.wait_until_all_are_in_time()
        time.sleep(settings.calm_before)
        walk = Walk(server, phones)
        for name, fault in (("phones killed", phone_killed), ("network gone", lambda w: network_gone(w, settings)),
                            ("server killed", server_killed), ("conductor gone", conductor_gone)):
            harness.progress(f"fault: {name}")
            fault(walk)
        harness.progress("fault: disk full")
        with Phones(settings, server.port, phones=5, refusing=5, source=2, **NETWORK) as full:
            full.wait_until_all_are_in_time()
            time.sleep(3)
            disk_full(walk, 5)
    harness.table(f"walk, faults: {settings.phones} phones behind networks", ["", "", "", "target"], walk.rows)
