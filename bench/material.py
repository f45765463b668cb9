"""The audio that the benchmarks play, made once from Debian's music on hold, under build/bench-material."""
import os
import pathlib
import shutil
import subprocess
import sys

from harness import BITRATE, ROOT, progress

MUSIC = pathlib.Path("/usr/share/asterisk/moh")
HERE = ROOT / "build/bench-material"
CODECS = {
    "mp3": ["-c:a", "libmp3lame", "-b:a", "192k"],
    "flac": ["-c:a", "flac"],
    "opus": ["-ar", "48000", "-c:a", "libopus", "-b:a", "96k"],
    "m4a": ["-c:a", "aac", "-b:a", "128k"],
}


def originals():
    wavs = sorted(MUSIC.glob("*.wav"))
    if not wavs or not shutil.which("ffmpeg"):
        sys.exit("the benchmarks make their audio with Debian's asterisk-moh-opsound-wav and ffmpeg: install them")
    return wavs


def convert(source, target, arguments):
    """Through a second name, so that an interrupted run leaves no half file behind."""
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    progress(f"making {target.relative_to(ROOT)}")
    part = target.with_name(f"part-{target.name}")
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", *source, "-ar", "44100", "-ac", "2", *arguments, part],
                   check=True)
    part.rename(target)


def stream():
    """The 128 kbit/s stream that feeds Icecast: frames only, so that it can be played in a circle."""
    target = HERE / "stream.mp3"
    names = HERE / "stream.txt"
    HERE.mkdir(parents=True, exist_ok=True)
    names.write_text("".join(f"file '{wav}'\n" for wav in originals()), encoding="utf-8")
    convert(["-f", "concat", "-safe", "0", "-i", names], target,
            ["-c:a", "libmp3lame", "-b:a", str(BITRATE), "-write_xing", "0", "-id3v2_version", "0",
             "-map_metadata", "-1"])
    return target


def tracks(seconds=60):
    """Every original in every format, cut short: what a scan costs is not what is measured."""
    made = []
    for wav in originals():
        for suffix, codec in CODECS.items():
            target = HERE / "tracks" / f"{wav.stem}.{suffix}"
            convert(["-i", wav, "-t", str(seconds)], target, codec)
            made.append(target)
    return made


def music_folder():
    """One station's worth of whole MP3 files."""
    folder = HERE / "music"
    for wav in originals():
        convert(["-i", wav], folder / f"{wav.stem}.mp3", CODECS["mp3"])
    return folder


def wave(minutes=15):
    """One long WAV of music: 44.1 kHz, 16 bit, stereo."""
    stream()  # makes the list of files
    target = HERE / "wave.wav"
    convert(["-stream_loop", "-1", "-f", "concat", "-safe", "0", "-i", HERE / "stream.txt", "-t", str(60 * minutes)], target,
            ["-c:a", "pcm_s16le"])
    return target


def long_wave(size=4 << 30):
    """A WAV of 4 GiB that takes no room on the disk: the head of another, and a hole."""
    target = HERE / "long.wav"
    if not target.exists() or target.stat().st_size != size:
        with open(wave(), "rb") as file:
            head = bytearray(file.read(4096))
        data = head.index(b"data")
        head[data + 4:data + 8] = b"\xff\xff\xff\xff"
        with open(target, "wb") as file:
            file.write(head)
            file.truncate(size)
    return target


def many_tracks(suffix, count):
    """A folder of so many tracks: hard links to two minutes of each original, MP3s at the stream's bit rate."""
    codec = {"mp3": ["-c:a", "libmp3lame", "-b:a", str(BITRATE)], "flac": ["-c:a", "flac"]}[suffix]
    made = []
    for wav in originals():
        target = HERE / "two-minutes" / f"{wav.stem}.{suffix}"
        convert(["-i", wav, "-t", "120"], target, codec)
        made.append(target)
    folder = HERE / f"many-{suffix}-{count}"
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        target = folder / f"{number:04} {made[number % len(made)].name}"
        if not target.exists():
            os.link(made[number % len(made)], target)
    return folder


def waves():
    """The originals (8 kHz, mono: cheap to analyse), on the file system of the stations, so that they can be linked."""
    made = []
    for wav in originals():
        target = HERE / "waves" / wav.name
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            shutil.copyfile(wav, target)
        made.append(target)
    return made


def stations(name, count, files, per_station=2):
    """{route: folder} of `count` folders with hard links to `files`, taken in turn."""
    routes = {}
    for i in range(count):
        folder = HERE / name / f"{i:04}"
        folder.mkdir(parents=True, exist_ok=True)
        for k in range(per_station):
            source = files[(i + k * (len(CODECS) + 2)) % len(files)]  # another original, in another format
            if not (folder / source.name).exists():
                os.link(source, folder / source.name)
        routes[f"{name}-{i:04}"] = str(folder)
    return routes
