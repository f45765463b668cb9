"""Those who are known elsewhere: JSON Web Tokens, and another server that decides."""
import contextlib
import http.client
import http.server
import json
import subprocess
import threading
import time

import pytest

import people
from clips import Clip
from people import PASSWORD, ask, as_session, base64url, basic, jwt, sign_in, who
from server import run

KEY = b"a secret of at least thirty-two bytes"
TUNE = Clip("tune.mp3", "mp3", 1, 60, seconds=6)


@pytest.fixture
def folder(tmp_path):
    TUNE.put_into(tmp_path / "music")
    return tmp_path / "music"


def claims(**more):
    return {"sub": "guest", "roles": ["operator"], "exp": int(time.time()) + 600} | more


def user_of(server, token):
    return who(server, Authorization=f"Bearer {token}")["user"]


@pytest.mark.smoke
def test_tokens_with_a_secret(serve, folder, tmp_path):
    key = tmp_path / "key"
    key.write_bytes(KEY + b"\n")
    server = serve(folder, "--jwt-key", key)
    good = jwt(claims(), KEY)
    assert who(server, Authorization=f"Bearer {good}") == {"user": "guest", "roles": ["operator"], "listening": "open"}
    assert "operator http" not in server.out_path.read_text(), "operators come from elsewhere"
    head, body, signature = good.split(".")
    richer = base64url(json.dumps(claims(sub="root")).encode())
    tampered = {
        "other claims": f"{head}.{richer}.{signature}",
        "no signature": f"{head}.{body}.",
        "two parts": f"{head}.{body}",
        "alg none": jwt(claims(), KEY, {"alg": "none"}, sign=False),
        "alg none, signed": jwt(claims(), KEY, {"alg": "none"}),
        "alg HS512": jwt(claims(), KEY, {"alg": "HS512"}),
        "alg RS256": jwt(claims(), KEY, {"alg": "RS256"}),
        "another key": jwt(claims(), KEY + b"x"),
        "an empty key": jwt(claims(), b""),
        "expired": jwt(claims(exp=int(time.time()) - 60), KEY),
        "not yet": jwt(claims(nbf=int(time.time()) + 300), KEY),
        "for ever": jwt({"sub": "guest", "roles": ["operator"]}, KEY),
        "nobody": jwt(claims(sub=""), KEY),
        "critical": jwt(claims(), KEY, {"alg": "HS256", "crit": ["x"]}),
    }
    for what, token in tampered.items():
        assert user_of(server, token) is None, what
        assert ask(server, "/next-track/?ajax=1", "POST", Authorization=f"Bearer {token}")[0] == 401, what
    assert who(server, Authorization="Bearer " + jwt(claims(roles=["admin"]), KEY))["roles"] == []
    assert good not in server.log()


def openssl(*arguments, data=b""):
    return subprocess.run(["openssl", *map(str, arguments)], input=data, capture_output=True, check=True).stdout


def test_tokens_with_a_key_pair(serve, folder, tmp_path):
    private, public = tmp_path / "private.pem", tmp_path / "public.pem"
    openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", private)
    openssl("pkey", "-in", private, "-pubout", "-out", public)
    server = serve(folder, "--jwt-key", public)

    def rs256(header, some_claims):
        text = base64url(json.dumps(header).encode()) + "." + base64url(json.dumps(some_claims).encode())
        return text + "." + base64url(openssl("dgst", "-sha256", "-sign", private, data=text.encode()))
    assert user_of(server, rs256({"alg": "RS256"}, claims())) == "guest"
    assert user_of(server, rs256({"alg": "HS256"}, claims())) is None
    assert user_of(server, rs256({"alg": "none"}, claims())) is None
    # The public key is known to everybody: it must not do as an HS256 secret.
    for key in (public.read_bytes(), public.read_bytes().strip()):
        for algorithm in ("HS256", "RS256"):
            assert user_of(server, jwt(claims(), key, {"alg": algorithm})) is None
    done = run("serve", folder, "--port", "0", "--state-dir", tmp_path / "x", "--jwt-key", private)
    assert done.returncode == 2 and b"private" in done.stderr


class Judge:
    """Another server that decides; `answers` by name or token."""

    def __init__(self):
        self.asked = []
        self.answers = {}
        self.delay = 0
        judge = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                judge.asked.append(question)
                time.sleep(judge.delay)
                status, body = judge.answers.get(question.get("name") or question.get("token"), (403, {}))
                data = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/check"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def judge():
    judge = Judge()
    yield judge
    judge.stop()


@pytest.mark.smoke
def test_another_server_decides(serve, folder, tmp_path, judge):
    people.add_user(tmp_path / "server", "anna", "listener")
    judge.answers = {"guest": (200, {"user": "guest", "roles": ["operator", "admin"]}),
                     "opaque": (200, {"user": "robot", "roles": ["listener"]}),
                     "anna": (200, {"user": "anna", "roles": ["operator"]})}
    server = serve(folder, "--auth-url", judge.url)
    assert who(server, Authorization=basic("guest", "secret"))["roles"] == ["operator"]
    assert judge.asked == [{"kind": "password", "name": "guest", "password": "secret", "address": "127.0.0.1"}]
    who(server, Authorization=basic("guest", "secret"))
    assert len(judge.asked) == 1, "remembered for a moment"
    assert who(server, Authorization="Bearer opaque")["user"] == "robot"
    assert who(server, Authorization="Bearer other")["user"] is None
    assert who(server, Authorization=basic("anna", "wrong"))["user"] is None, "ours are judged by us"
    assert who(server, Authorization=basic("anna"))["roles"] == ["listener"]
    assert [question.get("name") for question in judge.asked].count("anna") == 0
    status, _, session = sign_in(server, "guest", "secret")
    assert status == 200 and who(server, **as_session(session))["roles"] == ["operator"]
    assert len(judge.asked) == 3, "a session is ours"


def test_without_its_answer_nobody_is_let_in(serve, folder, judge):
    broken = {
        "error": (500, {"user": "error", "roles": ["operator"]}),
        "moved": (302, {}),
        "text": (200, b"OK"),
        "nobody": (200, {"roles": ["operator"]}),
        "colon": (200, {"user": "a:b", "roles": ["operator"]}),
        "huge": (200, b'{"user":"huge","roles":["operator"],"x":"' + b"x" * 100_000 + b'"}'),
        "empty": (200, b""),
    }
    judge.answers = broken
    server = serve(folder, "--auth-url", judge.url)
    for name in broken:
        status, headers, _ = ask(server, "/next-track/?ajax=1", "POST", Authorization=basic(name, "x"))
        assert status == 503 and headers["Retry-After"], name
    judge.answers = {"slow": (200, {"user": "slow", "roles": ["operator"]})}
    judge.delay = 8
    begun = time.monotonic()
    assert ask(server, "/next-track/?ajax=1", "POST", Authorization="Bearer slow")[0] == 503
    assert 4 < time.monotonic() - begun < 7.5, "five seconds"
    judge.delay = 0
    judge.stop()
    assert ask(server, "/next-track/?ajax=1", "POST", Authorization=basic("guest", "x"))[0] == 503
    assert sign_in(server, "guest", "x")[0] == 503
    assert server.get("/healthz")[0] == 200
    assert "cannot be asked" in server.log() and PASSWORD not in server.log()


def test_it_may_stop_while_a_question_is_out(serve, folder, judge):
    judge.delay = 4
    server = serve(folder, "--auth-url", judge.url)

    def wait_in_vain():
        with contextlib.suppress(OSError, http.client.HTTPException):
            ask(server, "/api/v1/session", Authorization="Bearer slow")
    threading.Thread(target=wait_in_vain, daemon=True).start()
    deadline = time.monotonic() + 10
    while not judge.asked and time.monotonic() < deadline:
        time.sleep(0.05)
    assert judge.asked
    server.stop()


@pytest.mark.parametrize("options", [["--jwt-key", "/no/such/key"], ["--auth-url", "https://x/"], ["--auth-url", "x"],
                                     ["--require-auth", "everything"]])
def test_mistakes_end_the_start(folder, tmp_path, options):
    done = run("serve", folder, "--port", "0", "--state-dir", tmp_path / "state", *options)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1 and options[0].encode() in done.stderr
