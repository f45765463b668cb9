#!/usr/bin/env python3
"""Records exchanges over a real TCP connection to this machine, for clock_trial --replay. Both clocks are the machine's
one, of which the client's is made to drift, so that what is true is known: the delays are real, the clocks are not."""
import argparse
import socket
import struct
import threading
import time

DRIFT = 37e-6
SERVER_IS_AHEAD = 5_000_000_000


def now():
    return time.monotonic_ns() // 1000


def client_clock(moment):
    return moment - int(moment * DRIFT)


def serve(listener):
    connection, _ = listener.accept()
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    while connection.recv(1):
        received = now()
        connection.sendall(struct.pack("<qq", received, now()))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file")
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--remark", default="", help="what the machine was doing")
    settings = parser.parse_args()
    with socket.create_server(("127.0.0.1", 0)) as listener, open(settings.file, "w", encoding="ascii") as out:
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        connection = socket.create_connection(listener.getsockname())
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        print(f"# Loopback, one machine: {settings.remark}. Made by bench/clock/record.py.", file=out)
        begin, asked = now(), 0
        while now() - begin < settings.seconds * 1e6:
            sent = now()
            connection.sendall(b"?")
            received, answered = struct.unpack("<qq", connection.recv(16, socket.MSG_WAITALL))
            arrived = now()
            print("x", client_clock(sent), received + SERVER_IS_AHEAD, answered + SERVER_IS_AHEAD,
                  client_clock(arrived), file=out)
            pause = 75_000 if asked < 20 else 1_000_000
            for part in range(5):  # what is true between this exchange and the next
                moment = arrived + pause * part // 5
                print("t", client_clock(moment), moment + SERVER_IS_AHEAD, file=out)
            asked += 1
            time.sleep(pause / 1e6)


if __name__ == "__main__":
    main()
