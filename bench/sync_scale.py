"""1,000 players in sync on one I/O thread, beside Debian's Snapserver: CPU and memory of each, chunks late or missing.

CPU is that of the whole process, encoder and all, per player and second, once all have their buffers full; memory is
what the resident set grows by from one player to all of them, the kernel's socket buffers not counted. A chunk is
missing where one does not begin when the one before ends, late where it is to be heard before it has come; a player is
dry where nothing is left to be heard. Tutti's players hold so many seconds of audio as `tutti play` does.

A server whose core is full leaves sound out, and costs no more for it. So CPU is also told per second of sound that came in
time: `sound` is how much of a second that is, of each second and player.
"""
import harness
from servers import Snapserver, Tutti

CODECS = {"opus": 24_000, "pcm": 192_000}  # bytes that `tutti play` reckons with for a second
SHARE = 0.1  # of Snapserver's CPU and memory


def start(settings, name, codec):
    if name == "snapserver":
        return Snapserver(codec)
    return Tutti(settings, settings.players + 10)


def measure(settings, name, codec):
    count = settings.players
    with start(settings, name, codec) as server:
        def players(count, first):
            return harness.Crowd(settings, "sync_scale_crowd", port=server.port, protocol=server.protocol, codec=codec, connections=count,
                                 first=first, capacity=int(CODECS[codec] * settings.buffer), seconds=int(settings.seconds),
                                 settle=settings.settle)
        result, before, after, alone = harness.measure_crowd(server, players, count)
    used = after.since(before)
    sound = min(1.0, result["sound"])  # who fills buffers in the window gets more than it lasts
    cpu = used["cpu"] / count * 1e6
    return {**result, "sound": sound, "cpu_us": cpu, "sound_us": cpu / max(sound, 1e-3),
            "thread_us": used["busiest"][1] / count * 1e6, "memory_kib": (after.rss_kib - alone.rss_kib) / count, "rss_mib": after.rss_kib / 1024}


def share(value, of):
    return f"{value / of:.3f}" if of else "?"


def main():
    parser = harness.options(__doc__, servers="tutti,snapserver")
    parser.add_argument("--players", type=int, default=1000, help="how many")
    parser.add_argument("--codecs", default="opus,pcm", help="separated by commas")
    parser.add_argument("--buffer", type=float, default=10, help="seconds of audio that a player of Tutti's holds")
    parser.add_argument("--settle", type=int, default=8, help="seconds from when all play to the window")
    settings = harness.begin(parser)
    results = harness.in_turns(settings, {f"{name}, {codec}": (settings, name, codec)
                                          for codec in settings.codecs.split(",") for name in settings.servers}, measure)
    rows = []
    for cell, runs in results.items():
        name, codec = cell.split(", ")
        cpu, sound, memory = (harness.median(r[key] for r in runs) for key in ("cpu_us", "sound_us", "memory_kib"))
        peer = results.get(f"snapserver, {codec}", [])
        peer_cpu, peer_sound, peer_memory = (harness.median(r[key] for r in peer) if peer else 0
                                             for key in ("cpu_us", "sound_us", "memory_kib"))
        is_judged = name == "tutti" and peer
        rows.append([
            cell, harness.with_range(r["cpu_us"] for r in runs), harness.with_range(r["thread_us"] for r in runs),
            share(cpu, peer_cpu), harness.verdict(cpu / peer_cpu, SHARE) if is_judged else "",
            f"{min(r['sound'] for r in runs):.2f}", harness.with_range(r["sound_us"] for r in runs), share(sound, peer_sound),
            harness.verdict(sound / peer_sound, SHARE) if is_judged else "",
            harness.with_range((r["memory_kib"] for r in runs), 2), share(memory, peer_memory),
            harness.verdict(memory / peer_memory, SHARE) if is_judged else "", min(r["playing"] for r in runs),
            *(sum(r[key] for r in runs) for key in ("missing", "late", "dry")),
            f"{min(r['least_margin_ms'] for r in runs):.0f}", f"{harness.median(r['bytes_per_second'] for r in runs):.0f}",
            f"{max(r['cpu_percent'] for r in runs):.0f}"])
    harness.table(f"sync_scale: {settings.players} players, {settings.runs} runs, median (range)",
                  ["", "CPU µs/player-s", "busiest thread", "of Snapserver", "target", "sound",
                   "CPU µs/s of sound", "of Snapserver", "target", "KiB/player", "of Snapserver", "target",
                   "playing", "missing", "late", "dry", "least margin ms", "bytes/s", "generator %"], rows)


if __name__ == "__main__":
    main()
