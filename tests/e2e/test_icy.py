"""Titles woven into the stream, as radio players read them."""
import itertools
import re

import pytest

from clips import ALL_FORMATS

pytestmark = pytest.mark.smoke
FRAME_BYTES = 418
BYTES_PER_SECOND = 16_000


def unweave(body, interval):
    """(audio, [(audio bytes before it, metadata text)])"""
    heard, blocks, at = bytearray(), [], 0
    while at + interval < len(body):
        heard += body[at:at + interval]
        length = body[at + interval] * 16
        text = body[at + interval + 1:at + interval + 1 + length]
        if len(text) < length:
            break
        if length:
            blocks.append((len(heard), text.rstrip(b"\0").decode("utf-8")))
        at += interval + 1 + length
    return bytes(heard), blocks


def titles_of(recording):
    heard, blocks = unweave(recording.body, int(recording.headers["icy-metaint"]))
    titles = []
    for at, text in blocks:
        match = re.match(r"StreamTitle='(.*?)';", text, re.DOTALL)
        assert match, text
        titles.append((at, match[1]))
    return heard, titles


def test_the_audio_between_the_titles_is_intact(recordings):
    heard, _ = titles_of(recordings.icy)
    # Both listened at the same time: what one got is in what the other got, byte for byte.
    begins = recordings.plain.body.find(heard[:2000])
    if begins >= 0:
        shared = min(len(heard), len(recordings.plain.body) - begins)
        assert heard[:shared] == recordings.plain.body[begins:begins + shared]
    else:
        begins = heard.find(recordings.plain.body[:2000])
        assert begins >= 0, "the two streams have nothing in common"
        shared = min(len(heard) - begins, len(recordings.plain.body))
        assert heard[begins:begins + shared] == recordings.plain.body[:shared]
    assert shared > 20 * BYTES_PER_SECOND


def test_each_track_is_announced_once(recordings):
    _, titles = titles_of(recordings.icy)
    for (_, one), (_, next_one) in itertools.pairwise(titles):
        assert one != next_one, "a title is sent when it changes, not again and again"
    assert len(titles) >= len(ALL_FORMATS) - 1


def test_titles_are_those_of_the_files(recordings):
    # A quote and semicolon would end the title early; the server writes them differently.
    def plain(title):
        return re.sub(r"['’]", "'", title)
    known = {plain(clip.stream_title) for clip in ALL_FORMATS if not isinstance(clip.name, bytes)}
    odd = [title for _, title in titles_of(recordings.icy)[1] if plain(title) not in known]
    # The one whose name is not text is shown as well as it can be.
    assert all("not utf-8" in title for title in odd), odd


def test_a_title_changes_with_the_first_packet_of_its_track(recordings):
    """In the first metadata block that comes after that packet has begun, neither earlier nor later."""
    interval = int(recordings.icy.headers["icy-metaint"])
    heard, titles = titles_of(recordings.icy)
    offset = recordings.plain.body.find(heard[:2000])
    assert offset >= 0
    compared = 0
    for clip, begin in recordings.found.items():
        first_byte = begin / 44100 * BYTES_PER_SECOND - offset
        after = [at - first_byte for at, title in titles if clip.title and clip.title[:8] in title]
        near = [late for late in after if abs(late) < 2 * BYTES_PER_SECOND]
        if near:
            # The codec's delay moves the track within its first frames.
            assert -4 * FRAME_BYTES <= near[0] <= interval + 4 * FRAME_BYTES, f"{clip.title}: {near[0]} bytes late"
            compared += 1
    assert compared >= 4


def test_the_interval_is_told_and_the_same_headers_as_without(recordings):
    icy, plain = recordings.icy.headers, recordings.plain.headers
    assert int(icy["icy-metaint"]) >= 1024
    assert {name: value for name, value in icy.items() if name not in ("icy-metaint", "date")} == {
        name: value for name, value in plain.items() if name != "date"}
