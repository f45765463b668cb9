"""/player: one user, many devices."""
import asyncio
import http.client
import json
import random
import time

import pytest
import websockets

from clips import Clip
from patience import PATIENCE, eventually
from player import T0, Device, Forwards, at, message, new_track, with_users
from server import run as run_server


@pytest.fixture
def players(serve, tmp_path):
    """players(*arguments): a server with users anna and boris, whose tokens are in `token`."""
    def start(*arguments, **options):
        return with_users(serve, tmp_path / "music", *arguments, **options)
    return start


def test_the_scenario_of_the_document(players):
    server = players()

    async def run():
        async with Device(server, server.token["anna"]) as browser:
            assert await browser.json() == {"type_push_state": "no_track_state"}
            await browser.send(message("on_pause", T0))
            assert await browser.json() == {"type_push_state": "no_track_state"}, "only a new track begins"
            await browser.send(new_track(2, from_is="playlist", from_is_id=3))
            await browser.hears_nothing()
            async with Device(server, server.token["anna"]) as phone:
                state = await phone.state()
                expected = {"track_id": 2, "from_is": "playlist", "from_is_id": 3, "on_pause": False,
                            "last_sec_position": 0, "time_state_update": T0}
                assert state["type_push_state"] == "new_track"
                assert expected.items() <= state.items() and expected.items() <= state["data"].items()
                await Forwards.settled(phone, browser, message("on_pause", at(15)))
                await phone.hears_nothing()
                await Forwards.settled(browser, phone, message("on_pause", at(99)))  # changes nothing
                async with Device(server, server.token["anna"]) as tablet:
                    state = await tablet.state()
                    assert (state["last_sec_position"], state["on_pause"]) == (15, True)
                await Forwards.settled(browser, phone, message("off_pause", at(60)))
                await Forwards.settled(phone, browser, message("change_position", at(70), last_sec_position=84))
                await Forwards.settled(browser, phone, message("on_pause", at(80)))
                async with Device(server, server.token["anna"]) as tablet:
                    assert (await tablet.state())["last_sec_position"] == 94
        async with Device(server, server.token["boris"]) as stranger:
            assert await stranger.json() == {"type_push_state": "no_track_state"}, "somebody else's"
    asyncio.run(run())


def test_both_forms_are_read_and_forwarded_as_they_came(players):
    server = players()

    async def run():
        async with Device(server, server.token["anna"]) as one, Device(server, server.token["anna"]) as other:
            await one.state(), await other.state()
            for text in ('{"type_push_state":"new_track",  "data":{"track_id":7,"from_is":"альбом","from_is_id":4,'
                         '"time_state_update":"2022-05-09T09:09:12Z"}}',
                         '{"time_state_update":"2022-05-09T12:09:22.250+03:00","last_sec_position":12.5,"x":[1,{}],'
                         '"type_push_state":"change_position"}'):
                await Forwards.settled(one, other, text)
            raw = json.dumps(message("on_pause", "2022-05-09T09:09:23.250+00:00"))
            await one.send(raw.encode())
            assert await other.text() == raw, "bytes are read too"
            async with Device(server, server.token["anna"]) as late:
                state = await late.state()
                assert (state["track_id"], state["from_is"], state["last_sec_position"]) == (7, "альбом", 13.5)
                assert state["position_ms"] == 13500 and state["revision"] == 3
                assert state["time_state_update"] == "2022-05-09T09:09:23.250+00:00"
    asyncio.run(run())


def test_anything_else_is_an_invalid_format_and_the_connection_lives(players):
    server = players()

    async def run():
        async with Device(server, server.token["anna"]) as one, Device(server, server.token["anna"]) as other:
            await one.state(), await other.state()
            await Forwards.settled(one, other, new_track(1))
            for text in ("hello", "", "[]", "null", "{}", '{"type_push_state":"dance"}', '{"type_push_state":"on_pause"}',
                         json.dumps(message("on_pause", "soon")), json.dumps(new_track("one")),
                         json.dumps(message("change_position", T0, last_sec_position=-1)), b"\xff\xfe",
                         "[" * 5000, json.dumps(new_track(1, comment="x" * 6000))):
                await one.send(text)
                assert await one.json() == {"type_push_state": "invalid_format"}, text
            await Forwards.settled(one, other, new_track(2))
    asyncio.run(run())


def test_another_that_came_first_is_not_overwritten(players):
    server = players()

    async def run():
        async with Device(server, server.token["anna"]) as one, Device(server, server.token["anna"]) as other:
            await one.state(), await other.state()
            await Forwards.settled(one, other, new_track(1, if_revision=0))
            await one.send(message("on_pause", at(5), if_revision=0))
            state = await one.json()
            assert (state["track_id"], state["on_pause"], state["revision"]) == (1, False, 1)
            await Forwards.settled(one, other, message("on_pause", at(5), if_revision=1))
    asyncio.run(run())


def test_the_server_tells_its_clock(players):
    server = players()

    async def run():
        async with Device(server, server.token["anna"]) as device:
            await device.state()
            before = time.time() * 1000
            await device.send({"type_push_state": "time", "t": 123.25})
            reply = await device.json()
            assert reply["t"] == 123.25
            assert before - 1 <= reply["server_time"] <= time.time() * 1000 + 1
    asyncio.run(run())


def refusal(server, path, **headers):
    """(status, body) of a request that keeps its Connection header, which urllib does not."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10 * PATIENCE)
    try:
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_who_is_not_let_in(players):
    server = players()
    handshake = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec_WebSocket_Version": "13",
                 "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    unauthorised = {"status": "FAIL", "error": "available only to authorized users"}
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Cookie": "session_id=wrong"}):
        for path, more in (("/player", handshake), ("/api/v1/player", {})):
            status, body = refusal(server, path, **headers, **more)
            assert (status, json.loads(body)) == (401, unauthorised), (path, headers)
    mine = {"Authorization": f"Bearer {server.token['anna']}"}
    assert refusal(server, "/player", **mine)[0] == 400, "not a WebSocket"
    for path, more in (("/player", handshake), ("/api/v1/player", {})):
        assert refusal(server, path, Origin="https://elsewhere.example", **mine, **more)[0] == 403, path


def test_an_app_without_a_connection(players):
    server = players()
    mine = {"Authorization": f"Bearer {server.token['anna']}"}

    def ask(method="GET", body=None, **headers):
        return server.get("/api/v1/player", method, body=body, **mine, **headers)
    assert ask()[0] == 404
    status, headers, body = ask("PUT", json.dumps({"track_id": 5, "on_pause": True, "last_sec_position": 30}))
    assert status == 200 and headers["ETag"] == '"1"' and json.loads(body)["last_sec_position"] == 30

    async def run():
        async with Device(server, server.token["anna"]) as device:
            state = await device.state()
            assert (state["track_id"], state["on_pause"], state["last_sec_position"]) == (5, True, 30)
            status, headers, _ = await asyncio.to_thread(ask, "PUT", '{"track_id": 6}', If_Match='"1"')
            assert status == 200 and headers["ETag"] == '"2"'
            state = await device.json()
            assert (state["type_push_state"], state["track_id"], state["revision"]) == ("new_track", 6, 2)
            status, headers, body = await asyncio.to_thread(ask, "PUT", '{"track_id": 7}', If_Match='"1"')
            assert status == 412 and headers["ETag"] == '"2"' and json.loads(body)["track_id"] == 6
            await device.hears_nothing()
    asyncio.run(run())
    assert ask(If_None_Match='"1"')[0] == 200
    assert ask("PUT", '{"track_id": 8}', If_None_Match="*")[0] == 412
    assert ask("PUT", "{}")[0] == 400
    assert ask("DELETE")[0] == 405
    status, headers, body = ask()
    assert json.loads(body)["track_id"] == 6
    assert "no-cache" in headers["Cache-Control"] and not headers["Access-Control-Allow-Origin"]
    assert ask(If_None_Match=headers["ETag"])[0] == 304


def test_five_devices_in_one_order(players):
    server = players()
    each = 150

    async def run():
        devices = [await Device(server, server.token["anna"]).connect() for _ in range(6)]
        for device in devices:
            await device.state()
            device.listen()

        async def send(index):
            for number in range(each):
                await devices[index].send(new_track(number, device=index))
        await asyncio.gather(*(send(index) for index in range(5)))
        await devices[5].heard_so_many(5 * each)
        order = devices[5].heard
        for index, device in enumerate(devices[:5]):
            others = [text for text in order if json.loads(text)["device"] != index]
            await device.heard_so_many(len(others))
            assert device.heard == others
        async with Device(server, server.token["anna"]) as late:
            state = await late.state()
            assert (state["revision"], state["track_id"]) == (5 * each, json.loads(order[-1])["track_id"])
        for device in devices:
            await device.close()
    asyncio.run(run())


def test_one_who_comes_in_the_middle(players):
    server = players()
    total = 300

    async def run():
        sender = await Device(server, server.token["anna"]).connect()
        witness = await Device(server, server.token["anna"]).connect()
        await sender.state(), await witness.state()
        witness.listen()
        comers = []

        async def come():
            for _ in range(10):
                comers.append(await Device(server, server.token["anna"]).connect())
                comers[-1].listen()
        async def send():
            for number in range(total):
                await sender.send(new_track(number))
                await asyncio.sleep(0.006)  # below what one device may send
        await asyncio.gather(send(), come())
        await witness.heard_so_many(total)
        for comer in comers:
            await comer.heard_so_many(1)
            seen = json.loads(comer.heard[0]).get("revision", 0)
            await comer.heard_so_many(1 + total - seen)
            assert comer.heard[1:] == witness.heard[seen:]
            await comer.close()
        await sender.close(), await witness.close()
    asyncio.run(run())


def test_what_another_device_has_seen_survives_kill_9(players):
    runs, lost = 8, 0
    number = 0

    async def run(server, rng):
        nonlocal number
        sender = await Device(server, server.token["anna"]).connect()
        witness = await Device(server, server.token["anna"]).connect()
        first = await sender.state()
        await witness.state()
        witness.listen()

        async def send():
            nonlocal number
            try:
                for _ in range(10_000):
                    number += 1
                    await sender.send(new_track(number))
                    await asyncio.sleep(0.008)
            except websockets.ConnectionClosed:
                pass
        sending = asyncio.get_running_loop().create_task(send())
        await witness.heard_so_many(rng.randrange(1, 60))
        await asyncio.to_thread(server.kill)
        await sending
        await asyncio.wait_for(witness.listener, 10)
        return first.get("track_id", 0), json.loads(witness.heard[-1])["track_id"]

    seen = 0
    for seed in range(runs):
        server = players()
        began, last = asyncio.run(run(server, random.Random(seed)))
        lost += max(0, seen - began)
        seen = last
    server = players()

    async def state():
        async with Device(server, server.token["anna"]) as device:
            return await device.state()
    final = asyncio.run(state())
    lost += max(0, seen - final["track_id"])
    print(f"{runs} runs, {number} updates, {lost} lost")
    assert lost == 0


def test_a_restart_changes_nothing(players):
    server = players()

    async def before():
        async with Device(server, server.token["anna"]) as one, Device(server, server.token["anna"]) as other:
            await one.state(), await other.state()
            await Forwards.settled(one, other, new_track(9, from_is="album", from_is_id=1))
            await asyncio.to_thread(server.stop)
    asyncio.run(before())
    server = players()

    async def after():
        async with Device(server, server.token["anna"]) as device:
            state = await device.state()
            assert (state["track_id"], state["on_pause"], state["time_state_update"]) == (9, False, T0)
    asyncio.run(after())


def player_of(server, name="anna"):
    status, _, body = server.get("/api/v1/player", Authorization=f"Bearer {server.token[name]}")
    return json.loads(body) if status == 200 else {}


@pytest.mark.parametrize("pauses", ["on", "off"])
def test_the_last_device_lost(players, pauses):
    server = players("--pause-on-last-disconnect", pauses)

    async def run():
        one = await Device(server, server.token["anna"]).connect()
        other = await Device(server, server.token["anna"]).connect()
        await one.state(), await other.state()
        await Forwards.settled(one, other, new_track(1))
        one.vanish()
        await other.hears_nothing()
        assert not player_of(server)["on_pause"], "one is still there"
        other.vanish()
    asyncio.run(run())
    if pauses == "on":
        state = eventually(lambda: (player := player_of(server))["on_pause"] and player, 10, "the pause")
        assert state["last_sec_position"] < 60, "by the device's clock, whatever year that has"
    else:
        # The next device's coming is after the last one's going.
        async def come():
            async with Device(server, server.token["anna"]) as device:
                return await device.state()
        assert not asyncio.run(come())["on_pause"]


def test_the_position_stops_at_the_tracks_end(players, tmp_path):
    Clip("song.flac", "flac", 1, 30, seconds=6).put_into(tmp_path / "music")
    server = players()
    server.wait_until_scanned()
    track = server.json("/api/v1/library/tracks")["tracks"][0]

    async def run():
        async with Device(server, server.token["anna"]) as one, Device(server, server.token["anna"]) as other:
            await one.state(), await other.state()
            await Forwards.settled(one, other, new_track(track["track_id"]))
            await Forwards.settled(one, other, message("on_pause", at(3600)))
        state = player_of(server)
        assert state["position_ms"] == track["duration"] // 1000 == 6000
    asyncio.run(run())


def test_a_store_that_is_none_is_refused_without_its_secrets(tmp_path):
    for store in ("postgres://u:s3cret@h", "redis://s3cret@h", "redis://u:s3cret@h:port"):
        done = run_server("serve", tmp_path, "--state-dir", tmp_path / "state", "--port", "0", "--store", store)
        assert done.returncode == 1 and b"redis://[user:password@]host" in done.stderr
        assert b"s3cret" not in done.stderr + done.stdout
