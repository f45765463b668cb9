"""The most listeners that one I/O thread carries without an underrun.

Steps up until a listener runs dry. Where one process may not open so many files, the crowd is dealt out to as few
processes as it takes, all pinned to the same one core, each with an I/O thread and an encoder of its own. What they
carry together is a lower bound of what one I/O thread carries: they also pay for the further encoders and for taking
turns on the core.
"""
import harness
from servers import Icecast, Several, Tutti

TARGET = 60000
STEPS = [2500, 5000, 10000, 20000, 40000, 60000, 80000, 100000, 120000, 160000, 200000]
TUTTI_PER_SECOND = 1500  # connects; connect.py is where the rush is measured


def carried(result):
    return result["underruns"] == 0 and not any(result["failures"].values())


def climb(name, start, steps, seconds, **how):
    """[(listeners, result)] until the first step that was not carried."""
    climbed = []
    for count in steps:
        harness.progress(f"{name}: {count} listeners")
        with start(count) as server:
            more = {key: value(count) for key, value in how.items()}
            climbed.append((server, count, harness.measure(server, count, seconds, **more)))
        if not carried(climbed[-1][2]):
            break
    return climbed


def row(server, count, result):
    limit = " its limit" if harness.is_generator_limit(result) else ""
    return [server.name, count, "yes" if carried(result) else "NO", result["underruns"],
            f"{result['least_margin_ms']['min']:.0f}", f"{100 * result['busiest'][1]:.1f}", f"{100 * result['cpu']:.1f}",
            f"{100 * result['server_core']:.1f}", f"{result['thread_us']:.1f}", f"{result['rss_mib']:.0f}",
            f"{result['memory_kib']:.2f}", f"{result['kernel_mib']:.0f}",
            f"{100 * result['load_core']:.0f}{limit}", harness.failures(result)]


HEAD = ["", "listeners", "carried", "underruns", "least margin ms", "I/O %", "process %", "core %",
        "I/O µs/listener-s", "RSS MiB", "KiB/listener", "kernel MiB", "generator's core %", "failures"]


def main():
    parser = harness.options(__doc__, runs=1)
    parser.add_argument("--least", type=int, default=2500, help="the first step")
    parser.add_argument("--most", type=int, default=80000, help="the last step")
    parser.add_argument("--processes", type=int, default=0,
                        help="deal the crowd out to so many; 0: as few as the limit of open files allows")
    settings = harness.begin(parser)
    may_open = harness.raise_file_limit() - harness.SPARE_FILES
    steps = [step for step in STEPS if settings.least <= step <= settings.most]
    if not steps:
        parser.error(f"no step from {settings.least} to {settings.most}: they are {', '.join(map(str, STEPS))}")

    def tuttis(count):
        processes = settings.processes or -(-count // may_open)
        servers = [Tutti(settings, share + 1, state=f"capacity-{i}")
                   for i, share in enumerate(harness.dealt(count, processes))]
        return servers[0] if processes == 1 else Several(servers)

    for _ in range(settings.runs):
        if "icecast" in settings.servers:
            climbed = climb("icecast", lambda n: Icecast(n + 1), [s for s in steps if s <= may_open], settings.seconds)
            harness.table("capacity: Icecast at its own pace", HEAD, [row(*step) for step in climbed])
        if "tutti" in settings.servers:
            climbed = climb("tutti", tuttis, steps, settings.seconds, ramp=lambda n: n / TUTTI_PER_SECOND)
            harness.table("capacity: Tutti, writes every 1000 ms", HEAD, [row(*step) for step in climbed])
            most = max((count for _, count, result in climbed if carried(result)), default=0)
            tried = climbed[-1][1] >= TARGET or most < climbed[-1][1]
            verdict = "ok" if most >= TARGET else "MISSED" if tried else "not tried"
            harness.say(f"carried: {most} listeners, target >= {TARGET} {verdict}")
    if may_open < settings.most:
        harness.say(f"One process may open {may_open + harness.SPARE_FILES} files: larger crowds are dealt out to several "
                    "Tuttis on the one core. I/O % is their I/O threads together; core % has everything in it.")


if __name__ == "__main__":
    main()
