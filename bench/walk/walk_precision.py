"""200 phones behind networks that delay and queue: when each would begin each cue, against what is true, beside the
earlier app's method on the same exchanges."""
import collections
import time

import numpy

import harness
from phones import Phones
from walk_server import WalkServer

NETWORK = {"least_ms": 20, "most_ms": 150, "uneven_us": 1000, "queue_ms": 400, "drift_ppm": 20}
LEAD = 2.0  # seconds: what the earlier server adds to a round trip


def measure(settings):
    """The heard cues of all phones, with those of the reference taken out as the truth: {cue: (truth, [Heard])}."""
    with WalkServer(settings) as server, Phones(settings, server.port, phones=settings.phones, seed=settings.seed, **NETWORK) as phones:
        phones.wait_until_all_are_in_time()
        told = []

        def cue():
            # Another one waits until this one has begun, so nothing queues up.
            told.append((server.lead()["chosen_ms"], server.cue(5, 5 + settings.part)["id"]))
            time.sleep(told[-1][0] / 1000 + settings.pause)
        early = 2
        for _ in range(early):
            cue()
        time.sleep(settings.settle)
        for _ in range(settings.cues):
            cue()
        time.sleep(1.5)  # until those with the longest way have heard of the last
        by_cue = collections.defaultdict(list)
        for heard in phones.heard():
            by_cue[heard.cue].append(heard)
    first = {number for _, number in told[:early]}
    return {number: of_cue for number, of_cue in by_cue.items() if any(h.phone == 0 for h in of_cue)}, first, dict(
        (number, lead) for lead, number in told)


def errors(of_cue):
    """Of the begin that each phone would keep, ms; and by how much it heard of it late, ms, 0: in time."""
    truth = next(h.begins for h in of_cue if h.phone == 0)
    others = [h for h in of_cue if h.phone != 0]
    return ([abs(h.begins - truth) / 1000 for h in others],
            [max(0, h.arrived - max(truth, h.begins)) / 1000 for h in others])


def original(of_cue, wait):
    """The earlier app waits `wait(heard)` seconds after it has heard, then plays. How far each is from the crowd's median, ms:
    no other moment was ever meant."""
    plays = numpy.array([h.arrived / 1000 + 1000 * max(0.0, wait(h)) for h in of_cue if h.phone != 0])
    return list(numpy.abs(plays - numpy.median(plays)))


def row(name, values, target=None, late=None, cues=""):
    values = numpy.array(values)
    p50, p95, p99 = (numpy.percentile(values, p) for p in (50, 95, 99))
    return [name, cues, len(values), *(f"{v:.2f}" for v in (p50, p95, p99, values.max())),
            harness.verdict(round(p99, 2), target) if target else "", late or ""]


def show(settings):
    harness.progress(f"{settings.phones} phones behind networks, {settings.cues} cues")
    by_cue, first, leads = measure(settings)
    early = [of_cue for number, of_cue in by_cue.items() if number in first]
    later = [of_cue for number, of_cue in by_cue.items() if number not in first]
    rows = []
    for name, cues, target in (("tutti", later, 10), ("tutti, the first seconds", early, None)):
        found = [errors(of_cue) for of_cue in cues]
        lates = [late for _, each in found for late in each]
        behind = [late for late in lates if late > 0]
        share = 100 * len(behind) / len(lates)
        rows.append(row(name, [e for each, _ in found for e in each], target,
                        f"{share:.1f} %{f', by {max(behind):.0f} ms' if behind else ''}", len(cues)))
    for name, wait in (
            ("the earlier app, its one ping", lambda h: LEAD - h.first_round_trip / 1e6),
            ("the earlier app, its last ack", lambda h: LEAD - (h.last_round_trip / 1e6 + LEAD + settings.part)),
            ("the earlier app, had it pinged anew", lambda h: LEAD - h.last_round_trip / 1e6)):
        rows.append(row(name, [e for of_cue in later for e in original(of_cue, wait)], cues=len(later)))
    harness.table(f"walk, {settings.phones} phones: error of the start they would keep, ms",
                  ["", "cues", "starts", "p50", "p95", "p99", "max", "p99 target", "heard of it late"], rows)
    harness.say(f"lead, ms: {', '.join(str(lead) for lead in leads.values())}")
