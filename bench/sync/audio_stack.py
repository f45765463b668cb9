"""A private PipeWire without hardware: a sink for each player, all of them recorded by one device clock.

Runs beside whatever the machine's user has: a runtime directory, a message bus and a session manager of its own.
"""
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

RATE = 48000
MOST = 8  # players
# What makes ALSA's default device PipeWire's, as the package would for the whole machine.
ALSA = ("</usr/share/alsa/alsa.conf.d/50-pipewire.conf>\n"
        "</usr/share/alsa/alsa.conf.d/99-pipewire-default.conf>\n")


class AudioStack:
    """`with AudioStack(2) as stack:` then `stack.environment(0)` is that of a program that plays into sink 0."""

    def __init__(self, sinks, pulse=False):
        assert sinks <= MOST
        self.sinks, self.pulse = sinks, pulse
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="tutti-sync-"))
        self.processes, self.recorder, self.recording = [], None, None

    def environment(self, sink=None):
        """Without `sink`: as the stack's own programs have it."""
        more = {"XDG_RUNTIME_DIR": self.home / "run", "PIPEWIRE_RUNTIME_DIR": self.home / "run", "HOME": self.home,
                "XDG_CONFIG_HOME": self.home / "config", "XDG_STATE_HOME": self.home / "state",
                "DBUS_SESSION_BUS_ADDRESS": f"unix:path={self.home}/run/bus"}
        if sink is not None:
            more |= {"PIPEWIRE_NODE": f"sink{sink}", "PULSE_SINK": f"sink{sink}"}
        return {name: value for name, value in os.environ.items() if name != "DISPLAY"} | \
               {name: str(value) for name, value in more.items()}

    def __enter__(self):
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _start(self):
        for name in ("run", "config", "state"):
            (self.home / name).mkdir(mode=0o700)
        (self.home / ".asoundrc").write_text(ALSA, encoding="utf-8")
        self.run("dbus-daemon", "--session", "--nofork", "--nopidfile", f"--address=unix:path={self.home}/run/bus")
        self.wait_for((self.home / "run/bus").exists, "the message bus")
        self.run("pipewire")
        self.wait_for((self.home / "run/pipewire-0").exists, "PipeWire")
        self.run("wireplumber")
        if self.pulse:
            self.run("pipewire-pulse")
        # One of them drives the others, and what is heard on that one is a quantum late: not one of those that are compared.
        self.make_sink("mix", "[" + " ".join(f"AUX{n}" for n in range(MOST)) + "]", 30000)
        for sink in range(self.sinks):
            self.make_sink(f"sink{sink}", "[FL FR]", 100)
        self.wait_for(lambda: f"mix:playback_AUX{MOST - 1}" in self.ask("pw-link", "-i"), "the sinks")
        for sink in range(self.sinks):
            self.ask("pw-link", f"sink{sink}:monitor_FL", f"mix:playback_AUX{sink}")

    def make_sink(self, name, channels, priority):
        self.ask("pw-cli", "create-node", "adapter",
                 "{ factory.name=support.null-audio-sink media.class=Audio/Sink object.linger=true "
                 f"node.name={name} audio.position={channels} audio.rate={RATE} priority.driver={priority} priority.session={priority} }}")

    def run(self, *command, sink=None, log=None):
        """A program in the background, ended with the stack."""
        with open(self.home / f"{log or command[0].rsplit('/', 1)[-1]}.log", "ab") as out:
            process = subprocess.Popen([str(part) for part in command], env=self.environment(sink), stdin=subprocess.DEVNULL,
                                       stdout=out, stderr=out)
        self.processes.append(process)
        return process

    def end(self, process, how=signal.SIGTERM):
        if process.poll() is None:
            process.send_signal(how)
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes.remove(process)

    def log(self, name):
        return (self.home / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def ask(self, *command):
        return subprocess.run(command, env=self.environment(), capture_output=True, text=True, timeout=10, check=True).stdout

    def wait_for(self, condition, what, seconds=10):
        limit = time.monotonic() + seconds
        while not condition():
            for process in self.processes:
                if process.poll() is not None:
                    raise RuntimeError(f"{process.args[0]} ended with {process.returncode}")
            if time.monotonic() > limit:
                raise RuntimeError(f"waited for {what}")
            time.sleep(0.05)

    def record(self):
        """Begins to record all sinks, sample by sample."""
        self.recording = self.home / "recording.raw"
        self.recorder = self.run("pw-record", "--target", "mix", "-P", "{ stream.capture.sink=true }", "--rate", RATE,
                                 "--channels", MOST, "--channel-map", ",".join(f"AUX{n}" for n in range(MOST)),
                                 "--format", "s16", self.home / "recording.wav")

    def recorded(self):
        """Ends the recording: the path of a WAV file of MOST channels."""
        self.end(self.recorder, signal.SIGINT)
        return self.home / "recording.wav"

    def __exit__(self, *_):
        for process in reversed(self.processes[:]):
            self.end(process)
        shutil.rmtree(self.home, ignore_errors=True)
