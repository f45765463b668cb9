"""Real players of a walk, each on a sink of its own of a private PipeWire, all recorded by one clock: two of
`tutti play --walk`, two browsers with the page. When each begins each cue is where its sound is in the recording.

The recording has no zero that the server knows: what is told against the schedule is what is left when the median of the
native players is taken for it. By how much players differ from each other needs no such thing. On a machine that is too
busy PipeWire leaves out periods now and then, for all of its devices at once; a watch on the recording's length tells when,
and how often is told too.

Browsers play through ALSA, as the native players do. Through PipeWire's PulseAudio (`--browser-sound pulse`) a latency is told
that swings by tens of ms for half a minute, and then is a quantum too small, which no page can know: 5.3 ms.
"""
import json
import pathlib
import subprocess
import sys
import threading
import time

import numpy

import harness
from audio_stack import MOST, RATE, AudioStack
from offsets import channels, offset
from systems import noise
from walk_server import WalkServer

NATIVE, BROWSER = 1.0, 5.0  # ms, at the 95th percentile
INTO = 0.3  # seconds into the cue is the sound that is looked for,
LOOKED_FOR = 1.0  # so long
PART = 2.5  # seconds of a cue
SETTLE = 20  # seconds from ready to the first cue: somebody looks at the board first
PERIOD = 256  # frames: what is left out are so many, or a multiple
AROUND = 0.35  # seconds; meanwhile what is recorded has been written at once, once
BEFORE = 3  # seconds of recording: it does not begin evenly
PAGE = pathlib.Path(__file__).with_name("page.mjs")


class Watch(threading.Thread):
    """Looks how long the recording is, and when."""

    def __init__(self, path):
        super().__init__(daemon=True)
        self.path, self.ended, self.seen = path, threading.Event(), []

    def run(self):
        while not self.ended.wait(0.002):
            if self.path.exists():
                self.seen.append((time.monotonic(), self.path.stat().st_size / (2 * MOST * RATE)))

    def stop(self):
        self.ended.set()
        self.join()

    def left_out(self, places):
        """Seconds that were left out before each place of the recording, counted from the first one."""
        seen = numpy.array(self.seen)
        behind = []
        for place in places:
            near = seen[numpy.abs(seen[:, 1] - place) < AROUND]
            behind.append((near[:, 0] - near[:, 1]).min())
        missing = numpy.array(behind) - behind[0]
        return numpy.round(missing * RATE / PERIOD) * PERIOD / RATE


class Room:
    """The server and the players that are there."""

    def __init__(self, stack, server, settings):
        self.stack, self.server, self.settings = stack, server, settings
        self.names, self.pages = [], []

    def start_natives(self, count):
        for _ in range(count):
            number = len(self.names)
            self.stack.run(self.settings.tutti, "play", "--walk", f"http://127.0.0.1:{self.server.port}", "--name", f"native {number}",
                           "--state-dir", self.stack.home / f"native{number}", sink=number, log=f"native{number}")
            self.names.append(f"native {number}")

    def start_browsers(self, count):
        for _ in range(count):
            number = len(self.names)
            log = open(self.stack.home / f"browser{number}.log", "ab")
            page = subprocess.Popen(["node", str(PAGE), f"http://127.0.0.1:{self.server.port}", f"browser {number}"], text=True,
                                    env=self.stack.environment(number), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log)
            self.pages.append(page)
            self.names.append(f"browser {number}")
        for page in self.pages:
            if page.stdout.readline().strip() != "ready":
                raise RuntimeError(f"a browser is not ready: {self.stack.log(f'browser{len(self.names) - 1}')[-1000:]}")

    def wait_until_ready(self, patience=60):
        limit = time.monotonic() + patience
        while True:
            rows = [row for row in self.server.rows() if row["connected"]]
            if len(rows) == len(self.names) and all(row["ready"] for row in rows):
                return
            if time.monotonic() > limit:
                logs = "\n".join(self.stack.log(name.replace(" ", ""))[-600:] for name in self.names)
                raise RuntimeError(f"not all players are ready: {rows}\n{logs}")
            time.sleep(0.2)

    def fill(self):
        self.start_natives(self.settings.natives)
        self.start_browsers(self.settings.browsers)
        self.wait_until_ready()
        time.sleep(SETTLE)

    def close(self):
        for page in self.pages:
            page.stdin.close()
        for page in self.pages:
            harness.stop(page)


def find(template, recording):
    """Where in the recording (samples, with a fraction) the template is; NaN: nowhere."""
    size = 1 << (len(template) + len(recording) - 1).bit_length()
    likeness = numpy.fft.irfft(numpy.fft.rfft(recording, size) * numpy.conj(numpy.fft.rfft(template, size)), size)[:len(recording)]
    best = int(likeness.argmax())
    there = recording[best:best + len(template)]
    if not 0 < best < len(recording) - len(template) or \
            likeness[best] < 0.3 * numpy.sqrt(numpy.sum(template ** 2) * numpy.sum(there ** 2)):
        return float("nan")
    before, at, after = likeness[best - 1:best + 2]
    return best + (before - after) / (2 * (before - 2 * at + after))


def places(path, cues, source, count):
    """Of each player and cue: when the cue's first sample would be heard, seconds of the recording."""
    rate, recorded = channels(path)
    assert rate == RATE
    out = numpy.full((count, len(cues)), numpy.nan)
    for n, cue in enumerate(cues):
        first = int((cue["a_ms"] / 1000 + INTO) * RATE)
        template = source[first:first + int(LOOKED_FOR * RATE)]
        for player in range(count):
            # Cues follow each other in the recording; each is somewhere from the last one's on.
            out[player, n] = find(template, recorded[player]) / RATE - INTO
    return out


def told(name, errors, target):
    found = numpy.abs(errors[numpy.isfinite(errors)])
    if not len(found):
        return [name, 0, errors.size, "", "", "", "MISSED"]
    p95 = float(numpy.percentile(found, 95))
    silent = errors.size - len(found)
    return [name, len(found), silent, f"{numpy.median(found):.3f}", f"{p95:.3f}", f"{found.max():.3f}",
            harness.verdict(round(p95, 3), target) if not silent else "MISSED"]


def apart(found, rows):
    """Of each two of them, ms."""
    return numpy.concatenate([(found[one] - found[other]) * 1000 for n, one in enumerate(rows) for other in rows[n + 1:]] or [[]])


def disk_full(server, stack):
    """What the page says where half a megabyte is all it may store."""
    done = subprocess.run(["node", str(PAGE), f"http://127.0.0.1:{server.port}", "full", "500000"], text=True, capture_output=True,
                          timeout=100, check=False, env=stack.environment(0))
    if done.returncode != 0:
        return ["the page on a full disk", done.stderr[-300:], "MISSED"]
    answer = json.loads(done.stdout)
    return ["the page on a full disk", f"says: {answer['says']}", "ok" if not answer["faults"] else f"MISSED: {answer['faults']}"]


def watch_for_long(settings, stack, server, room):
    """One cue that goes round for as long as is asked for; every minute some seconds are recorded."""
    harness.progress(f"{settings.minutes:g} minutes of one cue, in real time")
    room.fill()
    server.cue(2, 52, loop=True)
    begun, found = time.monotonic(), []
    while time.monotonic() - begun < settings.minutes * 60:
        time.sleep(min(56.0, settings.minutes * 60))
        stack.record()
        time.sleep(4)
        rate, recorded = channels(stack.recorded())
        found.append([offset(recorded[0], recorded[player], rate) for player in range(1, len(room.names))])
    rows = [told(f"{room.names[0]} and {name}", numpy.array(each), NATIVE if name.startswith("native") else BROWSER)
            for name, each in zip(room.names[1:], numpy.array(found).T)]
    harness.table(f"walk, {settings.minutes:g} minutes in real time: how far apart players are, ms, each minute",
                  ["", "minutes", "not heard", "median", "p95", "max", "p95 target"], rows)


def show(settings):
    pulse = settings.browser_sound == "pulse"
    with AudioStack(settings.natives + settings.browsers, pulse) as stack, WalkServer(settings, is_pinned=False) as server:
        room = Room(stack, server, settings)
        try:
            (watch_for_long if settings.real else measure)(settings, stack, server, room)
        finally:
            room.close()
        if settings.browsers and not settings.real:
            harness.table("walk, the page's disk", ["", "", ""], [disk_full(server, stack)])


def measure(settings, stack, server, room):
    harness.progress(f"{settings.natives} native players and {settings.browsers} browsers get ready")
    room.fill()
    stack.record()
    watch = Watch(stack.home / "recording.wav")
    watch.start()
    time.sleep(BEFORE)
    cues = []
    harness.progress(f"{settings.real_cues} cues")
    for n in range(settings.real_cues):
        a = 2 + n * (PART + 1)
        cues.append(server.cue(a, a + PART))
        time.sleep(server.lead()["chosen_ms"] / 1000 + PART + 0.3)
    watch.stop()
    path = stack.recorded()
    source = noise(server.seconds)[:, 0].astype(numpy.float32)
    found = places(path, cues, source, len(room.names))
    starts = numpy.array([cue["start"] / 1e6 for cue in cues])
    natives, browsers = range(settings.natives), range(settings.natives, len(room.names))
    left_out = watch.left_out(numpy.nanmedian(found, axis=0) + INTO + LOOKED_FOR / 2)
    against = (found + left_out - starts) * 1000
    against -= numpy.nanmedian(against[list(natives or browsers)])
    rows = []
    for name, whom, target in (("native", natives, NATIVE), ("browser", browsers, BROWSER)):
        if not whom:
            continue
        rows.append(told(f"{name}, against the schedule", against[list(whom)], target))
        rows.append(told(f"{name}, against each other", apart(found, list(whom)), target))
    harness.table(f"walk, {len(room.names)} real players: error of the start, ms, {len(cues)} cues",
                  ["", "starts", "not heard", "median", "p95", "max", "p95 target"], rows)
    told_ms = numpy.round(1000 * numpy.nanmedian(found - starts, axis=0) - 1000 * numpy.nanmedian(found[:, 0] - starts[0]), 1)
    if left_out.any():
        harness.progress(f"before each cue were left out {numpy.round(1000 * left_out, 1)} ms; the players say {-told_ms}")
        harness.say(f"PipeWire has left out {1000 * numpy.abs(numpy.diff(left_out)).sum():.0f} ms: this machine was too busy")


if __name__ == "__main__":
    sys.exit("this is no program; see script/bench walk")
