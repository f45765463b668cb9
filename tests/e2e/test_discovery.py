"""The server that is found by players, and that finds players: mDNS by a private Avahi daemon, and calls."""
import asyncio
import json
import time

import pytest

import people
from called_player import CalledPlayer
from multicast_dns import Network
from patience import PATIENCE, eventually
from people import ask, basic
from sendspin import contiguous
from server import run
from test_pcm import make_wav

SERVERS, PLAYERS = "_sendspin-server._tcp", "_sendspin._tcp"


@pytest.fixture
def network(tmp_path):
    with Network(tmp_path) as found:
        yield found


@pytest.fixture
def start(serve, tmp_path):
    """start("--mdns", "on"): a server with one station of one track."""
    make_wav(tmp_path / "library/a.wav", 20)

    def begin(*options, network=None):
        env = {"DBUS_SYSTEM_BUS_ADDRESS": network.address if network else f"unix:path={tmp_path}/no-bus"}
        return serve(tmp_path / "library", *options, env=env)
    return begin


async def played(player):
    """It hears the station as any client does."""
    chunks = await player.until_audio(1)
    assert contiguous(chunks)
    assert player.group["playback_state"] == "playing"


def test_the_server_is_found_and_found_again_when_the_daemon_comes_back(network, start):
    server = start("--mdns", "on", "--name", "Küche & Bad", network=network)
    eventually(lambda: "there is no Avahi daemon" in server.log(), 5, "the word that there is none")
    assert server.get("/healthz")[0] == 200
    for _ in range(2):
        network.start()
        eventually(lambda: server.log().count("offered as"), 10, "the offer")
        found = eventually(lambda: network.browse(SERVERS), 10, "the server on the network")
        assert len(found) == 1, found
        name, port, txt = found[0]
        assert name.startswith("K\\195\\188che") and port == server.port and txt == '"path=/sendspin"', found
        offers = server.log().count("offered as")
        network.stop()
    assert offers == 2, server.log()
    network.start()
    server.stop()
    assert network.browse(SERVERS) == []


def test_two_servers_of_one_name_are_two(network, start, serve, tmp_path):
    network.start()
    servers = [start("--mdns", "on", network=network),
               serve(tmp_path / "library", "--mdns", "on", name="other", env={"DBUS_SYSTEM_BUS_ADDRESS": network.address})]
    found = eventually(lambda: len(all_ := network.browse(SERVERS)) == 2 and all_, 10, "both")
    assert {port for _, port, _ in found} == {server.port for server in servers}
    assert len({name for name, _, _ in found}) == 2


@pytest.mark.smoke
def test_a_player_that_is_found_is_called_and_plays(network, start):
    network.start()
    server = start("--discover-players", "on", network=network)

    async def listen():
        async with CalledPlayer("/attic?box=1") as player:
            network.announce("Attic", PLAYERS, player.port, "path=/attic?box=1")
            hello, _ = await player.called()
            assert hello["connection_reason"] == "discovery" and hello["active_roles"] == player.hello["supported_roles"]
            assert player.paths == ["/attic?box=1"]
            await played(player)
            # A daemon that goes away takes nobody with it.
            network.stop()
            await asyncio.sleep(0.5)
            network.start()
            before = len(player.chunks)
            await player.until(lambda: len(player.chunks) > before, "more audio")
            assert player.calls.empty()
    asyncio.run(listen())
    assert "connected to the player" in server.log()


def test_who_has_left_for_another_server_is_not_called_again_until_it_is_new_here(network, start, tmp_path):
    network.start()
    people.add_user(tmp_path / "server", "olga")
    server = start("--discover-players", "on", network=network)

    async def listen():
        async with CalledPlayer() as player:
            announced = network.announce("Attic", PLAYERS, player.port)
            await player.called()
            assert (await player.leave("another_server"))[0] == 1000
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(player.calls.get(), 2.5)
            # It is there for an operator, who may call it back.
            status, _, body = ask(server, "/api/v1/players", Authorization=basic("olga"))
            known = json.loads(body)["players"]
            assert status == 200 and [(each["name"], each["state"]) for each in known] == [("Attic", "available")], body
            assert ask(server, "/api/v1/players")[0] == 401
            assert ask(server, "/api/v1/players/call?name=Attic", "POST")[0] == 401
            assert ask(server, "/api/v1/players/call?name=Cellar", "POST", Authorization=basic("olga"))[0] == 404
            assert ask(server, "/api/v1/players/call?name=Attic", "POST", Authorization=basic("olga"))[0] == 200
            hello, _ = await player.called()
            assert hello["connection_reason"] == "playback"
            assert ask(server, "/api/v1/players/call?name=Attic", "POST", Authorization=basic("olga"))[0] == 409
            await player.leave("another_server")
            network.withdraw(announced)
            await asyncio.sleep(1)
            network.announce("Attic", PLAYERS, player.port)
            hello, _ = await player.called()
            assert hello["connection_reason"] == "discovery"
    asyncio.run(listen())


def test_a_player_of_an_option_is_called_to_play_and_again_when_it_is_lost(start):
    async def listen():
        async with CalledPlayer(client_id="porch") as player:
            server = start("--connect-player", player.address)
            hello, _ = await player.called()
            assert hello["connection_reason"] == "playback"
            await played(player)
            await player.command("volume", volume=30)
            await player.until(lambda: player.controller.get("volume") == 30, "the volume")
            await player.socket.close()
            hello, _ = await player.called()
            assert hello["connection_reason"] == "discovery"
            # It is known again.
            await player.until(lambda: (player.last("server/command") or {}).get("player", {}).get("volume") == 30, "its volume")
            await player.leave("restart")
            left = time.monotonic()
            _, at = await player.called()
            assert at - left < 3 * PATIENCE
            await player.leave("user_request")
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(player.calls.get(), 2.5)
            server.stop()
    asyncio.run(listen())


def test_a_player_that_comes_later_is_called_with_pauses_and_one_that_says_nothing_does_not_hold_up_the_end(start):
    async def listen():
        async with CalledPlayer() as silent:
            async with CalledPlayer() as gone:
                pass
            server = start("--connect-player", gone.address, "--connect-player", silent.address)
            eventually(lambda: "cannot connect to the player" in server.log(), 10, "the word that it is not there")
            async with CalledPlayer(port=gone.port) as late:
                await late.called(20)
                await played(late)
            await asyncio.wait_for(silent.calls.get(), 10 * PATIENCE)
            server.stop()
    asyncio.run(listen())


def test_addresses_of_other_networks_are_not_connected_to(start):
    server = start("--connect-player", "ws://192.0.2.77:8928/sendspin")
    eventually(lambda: "192.0.2.77 is not an address of the local network" in server.log(), 10, "the refusal")


@pytest.mark.parametrize("options, words", [
    (("--connect-player", "wss://localhost:1/x"), "without TLS"),
    (("--connect-player", "kitchen"), "is not an address"),
    (("--discover-players", "on", "--require-auth", "listen"), "--connect-player"),
    (("--mdns", "on", "--tls-redirect", "on"), "--tls-redirect"),
    (("--name", ""), "1 to 63 bytes"),
])
def test_wrong_options_end_the_start(tmp_path, options, words):
    done = run("serve", tmp_path, *options)
    assert done.returncode == 2
    assert words in done.stderr.decode() and len(done.stderr.decode().splitlines()) == 1, done.stderr
