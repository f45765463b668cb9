"""Trying to get in: signing in, sessions and tokens, and all that must not open a door."""
import json
import re
import subprocess
import time

import pytest

import people
from clips import Clip
from listening import connect, request_head
from patience import eventually
from people import PASSWORD, ask, as_session, basic, sign_in, who

SKIP = "/next-track/"
CLIPS = [Clip(f"{number}.mp3", "mp3", number, 60, seconds=6) for number in range(3)]


@pytest.fixture
def home(tmp_path):
    return tmp_path / "server"


@pytest.fixture
def radio_of(serve, tmp_path):
    """radio_of("--jwt-key", …): a server with music."""
    def start(*arguments, **options):
        for clip in CLIPS:
            clip.put_into(tmp_path / "music")
        server = serve(tmp_path / "music", *arguments, **options)
        server.wait_until_scanned()
        return server
    return start


def skip(server, **headers):
    return ask(server, SKIP + "?ajax=1", "POST", **headers)[0]


@pytest.mark.smoke
def test_signing_in_and_out(radio_of, home):
    people.add_user(home, "anna", "listener")
    server = radio_of()
    assert who(server) == {"user": None, "roles": [], "listening": "open"}
    status, headers, session = sign_in(server, "anna")
    assert status == 200
    cookie = headers["Set-Cookie"]
    assert re.fullmatch(r"session_id=[A-Za-z0-9_-]{43}; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax", cookie)
    assert headers["Cache-Control"] == "no-store" and "Access-Control-Allow-Origin" not in headers
    assert who(server, **as_session(session)) == {"user": "anna", "roles": ["listener"], "listening": "open"}
    assert skip(server, **as_session(session)) == 403, "a listener is no operator"
    status, headers, _ = ask(server, "/api/v1/logout", "POST", **as_session(session))
    assert status == 200 and "Max-Age=0" in headers["Set-Cookie"]
    assert who(server, **as_session(session))["user"] is None
    # Behind TLS the cookie is for TLS only.
    assert sign_in(server, "anna", X_Forwarded_Proto="https")[1]["Set-Cookie"].endswith("; Secure")


def test_what_opens_no_door(radio_of, home):
    people.add_user(home, "anna")
    server = radio_of()
    for name, password in [("anna", ""), ("anna", PASSWORD + " "), ("Anna", PASSWORD), ("", ""), ("' OR 1=1 --", "x"),
                           ("anna\0", PASSWORD)]:
        status, headers, session = sign_in(server, name, password)
        assert (status, session) == (401, None), name
    for authorization in ("Bearer", "Bearer x", "Bearer tutti_" + "A" * 43, "Basic", "Basic !!", "Digest a=b", "anna",
                          basic("anna", "wrong"), "Bearer a.b.c", "Bearer " + "x" * 5000):
        assert skip(server, Authorization=authorization) == 401, authorization
    for session in ("", "x", "A" * 43, "../../etc/passwd", "' OR '1'='1"):
        assert skip(server, **as_session(session)) == 401, session
    assert skip(server) == 401
    assert ask(server, SKIP + "?ajax=1&token=tutti_x", "POST")[0] == 401
    for body in ([], "x", {"name": "anna"}, {"name": "anna", "password": None}, {"name": ["anna"], "password": PASSWORD}):
        assert ask(server, "/api/v1/login", "POST", body)[0] == 400, body
    form = {"name": "anna", "password": PASSWORD}
    assert ask(server, "/api/v1/login", "POST", form, Content_Type="text/plain")[0] == 400, "no form can send JSON"
    assert ask(server, "/api/v1/login", "GET")[0] == 405
    status, headers, _ = ask(server, SKIP, "POST")
    assert headers["WWW-Authenticate"].startswith("Basic ")
    status, headers, _ = ask(server, SKIP, "POST", Sec_Fetch_Site="same-origin")
    assert headers["WWW-Authenticate"].startswith("Bearer "), "no window of the browser's own"


@pytest.mark.smoke
def test_guessing_is_slowed(radio_of, home):
    people.add_user(home, "anna")
    server = radio_of()
    answers = [sign_in(server, "anna", f"guess {number}") for number in range(12)]
    statuses = [status for status, _, _ in answers]
    assert statuses[:8] == [401] * 8
    assert statuses[-1] == 429
    assert 1 <= int(answers[-1][1]["Retry-After"]) <= 60
    status, headers, _ = sign_in(server, "anna")
    assert status == 429, "the right one would tell that it is"
    time.sleep(int(headers["Retry-After"]))
    assert sign_in(server, "anna")[0] == 200


def test_sessions_are_listed_and_ended(radio_of, home):
    people.add_user(home, "anna", "conductor")
    people.add_user(home, "bert", "conductor")
    server = radio_of()
    first, second = (sign_in(server, "anna", User_Agent=agent)[2] for agent in ("Phone", "Laptop"))
    other = sign_in(server, "bert")[2]
    assert ask(server, "/api/v1/sessions")[0] == 401
    sessions = json.loads(ask(server, "/api/v1/sessions", **as_session(first))[2])["sessions"]
    assert [(s["agent"], s["current"], s["address"]) for s in sessions] == [
        ("Phone", True, "127.0.0.1"), ("Laptop", False, "127.0.0.1")]
    assert first not in json.dumps(sessions) and second not in json.dumps(sessions)
    laptop = f"/api/v1/sessions/{sessions[1]['id']}"
    assert ask(server, laptop, "DELETE", **as_session(other))[0] == 404, "not his"
    assert ask(server, laptop, "DELETE", Cookie=f"session_id={first}")[0] == 403, "nobody says where it comes from"
    assert ask(server, laptop, "DELETE", **as_session(first))[0] == 200
    assert who(server, **as_session(second))["user"] is None
    assert who(server, **as_session(first))["user"] == "anna"
    for path in ("/api/v1/sessions/", "/api/v1/sessions/x", "/api/v1/sessions/99999999999999999999"):
        assert ask(server, path, "DELETE", **as_session(first))[0] == 404


@pytest.mark.smoke
def test_the_commands_work_while_the_server_runs(radio_of, home):
    server = radio_of()
    people.add_user(home, "anna")
    token = people.make_token(home, "anna")
    session = sign_in(server, "anna")[2]
    assert skip(server, Authorization=f"Bearer {token}") == 200
    assert skip(server, Authorization=basic("anna")) == 200
    listed = people.tutti(home, "token", "list")
    assert "anna" in listed and token not in listed
    people.tutti(home, "token", "revoke", listed.split()[0])
    assert skip(server, Authorization=f"Bearer {token}") == 401
    people.tutti(home, "user", "passwd", "anna", password="another password")
    assert skip(server, Authorization=basic("anna")) == 401
    assert who(server, **as_session(session))["user"] is None, "a new password ends the sessions"
    session = sign_in(server, "anna", "another password")[2]
    token = people.make_token(home, "anna")
    people.tutti(home, "user", "remove", "anna")
    assert skip(server, Authorization=f"Bearer {token}") == 401
    assert who(server, **as_session(session))["user"] is None
    assert people.command(home, "user", "add", "b", "--role", "admin", password=PASSWORD).returncode == 2
    assert people.command(home, "user", "remove", "nobody").returncode == 1


def test_what_has_expired_opens_nothing(radio_of, home):
    people.add_user(home, "anna")
    server = radio_of()
    token = people.make_token(home, "anna")
    session = sign_in(server, "anna")[2]
    server.stop()
    import sqlite3
    with sqlite3.connect(home / "state/tutti.sqlite") as database:
        database.execute("UPDATE token SET expires_us = 1000")
        database.execute("UPDATE session SET expires_us = 1000")
    database.close()
    server = radio_of()
    assert skip(server, Authorization=f"Bearer {token}") == 401
    assert skip(server, **as_session(session)) == 401
    assert sign_in(server, "anna")[0] == 200


@pytest.mark.smoke
def test_a_session_outlives_a_restart(radio_of, home):
    people.add_user(home, "anna")
    server = radio_of()
    session = sign_in(server, "anna")[2]
    server.kill()
    server = radio_of()
    assert who(server, **as_session(session))["user"] == "anna"


def test_pages_of_other_sites_can_do_nothing(radio_of, home):
    people.add_user(home, "anna")
    server = radio_of()
    session = sign_in(server, "anna")[2]
    cookie = {"Cookie": f"session_id={session}"}
    own = f"http://127.0.0.1:{server.port}"
    for foreign in ("http://evil.example", "null", f"http://localhost:{server.port}", own + ".evil.example"):
        for credentials in (cookie, {"Authorization": basic("anna")}):
            assert skip(server, Origin=foreign, **credentials) == 403, foreign
        assert ask(server, "/api/v1/logout", "POST", Origin=foreign, **cookie)[0] == 403
        assert sign_in(server, "anna", Origin=foreign)[0] == 403, "nor sign us in as somebody else"
    assert skip(server, Sec_Fetch_Site="cross-site", **cookie) == 403
    assert skip(server, **cookie) == 403, "nobody says where it comes from"
    assert skip(server, Origin=own, **cookie) == 200
    assert skip(server, X_Requested_With="XMLHttpRequest", **cookie) == 200
    assert who(server, **cookie)["user"] == "anna", "still signed in"
    # Before a page elsewhere may add a header, its browser asks.
    status, headers, _ = ask(server, SKIP, "OPTIONS", Origin="http://evil.example",
                             Access_Control_Request_Method="POST", Access_Control_Request_Headers="x-requested-with")
    allowed = headers.get("Access-Control-Allow-Headers", "").lower()
    assert "x-requested-with" not in allowed and "authorization" not in allowed
    assert "Access-Control-Allow-Credentials" not in headers


def link_of(server):
    found = re.search(r"operator (http://\S+)", server.out_path.read_text())
    return found[1] if found else None


@pytest.mark.smoke
def test_the_first_operator_comes_in_by_a_link_once(radio_of, home):
    server = radio_of()
    link = link_of(server)
    page, _, secret = link.partition("#once=")
    assert page == server.url + "/login" and len(secret) == 43
    assert ask(server, "/login", Accept="text/html")[0] == 200
    once = "/api/v1/login/once"
    assert ask(server, once, "POST", {"once": "A" * 43})[0] == 401
    assert ask(server, once, "POST", {"once": secret, "name": "anna", "password": "short"})[0] == 400
    assert ask(server, once, "POST", {"once": secret}, Origin="http://evil.example")[0] == 403
    status, headers, body = ask(server, once, "POST", {"once": secret, "name": "anna", "password": PASSWORD})
    assert (status, json.loads(body)) == (200, {"user": "anna", "roles": ["operator"]})
    session = headers["Set-Cookie"].split(";")[0].removeprefix("session_id=")
    assert skip(server, **as_session(session)) == 200
    assert ask(server, once, "POST", {"once": secret})[0] == 401, "once"
    assert secret not in server.log()
    assert sign_in(server, "anna")[0] == 200
    server.stop()
    server = radio_of()
    assert link_of(server) is None, "there is an operator"


def test_a_link_without_a_password_is_followed_by_another(radio_of, home):
    server = radio_of()
    secret = link_of(server).partition("#once=")[2]
    assert ask(server, "/api/v1/login/once", "POST", {"once": secret})[0] == 200
    server.stop()
    server = radio_of()
    assert link_of(server) and secret not in link_of(server)
    assert ask(server, "/api/v1/login/once", "POST", {"once": secret})[0] == 401, "of the start before"


def test_closed_listening(radio_of, home):
    people.add_user(home, "anna", "listener")
    people.add_user(home, "carl", "conductor")
    people.add_user(home, "olga", "operator")
    server = radio_of("--require-auth", "listen")
    token = people.make_token(home, "anna")

    def heard(path="/", method="HEAD", **headers):
        return ask(server, path, method, Accept="*/*", **headers)[0]
    for path in ("/", "/stream", "/direct-stream", "/stream.m3u", "/stream.pls"):
        assert heard(path) == 401, path
        assert ask(server, path, Accept="*/*")[0] == 401, path
        assert heard(path, Authorization=basic("anna", "wrong")) == 401
        assert heard(path, Authorization=basic("carl")) == 403, "a conductor is no listener"
        assert heard(path, Authorization=basic("anna")) == 200, path
        assert heard(path, Authorization=basic("olga")) == 200, "an operator may all"
        assert heard(f"{path}?token={token}") == 200
        assert heard(f"{path}?token={token}x") == 401
    assert ask(server, "/", Accept="text/html", Sec_Fetch_Dest="document")[0] == 200, "the page can be seen, to sign in"
    assert who(server)["listening"] == "closed"
    # A playlist fetched with a token leads to the audio with it; nobody keeps it on the way.
    status, headers, body = ask(server, f"/stream.m3u?token={token}", Accept="*/*")
    address = next(line for line in body.decode().splitlines() if line.startswith("http"))
    assert heard(address.removeprefix(server.url)) == 200
    assert headers["Cache-Control"] == "no-store"
    # The doors that are WebSockets are closed too.
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec_WebSocket_Version": "13",
               "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    for path in ("/pcm", "/audio"):
        for query, status in (("", b" 401 "), (f"?token={token}", b" 101 ")):
            with connect(server.url) as sock:
                sock.sendall(request_head(server.url + path + query, **upgrade))
                assert status in sock.recv(100).split(b"\r\n")[0], path + query
    session = sign_in(server, "anna")[2]
    assert heard("/", Cookie=f"session_id={session}") == 200
    done = subprocess.run(["curl", "-s", "--max-time", "3", f"http://anna:{PASSWORD.replace(' ', '%20')}@127.0.0.1:{server.port}/stream"],
                          capture_output=True, check=False)
    assert len(done.stdout) > 16000, "players put name and password into the address"
    for secret in (token, session, PASSWORD):
        assert secret not in server.log()


def test_no_secret_is_kept_in_clear(radio_of, home):
    people.add_user(home, "anna")
    server = radio_of("--log-level", "debug")
    token = people.make_token(home, "anna")
    session = sign_in(server, "anna")[2]
    assert skip(server, Authorization=f"Bearer {token}") == 200
    assert skip(server, Authorization=basic("anna")) == 200
    assert ask(server, f"/?token={token}", "HEAD", Accept="*/*")[0] == 200
    sign_in(server, "anna", "a wrong secret")
    server.stop()
    secrets = [token, token.removeprefix("tutti_"), session, PASSWORD, "a wrong secret"]
    kept = [path for path in (home / "state").rglob("*") if path.is_file()] + [server.log_path]
    assert any(path.name == "tutti.sqlite" for path in kept)
    for path in kept:
        data = path.read_bytes()
        assert not [secret for secret in secrets if secret.encode() in data], path
    for path in (home / "state").glob("tutti.sqlite*"):
        assert path.stat().st_mode & 0o077 == 0, "its owner's only"


def test_an_unknown_user_is_not_told_by_the_time_it_takes(radio_of, home):
    people.add_user(home, "anna")
    server = radio_of()

    def quickest(name):
        times = []
        for number in range(3):
            begun = time.monotonic()
            assert sign_in(server, name, f"guess {number}")[0] == 401
            times.append(time.monotonic() - begun)
        return min(times)
    known, unknown = quickest("anna"), quickest("nobody")
    # A look-up alone takes a hundredth of it.
    assert unknown > known / 4, (known, unknown)


def test_many_at_once_neither_break_nor_block(radio_of, home):
    people.add_user(home, "anna")
    server = radio_of()
    from concurrent.futures import ThreadPoolExecutor
    with ThreadPoolExecutor(40) as pool:
        guesses = [pool.submit(sign_in, server, f"user {number}", "guess") for number in range(80)]
        begun = time.monotonic()
        assert server.get("/healthz")[0] == 200
        assert time.monotonic() - begun < 5
        statuses = {guess.result()[0] for guess in guesses}
    assert statuses <= {401, 429} and 429 in statuses
    eventually(lambda: sign_in(server, "anna")[0] == 200, 30, "in again after the wait", every=1)
