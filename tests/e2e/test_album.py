"""An album whose tracks flow into each other has to flow on the air too."""
import numpy

import audio


def heard_once(radio, recordings):
    """The album from beginning to end as it was heard, aligned with the uncut music."""
    heard = audio.decode(recordings.album.body)
    begin = audio.find_track(radio.album.pcm, heard, around=2.0)
    assert begin is not None, "the whole album was not heard"
    return heard[begin:begin + len(radio.album.pcm)]


def test_the_parts_sound_like_the_uncut_music(radio, recordings):
    assert audio.correlation(heard_once(radio, recordings), radio.album.pcm) > 0.99


def test_joins_are_as_clean_as_the_rest(radio, recordings):
    """What encoding changes, at the joins and everywhere else."""
    played = radio.album.pcm
    error = (heard_once(radio, recordings) - played).astype(numpy.float64)
    usual = numpy.sqrt(numpy.mean(error ** 2))
    join = 0
    for frames in radio.album.parts[:-1]:
        join += frames
        for begin in (join - 1024, join - 256, join, join + 256):  # a click is short
            here = numpy.sqrt(numpy.mean(error[begin:begin + 512] ** 2))
            assert here < 4 * usual, f"the error near frame {begin} is {here / usual:.1f} times the usual"
