"""Programs that people listen with: they play a station's address, and show its title."""
import json
import os
import re
import subprocess

import pytest

import audio
from clips import ALL_FORMATS
from conftest import as_nobody
from patience import PATIENCE

TITLES = [clip.stream_title for clip in ALL_FORMATS if isinstance(clip.name, str)]


def run(*command, seconds=30, **options):
    return subprocess.run(list(map(str, command)), capture_output=True, timeout=seconds * PATIENCE, check=False, **options)


def heard_clips(pcm):
    """The clips of which a second is in `pcm`."""
    found = []
    for clip in ALL_FORMATS:
        for second in range(int(clip.seconds)):
            piece = clip.pcm[second * audio.RATE:(second + 1) * audio.RATE]
            if audio.locate(piece, pcm).correlation > 0.95:
                found.append(clip)
                break
    return found


def test_ffmpeg_plays_and_records(radio, tmp_path):
    out = tmp_path / "heard.wav"
    done = run("ffmpeg", "-v", "error", "-nostdin", "-i", radio.url(), "-t", "6", out)
    assert done.returncode == 0 and not done.stderr, done.stderr
    assert heard_clips(audio.decode(out))


def test_ffprobe_shows_the_title(radio):
    done = run("ffprobe", "-v", "error", "-of", "json", "-show_format", radio.url())
    tags = json.loads(done.stdout)["format"]["tags"]
    assert tags["icy-name"] and tags["icy-br"] == "128"
    shown = tags["StreamTitle"].replace("’", "'")
    assert shown in TITLES or "not utf-8" in shown, tags


def test_mpv_plays_and_shows_the_title(radio, tmp_path):
    out = tmp_path / "heard.wav"
    done = run("mpv", "--no-config", "--no-video", "--length=6", "--ao=pcm", f"--ao-pcm-file={out}",
               "--term-playing-msg=TITLE=${media-title}", radio.url(), env={**os.environ, "HOME": str(tmp_path)})
    assert done.returncode == 0, done.stdout
    title = re.search(r"TITLE=(.*)", done.stdout.decode())[1].replace("’", "'")
    assert title in TITLES or "not utf-8" in title, title
    assert heard_clips(audio.decode(out))


def test_mpv_follows_the_m3u_and_the_pls(radio, tmp_path):
    for ending in ("m3u", "pls"):
        out = tmp_path / f"{ending}.wav"
        done = run("mpv", "--no-config", "--no-video", "--length=2", "--ao=pcm", f"--ao-pcm-file={out}",
                   radio.url(f"/album.{ending}"), env={**os.environ, "HOME": str(tmp_path)})
        assert done.returncode == 0, done.stdout
        assert len(audio.decode(out)) > audio.RATE


def test_vlc_plays(radio, tmp_path):
    """VLC refuses to run as root."""
    os.chmod(tmp_path, 0o777)
    for parent in tmp_path.parents[:3]:
        os.chmod(parent, parent.stat().st_mode | 0o011)
    out = tmp_path / "heard.wav"
    done = run(*as_nobody(), "env", f"HOME={tmp_path}", f"XDG_RUNTIME_DIR={tmp_path}", "cvlc", "--run-time=6", "--play-and-exit",
               f"--sout=#transcode{{acodec=s16l,samplerate=44100,channels=2}}:std{{access=file,mux=wav,dst={out}}}",
               radio.url(), "vlc://quit", cwd=tmp_path)
    assert out.exists(), done.stderr.decode("utf-8", "replace")[-2000:]
    assert heard_clips(audio.decode(out)), done.stderr.decode("utf-8", "replace")[-2000:]


@pytest.mark.smoke
def test_curl_gets_audio_that_decodes(radio):
    done = run("curl", "-s", "-m", "3", radio.url("/%D0%BF%D0%BE-%D1%80%D1%83%D1%81%D1%81%D0%BA%D0%B8"))
    assert len(audio.decode_strictly(done.stdout)) > 3 * audio.RATE
