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
    reach = int(LARGEST * rate)
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


def joins(steady, other, rate, window=0.25, good=1.0):
    """Of each silence of `other`: the seconds from its begin until it is within `good` ms of `steady` and stays there for
    two seconds; NaN where it never is."""
    length, found = int(window * rate), []
    silent = [not other[begin:begin + length // 5].any() for begin in range(0, len(other) - length, length // 5)]
    apart = by_second(steady, other, rate, window)
    for begin in range(5, len(silent)):
        if not silent[begin] or any(silent[begin - 5:begin]):
            continue
        fell = begin * window / 5
        places = range(int(fell / window) + 1, len(apart) - 8)
        right = next((n for n in places if numpy.all(numpy.abs(apart[n:n + 8]) < good)), None)
        found.append(float("nan") if right is None else right * window - fell)
    return found


def summary(offsets, skipped=5):
    """What is told of them, without the first seconds. NaN counts as apart."""
    size = numpy.abs(offsets[skipped:])
    heard = size[numpy.isfinite(size)]
    if not len(heard):
        return {"seconds": len(size), "silent": len(size)}
    return {"seconds": len(size), "silent": int(len(size) - len(heard)), "median": float(numpy.median(heard)),
            "p95": float(numpy.percentile(heard, 95)), "p99": float(numpy.percentile(heard, 99)),
            "max": float(heard.max()), "above_1ms": int((heard > 1).sum())}
