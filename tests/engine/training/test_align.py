from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("pocketsphinx", reason="needs the extra 'train'")

from engine.phonemes import PAUSE, spoken
from engine.training import align
from engine.training.align import PAD, Unaligned, timed

HELLO = ("HH", "AH0", "L", "OW1")


def entries(*rows: tuple[str, float]) -> list[tuple[str, int, int]]:
    """What pocketsphinx says of names that begin at seconds of a recording, padded."""
    starts = [round((start + PAD) * 100) for _, start in rows]
    ends = [*starts[1:], starts[-1] + 10]
    return [(name, *times) for (name, _), *times in zip(rows, starts, ends, strict=True)]


def test_phones_get_their_stress_back_and_touch() -> None:
    rows = (("SIL", -PAD), ("HH", 0.1), ("AH", 0.2), ("L", 0.3), ("OW", 0.4), ("SIL", 0.7))
    phones = timed(entries(*rows), HELLO, 1.0)
    assert [symbol for symbol, _, _ in phones] == [PAUSE, *HELLO, PAUSE]
    assert phones[0][1] == 0.0
    assert phones[-1][2] == 1.0
    assert all(a[2] == b[1] for a, b in itertools.pairwise(phones))
    assert phones[1][1] == pytest.approx(0.1, abs=0.01)


def test_a_recording_cut_closely_begins_and_ends_with_silence_all_the_same() -> None:
    rows = (("HH", -0.05), ("AH", 0.1), ("L", 0.3), ("OW", 0.4), ("[NOISE]", 0.99), ("SIL", 1.2))
    phones = timed(entries(*rows), HELLO, 1.0)
    assert [symbol for symbol, _, _ in phones] == [PAUSE, *HELLO, PAUSE]
    assert phones[0][2] == pytest.approx(0.01)
    assert phones[-1][1] == pytest.approx(0.99)


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ((("HH", 0.1), ("AH", 0.2), ("L", 0.3)), "OW1 was not found"),
        ((("HH", 0.1), ("L", 0.2), ("AH", 0.3), ("OW", 0.4)), "L was found where AH0 is"),
        ((("HH", -0.2), ("AH", -0.1), ("L", 0.3), ("OW", 0.4)), "HH lasts 0.00 s"),
        ((("HH", 0.1), ("AH", 0.2), ("L", 1.3), ("OW", 1.4)), "AH0 lasts 1.10 s"),
    ],
)
def test_what_cannot_be_right_is_not_believed(rows: tuple[tuple[str, float]], why: str) -> None:
    with pytest.raises(Unaligned, match=why.replace(".", r"\.")):
        timed(entries(*rows), HELLO, 2.0)


def test_a_sentence_without_words_is_not_aligned() -> None:
    with pytest.raises(Unaligned, match="no words"):
        align.Aligner().align(np.zeros(44_100, np.float32), ())


@pytest.mark.data
def test_phones_of_recordings_are_where_they_sound(shared: Path, tmp_path: Path) -> None:
    out = tmp_path / "alignments.json"
    assert align.main(["--data", str(shared / "data"), "--out", str(out), "--limit", "4"]) == 0
    found = json.loads(out.read_text())
    assert len(found) == 4
    for name, text, path in list(align.sentences(shared / "data/kathleen"))[:4]:
        phones = found[name]["phones"]
        said = [phone for word in spoken(text) for phone in word.phones]
        assert [symbol for symbol, _, _ in phones if symbol != PAUSE] == said
        level = align.levels(align.decode([path])[0].mean(1))
        at = np.arange(len(level)) * align.FRAME
        vowels = [(a, b) for symbol, a, b in phones if symbol[-1] == "1"]
        loud = np.concatenate([level[(at >= a) & (at < b)] for a, b in vowels])
        first = level[at + align.FRAME <= phones[0][2]]
        assert np.median(loud) > np.median(level)
        assert first.size == 0 or np.median(first) < np.median(loud) - 10
