"""script/certificate: makes a pair once, keeps it while it is good, and replaces it when it is not."""
import pathlib
import re
import shutil
import ssl
import stat
import subprocess
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "script/certificate"


class Certificate(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp()) / "state folder"
        self.addCleanup(shutil.rmtree, self.folder.parent)
        self.said = self.make()

    def make(self):
        done = subprocess.run([SCRIPT, self.folder], capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)
        return done.stderr

    def pair(self):
        return (self.folder / "cert.pem").read_bytes(), (self.folder / "key.pem").read_bytes()

    def names(self):
        text = subprocess.run(["openssl", "x509", "-in", self.folder / "cert.pem", "-noout", "-ext", "subjectAltName"],
                              capture_output=True, text=True, check=True).stdout
        return re.findall(r"(?:DNS|IP Address):([^,\s]+)", text)

    def other(self, *options):
        """Another pair in its place, as openssl makes it."""
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj",
                        "/CN=x", *options, "-keyout", self.folder / "key.pem", "-out", self.folder / "cert.pem"],
                       check=True, capture_output=True)

    def test_a_server_can_use_it_for_this_machine(self):
        self.assertIn("cert.pem", self.said)
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(self.folder / "cert.pem", self.folder / "key.pem")
        self.assertLessEqual({"localhost", "127.0.0.1", "0:0:0:0:0:0:0:1"}, set(self.names()))
        self.assertEqual(stat.S_IMODE((self.folder / "key.pem").stat().st_mode), 0o600)
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["cert.pem", "key.pem"])

    def test_again_changes_nothing_and_says_nothing(self):
        before = self.pair()
        self.assertEqual(self.make(), "")
        self.assertEqual(self.pair(), before)

    def test_what_is_no_longer_good_is_replaced(self):
        names = ",".join(f"{'IP' if re.fullmatch('[0-9.]+|[0-9A-F]*(:[0-9A-F]*)+', name) else 'DNS'}:{name}" for name in self.names())
        for spoil in (lambda: (self.folder / "key.pem").unlink(),
                      lambda: (self.folder / "cert.pem").write_text("not a certificate"),
                      lambda: self.other("-days", "300", "-addext", "subjectAltName=DNS:localhost"),
                      lambda: self.other("-days", "6", "-addext", f"subjectAltName={names}")):
            spoil()
            spoilt = [path.read_bytes() for path in sorted(self.folder.iterdir())]
            self.assertIn("made", self.make())
            self.assertNotEqual(list(self.pair()), spoilt)
            self.assertEqual(self.make(), "", "the new one is good")
        self.other("-days", "300", "-addext", f"subjectAltName={names}")
        self.assertEqual(self.make(), "", "whoever made it, it is good")


if __name__ == "__main__":
    unittest.main()
