"""What the operator writes: flags, variables, a config file, and mistakes in them."""
import json
import os
import re
import socket
import subprocess

import pytest

from clips import Clip
from patience import eventually
from server import run

TUNE = Clip("tune.wav", "wav", 1, 30, seconds=5)


@pytest.fixture
def folder(tmp_path):
    TUNE.put_into(tmp_path / "music")
    return tmp_path / "music"


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [sock.getsockname()[1] for sock in sockets]
    for sock in sockets:
        sock.close()
    return ports


MISTAKES = {
    "a folder that does not exist": (["/no/such/folder"], r"/no/such/folder"),
    "a folder that is a file": (["{folder}/tune.wav"], r"tune\.wav"),
    "a route's folder that does not exist": (["--directory-routes", '{"humor":"/no/such/folder"}'], r"/no/such/folder"),
    "a flag that does not exist": (["--no-such-flag", "{folder}"], r"--no-such-flag"),
    "a port that is none": (["--port", "nonsense", "{folder}"], r"port.*nonsense|nonsense.*port"),
    "a port that is too high": (["--port", "70000", "{folder}"], r"70000"),
    "a sample rate that MP3 stations do not have": (["--sample-rate", "12345", "{folder}"], r"12345"),
    "a switch that is neither on nor off": (["--shuffle", "maybe", "{folder}"], r"maybe"),
    "routes that are not JSON": (["--directory-routes", '{"humor":'], r"(?i)directory-routes|DIRECTORY_ROUTES"),
    "routes that are no object": (["--directory-routes", '["humor"]'], r"(?i)directory-routes|DIRECTORY_ROUTES"),
    "a route twice": (["--directory-routes", '{"humor":"{folder}","/humor/":"{folder}"}'], r"/humor"),
    "a route that the server answers itself": (["--directory-routes", '{"streams":"{folder}"}'], r"/streams"),
    "a route below one of the server's": (["--directory-routes", '{"api/v1":"{folder}"}'], r"/api"),
    "a route that climbs": (["--directory-routes", '{"../x":"{folder}"}'], r"directory-routes.*'\.\.'"),
    "no such mode": (["--stream-mode", "solo", "{folder}"], r"individual"),
    "an individual station that is none": (["--individual", "/none", "{folder}"], r"/none"),
    "a wav that is missing": (["--wav", "{folder}/none.wav", "{folder}"], r"none\.wav"),
    "a config file that does not exist": (["--config", "/no/such/file.toml", "{folder}"], r"/no/such/file\.toml"),
    "nothing to play": ([], r"."),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_ends_with_one_clear_line(folder, tmp_path, mistake):
    arguments, named = MISTAKES[mistake]
    arguments = [argument.replace("{folder}", str(folder)) for argument in arguments]
    done = run("serve", "--port", "0", "--host", "127.0.0.1", "--state-dir", tmp_path / "state", *arguments) \
        if "--port" not in arguments else run("serve", "--state-dir", tmp_path / "state", *arguments)
    lines = done.stderr.decode().splitlines()
    assert done.returncode == 2, (done.returncode, lines)
    assert len(lines) == 1, lines
    assert re.search(named, lines[0]), lines[0]
    assert not done.stdout


def test_a_port_in_use_is_named(folder, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("serve", "--host", "127.0.0.1", "--port", str(port), "--state-dir", tmp_path / "state", folder)
    lines = done.stderr.decode().splitlines()
    assert done.returncode not in (0, None) and done.returncode > 0
    assert len(lines) == 1 and str(port) in lines[0], lines


def test_help_tells_every_option():
    for arguments in (("--help",), ("serve", "--help")):
        done = run(*arguments)
        assert done.returncode == 0 and not done.stderr
    text = done.stdout.decode()
    for option in ("--directory-routes", "--stream-routes", "--audio-dir", "--host", "--port", "--state-dir", "--stream-mode",
                   "--buffer-size", "--max-preload-tracks", "--burst-seconds", "--flush-interval", "--bitrate", "--sample-rate",
                   "--shuffle", "--io-threads", "--max-listeners", "--log-format", "--log-level", "--config"):
        assert option in text, option


def test_flag_over_variable_over_file_over_default(serve, folder, tmp_path):
    by_file, by_variable, by_flag = free_ports(3)
    config = tmp_path / "tutti.toml"
    config.write_text(f"port = {by_file}\nbitrate = 192000\n", encoding="utf-8")
    file = ("--config", config)

    server = serve(*file, folder, port=())
    assert server.port == by_file
    assert server.station()["bitrate"] == 192_000
    server.stop()
    server = serve(*file, folder, port=(), env={"TUTTI_PORT": by_variable})
    assert server.port == by_variable
    assert server.station()["bitrate"] == 192_000, "the file still tells the rest"
    server.stop()
    server = serve(*file, folder, port=("--port", str(by_flag)), env={"TUTTI_PORT": by_variable, "TUTTI_BITRATE": 96000})
    assert server.port == by_flag
    assert server.station()["bitrate"] == 96_000
    server.stop()
    assert serve(folder).station()["bitrate"] == 128_000


@pytest.mark.smoke
def test_the_variables_of_the_earlier_servers(serve, folder, tmp_path):
    Clip("joke.flac", "flac", 3, 30, seconds=5).put_into(tmp_path / "humor")
    server = serve("--audio-dir", folder, env={
        "AUDIO_STREAM_ROUTES": "/,/humor, science", "DIRECTORY_ROUTES": json.dumps({"humor": str(tmp_path / "humor")}),
        "STREAM_MODE": "radio", "BUFFER_SIZE": 1048576, "MAX_PRELOAD_TRACKS": 1})
    stations = server.wait_until_scanned()["stations"]
    assert [station["route"] for station in stations] == ["/", "/humor", "/science"]
    playing = {stream["route"]: stream["current_track"] for stream in server.json("/streams")["streams"]}
    assert playing == {"/": "tune.wav", "/humor": "joke.flac", "/science": "tune.wav"}


def test_a_flag_wins_over_a_variable_of_the_earlier_servers(serve, folder):
    server = serve("--directory-routes", json.dumps({"kept": str(folder)}),
                   env={"DIRECTORY_ROUTES": json.dumps({"lost": "/no/such/folder"})})
    assert [station["route"] for station in server.stations()["stations"]] == ["/kept"]


def test_individual_mode_by_variable(folder, serve):
    server = serve(folder, env={"STREAM_MODE": "individual"})
    assert server.station("/")["mode"] == "individual"


def test_a_tilde_in_a_route_is_the_home_folder(serve, tmp_path):
    TUNE.put_into(tmp_path / "home" / "humor")
    server = serve("--directory-routes", '{"humor":"~/humor"}', env={"HOME": tmp_path / "home"})
    assert server.wait_until_scanned()["library"]["tracks"] == 1


def test_many_folders_are_one_station(serve, folder, tmp_path):
    Clip("other.flac", "flac", 3, 30, seconds=5).put_into(tmp_path / "more")
    server = serve(folder, tmp_path / "more", "--shuffle", "off")
    server.wait_until_scanned()
    # The first of them to be known opens the programme.
    eventually(lambda: {entry["file"] for entry in server.station()["entries"]} == {"tune.wav", "other.flac"}, 30,
               "both folders on the programme")


def test_a_sample_rate_of_48_kHz(serve, folder):
    server = serve(folder, "--sample-rate", "48000", "--bitrate", "96000")
    server.wait_until_scanned()
    done = subprocess.run(["ffprobe", "-v", "error", "-of", "json", "-show_streams", server.url], capture_output=True, check=True)
    (stream,) = json.loads(done.stdout)["streams"]
    assert (stream["codec_name"], stream["sample_rate"], stream["channels"], stream["bit_rate"]) == ("mp3", "48000", 2, "96000")


def test_the_log_as_json(serve, folder):
    server = serve(folder, "--log-format", "json")
    server.wait_until_scanned()
    server.stop()
    lines = server.log().splitlines()
    assert lines
    for line in lines:
        assert {"level", "message"} & json.loads(line).keys(), line


def test_the_log_can_be_silent(serve, folder):
    server = serve(folder, "--log-level", "error")
    server.wait_until_scanned()
    server.stop()
    assert server.log() == ""


def test_all_addresses_and_ipv6(serve, folder):
    """Without --host: both families where the machine has them. A machine without IPv6 tests that this is no error."""
    server = serve(folder, host=())
    assert any("[" not in url for url in server.urls)
    has_ipv6 = os.path.exists("/proc/net/if_inet6") and "00000000000000000000000000000001" in open("/proc/net/if_inet6").read()
    if has_ipv6:
        with socket.create_connection(("::1", server.port), 5) as sock:
            sock.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
            assert eventually(lambda: b" 200 " in sock.recv(100))
    with socket.create_connection(("127.0.0.1", server.port), 5) as sock:
        sock.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
        assert b" 200 " in sock.recv(100)
