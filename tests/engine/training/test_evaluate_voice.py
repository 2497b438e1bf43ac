from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("librosa", reason="needs the extra 'bench'")

from engine import singing
from engine.melody import Melody, Note
from engine.training import evaluate_voice, voice_peers
from engine.training.evaluate_voice import SCORES, excerpt, lines, main, sung
from engine.training.voice_measures import (
    Asked,
    Tracked,
    asked,
    compared,
    distortion,
    kept,
    levelled,
    onsets,
    spelled,
)
from engine.training.voice_peers import NETWORK, Judge, Listener, Tracker, espeak, plain_tone

RATE = 44_100
FRAME = 512 / RATE
SONG = Melody().with_notes(
    [
        Note(0.5, 0.5, 60, lyric="la"),
        Note(1.0, 0.5, 64, lyric="la"),
        Note(1.5, 0.6, 67, lyric="-"),
        Note(2.8, 0.7, 62, lyric="me"),
    ]
)


def noise(seconds: float, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=int(seconds * RATE)).astype(np.float32) * 0.1


def perfect(wanted: Asked, cents: float = 0.0) -> Tracked:
    """A tracker that hears what is asked, some cents higher."""
    return Tracked(wanted.times, wanted.hz * 2 ** (cents / 1200), (wanted.hz > 0).astype(float))


def test_texts_are_spelled_as_a_recogniser_writes_them() -> None:
    assert spelled("Pearce's “little” eyes—fixed, 'shrewdly'.") == [
        "pearce's",
        "little",
        "eyes",
        "fixed",
        "shrewdly",
    ]


def test_what_is_understood_has_no_errors() -> None:
    words = ["he", "spat", "it", "out", "like", "so", "much", "venom"]
    assert compared(words, words) == (8, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        ("one two four", (4, 0, 1, 0, 0)),
        ("one two too three four", (4, 0, 0, 1, 0)),
        ("one two two three four", (4, 0, 0, 1, 1)),
        ("one to three four", (4, 1, 0, 0, 0)),
        ("", (4, 0, 4, 0, 0)),
    ],
)
def test_words_are_counted_as_swapped_dropped_added_and_repeated(
    heard: str, expected: tuple[int, ...]
) -> None:
    words = compared(["one", "two", "three", "four"], heard.split())
    assert words == expected
    assert words.errors == sum(expected[1:4])


def test_a_sound_is_not_distorted_from_itself_nor_by_its_level() -> None:
    sound = noise(1.0)
    assert distortion(sound, sound, RATE) == 0.0
    assert distortion(sound, 0.5 * sound, RATE) < 0.01


def test_distortion_is_that_of_the_smooth_spectrum_in_db() -> None:
    sound = noise(4.0)
    spectrum = np.fft.rfft(sound)
    hz = np.fft.rfftfreq(len(sound), 1 / RATE)
    one_octave = 6.0 * np.cos(np.pi * np.interp(hz, [0, RATE / 2], [0, 1]) * 4)
    other = np.fft.irfft(spectrum * 10 ** (one_octave / 20), len(sound)).astype(np.float32)
    assert 2.0 < distortion(sound, other, RATE) < 6.0


def test_the_louder_half_is_brought_to_one_level() -> None:
    sound = np.concatenate([noise(1.0), np.zeros(RATE, np.float32)])
    loud = levelled(sound, RATE)[:RATE]
    assert 10 * np.log10(np.mean(loud**2)) == pytest.approx(-23.0, abs=0.3)


def test_what_is_sung_as_asked_is_not_off() -> None:
    wanted = asked(singing.phrases(SONG), FRAME)
    tone = plain_tone(wanted)
    told = sung([kept(tone, RATE, perfect(wanted), wanted)])
    assert told["f0 to curve, 95 %"] < 0.1
    assert told["voiced kept, %"] == 100.0
    assert told["onsets"] == 4
    assert told["onsets within 30 ms, %"] == 100.0


def test_pitch_that_is_off_and_vowels_that_are_lost_are_found() -> None:
    wanted = asked(singing.phrases(SONG), FRAME)
    off = perfect(wanted, 30.0)
    off.sure[::2] = 0.0
    told = sung([kept(plain_tone(wanted), RATE, off, wanted)])
    assert told["f0 to curve, median"] == pytest.approx(30.0, abs=0.1)
    assert 45 < told["voiced kept, %"] < 55


def test_a_late_singer_is_late() -> None:
    wanted = asked(singing.phrases(SONG), FRAME)
    tone = np.concatenate([np.zeros(round(0.06 * RATE), np.float32), plain_tone(wanted)])
    heard = perfect(wanted)
    heard = heard._replace(times=heard.times + 0.06)
    late = onsets(tone, RATE, heard, wanted)
    assert wanted.onsets == ("level", "level", "pitch", "level")
    assert np.abs(late - 0.06).max() < 0.03


def test_silence_has_no_onsets() -> None:
    wanted = asked(singing.phrases(SONG), FRAME)
    silent = Tracked(wanted.times, np.zeros(len(wanted.times)), np.zeros(len(wanted.times)))
    told = sung([kept(np.zeros(4 * RATE, np.float32), RATE, silent, wanted)])
    assert told["onsets within 30 ms, %"] == 0.0
    assert told["voiced kept, %"] == 0.0
    assert "f0 to curve, median" not in told
    assert np.isnan(onsets(np.zeros(4 * RATE, np.float32), RATE, silent, wanted)).all()


def test_a_vowel_after_a_vowel_on_the_same_pitch_has_no_onset_to_tell() -> None:
    held = Melody().with_notes([Note(0.5, 0.5, 60, lyric="la"), Note(1.0, 0.5, 60, lyric="-")])
    assert asked(singing.phrases(held), FRAME).onsets == ("level", "")


def test_rows_stand_under_their_heads() -> None:
    rows = list(lines({"one": {"words": 3, "OVRL": 2.954}, "another": {"words": 12}}))
    assert [row.split() for row in rows] == [
        ["words", "OVRL"],
        ["one", "3", "2.95"],
        ["another", "12", "-"],
    ]
    assert len({len(row) for row in rows}) == 1


def test_espeak_says_a_text_as_a_process() -> None:
    said = espeak("I saw it when she rolled.")
    assert said.rate == 22_050
    assert 0.8 < len(said.sound) / said.rate < 2.5
    assert np.abs(said.sound).max() > 0.1
    assert 0 < said.first <= said.took
    assert np.array_equal(said.sound, espeak("I saw it when she rolled.").sound)


def test_the_listener_forgets_what_it_heard_before() -> None:
    pytest.importorskip("pocketsphinx")
    said, other = espeak("Good morning."), espeak("Seven.")
    listener = Listener()
    first = listener.words(said.sound, said.rate)
    listener.words(other.sound, other.rate)
    assert listener.words(said.sound, said.rate) == first


def test_the_tracker_hears_a_tone() -> None:
    pytest.importorskip("swift_f0")
    tone = 0.3 * np.sin(2 * np.pi * 220 * np.arange(RATE) / RATE)
    found = Tracker().track(tone + 0.1 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE), RATE)
    middle = found.hz[10:-10]
    assert np.abs(1200 * np.log2(middle / 220)).max() < 10


@pytest.mark.data
def test_the_judge_likes_speech_better_than_noise(shared: Path) -> None:
    pytest.importorskip("onnxruntime")
    judge = Judge(shared / "peers" / NETWORK)
    said = espeak("He lifted his eyes, and a strange cry burst from his lips.")
    speech, hiss = judge.opinion(said.sound, said.rate), judge.opinion(noise(3.0), RATE)
    assert 2.0 < speech.overall < 4.0
    assert hiss.overall < speech.overall - 0.5
    assert judge.opinion(said.sound, said.rate) == speech


@pytest.mark.data
def test_every_score_has_words_in_its_first_half_minute(shared: Path) -> None:
    for name in SCORES:
        melody = excerpt(shared / "data" / "scores" / name)
        assert len(melody.notes) > 30, name
        assert all(note.lyric for note in melody.notes), name
        assert melody.notes[0].start == pytest.approx(0.5)


def test_the_program_prints_one_object(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    said = SimpleNamespace(figures=lambda: {"words": 3, "word errors, %": 0.0})
    monkeypatch.setattr(evaluate_voice, "held_out", lambda data: [("a", "one two three")])
    monkeypatch.setattr(evaluate_voice, "sentences", lambda *_: {"espeak-ng": said})
    assert main(["--data", str(tmp_path), "--no-voice", "--json"]) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out)["sentences"] == {"espeak-ng": said.figures()}
    assert "DNSMOS" in shown.err


def test_hifi_gan_has_its_published_size() -> None:
    from engine.models import istftnet

    sizes = []
    make = istftnet.Net.__init__

    with pytest.MonkeyPatch.context() as patched:

        def count(net: istftnet.Net, config: istftnet.Config) -> None:
            make(net, config)
            sizes.append(sum(each.numel() for each in net.parameters()))

        patched.setattr(istftnet.Net, "__init__", count)
        voice_peers.hifi_gan(0.1)()
    assert 13.8e6 < sizes[0] < 14.0e6
