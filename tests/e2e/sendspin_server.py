"""A Sendspin v1 server of one endless sound, for trying our player on: spoken by a library that we did not write, from
the specification. It can be made to delay, to stop, to forget its clock."""
import asyncio
import base64
import json
import pathlib
import struct
import subprocess
import tempfile
import threading
import time

import numpy
import websockets

RATE = 48000
CHUNK = 2400  # frames


def noise_of(seconds, seed=1):
    """16-bit stereo, band-limited so that it can be found between samples too; no two places are alike."""
    rng = numpy.random.default_rng(seed)
    spectrum = numpy.fft.rfft(rng.standard_normal((seconds * RATE, 2)), axis=0)
    spectrum[int(len(spectrum) * 0.5):] = 0
    pcm = numpy.fft.irfft(spectrum, axis=0)
    return (pcm / numpy.abs(pcm).max() * 20000).round().astype("<i2")


def flac_frames(pcm):
    """(header, [frames]) of ffmpeg's FLAC with blocks of CHUNK frames."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "sound.flac"
        subprocess.run(["ffmpeg", "-v", "error", "-f", "s16le", "-ar", str(RATE), "-ac", "2", "-i", "-", "-c:a", "flac",
                        "-frame_size", str(CHUNK), str(path)], input=pcm.tobytes(), check=True)
        listing = subprocess.run(["ffprobe", "-v", "error", "-show_entries", "packet=pos,size", "-of", "csv=p=0",
                                  str(path)], capture_output=True, check=True, text=True).stdout
        data = path.read_bytes()
    frames = []
    for line in listing.split():
        size, pos = (int(part) for part in line.split(",")[:2])
        frames.append(data[pos:pos + size])
    return data[:42], frames


class SendspinServer:
    """`pcm` is heard from the moment of start on, over and over; frame 0 at `epoch` on this machine's monotonic clock."""

    def __init__(self, pcm, codec="pcm", ahead=1.0, clock_offset=1000.0, port=0):
        self.pcm, self.codec, self.ahead, self.clock_offset = pcm, codec, ahead, clock_offset
        self.epoch = time.monotonic()
        self.hellos, self.states, self.commands, self.goodbyes, self.paths, self.tasks = [], [], [], [], [], []
        self.connections = set()
        self.is_sending = True
        if codec == "flac":
            self.header, self.frames = flac_frames(pcm)
        self._port, self._ready, self._loop = port, threading.Event(), asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(10)

    @property
    def url(self):
        return f"ws://127.0.0.1:{self.port}"

    def server_time(self, moment=None):
        """Microseconds on the server's clock, which is not the machine's."""
        return int((time.monotonic() if moment is None else moment) * 1e6 + self.clock_offset * 1e6)

    def _run(self):
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())

    async def _serve(self):
        self._stop = asyncio.Event()
        async with websockets.serve(self._handle, "127.0.0.1", self._port) as server:
            self.port = server.sockets[0].getsockname()[1]
            self._ready.set()
            await self._stop.wait()

    def close(self):
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def call(self, coroutine):
        """Runs it where the connections live."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    async def say_to_all(self, kind, payload):
        for socket in list(self.connections):
            await say(socket, kind, payload)

    async def cut(self):
        """The network goes, without a word."""
        for socket in list(self.connections):
            socket.transport.abort()

    async def _handle(self, socket):
        self.paths.append(socket.path)
        hello = json.loads(await socket.recv())
        assert hello["type"] == "client/hello", hello
        self.hellos.append(hello["payload"])
        await say(socket, "server/hello", {"server_id": "test", "name": "Test", "version": 1, "connection_reason": "playback",
                                           "active_roles": hello["payload"]["supported_roles"]})
        sender = None
        try:
            async for text in socket:
                received = self.server_time()
                message = json.loads(text)
                kind, payload = message["type"], message["payload"]
                if kind == "client/time":
                    await say(socket, "server/time", {"client_transmitted": payload["client_transmitted"],
                                                      "server_received": received, "server_transmitted": self.server_time()})
                elif kind == "client/state":
                    self.states.append(payload)
                    sender = sender or asyncio.create_task(self._play(socket))
                elif kind == "client/command":
                    self.commands.append(payload)
                elif kind == "client/goodbye":
                    self.goodbyes.append(payload["reason"])
                    break
        except websockets.ConnectionClosed:
            pass
        finally:
            self.connections.discard(socket)
            if sender:
                sender.cancel()

    async def _play(self, socket):
        start = {"codec": self.codec, "sample_rate": RATE, "channels": 2, "bit_depth": 16}
        if self.codec == "flac":
            start["codec_header"] = base64.b64encode(self.header).decode()
        await say(socket, "stream/start", {"player": start})
        await say(socket, "group/update", {"playback_state": "playing", "group_id": "g", "group_name": "Test station"})
        await say(socket, "server/state", {
            "metadata": {"timestamp": self.server_time(), "title": "Noise", "artist": "Nobody",
                         "progress": {"track_progress": 0, "track_duration": 60000, "playback_speed": 1000}},
            "controller": {"supported_commands": ["volume", "mute", "switch"], "volume": 100, "muted": False}})
        self.connections.add(socket)
        per_second, chunks = RATE / CHUNK, len(self.pcm) // CHUNK
        number = int((time.monotonic() + 0.1 - self.epoch) * per_second) + 1
        while True:
            while self.is_sending and number / per_second < time.monotonic() - self.epoch + self.ahead:
                at = self.server_time(self.epoch) + number * CHUNK * 1_000_000 // RATE
                if self.codec == "flac":
                    data = self.frames[number % chunks]
                else:
                    begin = number % chunks * CHUNK
                    data = self.pcm[begin:begin + CHUNK].tobytes()
                await socket.send(b"\x04" + struct.pack(">q", at) + data)
                number += 1
            await asyncio.sleep(0.05)
            number = max(number, int((time.monotonic() - self.epoch) * per_second))


async def say(socket, kind, payload):
    await socket.send(json.dumps({"type": kind, "payload": payload}))
