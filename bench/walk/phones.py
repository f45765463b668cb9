"""The simulated phones (bench/walk/main.cpp) and what they say."""
import collections
import json
import pathlib
import subprocess
import time

import harness

Heard = collections.namedtuple("Heard", "phone cue start arrived begins first_round_trip last_round_trip")
State = collections.namedtuple("State", "phone is_in_time cue began doubt")


class Phones:
    """`with Phones(settings, port, phones=200, queue_ms=400) as phones:`. Phone 0 has neither delay nor drift: what it
    says is what is true, but for the microseconds that a loopback leaves open."""

    def __init__(self, settings, port, **options):
        command = [str(pathlib.Path(settings.programs) / "walk_crowd"), "--port", str(port)]
        for name, value in options.items():
            command += [f"--{name.replace('_', '-')}", str(value)]
        self.count = options["phones"]
        self.process = subprocess.Popen(harness.pinned(harness.LOAD_CORE, command), stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, bufsize=1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        harness.stop(self.process, 2)

    def say(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def ask(self, line):
        self.say(line)
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError("the simulated phones have ended")
        return json.loads(answer)

    def heard(self):
        return [Heard(*each) for each in self.ask("heard")]

    def state(self):
        return [State(*each) for each in self.ask("state")]

    def wait_until(self, condition, what, patience=60):
        """Seconds that it took until condition(the state of all) held."""
        begun = time.monotonic()
        while not condition(self.state()):
            if time.monotonic() - begun > patience:
                raise RuntimeError(f"waited for {patience} s: {what}")
            time.sleep(0.1)
        return time.monotonic() - begun

    def wait_until_all_are_in_time(self):
        return self.wait_until(lambda all_: all(each.is_in_time for each in all_), "all know the server's clock", 120)
