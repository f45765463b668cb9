"""What a listener of a station hears: every file as it is, joined without gaps, in real time."""
import itertools
import secrets
import subprocess
import time

import numpy
import pytest

import audio
from clips import ALL_FORMATS
from conftest import snapshot
from listening import Listener

BYTES_PER_SECOND = 128_000 / 8
MP3_FRAME = 1152
# Two codecs and a resampler may each round; what is longer than this is a gap.
ROUNDING = 3


def name_of(clip):
    return f"{clip.format}-{str(clip.name)[:14]}".encode("ascii", "replace").decode()


@pytest.mark.parametrize("clip", ALL_FORMATS, ids=name_of)
def test_each_file_is_heard_from_beginning_to_end(recordings, clip):
    assert clip in recordings.found, f"heard only {[c.name for c in recordings.found]}"
    begin = recordings.found[clip]
    heard = recordings.pcm[begin:begin + len(clip.pcm)]
    assert audio.correlation(heard, clip.pcm) > 0.98
    # Each channel for itself: neither swapped nor mixed.
    for channel in (0, 1):
        assert audio.correlation(heard[:, channel:channel + 1], clip.pcm[:, channel:channel + 1]) > 0.98
    assert numpy.abs(audio.level(heard) - clip.level).max() < 0.5


def test_tracks_follow_each_other_in_path_order(recordings):
    order = [ALL_FORMATS.index(clip) for clip in recordings.found]
    for one, next_one in zip(order, order[1:]):
        assert next_one == (one + 1) % len(ALL_FORMATS), order


def test_joins_have_neither_gap_nor_overlap(recordings):
    joins = 0
    for (one, begin), (next_one, next_begin) in itertools.pairwise(recordings.found.items()):
        gap = next_begin - begin - len(one.pcm)
        assert abs(gap) <= ROUNDING, f"{gap} frames between {one.name!r} and {next_one.name!r}"
        joins += 1
    assert joins >= len(ALL_FORMATS) - 1


def test_the_beginning_and_the_end_of_a_track_are_whole(recordings):
    """The first and the last 50 ms, where encoder delay and padding would show."""
    piece = audio.RATE // 20
    for clip, begin in recordings.found.items():
        end = begin + len(clip.pcm)
        for where, heard, played in (("first", recordings.pcm[begin:begin + piece], clip.pcm[:piece]),
                                     ("last", recordings.pcm[end - piece:end], clip.pcm[-piece:])):
            if audio.level(played).max() < -50:  # too soft to tell
                continue
            assert audio.correlation(heard, played) > 0.9, f"the {where} 50 ms of {clip.name!r}"


def test_nothing_is_clipped(recordings):
    loudest = max(numpy.abs(clip.pcm).max() for clip in ALL_FORMATS)
    assert loudest < 0.95, "the material itself must leave room"
    assert numpy.abs(recordings.pcm).max() < loudest * 1.15


@pytest.mark.smoke
def test_the_stream_decodes_without_a_complaint(recordings):
    audio.decode_strictly(recordings.plain.body)
    audio.decode_strictly(recordings.album.body)


def test_a_burst_arrives_at_once(recordings):
    stream = recordings.plain
    assert stream.first_byte_after < 1.0
    burst = stream.arrived_by(1.0) / BYTES_PER_SECOND
    assert 3.0 < burst < 6.5, f"{burst:.1f} s of audio within the first second"


def test_then_it_is_paced_in_real_time(recordings):
    stream = recordings.plain
    last = stream.last_byte_after
    for begin, end in ((2.0, last / 2), (last / 2, last), (2.0, last)):
        audio_seconds = (stream.arrived_by(end) - stream.arrived_by(begin)) / BYTES_PER_SECOND
        # Writes are coalesced to about a second.
        assert abs(audio_seconds - (end - begin)) < 1.8, f"{audio_seconds:.1f} s of audio in {end - begin:.1f} s"
    assert stream.longest_silence(after=1.0) < 2.5


def test_what_is_heard_is_what_the_api_tells(radio, recordings):
    """The station's clock, the listener's first sample and the music itself agree."""
    where = radio.server.json(f"/api/v1/listeners/{radio.key}")
    assert where["route"] == "/" and where["skipped"] == 0
    clips = {clip.title: clip for clip in recordings.found if clip.title}
    cycle = sum(clip.seconds for clip in ALL_FORMATS) * 1e6
    compared = 0
    for entry in radio.programme:
        begin = recordings.found.get(clips.get(entry["title"]))
        if begin is None or entry["starts_at"] < where["first_sample_at"]:
            continue
        late = where["first_sample_at"] + begin / audio.RATE * 1e6 - entry["starts_at"]
        late = (late + cycle / 2) % cycle - cycle / 2  # it may have been found when it came again
        # The encoder's delay is taken off; what is left is rounding to its frames at most.
        assert abs(late) < 30_000, f"{entry['title']} is heard {late / 1000:.0f} ms after its time"
        compared += 1
    assert compared >= 2, (radio.programme, recordings.found)


def test_everyone_hears_the_same_moment(radio, recordings):
    """A listener that joined later holds the same bytes as the first one, and has got as far."""
    plain, icy = recordings.plain, recordings.icy
    assert plain.headers["content-type"] == icy.headers["content-type"] == "audio/mpeg"
    first = Listener(radio.url())
    time.sleep(4)
    second = Listener(radio.url())
    time.sleep(4)
    one, two = first.stop(), second.stop()
    begins = one.body.find(two.body[:4096])
    assert begins > 0, "the later listener's stream is not part of the earlier one's"
    shared = min(len(one.body) - begins, len(two.body))
    assert one.body[begins:begins + shared] == two.body[:shared]
    # The ends of both are the same moment on the air, up to one coalesced write.
    ends = abs(len(one.body) - begins - len(two.body)) / BYTES_PER_SECOND
    assert ends < 1.8, f"one is {ends:.2f} s ahead of the other"


def test_two_listeners_line_up_by_sound(radio, recordings):
    """By ear and clock: the same music at the same time of the server."""
    keys = [secrets.token_urlsafe(16) for _ in range(2)]
    listeners = []
    for key in keys:
        listeners.append(Listener(f"{radio.url()}?listener={key}"))
        time.sleep(3)
    pcm = [audio.decode(listener.stop().body) for listener in listeners]
    begins = [radio.server.json(f"/api/v1/listeners/{key}")["first_sample_at"] for key in keys]
    later = audio.locate(pcm[1][MP3_FRAME * 4:audio.RATE * 2], pcm[0])
    assert later.correlation > 0.99
    heard_apart = (later.offset - MP3_FRAME * 4) / audio.RATE
    told_apart = (begins[1] - begins[0]) / 1e6
    assert abs(heard_apart - told_apart) < 0.03, f"{heard_apart:.3f} s by ear, {told_apart:.3f} s by the clock"


def test_curl_gets_the_documented_headers(radio):
    done = subprocess.run(["curl", "-s", "-m", "2", "-D", "-", "-o", "/dev/null", radio.url("/album")],
                          capture_output=True, check=False, text=True)
    assert done.returncode == 28, "radio does not end by itself"
    head = {name.lower(): value.strip() for name, _, value in
            (line.partition(":") for line in done.stdout.splitlines()[1:]) if value}
    assert done.stdout.split()[1] == "200"
    assert head["content-type"] == "audio/mpeg"
    assert head["icy-name"] and "icy-description" in head and "icy-genre" in head
    assert head["icy-br"] == "128"
    assert head["cache-control"] == "no-cache, no-store, must-revalidate"
    assert head["pragma"] == "no-cache"
    assert head["expires"] == "0"
    assert head["x-content-type-options"] == "nosniff"
    assert head["access-control-allow-origin"] == "*"
    assert "icy-metaint" not in head, "nobody asked for metadata"
    assert "content-length" not in head


def test_files_of_the_library_are_untouched(radio, recordings):
    assert snapshot(radio.folder, radio.album.folder) == radio.before
