"""The page /walk in Chromium where only listeners may listen."""
import json
import subprocess

import pytest

import people
from clips import Clip
from patience import PATIENCE, eventually
from server import ROOT, Server

pytestmark = pytest.mark.browser


def test_who_is_not_let_in_is_told_what_to_do(tmp_path):
    Clip("forest.wav", "wav", 2, 0, seconds=12, rate=48000).put_into(tmp_path / "park")
    screenshots = ROOT / "build/screenshots"
    screenshots.mkdir(parents=True, exist_ok=True)
    people.add_user(tmp_path, "bert", role="listener")
    token = people.make_token(tmp_path, "bert")
    server = Server(tmp_path, "--require-auth", "listen", "--walk", tmp_path / "park")
    try:
        headers = {"Authorization": f"Bearer {token}"}
        eventually(lambda: server.json("/api/v1/walk", **headers)["assets"][0:1] and
                   server.json("/api/v1/walk", **headers)["assets"][0]["ready"], 30, "the asset is ready")
        done = subprocess.run(["node", str(ROOT / "tests/e2e/browser/walk_closed.mjs"), server.url, "bert", people.PASSWORD, token, str(screenshots)],
                              capture_output=True, timeout=100 * PATIENCE, check=False)
        assert done.returncode == 0, done.stderr.decode("utf-8", "replace")[-3000:]
    finally:
        server.stop()
    assert json.loads(done.stdout) == {"faults": [], "address": f"{server.url}/walk", "complaints": []}
