"""What a listener receives over two minutes of radio, decoded and compared with the source files sample by sample."""
import os
import pathlib
import sys
import tempfile
import time

import numpy

import harness

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/e2e"))
os.environ.setdefault("TUTTI_BINARY", str(ROOT / "build/release/tutti"))
# The end-to-end tests' music and ears.
import audio  # noqa: E402
from clips import Clip  # noqa: E402
from listening import Listener  # noqa: E402
from server import Server  # noqa: E402

FORMATS = ("mp3", "flac", "opus", "m4a", "ogg", "wav")
SECONDS = 24
CLIPS = [Clip(f"{n}-{kind}.{'mp3' if kind == 'mp3' else kind}", kind, song=n % 5, begin=20.0 + 40 * (n // 5), seconds=SECONDS,
              rate=48000 if kind == "opus" else 44100, title=kind) for n, kind in enumerate(FORMATS)]


def main():
    parser = harness.options(__doc__)
    harness.begin(parser)
    seconds = 125
    with tempfile.TemporaryDirectory() as folder:
        home = pathlib.Path(folder)
        music = home / "music"
        for clip in CLIPS:
            clip.put_into(music)
        server = Server(home / "state", "--shuffle", "off", str(music))
        try:
            server.wait_until_scanned()
            harness.progress(f"listening for {seconds} s")
            listener = Listener(server.url + "/stream", seconds=seconds)
            time.sleep(seconds)
            listener.done()
        finally:
            server.stop()
    show(listener, audio.decode(audio.whole_frames(listener.body)), seconds)


def show(listener, heard, seconds):
    begins = ((audio.find_track(clip.pcm, heard), clip) for clip in CLIPS)
    found = sorted((each for each in begins if each[0] is not None), key=lambda each: each[0])
    rows = []
    for index, (begin, clip) in enumerate(found):
        piece = heard[begin:begin + len(clip.pcm)]
        gap = begin - found[index - 1][0] - len(found[index - 1][1].pcm) if index else None
        rows.append([clip.title, begin, "" if gap is None else gap, f"{audio.correlation(piece, clip.pcm):.4f}",
                     f"{(audio.level(piece) - clip.level)[0]:+.2f}", f"{numpy.abs(piece).max():.3f}",
                     f"{numpy.abs(clip.pcm).max():.3f}"])
    harness.table(f"fidelity: {seconds} s received, {len(heard) / audio.RATE:.1f} s of audio, tracks of {SECONDS} s",
                  ["track", "begins at frame", "gap to the one before, frames", "correlation", "level, dB", "peak",
                   "peak of the file"], rows)
    whole = heard[found[0][0]:found[-1][0] + len(found[-1][1].pcm)]
    silent = numpy.abs(whole).max(axis=1) == 0
    edges = numpy.flatnonzero(numpy.diff(numpy.concatenate(([0], silent.astype(int), [0]))))
    longest = max((edges[1::2] - edges[::2]).tolist(), default=0)
    print(f"longest run of digital silence: {longest} frames; samples at full scale: {int((numpy.abs(whole) >= 1).sum())}")
    print(f"first byte after {listener.first_byte_after * 1000:.0f} ms; longest silence on the wire "
          f"{listener.longest_silence(after=1.0):.2f} s; burst {listener.arrived_by(1.0) / 16000:.1f} s of audio")


if __name__ == "__main__":
    main()
