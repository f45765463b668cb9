"""5,000 phones on one core: how long after the first the last one hears of a cue, also while all download."""
import json
import pathlib
import subprocess
import time

import harness
from phones import Phones
from walk_server import WalkServer

TARGET = 250  # ms
PER_SOURCE = 20_000  # connections from one address, so that there are ports for all


def spreads(phones, server, settings):
    """[ms between the first and the last arrival] of some cues, and how many phones heard of all."""
    phones.heard()
    for _ in range(settings.spread_cues):
        server.cue(5, 30)
        time.sleep(server.lead()["chosen_ms"] / 1000 + settings.pause)
    time.sleep(1)
    arrivals = {}
    for heard in phones.heard():
        arrivals.setdefault(heard.cue, []).append(heard.arrived)
    return ([(max(each) - min(each)) / 1000 for each in arrivals.values()],
            min((len(each) for each in arrivals.values()), default=0))


def show(settings):
    rows = []
    with WalkServer(settings, most=settings.crowd * 2 + 100, seconds=120) as server:
        path = server.walk_state()["assets"][0]["url"]
        harness.progress(f"{settings.crowd} phones connect")
        with Phones(settings, server.port, phones=settings.crowd, rate=1000, drift_ppm=20) as phones:
            phones.wait_until_all_are_in_time()
            time.sleep(settings.calm)  # until they ask for the time once a second
            rows.append(measure(f"{settings.crowd} phones", phones, server, settings))
            command = [str(pathlib.Path(settings.programs) / "walk_downloads"), "--port", str(server.port), "--path", path,
                       "--connections", str(settings.crowd), "--seconds", str(settings.seconds)]
            harness.progress(f"and {settings.crowd} downloads")
            downloads = subprocess.Popen(harness.pinned(harness.LOAD_CORE, command), stdin=subprocess.PIPE,
                                         stdout=subprocess.PIPE, text=True, bufsize=1)
            try:
                if downloads.stdout.readline().strip() != "open":
                    raise RuntimeError("the downloads did not begin")
                downloads.stdin.write("go\n")
                downloads.stdin.flush()
                rows.append(measure(f"and {settings.crowd} downloads", phones, server, settings))
                told = json.loads(downloads.stdout.readline())
            finally:
                downloads.stdin.close()
                harness.stop(downloads, 2)
            rows[-1][-4:] = [f"{told['megabytes_per_second']:.0f}", told["broken"], f"{told['least_kib'] / 1024:.1f}",
                             f"{told['median_kib'] / 1024:.1f}"]
    harness.table("walk, one core: from the first phone that hears of a cue to the last, ms",
                  ["", "cues", "phones", "median", "worst", "target", "server's core", "RSS MiB", "MB/s", "broken", "least MiB",
                   "median MiB"], rows)


def measure(name, phones, server, settings):
    before = harness.Sample(server.pid)
    found, count = spreads(phones, server, settings)
    after = harness.Sample(server.pid)
    return [name, len(found), count - 1, f"{harness.median(found):.1f}", f"{max(found):.1f}", harness.verdict(round(max(found), 1), TARGET),
            f"{100 * after.since(before)['server_core']:.0f} %", f"{after.rss_kib / 1024:.0f}", "", "", "", ""]
