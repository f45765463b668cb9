"""A local network of one machine: an Avahi daemon of its own on the loopback interface, with a D-Bus of its own."""
import os
import pathlib
import shutil
import subprocess

from patience import eventually

BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>
"""
AVAHI = """[server]
host-name=tutti-test
use-ipv4=yes
use-ipv6=no
allow-interfaces=lo
[wide-area]
enable-wide-area=no
[publish]
publish-hinfo=no
publish-workstation=no
"""


def daemon_command(configuration):
    """Its lock lies at a fixed place in /run: a /run of its own lets it run beside the machine's, where that may be."""
    command = ["avahi-daemon", "--no-chroot", "--no-drop-root", "--no-rlimits", "-f", str(configuration)]
    apart = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--mount"]
    if subprocess.run([*apart, "true"], capture_output=True, check=False).returncode:
        return command
    return [*apart, "sh", "-c", 'mount -t tmpfs tmpfs /run && exec "$@"', "sh", *command]


class Network:
    """`with Network() as network`: a bus; start() and stop() a daemon on it."""

    def __init__(self, home):
        self.home, self.processes, self.daemon = pathlib.Path(home), [], None
        self.address = f"unix:path={self.home}/bus"

    def __enter__(self):
        (self.home / "bus.conf").write_text(BUS.format(socket=self.home / "bus"))
        (self.home / "avahi.conf").write_text(AVAHI)
        self._run("dbus-daemon", f"--config-file={self.home}/bus.conf", "--nofork", "--nopidfile")
        eventually((self.home / "bus").exists, 5, "the bus")
        return self

    def __exit__(self, *_):
        for process in reversed(self.processes):
            process.terminate()
            process.wait()

    def _run(self, *command):
        log = open(self.home / f"{pathlib.Path(command[0]).name}.log", "ab")
        with log:
            self.processes.append(subprocess.Popen(command, stdout=log, stderr=log, env=self.environment()))
        return self.processes[-1]

    def environment(self):
        return os.environ | {"DBUS_SYSTEM_BUS_ADDRESS": self.address, "LC_ALL": "C.UTF-8"}

    def start(self):
        assert shutil.which("avahi-daemon"), "avahi-daemon is missing: script/setup test"
        begin = len(self.daemon_log())
        self.daemon = self._run(*daemon_command(self.home / "avahi.conf"))
        eventually(lambda: "Server startup complete" in self.daemon_log()[begin:], 10, "the Avahi daemon")

    def stop(self):
        self.daemon.terminate()
        self.daemon.wait()
        self.processes.remove(self.daemon)

    def daemon_log(self):
        return "".join(path.read_text() for path in (self.home / "avahi-daemon.log", self.home / "unshare.log") if path.exists())

    def announce(self, name, kind, port, *txt):
        """Until the process that is returned ends."""
        return self._run("avahi-publish", "-s", name, kind, str(port), *txt)

    def withdraw(self, process):
        process.terminate()
        process.wait()
        self.processes.remove(process)

    def browse(self, kind):
        """[(name, port, TXT)] of all that is announced of a kind."""
        done = subprocess.run(["avahi-browse", "-rpt", kind], env=self.environment(), capture_output=True, text=True,
                              timeout=20, check=True)
        lines = [line.split(";") for line in done.stdout.splitlines() if line.startswith("=")]
        return [(line[3], int(line[8]), line[9]) for line in lines]
