"""The music of the tests: cuts of Asterisk's free music on hold, encoded in every format, with tags and covers.
Made once and kept in build/e2e-media."""
import dataclasses
import functools
import hashlib
import os
import pathlib
import shutil
import subprocess

import audio
from server import ROOT

MUSIC = pathlib.Path("/usr/share/asterisk/moh")
CACHE = ROOT / "build/e2e-media"
SONGS = ("macroform-cold_day", "macroform-robot_dity", "manolo_camp-morning_coffee", "reno_project-system",
         "macroform-the_simplicity")
ENCODERS = {
    "wav": ("-c:a", "pcm_s16le", "-f", "wav"),
    "flac": ("-c:a", "flac", "-f", "flac"),
    "mp3": ("-c:a", "libmp3lame", "-b:a", "192k", "-id3v2_version", "3", "-f", "mp3"),
    "mp3-vbr": ("-c:a", "libmp3lame", "-q:a", "2", "-f", "mp3"),
    "ogg": ("-c:a", "libvorbis", "-q:a", "6", "-f", "ogg"),
    "opus": ("-c:a", "libopus", "-b:a", "160k", "-f", "ogg"),
    "m4a": ("-c:a", "aac", "-b:a", "192k", "-f", "ipod"),
}


@dataclasses.dataclass(frozen=True)
class Clip:
    """One audio file. Its name is what the file system gets: text, or bytes that are no text at all."""
    name: "str | bytes"
    format: str
    song: int = 0
    begin: float = 20.0  # seconds into the song
    seconds: float = 4.0
    rate: int = 44100
    title: str = ""
    artist: str = ""
    cover: bool = False

    @property
    def stream_title(self):
        """What players show while it plays."""
        name = self.name if isinstance(self.name, str) else self.name.decode("utf-8", "replace")
        title = self.title or name.rsplit("/", 1)[-1].rsplit(".", 1)[0].replace("\n", " ")
        return f"{self.artist} - {title}" if self.artist else title

    @functools.cached_property
    def pcm(self):
        """The music itself before any encoding, as the station sends it: 44.1 kHz stereo."""
        return audio.decode(self._wav())

    @functools.cached_property
    def level(self):
        """dB per channel of the file as it is decoded: LAME makes what it encodes a little softer."""
        return audio.level(audio.decode(self._encoded()))

    def put_into(self, folder):
        """Writes the file; its path."""
        path = pathlib.Path(os.fsdecode(os.path.join(os.fsencode(folder), os.fsencode(self.name))))
        path.parent.mkdir(parents=True, exist_ok=True)
        # Appears in one piece, as a file does that somebody moves into the folder.
        partial = path.parent / f".{os.getpid()}.partial"
        shutil.copyfile(self._encoded(), partial)
        partial.rename(path)
        return path

    def _wav(self):
        return made(("wav", self.song, self.begin, self.seconds, self.rate), lambda out: ffmpeg(
            "-ss", self.begin, "-i", MUSIC / f"{SONGS[self.song]}.wav", "-af",
            # The right channel is later and softer than the left, so that swapped or mixed channels would be noticed.
            f"aresample={self.rate},volume=1.6,pan=stereo|c0=c0|c1=0.7*c0,adelay=0|23,"
            f"atrim=end_sample={round(self.seconds * self.rate)}", "-c:a", "pcm_s16le", "-f", "wav", out))

    def _encoded(self):
        tags = [word for name in ("title", "artist") if getattr(self, name)
                for word in ("-metadata", f"{name}={getattr(self, name)}")]
        picture = ("-i", cover(), "-map", "0:a", "-map", "1:v", "-c:v", "copy", "-disposition:v", "attached_pic")
        return made(dataclasses.astuple(self)[1:], lambda out: ffmpeg(
            "-i", self._wav(), *(picture if self.cover else ()), *ENCODERS[self.format], *tags, "-fflags", "+bitexact", out))


def ffmpeg(*arguments):
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", *map(str, arguments)], check=True)


def made(recipe, make):
    """The file of a recipe; make(path) is called where it does not exist yet."""
    CACHE.mkdir(parents=True, exist_ok=True)
    path = CACHE / hashlib.sha256(repr((recipe, ENCODERS)).encode()).hexdigest()[:24]
    if not path.exists():
        partial = path.with_suffix(f".{os.getpid()}")
        make(partial)
        partial.rename(path)
    return path


def cover():
    return made("cover", lambda out: ffmpeg("-f", "lavfi", "-i", "testsrc=size=320x320", "-frames:v", "1",
                                            "-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-f", "image2", out))


# A folder in all formats, under names that hurt. The numbers are there for the order of --shuffle off.
ALL_FORMATS = (
    Clip("01 Утро в городе.mp3", "mp3", 0, 20, title="Утро в городе", artist="Группа «Ёлка»", cover=True),
    Clip("02 it's \"100%\" #1 & <b>more<b>.flac", "flac", 1, 15, rate=48000, title="100% #1; StreamTitle='no';",
         artist="R&B <Trio>", cover=True),
    Clip("03 émoji 🎺 café.ogg", "ogg", 2, 10, title="🎺 Café", artist="Ünïcode"),
    Clip("04 ?query=a+b;c.opus", "opus", 3, 30, rate=48000),
    Clip("05 back\\slash\nand newline.m4a", "m4a", 4, 40, title="Mezzo", artist="Apple Tree", cover=True),
    Clip(b"06 \xff\xfe not utf-8.wav", "wav", 0, 60),
    Clip("07 " + "very " * 45 + "long.mp3", "mp3-vbr", 1, 60, rate=48000, title="Long Name", artist="Variable"),
    Clip("08 диск №1/sub folder/many...dots..flac", "flac", 3, 90, title="In a Folder of a Folder"),
    Clip("09 flac in disguise.mp3", "flac", 3, 150, rate=48000, title="Disguised", artist="Content Not Name"),
)
