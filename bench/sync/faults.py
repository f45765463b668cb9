"""What happens to players while others come and go, a group pauses and seeks, and the server ends and is there again."""
import dataclasses
import signal
import time

import glitches
import numpy
import offsets
from audio_stack import RATE, AudioStack
from systems import SECONDS, Tutti, noise

SETTLE = 6     # seconds from when players start to when all is steady, and between what happens
SHORT = 2.5    # seconds of a pause, and of a player's absence
IN_SYNC = 1.0  # ms
TURN = 128     # frames: turns of the sinks are multiples of it


@dataclasses.dataclass
class Event:
    """Something that happened at `at` s of the recording, and is over at `until`."""
    what: str
    at: float
    others: tuple               # sinks that are not to notice
    until: float = 0
    newcomer: int | None = None  # a sink that is silent or elsewhere, and comes back
    beside: int = 0              # the sink that it is then to be in sync with
    back: float | None = None    # when it was asked to come back
    is_pause: bool = False       # newcomer and beside both fall silent


class Story:
    def __init__(self, stack, system):
        self.stack, self.system, self.events, self.players = stack, system, [], {}

    def start(self, sink, *more, typed=False):
        self.players[sink] = self.system.start(sink, *more, typed=typed)

    def wait(self, seconds):
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            time.sleep(0.1)
            for sink, process in self.players.items():
                if process.poll() is not None:
                    raise RuntimeError(f"player {sink} ended with {process.returncode}:\n{self.stack.log(f'player{sink}')[-800:]}")

    def tell(self, what, do, others, newcomer=None, back=None, seconds=SETTLE, **more):
        """`do` happens; `back`, if anything, `SHORT` seconds later brings the newcomer back."""
        event = Event(what, self.stack.position(), others, newcomer=newcomer, **more)
        do()
        if back:
            self.wait(SHORT)
            event.back = self.stack.position()
            back()
        elif newcomer is not None:
            event.back = event.at
        self.wait(seconds)
        event.until = self.stack.position()
        self.events.append(event)

    def end(self, sink, how=signal.SIGTERM):
        self.stack.end(self.players.pop(sink), how)


def on_a_station(story, rounds):
    system = story.system
    for sink in (0, 1):
        story.start(sink)
    story.wait(SETTLE)
    for _ in range(rounds):
        story.tell("a player joins", lambda: story.start(2), (0, 1), 2)
        story.tell("a player leaves", lambda: story.end(2), (0, 1), seconds=SHORT)
        story.start(2)
        story.wait(SETTLE)
        story.tell("a player is killed, and starts again", lambda: story.end(2, signal.SIGKILL), (0, 1), 2,
                   back=lambda: story.start(2))
        for how, what in ((signal.SIGTERM, "the server is stopped, and starts again"), (signal.SIGKILL, "the server is killed, and starts again")):
            story.tell(what, lambda how=how: system.restart(how), (0, 1, 2))
            story.tell("a player starts again after that", lambda: story.end(2, signal.SIGKILL), (0, 1), 2, back=lambda: story.start(2))
        story.end(2)


def in_a_group(story, rounds):
    """Player 0 hears the station, and is not to notice; 1 has a private group, which 2 joins."""
    system = story.system
    story.start(0)
    story.start(1, "--group", "private")
    story.wait(3)
    group = next(each["id"] for each in system.ask("/api/v1/groups")["groups"] if each["private"])

    def arrange(**wish):
        system.ask(f"/api/v1/groups/{group}", wish)
    arrange(repeat="all")
    story.start(2, typed=True)
    story.wait(3)

    def press(key):
        story.stack.type(story.players[2], key)
    story.tell("a player switches to another's group", lambda: press("n"), (0, 1), 2, beside=1)
    if len(system.ask(f"/api/v1/groups/{group}")["members"]) != 2:
        raise RuntimeError("the player is not in the other's group")
    for number in range(rounds):
        story.tell("a group pauses, and plays again", lambda: press("p"), (0,), 2, back=lambda: press("p"), beside=1, is_pause=True)
        story.tell("a group seeks", lambda number=number: arrange(position=20 + 7 * number % 60), (0,), 2, beside=1)
        story.tell("a player is killed, and is back in the group", lambda: story.end(2, signal.SIGKILL), (0, 1), 2,
                   back=lambda: story.start(2, typed=True), beside=1)
    story.tell("the server is stopped, and starts again", system.restart, (0, 1, 2))


def soundless(recorded, begin, end):
    """The moment at which the longest silence between them begins."""
    quiet = numpy.abs(recorded[int(begin * RATE):int(end * RATE)]) <= glitches.QUIET
    edges = numpy.flatnonzero(numpy.diff(numpy.concatenate([[False], quiet, [False]]).astype(numpy.int8)))
    lengths = edges[1::2] - edges[::2]
    return begin + edges[::2][lengths.argmax()] / RATE if len(lengths) else float("nan")


def is_slip(glitch, others):
    """Whether the sinks' common clock stood still for a turn, so that all players had to go on: no fault of theirs."""
    turns = glitch.moved * RATE / TURN
    return turns > 0.9 and abs(turns - round(turns)) < 0.02 and glitch.silent < 0.005 and \
        any(abs(other.begin - glitch.begin) < 0.1 and abs(other.moved - glitch.moved) < 0.0001 for other in others)


def judged(event, recorded, follower):
    """{what is told of an event}: glitches of the others, seconds until the newcomer is in sync, how far apart a pause begins."""
    heard = {sink: follower.glitches(recorded[sink], event.at, event.until) for sink in event.others}
    slips = {id(glitch) for sink, each in heard.items() for glitch in each
             if is_slip(glitch, [other for one, rest in heard.items() if one != sink for other in rest])}
    wrong = [(sink, glitch) for sink, each in heard.items() for glitch in each if id(glitch) not in slips]
    out = {"what": event.what, "glitches": wrong, "slips": len(slips)}
    if event.newcomer is not None:
        one, other = recorded[event.beside], recorded[event.newcomer]
        out["in_sync"] = offsets.in_sync_after(one, other, RATE, event.back, event.until, IN_SYNC)
        if event.is_pause:
            out["apart"] = 1000 * abs(soundless(one, event.at, event.until) - soundless(other, event.at, event.until))
    return out


def measure(settings, say):
    """[what is told of each event], and what the players complained of."""
    follower = glitches.Follower(noise(SECONDS)[:, 0], RATE)
    rounds = max(1, round(settings.seconds / 60))
    results, complaints = [], []
    for name, play in (("station", on_a_station), ("group", in_a_group)):
        say(f"{name}: {rounds} times what may happen")
        with AudioStack(3) as stack:
            system = Tutti(stack, settings)
            stack.record()
            story = Story(stack, system)
            play(story, rounds)
            path = stack.recorded()
            stack.keep(path, settings.keep, f"faults-{name}")
            rate, recorded = offsets.channels(path)
            assert rate == RATE
            results += [judged(event, recorded, follower) for event in story.events]
            for sink in range(3):
                complaints += [f"player {sink}: {line}" for line in stack.log(f"player{sink}").splitlines() if not line.startswith("{")]
    return results, complaints
