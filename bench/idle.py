"""1,000 stations without listeners: CPU and memory. The first start scans 2,000 files; the index is kept for later."""
import time

import harness
import material
from servers import Tutti

TARGET_CPU_PERCENT, TARGET_MIB = 1, 200


def main():
    parser = harness.options(__doc__)
    parser.add_argument("--stations", type=int, default=1000, help="how many")
    settings = harness.begin(parser)
    routes = material.stations("idle", settings.stations, material.waves())
    rows = []
    with Tutti(settings, routes=routes, state="idle") as server:
        for run in range(settings.runs):
            harness.progress(f"run {run + 1} of {settings.runs}: {settings.seconds:g} s")
            before = harness.Sample(server.pid)
            time.sleep(settings.seconds)
            after = harness.Sample(server.pid)
            cpu, mib = 100 * after.since(before)["cpu"], after.rss_kib / 1024
            rows.append([f"run {run + 1}", f"{cpu:.2f}", harness.verdict(cpu, TARGET_CPU_PERCENT), f"{mib:.1f}",
                         harness.verdict(mib, TARGET_MIB), len(after.threads)])
    harness.table(f"idle: {settings.stations} stations without listeners, {settings.seconds:g} s",
                  ["", "% of one core", "target", "RSS MiB", "target", "threads"], rows)


if __name__ == "__main__":
    main()
