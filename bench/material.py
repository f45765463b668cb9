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
