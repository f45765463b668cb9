"""The most listeners that one I/O thread carries without an underrun.

Steps up until a listener runs dry or the kernel refuses more open files. Where the limit of open files ends it first,
two more tables say what the thread had left: its share of a core at growing counts, with the straight line to 100 %
(labelled as extrapolated), and the largest crowd with more frequent writes. A write costs nearly the same whatever its
length, so that many writes per second stand for so many listeners at 1 s. They are counted as segments that arrive.
"""
import harness
from servers import Icecast, Tutti

TARGET = 60000
STEPS = [2500, 5000, 10000, 20000, 40000, 60000, 80000, 100000, 120000, 160000, 200000]


def steps_up_to(most):
    """The steps below what may be opened, and that itself when it cuts the next one off."""
    below = [step for step in STEPS if step <= most]
    return below if below[-1:] == STEPS[-1:] or most in below else [*below, most]


def carried(result):
    return result["underruns"] == 0 and not any(result["failures"].values())


def climb(name, start, most, seconds, first):
    """[(listeners, result)] until the first step that was not carried."""
    climbed = []
    for count in (step for step in steps_up_to(most) if step >= min(first, most)):
        harness.progress(f"{name}: {count} listeners")
        with start(count) as server:
            climbed.append((count, harness.measure(server, count, seconds)))
        if not carried(climbed[-1][1]):
            break
    return climbed


def row(label, count, result):
    share = result["busiest"][1]
    return [label, count, "yes" if carried(result) else "NO", result["underruns"],
            f"{result['least_margin_ms']['min']:.0f}", f"{100 * share:.1f}", f"{100 * result['cpu']:.1f}",
            f"{count / share:.0f}" if share and carried(result) else "-",
            f"{result['generator']['cpu_percent']:.0f}", harness.failures(result)]


HEAD = ["", "listeners", "carried", "underruns", "least margin ms", "busiest thread %", "process %",
        "extrapolated to 100 %", "generator %", "failures"]


def main():
    parser = harness.options(__doc__, runs=1)
    parser.add_argument("--most", type=int, default=STEPS[-1], help="stop at so many listeners")
    parser.add_argument("--intervals", default="1000,500,250,100", help="flush intervals of the last table, in ms")
    settings = harness.begin(parser)
    may_open = harness.raise_file_limit() - harness.SPARE_FILES
    most = min(settings.most, may_open)
    for _ in range(settings.runs):
        if "icecast" in settings.servers:
            climbed = climb("icecast", lambda n: Icecast(n + 1), most, settings.seconds, 2500)
            harness.table("capacity: Icecast at its own pace", HEAD, [row("icecast", *step) for step in climbed])
        if "tutti" in settings.servers:
            tutti(settings, most)
    if may_open < TARGET:
        harness.say(f"\nThe limit of open files ends these runs at {may_open} listeners: the target of {TARGET} is "
                    "not shown directly here. Raise it (ulimit -Hn) and run again to try the steps above.")


def tutti(settings, most):
    climbed = climb("tutti", lambda n: Tutti(settings, n + 1), most, settings.seconds, 5000)
    harness.table("capacity: Tutti, one I/O thread, writes every 1000 ms", HEAD,
                  [row("tutti", *step) for step in climbed])
    if not carried(climbed[-1][1]):
        return
    rows = []
    for interval in map(int, settings.intervals.split(",")):
        harness.progress(f"tutti: {most} listeners, a write every {interval} ms")
        with Tutti(settings, most + 1, interval) as server:
            result = harness.measure(server, most, settings.seconds)
        writes = result["playing"] * result["writes_per_second"]["p50"]
        rows.append([*row(f"every {interval} ms", most, result), f"{writes:.0f}"])
    harness.table(f"capacity: Tutti, {most} listeners, the same audio in more writes",
                  [*HEAD, "writes/s"], rows)
    harness.say("writes/s: measured; so many listeners would need as many at one per second, with more audio in each")


if __name__ == "__main__":
    main()
