"""/player over Redis: several servers, and a Redis that goes away."""
import asyncio
import json
import random

import pytest

from patience import eventually
from player import T0, Device, Forwards, message, new_track, with_users
from private_redis import PASSWORD, PrivateRedis


@pytest.fixture
def redis(tmp_path):
    server = PrivateRedis(tmp_path / "redis")
    yield server
    server.stop()


@pytest.fixture
def players(serve, tmp_path, redis):
    """players("a"): a server of that name on the one Redis; users' tokens are in `token`."""
    def start(name="a", *arguments):
        server = with_users(serve, tmp_path / "music", "--store", redis.url, *arguments, name=name)
        ready(server)
        return server
    return start


def ready(server):
    eventually(lambda: server.get("/readyz")[0] == 200, 15, "/readyz says ready")


def player_of(server, name="anna"):
    status, _, body = server.get("/api/v1/player", Authorization=f"Bearer {server.token[name]}")
    return json.loads(body) if status == 200 else {}


def test_the_layout_of_the_original(players, redis):
    old = {"track_id": 2, "from_is": "playlist", "from_is_id": 3, "on_pause": True, "last_sec_position": 64,
           "time_state_update": "2022-05-09T09:09:12Z"}
    redis.cli("HSET", "player_states", "anna", json.dumps(old))
    server = players()

    async def run():
        async with Device(server, server.token["anna"]) as one, Device(server, server.token["anna"]) as other:
            state = await one.state()
            assert old.items() <= state.items() and state["revision"] == 0
            await other.state()
            await Forwards.settled(one, other, message("off_pause", "2022-05-09T09:10:12Z"))
            stored = json.loads(redis.cli("HGET", "player_states", "anna"))
            assert (old | {"on_pause": False, "time_state_update": "2022-05-09T09:10:12Z"}).items() <= stored.items()
            assert stored["revision"] == 1
    asyncio.run(run())
    assert PASSWORD not in server.log() and "s3cret" not in server.log()


def test_devices_at_two_servers_see_one_order(players):
    first, second = players("a"), players("b")
    each = 100

    async def run():
        devices = [await Device(server, server.token["anna"]).connect() for server in (first, second, first, second)]
        witnesses = [await Device(server, server.token["anna"]).connect() for server in (first, second)]
        for device in devices + witnesses:
            await device.state()
            device.listen()

        async def send(index):
            for number in range(each):
                await devices[index].send(new_track(number, device=index))
                if number % 10 == index:
                    await asyncio.sleep(0.01)
        await asyncio.gather(*(send(index) for index in range(4)))
        for witness in witnesses:
            await witness.heard_so_many(4 * each)
        order = witnesses[0].heard
        assert witnesses[1].heard == order
        for index, device in enumerate(devices):
            others = [text for text in order if json.loads(text)["device"] != index]
            await device.heard_so_many(len(others))
            assert device.heard == others
        async with Device(second, second.token["anna"]) as late:
            assert (await late.state())["revision"] == 4 * each
        for device in devices + witnesses:
            await device.close()
    asyncio.run(run())


def test_the_last_device_may_be_elsewhere(players):
    first, second = players("a"), players("b")

    async def run():
        one = await Device(first, first.token["anna"]).connect()
        other = await Device(second, second.token["anna"]).connect()
        await one.state(), await other.state()
        await Forwards.settled(one, other, new_track(1))
        one.vanish()
        # Another user's device that comes and goes at the same server afterwards has settled when this one has.
        async with Device(first, first.token["boris"]) as later, Device(second, second.token["boris"]) as witness:
            await later.state(), await witness.state()
            await Forwards.settled(later, witness, new_track(5))
        await other.hears_nothing()
        assert not player_of(second)["on_pause"]
        other.vanish()
    asyncio.run(run())
    eventually(lambda: player_of(first)["on_pause"], 10, "the pause")


@pytest.mark.parametrize("how", ["kill", "pause"])
def test_redis_goes_and_comes_back(players, redis, how):
    server = players()

    async def run():
        async with Device(server, server.token["anna"]) as one, Device(server, server.token["anna"]) as other:
            await one.state(), await other.state()
            await Forwards.settled(one, other, new_track(1))
            getattr(redis, how)()
            await one.send(new_track(2))
            refused = await one.json()
            assert refused["type_push_state"] == "error" and "Redis" in refused["message"], refused
            eventually(lambda: server.get("/readyz")[0] == 503, 15, "/readyz says that Redis is gone")
            assert b"Redis" in server.get("/readyz")[2]
            assert server.get("/api/v1/player", "PUT", '{"track_id": 3}',
                              Authorization=f"Bearer {server.token['anna']}")[0] == 503
            await one.hears_nothing()  # the connection lives
            redis.start() if how == "kill" else redis.resume()
            await asyncio.to_thread(ready, server)
            # What was refused may have been stored all the same, while Redis was only paused. Then both are told.
            marker = new_track(9, comment="after the outage")
            text = await one.send(marker)
            heard = []
            while not heard or heard[-1] != text:
                heard.append(await other.text())
            async with Device(server, server.token["anna"]) as late:
                assert (await late.state())["track_id"] == 9
    asyncio.run(run())
    assert "s3cret" not in server.log()


def test_nothing_that_was_seen_is_lost_when_redis_is_killed(players, redis):
    server = players()
    runs, number, lost = 5, 0, 0

    async def run(rng):
        nonlocal number
        sender = await Device(server, server.token["anna"]).connect()
        witness = await Device(server, server.token["anna"]).connect()
        began = (await sender.state()).get("track_id", 0)
        await witness.state()
        sender.listen(), witness.listen()
        goal = rng.randrange(1, 60)

        async def send():
            nonlocal number
            while True:
                number += 1
                await sender.send(new_track(number))
                await asyncio.sleep(0.012)
        sending = asyncio.get_running_loop().create_task(send())
        await witness.heard_so_many(goal)
        await asyncio.to_thread(redis.kill)
        await sender.heard_so_many(1)  # the first refusal
        sending.cancel()
        seen = max(json.loads(text)["track_id"] for text in witness.heard)
        await asyncio.to_thread(redis.start)
        await asyncio.to_thread(ready, server)
        assert witness.socket.open and sender.socket.open
        await sender.close(), await witness.close()
        return began, seen

    seen = 0
    for seed in range(runs):
        began, last = asyncio.run(run(random.Random(seed)))
        lost += max(0, seen - began)
        seen = last
    final = eventually(lambda: player_of(server).get("track_id"), 10, "the state")
    lost += max(0, seen - final)
    print(f"{runs} runs, {number} updates, {lost} lost")
    assert lost == 0


def test_a_redis_that_forgets_is_told_again(players, redis):
    server = players()

    async def run():
        async with Device(server, server.token["anna"]) as one, Device(server, server.token["anna"]) as other:
            await one.state(), await other.state()
            await Forwards.settled(one, other, new_track(4))
            redis.cli("FLUSHALL")
            redis.cli("SCRIPT", "FLUSH")
            await one.send(new_track(5))
            # Refused once, as its script was gone too; then everything is as before.
            reply = await one.json()
            assert reply["type_push_state"] == "error", reply
            await asyncio.to_thread(ready, server)
            await Forwards.settled(one, other, new_track(6))
            assert json.loads(redis.cli("HGET", "player_states", "anna"))["track_id"] == 6
    asyncio.run(run())


def test_a_server_that_starts_without_redis(serve, tmp_path, redis):
    redis.kill()
    server = with_users(serve, tmp_path / "music", "--store", redis.url)
    token = server.token["anna"]
    eventually(lambda: server.get("/readyz")[0] == 503, 15, "/readyz says that there is no Redis")

    async def run():
        async with Device(server, token) as device:
            first = await device.json()
            assert first["type_push_state"] == "error" and "Redis" in first["message"]
            await asyncio.to_thread(redis.start)
            while (state := await device.json())["type_push_state"] == "error":
                pass
            assert state == {"type_push_state": "no_track_state"}
    asyncio.run(run())
