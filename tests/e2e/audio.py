"""Comparing what was heard with what was played, by samples."""
import dataclasses
import subprocess

import numpy

RATE = 44100


def decode(source, *options):
    """Audio as an array (frames, 2) of floats at 44.1 kHz; `source` is a file, or bytes of an MP3 stream."""
    raw = isinstance(source, (bytes, bytearray))
    command = ["ffmpeg", "-v", "error", "-nostdin" if not raw else "-hide_banner", *options, *(("-f", "mp3") if raw else ()),
               "-i", "pipe:0" if raw else str(source), "-map", "0:a", "-f", "f32le", "-ac", "2", "-ar", str(RATE), "pipe:1"]
    done = subprocess.run(command, input=bytes(source) if raw else None, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    return numpy.frombuffer(done.stdout, numpy.float32).reshape(-1, 2)


BITRATES = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)  # kbit/s, MPEG-1 layer III
RATES = (44100, 48000, 32000)


def whole_frames(mp3):
    """The MP3 stream without the frame that its end cuts; fails where a frame does not follow on the one before."""
    at = 0
    while at + 4 <= len(mp3):
        first, second, third, _ = mp3[at:at + 4]
        assert (first, second & 0xFE) == (0xFF, 0xFA), f"no MP3 frame begins at byte {at}: {mp3[at:at + 4].hex()}"
        length = 144 * BITRATES[third >> 4] * 1000 // RATES[third >> 2 & 3] + (third >> 1 & 1)
        if at + length > len(mp3):
            break
        at += length
    return mp3[:at]


def decode_strictly(mp3):
    """As decode() of an MP3 stream, but anything between the frames, and any complaint of the decoder, fails."""
    done = subprocess.run(["ffmpeg", "-v", "warning", "-hide_banner", "-f", "mp3", "-i", "pipe:0", "-f", "f32le", "-ac", "2",
                           "-ar", str(RATE), "pipe:1"], input=whole_frames(mp3), capture_output=True, check=True)
    complaints = [line for line in done.stderr.decode("utf-8", "replace").splitlines() if "Estimating duration" not in line]
    assert not complaints, complaints
    return numpy.frombuffer(done.stdout, numpy.float32).reshape(-1, 2)


@dataclasses.dataclass(frozen=True)
class Match:
    offset: int  # frames
    correlation: float  # 1 is the same


def locate(needle, haystack):
    """Where in `haystack` the `needle` is most like what is there."""
    assert len(haystack) >= len(needle), f"{len(haystack)} frames are less than the {len(needle)} to be found"
    needle, haystack = (a.sum(axis=1).astype(numpy.float64) for a in (needle, haystack))
    size = 1 << int(numpy.ceil(numpy.log2(len(haystack) + len(needle))))
    products = numpy.fft.irfft(numpy.fft.rfft(haystack, size) * numpy.conj(numpy.fft.rfft(needle, size)), size)
    products = products[:len(haystack) - len(needle) + 1]
    energy = numpy.concatenate(([0.0], numpy.cumsum(haystack ** 2)))
    windows = energy[len(needle):] - energy[:-len(needle)]
    likeness = products / numpy.sqrt(numpy.maximum(windows, 1e-6) * max(numpy.sum(needle ** 2), 1e-6))
    best = int(numpy.argmax(likeness))
    return Match(best, float(likeness[best]))


def find_track(pcm, heard, around=1.0):
    """Where the whole track `pcm` begins in `heard` (found by its middle), or None where it does not lie in it wholly."""
    if len(heard) < len(pcm):
        return None
    half = min(len(pcm) // 2, int(around * RATE))
    first = len(pcm) // 2 - half
    match = locate(pcm[first:first + 2 * half], heard[first:len(heard) - (len(pcm) - first - 2 * half)])
    return match.offset if match.correlation > 0.5 else None


def correlation(a, b):
    """How alike two pieces of equal length are, both channels; 1 is the same."""
    a, b = a.astype(numpy.float64).ravel(), b.astype(numpy.float64).ravel()
    return float(a @ b / numpy.sqrt((a @ a) * (b @ b) + 1e-12))


def level(pcm):
    """dB of full scale, per channel."""
    return 10 * numpy.log10(numpy.mean(pcm.astype(numpy.float64) ** 2, axis=0) + 1e-12)
