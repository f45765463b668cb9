"""How far off ClockFilter is, beside a median of 200 and a two-state Kalman filter, on made-up and recorded networks."""
import argparse
import json
import subprocess

import harness

TRACES = sorted(map(str, (harness.ROOT / "bench/clock/traces").glob("*.txt")))
PEERS = ("median", "kalman", "kalman8")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="traces of ten minutes per scenario, seeds 1 to N")
    parser.add_argument("--only", help="one scenario by name")
    parser.add_argument("--replay", nargs="*", default=TRACES, metavar="FILE",
                        help="recorded traces (bench/clock/record.py makes them)")
    parser.add_argument("--program", default=str(harness.ROOT / "build/release/bench/clock_trial"), help="the binary")
    settings = parser.parse_args()
    only = ["--only", settings.only] if settings.only else []
    made_up = run(settings.program, "--seeds", str(settings.runs), *only)
    recorded = run(settings.program, "--replay", *settings.replay) if settings.replay and not settings.only else []
    for percentile in ("p95", "p99"):
        show_errors(percentile, made_up + recorded)
    show_rest(made_up + recorded)


def run(*command):
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    return [json.loads(line) for line in lines]


def show_errors(percentile, results):
    rows = []
    for result in results:
        own, peers = result["tutti"][percentile], [result[peer][percentile] for peer in PEERS]
        ratio = own / max(min(peers), 0.1)
        rows.append([result["name"], *(f"{value:.0f}" for value in (own, *peers)), f"{ratio:.2f}",
                     "ok" if ratio < 1 else "MISSED"])
    harness.table(f"clock: {percentile} of the error between exchanges, µs, from the first answer on",
                  ["trace", "tutti", "median of 200", "Kalman", "Kalman, best of 8", "of the best peer", "< 1"], rows)


def show_rest(results):
    rows = []
    for result in results:
        own, peer = result["tutti"], result["kalman"]
        verdicts = [f"{own[name]:.2f} {'ok' if own[name] < limit else 'MISSED'}" if result["lan"] else ""
                    for name, limit in (("to_1ms", 1), ("to_100us", 10))]
        rows.append([result["name"], f"{own['p50']:.0f}", f"{peer['p50']:.0f}", *verdicts,
                     f"{peer['to_100us']:.2f}" if result["lan"] else "", f"{100 * result['covered']:.1f}",
                     f"{result['uncertainty']:.0f}", result["jumps"], f"{result['us_per_exchange']:.0f}"])
    harness.table("clock: medians; seconds until the error stays below for good (the slowest trace, LANs); honesty",
                  ["trace", "p50, µs", "Kalman's", "to 1 ms < 1", "to 0.1 ms < 10", "Kalman's", "% within uncertainty",
                   "uncertainty, µs", "jumps found", "CPU, µs/exchange"], rows)


if __name__ == "__main__":
    main()
