"""`tutti play`, and what it recorded."""
import fcntl
import json
import os
import pty
import signal
import subprocess
import termios
import time

import numpy

from patience import PATIENCE, eventually
from sendspin_server import RATE
from server import BINARY, RUN, environment
from streams import data_of

# Milliseconds that a machine which is busy does not explain, as a wrong lead or a lost chunk would be. How good it is,
# bench/sync.py measures.
WRONG = 20


class Player:
    """`tutti play`, in the background; what it reports is in `reports`."""

    def __init__(self, home, url, output, *arguments, **options):
        self.errors = home / f"{time.monotonic_ns()}.err"
        with open(self.errors, "wb") as errors:
            self.process = subprocess.Popen(
                [*RUN, str(BINARY), "play", url, "-o", str(output), "--report", "--state-dir", str(home / "state"),
                 *map(str, arguments)], env=environment(), stdin=subprocess.DEVNULL, stderr=errors, **options)

    def said(self):
        return self.errors.read_text(encoding="utf-8")

    def reports(self):
        return [json.loads(line) for line in self.said().splitlines() if line.startswith("{")]

    def until(self, what, condition):
        def met():
            assert self.process.poll() is None, self.said()
            reports = self.reports()
            return bool(reports) and condition(reports[-1])
        eventually(met, 15, what)
        return self.reports()[-1]

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        assert self.process.wait(10 * PATIENCE) == 0, self.said()


class PlayerAtTerminal:
    """`tutti play` as somebody has it before them who sits at a terminal."""

    def __init__(self, home, url, *arguments):
        self.screen, theirs = pty.openpty()
        self.process = subprocess.Popen(
            [*RUN, str(BINARY), "play", url, "-o", "null", "--state-dir", str(home), *arguments], env=environment(),
            stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        os.close(theirs)
        os.set_blocking(self.screen, False)
        self.seen = bytearray()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        os.close(self.screen)

    @property
    def shown(self):
        """All that has been on the screen."""
        try:
            self.seen.extend(os.read(self.screen, 65536))
        except BlockingIOError:
            pass
        return self.seen.decode("utf-8", "ignore")

    def press(self, keys):
        os.write(self.screen, keys)


def samples_of(path):
    data, (_, channels, rate, *_rest) = data_of(path)
    assert (channels, rate) == (2, RATE)
    return numpy.frombuffer(data, "<i2").reshape(-1, 2).astype(float)


def is_in_time(late):
    """Whether these milliseconds are those of players in sync. A machine that is busy keeps a recording waiting,
    which costs pieces of it; never most of them."""
    return numpy.isfinite(late).mean() >= 0.5 and numpy.nanmedian(numpy.abs(late)) < WRONG
