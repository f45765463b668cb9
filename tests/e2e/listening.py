"""A listener that notes what arrived when. It speaks HTTP by itself, so that nothing between hides a flaw."""
import socket
import threading
import time
import urllib.parse

from patience import PATIENCE


def connect(url, timeout=10):
    parts = urllib.parse.urlsplit(url)
    return socket.create_connection((parts.hostname, parts.port), timeout * PATIENCE)


def request_head(url, method="GET", **headers):
    parts = urllib.parse.urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = [f"{method} {path} HTTP/1.1", f"Host: {parts.netloc}", "Accept: */*"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def parse_head(head):
    """(status, {lower-case name: value})"""
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = dict(line.split(":", 1) for line in lines if line)
    return int(first.split()[1]), {name.lower(): value.strip() for name, value in headers.items()}


class Listener:
    """Listens in the background from now on, for `seconds` or until stop()."""

    def __init__(self, url, seconds=None, **headers):
        self.url = url
        self.began = time.monotonic()
        self.status = None
        self.headers = {}
        self._request = request_head(url, **headers)
        self._arrivals = []  # (seconds since it began, bytes of the body)
        self._error = None
        self._stop = threading.Event()
        self._until = None if seconds is None else self.began + seconds
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self):
        try:
            with connect(self.url) as sock:
                sock.sendall(self._request)
                sock.settimeout(0.2)
                pending = b""
                while not self._stop.is_set() and (self._until is None or time.monotonic() < self._until):
                    try:
                        data = sock.recv(65536)
                    except TimeoutError:
                        continue
                    if not data:
                        return
                    if self.status is None:
                        pending += data
                        if b"\r\n\r\n" not in pending:
                            continue
                        head, data = pending.split(b"\r\n\r\n", 1)
                        self.status, self.headers = parse_head(head)
                    if data:
                        self._arrivals.append((time.monotonic() - self.began, data))
        except OSError as error:
            self._error = error

    def stop(self):
        self._stop.set()
        return self.done()

    def done(self):
        """Waits until it has listened to the end; itself."""
        self._thread.join()
        if self._error:
            raise self._error
        assert self.status is not None, f"no answer from {self.url}"
        assert "transfer-encoding" not in self.headers, "players of the earlier radio servers know no chunks"
        return self

    @property
    def body(self):
        return b"".join(data for _, data in list(self._arrivals))

    @property
    def ended(self):
        return not self._thread.is_alive()

    def arrived_by(self, seconds):
        """How many bytes of the body had arrived so many seconds after it connected."""
        return sum(len(data) for when, data in list(self._arrivals) if when <= seconds)

    @property
    def first_byte_after(self):
        return self._arrivals[0][0] if self._arrivals else None

    @property
    def last_byte_after(self):
        return self._arrivals[-1][0]

    def longest_silence(self, after=0.0):
        """The longest time, in seconds, in which nothing arrived."""
        times = [when for when, _ in list(self._arrivals) if when >= after]
        return max((b - a for a, b in zip(times, times[1:])), default=float("inf"))
