"""A WebSocket client that may break every rule: it sends what it is told, and shows what comes back."""
import base64
import os
import socket
import urllib.parse

from listening import parse_head
from patience import PATIENCE

TEXT, BINARY, CLOSE, PING, PONG = 0x81, 0x82, 0x88, 0x89, 0x8A


def frame(first, payload=b"", masked=True, length=None):
    """`first` is FIN, reserved bits and opcode; `length` is what the header claims."""
    length = len(payload) if length is None else length
    bit = 0x80 if masked else 0
    if length < 126:
        head = bytes([first, bit | length])
    elif length < 65536:
        head = bytes([first, bit | 126]) + length.to_bytes(2, "big")
    else:
        head = bytes([first, bit | 127]) + length.to_bytes(8, "big")
    if not masked:
        return head + payload
    mask = os.urandom(4)
    return head + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))


def request(url, **changes):
    """The request's bytes; a header given as None is left out."""
    parts = urllib.parse.urlsplit(url)
    headers = {"Host": parts.netloc, "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
               "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode()}
    method, version = changes.pop("method", "GET"), changes.pop("version", "1.1")
    headers |= {name.replace("_", "-"): value for name, value in changes.items()}
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = [f"{method} {path} HTTP/{version}"]
    lines += [f"{name}: {value}" for name, value in headers.items() if value is not None]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


class RawWebSocket:
    """`RawWebSocket(url)` has shaken hands; with `changes` to the request's headers see what `status` says."""

    def __init__(self, url, ahead=b"", receive_buffer=None, **changes):
        parts = urllib.parse.urlsplit(url)
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(10 * PATIENCE)
        self.socket.connect((parts.hostname, parts.port))
        self.socket.sendall(request(url, **changes) + ahead)
        self.pending = b""
        head = self._until(b"\r\n\r\n")
        self.status, self.headers = parse_head(head[:-4])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def _more(self):
        piece = self.socket.recv(65536)
        if not piece:
            raise EOFError
        self.pending += piece

    def _until(self, end):
        while end not in self.pending:
            self._more()
        at = self.pending.index(end) + len(end)
        out, self.pending = self.pending[:at], self.pending[at:]
        return out

    def _take(self, size):
        while len(self.pending) < size:
            self._more()
        out, self.pending = self.pending[:size], self.pending[size:]
        return out

    def send(self, *arguments, **options):
        self.socket.sendall(frame(*arguments, **options))

    def receive(self):
        """(first byte, payload) of the next frame; EOFError where there is none."""
        first, length = self._take(2)
        if length == 126:
            length = int.from_bytes(self._take(2), "big")
        elif length == 127:
            length = int.from_bytes(self._take(8), "big")
        return first, self._take(length)

    def closed_with(self):
        """Reads to the end: the code of the server's close frame, None where it sent none."""
        code = None
        try:
            while True:
                first, payload = self.receive()
                if first == CLOSE:
                    code = int.from_bytes(payload[:2], "big")
                    payload[2:].decode("utf-8")
        except (EOFError, ConnectionResetError):
            return code
