"""Muted ranges: their arithmetic, how they sound in the mix and in written files."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine import tasks
from engine.encode import Encoding
from engine.mixer import Mixdown
from engine.silences import muted, silenced, unmuted
from engine.types import AudioClip, Track
from tests.conftest import tone

RATE = 44_100


def test_ranges_that_touch_become_one() -> None:
    ranges = muted(muted((), 1.0, 2.0), 3.0, 4.0)
    assert ranges == ((1.0, 2.0), (3.0, 4.0))
    assert muted(ranges, 2.0, 3.0) == ((1.0, 4.0),)
    assert muted(ranges, 1.5, 3.5) == ((1.0, 4.0),)
    assert muted(ranges, 0.0, 0.5) == ((0.0, 0.5), (1.0, 2.0), (3.0, 4.0))
    assert muted(ranges, 5.0, 5.0) == ranges


def test_unmuting_cuts_splits_and_removes() -> None:
    ranges = ((1.0, 2.0), (3.0, 4.0))
    assert unmuted(ranges, 1.25, 1.5) == ((1.0, 1.25), (1.5, 2.0), (3.0, 4.0))
    assert unmuted(ranges, 1.5, 3.5) == ((1.0, 1.5), (3.5, 4.0))
    assert unmuted(ranges, 0.0, 9.0) == ()
    assert unmuted(ranges, 2.0, 3.0) == ranges


def test_random_edits_agree_with_a_line_of_cells() -> None:
    rng, ranges = np.random.default_rng(0), ()
    cells = np.zeros(50, bool)
    for _ in range(500):
        start, stop = sorted(int(x) for x in rng.integers(0, 51, 2))
        mute = bool(rng.random() < 0.5)
        ranges = (muted if mute else unmuted)(ranges, float(start), float(stop))
        cells[start:stop] = mute
        shown = np.zeros(50, bool)
        for first, last in ranges:
            shown[int(first) : int(last)] = True
        np.testing.assert_array_equal(shown, cells)
        assert all(a[1] < b[0] for a, b in pairwise(ranges))


def test_a_range_fades_inside_itself_and_leaves_the_rest_bit_for_bit() -> None:
    sound = tone(1.0)
    out = silenced(sound, 0, RATE, [(0.25, 0.5)])
    first, last, fade = 11_025, 22_050, 221
    np.testing.assert_array_equal(out[:, :first], sound[:, :first])
    np.testing.assert_array_equal(out[:, last:], sound[:, last:])
    assert not out[:, first + fade : last - fade].any()
    gain = out[0, first : first + fade] / np.where(sound[0] == 0, 1, sound[0])[first : first + fade]
    assert (np.diff(gain) <= 0).all()
    assert np.abs(np.diff(out, axis=1)).max() < np.abs(np.diff(sound, axis=1)).max() + 0.25 / 200


def test_blocks_of_any_size_give_the_same() -> None:
    sound, ranges = tone(1.0), [(0.1, 0.104), (0.2, 0.3), (0.5, 2.0)]
    whole = silenced(sound, 0, RATE, ranges)
    rng, at, parts = np.random.default_rng(4), 0, []
    while at < sound.shape[1]:
        size = int(rng.integers(1, 3000))
        parts.append(silenced(sound[:, at : at + size], at, RATE, ranges))
        at += size
    np.testing.assert_array_equal(np.concatenate(parts, 1), whole)


def test_the_mix_is_silent_there_and_the_clip_untouched(
    make_clip: Callable[..., AudioClip],
) -> None:
    sound = tone(1.0)
    clip = make_clip(sound)
    quiet = Track(1, "a", "vocals", clip, gain_db=-6.0, silences=((0.3, 0.4),))
    out = Mixdown([quiet], RATE).read(RATE)
    assert not out[:, round(0.306 * RATE) : round(0.394 * RATE)].any()
    assert np.abs(out[:, : round(0.3 * RATE)]).max() > 0.1
    np.testing.assert_array_equal(clip.read(0, RATE), sound)


@pytest.mark.parametrize("rate", [48_000, 22_050])
def test_ranges_keep_their_time_at_other_rates(
    make_clip: Callable[..., AudioClip], rate: int
) -> None:
    track = Track(1, "a", "vocals", make_clip(tone(1.0)), silences=((0.3, 0.4),))
    out = Mixdown([track], rate).read(rate)
    quiet = np.flatnonzero(np.abs(out).max(0) == 0)
    assert quiet[0] / rate == pytest.approx(0.305, abs=2e-3)
    assert quiet[-1] / rate == pytest.approx(0.395, abs=2e-3)


def test_files_are_written_as_they_are_heard(
    make_clip: Callable[..., AudioClip], tmp_path: Path
) -> None:
    clip = make_clip(tone(3.0))
    track = Track(1, "a", "vocals", clip, silences=((0.9, 1.2),))
    flat = Encoding("wav", "float")
    stem, mix = tmp_path / "stem.wav", tmp_path / "mix.wav"
    list(tasks.export_clip(clip, stem, flat, silences=track.silences))
    list(tasks.export_mix([track], RATE, mix, flat))
    heard = Mixdown([track], RATE).read(3 * RATE)
    for path in (stem, mix):
        written, _ = soundfile.read(path, dtype="float32", always_2d=True)
        np.testing.assert_array_equal(written.T, heard)
    assert not heard[:, round(1.0 * RATE) : round(1.1 * RATE)].any()
