"""How far apart two recordings of the same sound are, second by second."""
import pathlib
import struct

import numpy

LARGEST = 0.5  # seconds that can be found


def channels(path):
    """(rate, samples of each channel) of a WAV file of 16 bits, also of many channels, which `wave` does not read."""
    data = pathlib.Path(path).read_bytes()
    begin, shape = 12, None
    while begin + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, begin)
        if name == b"fmt ":
            shape = struct.unpack_from("<HHI", data, begin + 8)
        if name == b"data":
            _, count, rate = shape
            samples = numpy.frombuffer(data, "<i2", offset=begin + 8, count=(len(data) - begin - 8) // (2 * count) * count)
            return rate, samples.reshape(-1, count).T.astype(numpy.float32)
        begin += 8 + size + size % 2
    raise RuntimeError(f"there is no sound in {path}")


def offset(one, other, rate):
    """Milliseconds by which `other` comes later than `one`; NaN where they are not the same sound, or silent."""
    if not one.any() or not other.any():
        return float("nan")
    one, other = one - one.mean(), other - other.mean()
    size = 1 << (2 * len(one) - 1).bit_length()
    likeness = numpy.fft.irfft(numpy.fft.rfft(other, size) * numpy.conj(numpy.fft.rfft(one, size)), size)
    reach = min(int(LARGEST * rate), len(one) - 1)
    likeness = numpy.concatenate([likeness[-reach:], likeness[:reach + 1]])
    best = int(likeness.argmax())
    if best in (0, 2 * reach) or likeness[best] < 0.3 * numpy.sqrt(numpy.sum(one ** 2) * numpy.sum(other ** 2)):
        return float("nan")
    before, at, after = likeness[best - 1:best + 2]
    return float((best - reach + (before - after) / (2 * (before - 2 * at + after))) / rate * 1000)


def by_second(one, other, rate, window=1.0):
    """The offset in each window, one after the other."""
    length = int(window * rate)
    return numpy.array([offset(one[begin:begin + length], other[begin:begin + length], rate)
                        for begin in range(0, min(len(one), len(other)) - length + 1, length)])


def in_sync_after(steady, other, rate, begin, end, good, window=0.1, stays=2.0):
    """Seconds from `begin` until `other` is within `good` ms of `steady` and stays there for `stays` seconds; NaN where it
    is not before `end`."""
    length, step = int(window * rate), int(window * rate / 5)
    places = range(int(begin * rate), min(int(end * rate), len(steady), len(other)) - length + 1, step)
    right = [other[at:at + length // 10].any() and abs(offset(steady[at:at + length], other[at:at + length], rate)) < good
             for at in places]
    needed = int(stays / window * 5)
    for first in range(len(right) - needed + 1):
        if all(right[first:first + needed]):
            return places[first] / rate - begin
    return float("nan")


def summary(offsets):
    """What is told of them. NaN counts as silent."""
    size = numpy.abs(offsets)
    heard = size[numpy.isfinite(size)]
    if not len(heard):
        return {"seconds": len(size), "silent": len(size)}
    return {"seconds": len(size), "silent": int(len(size) - len(heard)), "median": float(numpy.median(heard)),
            "p95": float(numpy.percentile(heard, 95)), "p99": float(numpy.percentile(heard, 99)),
            "max": float(heard.max()), "above_1ms": int((heard > 1).sum())}
