"""`tutti listen`: what it plays and records of servers that speak as the published ones did."""
import hashlib
import os
import pty
import re
import select
import signal
import ssl
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import numpy
import pytest

import audio
from clips import Clip
from patience import PATIENCE, eventually
from server import BINARY, RUN, environment, run
from streams import StreamServer, data_of, file_stream, messages, pcm_header, pcm_stream

TUNE = Clip("tune.wav", "wav", 1, 30, seconds=3)
FORMATS = {  # what ffmpeg calls it: (bytes per sample, more of the header)
    "pcm_s16le": (2, {}),
    "pcm_s24le": (3, {}),
    "pcm_s32le": (4, {}),
    "pcm_f32le": (4, {"format": "float"}),
}


@pytest.fixture
def stream():
    """stream(conversation): a server for one test."""
    servers = []

    def start(conversation, **options):
        servers.append(StreamServer(conversation, **options))
        return servers[-1]
    yield start
    for server in servers:
        server.close()


@pytest.fixture(scope="module")
def samples():
    """16-bit stereo of which no 8,192 frames are alike, and whose last message is short."""
    return (TUNE.pcm * 32767).astype("<i2").tobytes()


def codec_of(path):
    return subprocess.run(["ffprobe", "-v", "error", "-show_entries", "stream=codec_name", "-of", "csv=p=0", str(path)],
                          capture_output=True, check=True, text=True).stdout.strip()


def listen(*arguments, seconds=20, **options):
    done = run("listen", *arguments, seconds=seconds, **options)
    return done.returncode, done.stderr.decode(), done.stdout


def sha(data):
    return hashlib.sha256(data).hexdigest()


@pytest.mark.smoke
@pytest.mark.parametrize("codec", FORMATS)
def test_a_recording_holds_the_very_samples(stream, samples, tmp_path, codec):
    width, more = FORMATS[codec]
    noise = numpy.random.default_rng(width).integers(0, 256, 30_011 * 2 * width, numpy.uint8).tobytes()
    server = stream(pcm_stream(noise, 2 * width, pcm_header(48000, 2, width, 2048, **more), 2048))
    code, said, _ = listen(server.url(), "-o", tmp_path / "out.wav")
    assert (code, said) == (0, ""), "and nothing is said where nobody looks"
    data, (_, channels, rate, bytes_per_second, block, bits) = data_of(tmp_path / "out.wav")
    assert sha(data) == sha(noise)
    assert (channels, rate, bytes_per_second, block, bits) == (2, 48000, 96000 * width, 2 * width, 8 * width)
    assert codec_of(tmp_path / "out.wav") == codec


def test_standard_output_is_the_samples_and_nothing_else(stream, samples):
    server = stream(pcm_stream(samples, 4))
    code, said, out = listen(server.url("/"), "--output", "-")
    assert (code, said, sha(out)) == (0, "", sha(samples))


def test_an_output_that_nobody_hears_takes_its_time(stream, samples):
    server = stream(pcm_stream(samples, 4))
    begin = time.monotonic()
    code, said, _ = listen(server.url(), "-o", "null")
    assert (code, said) == (0, "")
    assert time.monotonic() - begin >= 2.9, "a server that does not pace makes nobody hurry"


def test_memory_stays_small_beside_a_server_that_does_not_pace(stream):
    """300 MB at once; what is not played yet waits on disk, and the connection is read all the time."""
    server = stream(pcm_stream(bytes(300_000_000), 4))
    process = subprocess.Popen([*RUN, str(BINARY), "listen", server.url(), "-o", "null"], env=environment(),
                               stderr=subprocess.PIPE)
    try:
        def spooled():
            assert process.poll() is None, process.stderr.read()
            links = [os.path.join(f"/proc/{process.pid}/fd", fd) for fd in os.listdir(f"/proc/{process.pid}/fd")]
            return any("(deleted)" in os.readlink(link) and os.stat(link).st_size == 300_000_000 for link in links)
        eventually(spooled, 60, "all of it in the temporary file")
        status = open(f"/proc/{process.pid}/status", encoding="ascii").read()
        if not RUN and "san" not in str(BINARY):
            assert int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) < 80_000
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(10 * PATIENCE) == 0


def test_a_recording_goes_on_where_the_line_was_cut(stream, samples, tmp_path):
    server = stream(pcm_stream(samples, 4, drop=lambda number: {1: 3, 2: 7}.get(number)))
    code, said, _ = listen(server.url(), "-o", tmp_path / "out.wav")
    assert code == 0
    assert server.connections == 3
    assert sha(data_of(tmp_path / "out.wav")[0]) == sha(samples)
    assert said.count("lost") == 2 and "passed over" in said, said


def test_ears_get_the_start_again(stream, samples):
    server = stream(pcm_stream(samples, 4, drop=lambda number: 2 if number == 1 else None))
    code, said, _ = listen(server.url(), "-o", "null")
    assert code == 0 and server.connections == 2
    assert "from the start again" in said and len(said.splitlines()) == 1, said


@pytest.mark.parametrize("options, connections", ((["--no-reconnect"], 1), (["--retries", "2"], 3)))
def test_reconnecting_has_an_end(stream, samples, tmp_path, options, connections):
    server = stream(pcm_stream(samples, 4, drop=lambda number: 2))
    code, said, _ = listen(server.url(), "-o", tmp_path / "out.wav", *options)
    assert code == 1
    assert server.connections == connections
    assert said.splitlines()[-1].startswith("tutti: "), said
    assert sha(data_of(tmp_path / "out.wav")[0]) == sha(samples[:2 * 32768]), "what came is kept"


def test_a_server_that_is_gone_for_good_is_given_up(stream, samples, tmp_path):
    server = None

    async def once(number, socket):
        await pcm_stream(samples, 4, drop=lambda _: 2)(number, socket)
        server._stop.set()
    server = stream(once)
    code, said, _ = listen(server.url(), "-o", tmp_path / "out.wav", "--retries", "2")
    assert code == 1 and server.connections == 1
    assert said.count("trying again") == 2 and "refused" in said.splitlines()[-1], said


WRONG = {
    "the echo of the published server": (["Então você disse que: PLAY"], r"audio header.*Então você disse que: PLAY"),
    "its error": (['{"type": "error", "message": "No such file: musica.wav"}'], r"No such file: musica\.wav"),
    "samples without a header": ([bytes(32768)], r"audio header.*32768 bytes"),
    "another protocol": (['{"ping": "ping"}'], r"audio header.*ping"),
    "a rate of zero": ([pcm_header(rate=0)], r"\"rate\""),
    "too many channels": ([pcm_header(channels=1000)], r"\"channels\" is '1000'.*1 to 64"),
    "a width that does not exist": ([pcm_header(width=5)], r"\"sample_width\""),
    "a chunk of a gigabyte": ([pcm_header(chunk_frames=1 << 30)], r"\"chunk_frames\""),
    "no channels at all": (['{"type":"audio_header","rate":44100}'], r"\"channels\""),
    "more than was announced": ([pcm_header(chunk_frames=8), bytes(36)], r"36 bytes"),
    "half a frame": ([pcm_header(), bytes(6)], r"6 bytes"),
    "an error on the way": ([pcm_header(), bytes(8), '{"type":"error","message":"the disk is gone"}'], r"the disk is gone"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_stream_ends_with_one_clear_line(stream, tmp_path, wrong):
    sent, named = WRONG[wrong]
    code, said, _ = listen(stream(messages(*sent)).url(), "-o", tmp_path / "out.wav")
    assert code == 1
    assert len(said.splitlines()) == 1 and re.search(named, said), said


def test_a_message_that_is_too_long_is_not_kept(stream, tmp_path):
    server = stream(messages(pcm_header(), bytes(20 << 20)), max_size=None)
    code, said, _ = listen(server.url(), "-o", tmp_path / "out.wav")
    assert code == 1 and "16 MiB" in said


MISTAKES = {
    "no address": ([], r"address"),
    "no such scheme": (["localhost:9999/pcm"], r"ws://"),
    "no host": (["ws:///pcm"], r"ws:///pcm"),
    "a password in the address": (["ws://me:secret@localhost/pcm"], r"--token"),
    "no device": (["ws://127.0.0.1:1/pcm"], r"audio device.*--output"),
    "no such device": (["ws://127.0.0.1:1/pcm", "-o", "Grand Piano"], r"audio device"),
    "no such folder": (["ws://127.0.0.1:1/pcm", "-o", "/no/such/folder/a.wav"], r"/no/such/folder"),
    "a format that is not written": (["ws://127.0.0.1:1/pcm", "-o", "song.mp3"], r"song\.mp3.*\.wav"),
    "a prebuffer of an hour": (["ws://127.0.0.1:1/pcm", "--prebuffer", "3600"], r"prebuffer.*3600"),
    "an option that does not exist": (["--loud"], r"--loud.*listen --help"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_ends_with_one_clear_line(tmp_path, mistake):
    arguments, named = MISTAKES[mistake]
    # A home without a sound configuration of its own.
    code, said, out = listen(*arguments, env={"HOME": tmp_path})
    assert (code, out) == (2, b""), said
    assert len(said.splitlines()) == 1 and re.search(named, said), said
    assert "secret" not in said


def test_help_tells_every_option():
    code, said, out = listen("--help")
    assert (code, said) == (0, "")
    for option in ("--output", "--list-devices", "--prebuffer", "--no-reconnect", "--retries", "--protocol", "--token", "--ca",
                   "--insecure", "--sample-format", "ws://"):
        assert option in out.decode(), option
    assert listen("--list-devices")[0] == 0


def test_nobody_is_there(tmp_path):
    code, said, _ = listen("ws://127.0.0.1:1/pcm", "-o", tmp_path / "out.wav")
    assert code == 1 and "127.0.0.1:1" in said and len(said.splitlines()) == 1, said
    assert not (tmp_path / "out.wav").exists()


@pytest.mark.parametrize("status", (200, 401, 404, 503))
def test_what_does_not_speak_websocket_is_told_by_its_answer(tmp_path, status):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status)
            self.send_header("Content-Length", "5")
            self.end_headers()
            self.wfile.write(b"hello")

        def log_message(self, *_):
            pass
    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        code, said, _ = listen(f"ws://127.0.0.1:{server.server_port}/pcm", "-o", tmp_path / "out.wav")
        server.shutdown()
    assert code == 1 and str(status) in said and len(said.splitlines()) == 1, said


def test_a_token_is_shown_to_the_server(stream, samples):
    server = stream(pcm_stream(samples, 4))
    assert listen(server.url("/pcm?track=3"), "-o", "-", env={"TUTTI_TOKEN": "abc.def"})[0] == 0
    assert server.headers[0]["Authorization"] == "Bearer abc.def"
    assert server.paths == ["/pcm?track=3"]


def interrupted(server, path, signal_number):
    process = subprocess.Popen([*RUN, str(BINARY), "listen", server.url(), "-o", str(path)], env=environment(),
                               stderr=subprocess.PIPE)
    eventually(lambda: path.exists() and path.stat().st_size > 200_000, 20, "something recorded")
    process.send_signal(signal_number)
    _, said = process.communicate(timeout=10 * PATIENCE)
    return process.returncode, said.decode()


@pytest.mark.parametrize("number", (signal.SIGINT, signal.SIGTERM))
def test_a_recording_that_is_stopped_is_whole(stream, samples, tmp_path, number):
    server = stream(pcm_stream(samples * 100, 4, pause=0.05))
    assert interrupted(server, tmp_path / "out.wav", number) == (0, "")
    data, _ = data_of(tmp_path / "out.wav")
    assert len(data) > 100_000 and (samples * 100).startswith(data)


def test_a_recording_that_is_killed_can_be_read(stream, samples, tmp_path):
    server = stream(pcm_stream(samples * 100, 4, pause=0.01))
    path = tmp_path / "out.wav"
    process = subprocess.Popen([*RUN, str(BINARY), "listen", server.url(), "-o", str(path)], env=environment())
    eventually(lambda: path.exists() and path.stat().st_size > 1_500_000, 20, "something recorded")
    process.kill()
    process.wait()
    heard = subprocess.run(["ffmpeg", "-v", "error", "-i", str(path), "-f", "s16le", "-"], capture_output=True, check=True).stdout
    assert len(heard) >= 1 << 20 and (samples * 100).startswith(heard)


def test_somebody_who_looks_sees_how_it_goes(stream, samples):
    server = stream(pcm_stream(samples, 4, pause=0.05))
    ours, theirs = pty.openpty()
    process = subprocess.Popen([*RUN, str(BINARY), "listen", server.url(), "-o", "null"], env=environment(), stderr=theirs)
    os.close(theirs)
    shown = b""
    while select.select([ours], [], [], 20 * PATIENCE)[0]:
        try:
            shown += os.read(ours, 4096)
        except OSError:
            break
    assert process.wait(10 * PATIENCE) == 0
    os.close(ours)
    lines = shown.decode().split("\r\x1b[K")
    assert any(re.fullmatch(r"0:0[12] · 0\.\d s ahead · 44\.1 kHz stereo 16 bit → null", line) for line in lines), lines
    assert lines[-1].startswith("0:03 · 44.1 kHz"), lines[-1]


# /audio

@pytest.mark.smoke
def test_the_pieces_of_a_file_are_decoded_as_they_come(stream, tmp_path):
    """A lossless file: what is recorded is what was encoded, to the sample."""
    path = Clip("tune.flac", "flac", 1, 30, seconds=8).put_into(tmp_path)
    server = stream(file_stream(path.read_bytes(), 100_000))
    code, said, _ = listen(server.url("/audio"), "-o", tmp_path / "out.wav")
    assert (code, said) == (0, "")
    expected = subprocess.run(["ffmpeg", "-v", "error", "-i", str(path), "-f", "s16le", "-"], capture_output=True, check=True).stdout
    assert sha(data_of(tmp_path / "out.wav")[0]) == sha(expected)


@pytest.mark.parametrize("format", ("mp3", "ogg", "opus", "m4a"))
def test_all_formats_of_the_library_arrive_whole(stream, tmp_path, format):
    clip = Clip(f"tune.{format}", format, 3, 30, seconds=5, rate=48000 if format == "opus" else 44100, cover=format == "mp3")
    path = clip.put_into(tmp_path)
    server = stream(file_stream(path.read_bytes(), 4096))
    code, said, _ = listen(server.url("/audio"), "-o", tmp_path / "out.wav", "--sample-format", "f32")
    assert (code, said) == (0, "")
    heard, music = audio.decode(tmp_path / "out.wav"), clip.pcm
    assert abs(len(heard) - len(music)) <= 1
    frames = min(len(heard), len(music))
    assert audio.correlation(heard[:frames], music[:frames]) > 0.99


def test_a_file_goes_on_where_the_line_was_cut(stream, tmp_path):
    path = Clip("tune.flac", "flac", 1, 30, seconds=8).put_into(tmp_path)
    server = stream(file_stream(path.read_bytes(), 50_000, drop=lambda number: {1: 2, 2: 5}.get(number)))
    code, said, _ = listen(server.url("/audio"), "-o", tmp_path / "out.wav")
    assert code == 0 and server.connections == 3, said
    expected = subprocess.run(["ffmpeg", "-v", "error", "-i", str(path), "-f", "s16le", "-"], capture_output=True, check=True).stdout
    assert sha(data_of(tmp_path / "out.wav")[0]) == sha(expected)


def test_a_file_is_heard_at_its_own_pace(stream, tmp_path):
    data = Clip("tune.mp3", "mp3", 3, 30, seconds=3).put_into(tmp_path).read_bytes()
    begin = time.monotonic()
    code, said, _ = listen(stream(file_stream(data)).url("/"), "-o", "null", "--protocol", "audio")
    assert (code, said) == (0, "") and time.monotonic() - begin >= 2.9


FILES = {
    "a reason": (b"", 1011, "there is no track 17", r"there is no track 17"),
    "nothing": (b"", 1000, "", r"without sending anything"),
    "no audio": (b"<html>Not found</html>", 1000, "", r"cannot be played"),
}


@pytest.mark.parametrize("what", FILES)
def test_a_file_that_is_none_ends_with_one_clear_line(stream, tmp_path, what):
    data, close, reason, named = FILES[what]
    code, said, _ = listen(stream(file_stream(data, code=close, reason=reason)).url("/audio"), "-o", tmp_path / "out.wav")
    assert code == 1 and len(said.splitlines()) == 1 and re.search(named, said), said


# wss://

@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-subj", "/CN=here", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder / "key.pem",
                    "-out", folder / "cert.pem"], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return folder / "cert.pem", context


def test_over_tls_only_whom_one_trusts(stream, samples, certificate):
    path, context = certificate
    server = stream(pcm_stream(samples, 4), ssl=context)
    code, said, _ = listen(server.url(), "-o", "-")
    assert code == 1 and re.search(r"certificate.*--ca", said) and len(said.splitlines()) == 1, said
    assert server.connections == 0
    for trust in (("--ca", path), ("--insecure",)):
        code, said, out = listen(server.url(), "-o", "-", *trust)
        assert (code, said, sha(out)) == (0, "", sha(samples))
    code, said, _ = listen(server.url().replace("127.0.0.1", "localhost"), "-o", "-", "--ca", path)
    assert code == 1 and "certificate" in said, "it is another host's"


def test_tls_where_there_is_none(stream, samples):
    server = stream(pcm_stream(samples, 4))
    code, said, _ = listen(server.url().replace("ws://", "wss://"), "-o", "-")
    assert code == 1 and "TLS" in said, said
