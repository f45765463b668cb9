"""What is wrong with a recording of a sound that is known: where it is silent, breaks off, or goes on elsewhere.

The recording is followed through the source, 5 ms by 5 ms. A player keeps its device to the time by stretching the sound by
up to 0.4 %, which is no fault; a step, a gap, or anything that is not the source is one.
"""
import dataclasses

import numpy

WINDOW = 240    # frames
REACH = 8       # frames that the sound may have moved by from one window to the next
TAPS = 8        # of the filter that stands for what lies between two samples
RESIDUE = 0.15  # of the energy that may not be the source's: at 0.4 % it is less, at a step of a frame more
APART = 0.05    # seconds between what is wrong, beyond which they are two glitches
LOST = 4        # windows in a row that are wrong until it is looked for elsewhere; then after twice as many, and so on
SOUGHT = 480    # frames that are looked for
QUIET = 2       # of 32767


@dataclasses.dataclass
class Glitch:
    begin: float    # seconds of the recording
    end: float
    silent: float   # seconds of it without sound
    moved: float    # seconds by which the source is earlier afterwards (or later) than it would have been; NaN: it never was again

    def __str__(self):
        what = f"{1000 * (self.end - self.begin):.0f} ms at {self.begin:.2f} s"
        return f"{what}, silent {1000 * self.silent:.0f}, moved {1000 * self.moved:+.1f}"


class Follower:
    """`source`: samples of one channel, which goes round."""

    def __init__(self, source, rate):
        self.rate = rate
        self.source = numpy.asarray(source, numpy.float32)
        self.spectrum = numpy.fft.rfft(self.source)

    def find(self, piece):
        """The place of the source at which `piece` begins; None: nowhere."""
        likeness = numpy.fft.irfft(self.spectrum * numpy.conj(numpy.fft.rfft(piece, len(self.source))), len(self.source))
        best = int(likeness.argmax())
        there = self.part(best, len(piece))
        if likeness[best] < 0.5 * float(numpy.linalg.norm(piece) * numpy.linalg.norm(there)):
            return None
        return best

    def part(self, begin, count):
        return self.source.take(range(begin, begin + count), mode="wrap")

    def fit(self, piece, place):
        """(place that fits best, whether it is the source) near `place`."""
        near = self.part(place - REACH - TAPS, WINDOW + 2 * (REACH + TAPS))
        likeness = numpy.correlate(near, piece, "valid")[TAPS:TAPS + 2 * REACH + 1]
        moved = int(likeness.argmax()) - REACH
        first = REACH + TAPS + moved - TAPS // 2
        shifted = numpy.lib.stride_tricks.sliding_window_view(near[first:first + WINDOW + TAPS - 1], WINDOW).T
        weights = numpy.linalg.lstsq(shifted, piece, rcond=None)[0]
        rest = piece - shifted @ weights
        energy = float(piece @ piece)
        # What is heard is as loud as the source: a fade is none of it.
        is_loud = energy > 0.7 * float(near[REACH + TAPS:REACH + TAPS + WINDOW] @ near[REACH + TAPS:REACH + TAPS + WINDOW])
        is_whole = has_no_gap(piece)
        return place + moved, is_loud and is_whole and float(rest @ rest) < RESIDUE * energy

    def glitches(self, recorded, begin, end):
        """Of the seconds from `begin` to `end`. At `begin` it has to sound."""
        found, run, place, wrong, before = [], None, None, 0, None
        for at in range(int(begin * self.rate), min(int(end * self.rate), len(recorded)) - WINDOW + 1, WINDOW):
            piece = recorded[at:at + WINDOW]
            silent = is_silent(piece)
            if place is None and not silent:
                place = self.find(recorded[at:at + SOUGHT])
            fits = False
            if place is not None and not silent:
                place, fits = self.fit(piece, place)
            if fits:
                if run and (at - run[1]) / self.rate > APART:
                    found.append(self.told(run, before, place - at))
                    run = None
                if not run:
                    before = place - at
                wrong = 0
            else:
                run = run or [at, at, 0]
                run[1] = at + WINDOW
                run[2] += WINDOW if silent else 0
                wrong = LOST - 1 if silent else wrong + 1
                if not silent and wrong >= LOST and wrong & (wrong - 1) == 0:
                    there = self.find(recorded[at:at + SOUGHT])
                    place = place if there is None else there
            if place is not None:
                place += WINDOW
        if run:
            found.append(self.told(run, before, None if wrong else place))
        return found

    def told(self, run, before, after):
        moved = float("nan")
        if before is not None and after is not None:
            half = len(self.source) // 2
            moved = ((after - before + half) % len(self.source) - half) / self.rate
        return Glitch(run[0] / self.rate, run[1] / self.rate, run[2] / self.rate, moved)


def is_silent(samples):
    return bool(numpy.abs(samples).max(initial=0) <= QUIET)


def has_no_gap(samples, frames=16):
    """Whether there are never so many frames of silence in a row."""
    quiet = numpy.concatenate([[0], numpy.cumsum(numpy.abs(samples) <= QUIET)])
    return bool((quiet[frames:] - quiet[:-frames]).max(initial=0) < frames)


def gaps(recorded, rate, begin, shortest=0.001):
    """How many silences of at least `shortest` seconds there are after `begin`."""
    quiet = numpy.abs(recorded[int(begin * rate):]) <= QUIET
    edges = numpy.flatnonzero(numpy.diff(numpy.concatenate([[False], quiet, [False]]).astype(numpy.int8)))
    return int((edges[1::2] - edges[::2] >= shortest * rate).sum())
