"""People who want in: requests with credentials, and the commands by which an operator lets them."""
import base64
import hashlib
import hmac
import json
import subprocess
import urllib.error
import urllib.request

from patience import PATIENCE
from server import BINARY, RUN, environment

PASSWORD = "correct horse battery"


def tutti(home, *arguments, password=None):
    """`tutti ARGUMENTS… --state-dir …` for the server at `home`; what it printed on stdout."""
    done = command(home, *arguments, password=password)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def command(home, *arguments, password=None):
    line = [*RUN, str(BINARY), *map(str, arguments), "--state-dir", str(home / "state")]
    given = b"" if password is None else password.encode() + b"\n"
    return subprocess.run(line, input=given, capture_output=True, env=environment(), timeout=30 * PATIENCE, check=False)


def add_user(home, name, role="operator", password=PASSWORD):
    tutti(home, "user", "add", name, "--role", role, password=password)


def make_token(home, user, expires="1h"):
    return tutti(home, "token", "create", "--user", user, "--expires", expires).strip()


def basic(name, password=PASSWORD):
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def ask(server, path, method="GET", body=None, **headers):
    """(status, headers, body) of one request; `body` is sent as JSON. No redirect is followed."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    data = None
    if body is not None:
        data = json.dumps(body).encode()
        names.setdefault("Content-Type", "application/json")
    request = urllib.request.Request(server.url + path, data=data, method=method, headers=names)
    opener = urllib.request.build_opener(NoRedirect)
    try:
        with opener.open(request, timeout=15 * PATIENCE) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


def sign_in(server, name, password=PASSWORD, **headers):
    """(status, headers, session) of a sign-in; the session is the cookie's value, or None."""
    status, answer, _ = ask(server, "/api/v1/login", "POST", {"name": name, "password": password}, **headers)
    cookie = answer.get("Set-Cookie", "")
    return status, answer, cookie.split(";")[0].removeprefix("session_id=") or None


def as_session(session):
    """The headers by which a page of ours asks."""
    return {"Cookie": f"session_id={session}", "X_Requested_With": "XMLHttpRequest"}


def who(server, **headers):
    status, _, body = ask(server, "/api/v1/session", **headers)
    assert status == 200, (status, body)
    return json.loads(body)


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def jwt(claims, key, header=None, sign=True):
    text = base64url(json.dumps(header or {"alg": "HS256", "typ": "JWT"}).encode()) + "." + base64url(json.dumps(claims).encode())
    return text + "." + (base64url(hmac.new(key, text.encode(), hashlib.sha256).digest()) if sign else "")
