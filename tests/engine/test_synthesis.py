"""Voices sing and speak into clips: what comes first, what is kept, and what cannot be said."""

from __future__ import annotations

import contextlib
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import loader, tasks, voices
from engine.errors import EngineError, UnwritableTarget
from engine.events import Ended, Event, Filled, Opened, Progress, State
from engine.jobs import Runner
from engine.melody import Melody, Note
from engine.phrases import Made, Phrases
from engine.types import AudioClip, Scratch, Spoken, Sung, Voicing
from tests.voice import CARD, Toned

VOICING = Voicing("toned")


@pytest.fixture
def voice(monkeypatch: pytest.MonkeyPatch) -> Toned:
    made = Toned()
    monkeypatch.setattr(voices, "load_voice", lambda card, device="cpu": made)
    return made


@pytest.fixture
def phrases(tmp_path: Path) -> Phrases:
    return Phrases(tmp_path / "phrases")


def run(work: Any) -> tuple[list[Event], Any]:
    events = []
    while True:
        try:
            events.append(next(work))
        except StopIteration as stop:
            return events, stop.value


def song(*pitches: float) -> Melody:
    """One phrase of a second for each pitch, two seconds apart."""
    return Melody(tuple(Note(0.5 + 2 * k, 1.0, p, 0.8, "la") for k, p in enumerate(pitches)))


def sing(
    melody: Melody, scratch: Scratch, phrases: Phrases, voicing: Voicing = VOICING, **more: Any
) -> tuple[list[Event], Sung]:
    return run(tasks.sing(melody, voicing, CARD, scratch, phrases, "cpu", **more))


def speak(text: str, scratch: Scratch, phrases: Phrases, **more: Any) -> tuple[list[Event], Spoken]:
    voicing = Voicing("toned", text, **more)
    return run(tasks.speak(voicing, CARD, scratch, phrases, "cpu"))


def samples(clip: AudioClip) -> np.ndarray:
    return clip.read(0, clip.frames)[0]


def filled(events: list[Event]) -> Iterator[tuple[int, int]]:
    return ((event.start, event.stop) for event in events if isinstance(event, Filled))


def hz_at(clip: AudioClip, seconds: float) -> float:
    """The frequency of a pure tone around a time, from its crossings of zero."""
    part = clip.read(round((seconds - 0.05) * clip.rate), round((seconds + 0.05) * clip.rate))[0]
    ups = np.flatnonzero((part[:-1] < 0) & (part[1:] >= 0))
    exact = ups + part[ups] / (part[ups] - part[ups + 1])
    return float(clip.rate / np.diff(exact).mean())


def test_notes_are_sung_at_their_pitch_and_time(
    voice: Toned, scratch: Scratch, phrases: Phrases
) -> None:
    events, sung = sing(song(60, 64, 67), scratch, phrases)
    assert isinstance(next(e for e in events if isinstance(e, Opened)).clips["voice"], AudioClip)
    assert sung.clip.channels == 1
    for k, pitch in enumerate((60, 64, 67)):
        wanted = 440 * 2 ** ((pitch - 69) / 12)
        assert hz_at(sung.clip, 0.7 + 2 * k) == pytest.approx(wanted, rel=0.004)
        around = samples(sung.clip)[round((1.8 + 2 * k) * 44_100) : round((2.2 + 2 * k) * 44_100)]
        assert not around.any()
    assert sung.mute == ()
    assert sung.device == "cpu"
    assert sung.clip.origin.task == "sing"
    assert sung.clip.origin.model == "toned"


def test_what_is_filled_is_the_whole_clip_and_nothing_twice(
    voice: Toned, scratch: Scratch, phrases: Phrases
) -> None:
    events, sung = sing(song(60, 64, 67), scratch, phrases, seconds=12.0)
    assert sung.clip.seconds == pytest.approx(12.0)
    spans = sorted(filled(events))
    assert spans[0][0] == 0
    assert spans[-1][1] == sung.clip.frames
    assert all(a[1] == b[0] for a, b in itertools.pairwise(spans))
    last = [event for event in events if isinstance(event, Progress)][-1]
    assert last.done == 1.0


def test_the_phrase_at_the_playhead_is_sung_first(
    voice: Toned, scratch: Scratch, phrases: Phrases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loader, "cores", lambda: 1)
    events, _ = sing(song(60, 62, 64, 65), scratch, phrases, focus=lambda: 4.7)
    starts = [start / 44_100 for start, _ in filled(events)]
    assert starts == pytest.approx([4.1, 6.1, 0.0, 2.1], abs=0.25)


def test_a_second_time_costs_nothing_and_only_what_changed_is_sung_again(
    voice: Toned, scratch: Scratch, phrases: Phrases, monkeypatch: pytest.MonkeyPatch
) -> None:
    melody = song(60, 62, 64, 65)
    _, first = sing(melody, scratch, phrases)
    assert voice.sounds == 4
    moved = melody.with_notes(
        [*melody.notes[:2], replace(melody.notes[2], pitch=70.0), melody.notes[3]]
    )
    _, third = sing(moved, scratch, phrases)
    assert voice.sounds == 5
    before, after = samples(first.clip), samples(third.clip)
    changed = np.flatnonzero(before != after) / 44_100
    assert 4.0 < changed.min() < changed.max() < 6.0

    def no_voice(*_: object) -> None:
        raise AssertionError("the voice is not needed")

    monkeypatch.setattr(voices, "load_voice", no_voice)
    _, second = sing(melody, scratch, phrases)
    assert np.array_equal(samples(second.clip), before)
    assert second.device == ""


@pytest.mark.parametrize(
    "other", [replace(VOICING, seed=1), replace(VOICING, energy=0.5), replace(VOICING, pitch=2.0)]
)
def test_another_way_to_sing_is_sung_again(
    other: Voicing, voice: Toned, scratch: Scratch, phrases: Phrases
) -> None:
    sing(song(60), scratch, phrases)
    sing(song(60), scratch, phrases, other)
    assert voice.sounds == 2


def test_no_phrase_is_louder_than_the_limit_nor_made_to_measure(
    voice: Toned, scratch: Scratch, phrases: Phrases
) -> None:
    quiet, loud = Note(0.5, 1.0, 60, 0.2, "la"), Note(2.5, 1.0, 60, 1.0, "la")
    _, sung = sing(Melody((quiet, loud)), scratch, phrases, replace(VOICING, energy=20.0))
    assert np.abs(samples(sung.clip)).max() < 0.56
    _, sung = sing(Melody((quiet, loud)), scratch, phrases)
    sound = np.abs(samples(sung.clip))
    assert 4 * sound[: 2 * 44_100].max() < sound[2 * 44_100 :].max()


def test_mute_notes_leave_silence_and_their_reason(
    voice: Toned, scratch: Scratch, phrases: Phrases
) -> None:
    melody = song(60, 20)
    _, sung = sing(melody, scratch, phrases, seconds=5.0)
    assert [index for index, _ in sung.mute] == [1]
    assert not samples(sung.clip)[2 * 44_100 :].any()
    _, none = sing(Melody(), scratch, phrases, seconds=2.0)
    assert none.clip.frames == 88_200
    assert not samples(none.clip).any()


def test_a_job_that_sings_ends_within_a_second_of_being_cancelled(
    voice: Toned, scratch: Scratch, phrases: Phrases, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = threading.Event()
    plain = voice.contour

    def slow(*arguments: Any) -> Any:
        begun.set()
        time.sleep(0.05)
        return plain(*arguments)

    monkeypatch.setattr(voice, "contour", slow)
    runner = Runner()
    try:
        melody = song(*range(40, 90))
        job = runner.submit(
            "Sing", lambda: tasks.sing(melody, VOICING, CARD, scratch, phrases, "cpu")
        )
        assert begun.wait(20)
        job.cancel()
        asked = time.monotonic()
        while True:
            _, event = runner.mailbox.get(timeout=5)
            if isinstance(event, Ended):
                break
        assert event.state is State.CANCELLED
        assert time.monotonic() - asked < 1.0
        assert voice.sounds < 50
    finally:
        runner.close()


def test_a_full_disk_is_said_in_plain_words(
    voice: Toned, scratch: Scratch, phrases: Phrases, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(AudioClip, "write", full)
    with pytest.raises(UnwritableTarget, match="No space left"):
        sing(song(60), scratch, phrases)


def test_a_text_is_spoken_word_by_word(voice: Toned, scratch: Scratch, phrases: Phrases) -> None:
    events, spoken = speak("Hello there, you. This is the second.", scratch, phrases)
    assert [text for _, _, text in spoken.words] == [
        "Hello", "there,", "you.", "This", "is", "the", "second.",
    ]  # fmt: skip
    starts = [start for start, _, _ in spoken.words]
    stops = [stop for _, stop, _ in spoken.words]
    assert all(a < b for a, b in zip(starts, stops, strict=True))
    assert all(stop <= start + 1e-9 for stop, start in zip(stops, starts[1:], strict=False))
    assert starts[2] - stops[1] == pytest.approx(0.2, abs=0.02)
    assert starts[3] - stops[2] >= 0.45
    sound = samples(spoken.clip)
    for start, stop, _ in spoken.words:
        assert np.abs(sound[round(start * 44_100) : round(stop * 44_100)]).max() > 0.1
    assert min(filled(events))[0] == 0  # two cores may end the second sentence first


def test_speed_pitch_and_energy_do_what_they_say_to_all_or_to_a_word(
    voice: Toned, scratch: Scratch, phrases: Phrases
) -> None:
    def word(**more: Any) -> tuple[float, float, float]:
        _, spoken = speak("go now far", scratch, phrases, **more)
        start, stop, _ = spoken.words[1]
        part = samples(spoken.clip)[round(start * 44_100) : round(stop * 44_100)]
        return stop - start, float(np.abs(part).max()), hz_at(spoken.clip, stop - 0.06)

    plain = word()
    fast, higher, softer = word(speed=2.0), word(pitch=12.0), word(energy=0.5)
    assert fast[0] == pytest.approx(plain[0] / 2, abs=0.013)
    assert higher[2] == pytest.approx(2 * plain[2], rel=0.02)
    assert softer[1] == pytest.approx(plain[1] / 2, rel=0.05)
    same = (1.0, 0.0, 1.0)
    one = word(words=(same, (0.5, 0.0, 0.5), same))
    assert one[0] == pytest.approx(2 * plain[0], abs=0.013)
    assert one[1] == pytest.approx(plain[1] / 2, rel=0.05)
    others = word(words=((0.5, 0.0, 0.5), same, same))
    assert others[0] == pytest.approx(plain[0], abs=0.013)
    assert others[1] == pytest.approx(plain[1], rel=0.05)


def test_a_take_can_be_made_again_exactly_and_a_changed_sentence_costs_only_itself(
    voice: Toned, scratch: Scratch, tmp_path: Path
) -> None:
    text = "The first one. The second one. The third one."
    _, first = speak(text, scratch, Phrases(tmp_path / "one"))
    kept = Phrases(tmp_path / "two")
    _, again = speak(text, scratch, kept)
    assert np.array_equal(samples(first.clip), samples(again.clip))
    assert first.words == again.words
    before = voice.sounds
    _, same = speak(text, scratch, kept)
    assert voice.sounds == before
    assert np.array_equal(samples(first.clip), samples(same.clip))
    speak(text.replace("second", "other"), scratch, kept)
    assert voice.sounds == before + 1


@pytest.mark.parametrize("text", ["", "  \n", "🎵🎶", "曲 日本語", "…"])
def test_a_text_that_nobody_can_say_is_told_of(
    text: str, voice: Toned, scratch: Scratch, phrases: Phrases
) -> None:
    with pytest.raises(EngineError) as refused:
        speak(text, scratch, phrases)
    assert refused.value.message.endswith(".")
    assert refused.value.hint


def test_ten_thousand_words_are_spoken_from_their_beginning(
    voice: Toned, scratch: Scratch, phrases: Phrases
) -> None:
    line = "The quick brown fox, who is 7 years old, jumps over the lazy dog again. "
    work = tasks.speak(Voicing("toned", line * 670), CARD, scratch, phrases, "cpu")
    with contextlib.closing(work):
        began = voice.asked
        first = next(event for event in work if isinstance(event, Filled))
        assert first.start == 0
        assert first.stop < 20 * 44_100
        assert voice.asked - began < 5  # what comes later does not keep the first back


def test_a_long_text_has_its_true_length_in_the_end_and_no_gap(
    voice: Toned, scratch: Scratch, phrases: Phrases
) -> None:
    text = " ".join(f"This is sentence {k}." for k in range(1, 40))
    events, spoken = speak(text, scratch, phrases)
    spans = sorted(filled(events))
    assert spans[0][0] == 0
    assert spans[-1][1] == spoken.clip.frames
    assert all(a[1] == b[0] for a, b in itertools.pairwise(spans))
    assert len(spoken.words) == len({word[0] for word in spoken.words})
    shares = [e.done for e in events if isinstance(e, Progress) and e.done == e.done]
    assert shares == sorted(shares)
    _, again = speak(text, scratch, phrases)
    assert np.array_equal(samples(again.clip), samples(spoken.clip))
    assert again.words == spoken.words


def test_what_is_kept_stays_within_its_bytes_and_the_last_used_stays(tmp_path: Path) -> None:
    kept = Phrases(tmp_path / "kept", most=100_000)
    sound = np.ones(5000, np.float32)
    for k in range(10):
        kept.keep(f"{k}", Made(sound, np.array([k])))
        time.sleep(0.01)
        kept.get("0")
    assert sum(path.stat().st_size for path in (tmp_path / "kept").iterdir()) <= 100_000
    made = kept.get("0")
    assert made is not None
    assert np.array_equal(made.sound, sound)
    assert kept.get("1") is None
    marks = kept.marks("9")
    assert marks is not None
    assert marks.tolist() == [9]


@pytest.mark.parametrize(
    "harm", [lambda b: b[:100], lambda b: b"", lambda b: b[:-400] + b"x" * 400]
)
def test_a_damaged_phrase_is_made_again(
    harm: Callable[[bytes], bytes],
    voice: Toned,
    scratch: Scratch,
    phrases: Phrases,
    tmp_path: Path,
) -> None:
    sing(song(60), scratch, phrases)
    (path,) = (tmp_path / "phrases").iterdir()
    path.write_bytes(harm(path.read_bytes()))
    _, sung = sing(song(60), scratch, phrases)
    assert voice.sounds == 2
    assert samples(sung.clip).any()
