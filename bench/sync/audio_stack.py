"""A private PipeWire without hardware: a sink for each player, all of them recorded by one device clock.

Runs beside whatever the machine's user has: a runtime directory, a message bus and a session manager of its own.
"""
import fcntl
import os
import pathlib
import pty
import shutil
import signal
import subprocess
import tempfile
import termios
import time

RATE = 48000
MOST = 8  # players
# What makes ALSA's default device PipeWire's, as the package would for the whole machine.
ALSA = ("</usr/share/alsa/alsa.conf.d/50-pipewire.conf>\n"
        "</usr/share/alsa/alsa.conf.d/99-pipewire-default.conf>\n")


def take_terminal():
    """What it reads from is its terminal."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class AudioStack:
    """`with AudioStack(2) as stack:` then `stack.environment(0)` is that of a program that plays into sink 0."""

    def __init__(self, sinks, pulse=False):
        assert sinks <= MOST
        self.sinks, self.pulse = sinks, pulse
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="tutti-sync-"))
        self.processes, self.keyboards, self.recorder = [], {}, None

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

    def run(self, *command, sink=None, log=None, typed=False):
        """A program in the background, ended with the stack. `typed`: it has a terminal to read from, see `type`."""
        keyboard, inside = pty.openpty() if typed else (None, subprocess.DEVNULL)
        with open(self.home / f"{log or command[0].rsplit('/', 1)[-1]}.log", "ab") as out:
            process = subprocess.Popen([str(part) for part in command], env=self.environment(sink), stdin=inside, stdout=out,
                                       stderr=out, start_new_session=typed, preexec_fn=take_terminal if typed else None)
        if typed:
            os.close(inside)
            self.keyboards[process.pid] = keyboard
        self.processes.append(process)
        return process

    def type(self, process, keys):
        os.write(self.keyboards[process.pid], keys.encode())

    def end(self, process, how=signal.SIGTERM):
        if process.poll() is None:
            process.send_signal(how)
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes.remove(process)
        if process.pid in self.keyboards:
            os.close(self.keyboards.pop(process.pid))

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
        self.recorder = self.run("pw-record", "--target", "mix", "-P", "{ stream.capture.sink=true }", "--rate", RATE,
                                 "--channels", MOST, "--channel-map", ",".join(f"AUX{n}" for n in range(MOST)),
                                 "--format", "s16", self.home / "recording.wav")

    def play_to_all(self, path):
        """Plays a stereo file to every sink at once."""
        self.run("pw-cat", "--playback", "--target", "0", path)
        self.wait_for(lambda: "pw-cat:output_FL" in self.ask("pw-link", "-o"), "the sound")
        for sink in range(self.sinks):
            for channel in ("FL", "FR"):
                self.ask("pw-link", f"pw-cat:output_{channel}", f"sink{sink}:playback_{channel}")

    def position(self):
        """Seconds that have been recorded; some hundredths less than have been played."""
        return (self.home / "recording.wav").stat().st_size / (2 * MOST * RATE)

    def recorded(self):
        """Ends the recording: the path of a WAV file of MOST channels."""
        self.end(self.recorder, signal.SIGINT)
        return self.home / "recording.wav"

    def keep(self, path, folder, name):
        """Copies a recording and all logs to where they stay, if anywhere."""
        if folder:
            kept = pathlib.Path(folder) / name
            kept.mkdir(parents=True, exist_ok=True)
            for each in [path, *self.home.glob("*.log")]:
                shutil.copy(each, kept)

    def __exit__(self, *_):
        for process in reversed(self.processes[:]):
            self.end(process)
        shutil.rmtree(self.home, ignore_errors=True)
