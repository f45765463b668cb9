"""A network that delays: a TCP relay whose two directions each have a delay at rest and a queue that comes and goes.

Runs in a process of its own: `relay.py PORT-OF-THE-SERVER REST-MS QUEUE-MS` prints its port.
"""
import asyncio
import random
import sys
import time


class Line:
    """One direction. What goes in comes out in order, later by `rest` seconds and by what queues at that moment."""

    def __init__(self, rest, most, seed):
        self.rest, self.most, self.random = rest, most, random.Random(seed)
        self.queue, self.until, self.due = 0.0, 0.0, 0.0

    def delay(self):
        now = time.monotonic()
        if now > self.until:
            self.until = now + self.random.uniform(0.2, 2)
            self.queue = self.random.uniform(0, self.most) if self.random.random() < 0.6 else 0.0
        # Within a burst it fills and drains.
        jitter = self.queue * self.random.uniform(0.5, 1)
        self.due = max(self.due, now + self.rest + jitter)
        return self.due - now


async def carry(reader, writer, line):
    pending = asyncio.Queue(1000)

    async def deliver():
        while True:
            due, data = await pending.get()
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            if not data:
                break
            writer.write(data)
            await writer.drain()
        writer.close()

    task = asyncio.create_task(deliver())
    try:
        while data := await reader.read(65536):
            await pending.put((time.monotonic() + line.delay(), data))
    except OSError:
        pass
    await pending.put((time.monotonic(), b""))
    try:
        await task
    except OSError:
        pass


async def main(port, rest, most):
    numbers = iter(range(1_000_000))

    async def connect(reader, writer):
        try:
            there, back = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            writer.close()
            return
        number = next(numbers)
        await asyncio.gather(carry(reader, back, Line(rest, most, 2 * number)),
                             carry(there, writer, Line(rest, most, 2 * number + 1)))

    server = await asyncio.start_server(connect, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2]) / 1000, float(sys.argv[3]) / 1000))
