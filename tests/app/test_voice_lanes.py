"""Voice lanes at the window: clicked, typed, sung again when changed, undone, spoken, exported."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.note_values import hertz
from app.sinks import NullSink
from app.start import Program
from app.views.canvas import LaneCanvas
from app.views.melody_panel import MelodyStrip
from app.views.speak import SpeakDialog
from app.views.voice_panel import VoicePanel
from engine import cards, phonemes, voices
from engine.cards import ModelCard
from engine.errors import WeightsMissing
from engine.melody import Melody, Note
from engine.types import Track, Voicing
from tests.app.desk import import_song, open_desk, wait_for
from tests.app.singing import VOICE as LISTENER
from tests.app.singing import Singer, singer
from tests.app.test_studio import song
from tests.conftest import tone
from tests.voice import CARD, Toned
from tests.watchdog import watch

__all__ = ["singer"]

OTHER = replace(CARD, id="other", title="Other")
TUNE = (
    Note(1.0, 0.5, 60.0, lyric="hel-"),
    Note(1.5, 0.5, 62.0, lyric="lo"),
    Note(4.0, 1.0, 64.0, lyric="fish"),
)


@pytest.fixture
def toned(monkeypatch: pytest.MonkeyPatch) -> Toned:
    """The voice of this test, and its cards."""
    voice, before = Toned(), cards.cards

    def known(task: str | None = None) -> list[ModelCard]:
        return [CARD, OTHER] if task == "sing" else before(task)

    monkeypatch.setattr(cards, "cards", known)
    monkeypatch.setattr(voices, "load_voice", lambda *_: voice)
    return voice


@pytest.fixture
def sink() -> NullSink:
    return NullSink(realtime=False, record=True)


@pytest.fixture
def desk(
    qapp: object, tmp_path: Path, toned: Toned, sink: NullSink, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Program]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with open_desk(tmp_path, sink) as program:
        program.window.resize(1280, 800)
        program.window.show()
        QApplication.processEvents()
        yield program


def press(desk: Program, id: str) -> None:
    desk.window.actions_.refresh()
    assert desk.window.actions_[id].isEnabled(), id
    desk.window.actions_[id].trigger()
    QApplication.processEvents()


def lane(desk: Program, notes: tuple[Note, ...] = TUNE) -> int:
    """A voice lane with notes, sung."""
    id = desk.window.singing.new_lane()
    wait_for(lambda: not desk.window.singing.rendering._ahead.isActive())  # its voice comes first
    melody = Melody().with_notes(notes)
    desk.session.set_tracks("Write", {id: {"melody": melody}})
    sung(desk, id)
    canvas_of(desk, id)
    return id


def sung(desk: Program, id: int) -> Track:
    """Wait until a lane sounds as it is written."""
    wait_for(
        lambda: (
            desk.window.singing.rendering.in_step(id)
            and desk.window.singing.rendering.job(id) is None
        )
    )
    track = desk.session.project.track(id)
    assert track is not None
    return track


def level(track: Track, start: float, stop: float) -> float:
    sound = track.clip.read(round(start * track.clip.rate), round(stop * track.clip.rate))
    return float(np.sqrt((sound**2).mean()))


def canvas_of(desk: Program, id: int) -> LaneCanvas:
    wait_for(lambda: desk.window.timeline.canvas(id) is not None)
    canvas = desk.window.timeline.canvas(id)
    assert canvas is not None
    return canvas


def point(desk: Program, id: int, seconds: float, pitch: float) -> QPoint:
    plane = canvas_of(desk, id)._plane()
    return QPointF(plane.x(seconds), plane.y(hertz(pitch))).toPoint()


# Clicked and typed


def test_a_click_on_a_new_voice_lane_is_a_note_that_is_sung(desk: Program, toned: Toned) -> None:
    press(desk, "voice_new")
    id = desk.session.selected
    assert desk.window.selection.tool == "pen"
    canvas = canvas_of(desk, id)
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=point(desk, id, 2.0, 64))
    track = desk.session.project.track(id)
    assert track is not None
    assert track.melody is not None
    (note,) = track.melody.notes
    assert (round(note.pitch), round(note.length, 2)) == (64, 0.5)
    steps = desk.session.undo_stack.count()
    track = sung(desk, id)
    assert desk.session.undo_stack.count() == steps
    assert level(track, 2.1, 2.4) > 0.05
    assert level(track, 0.0, 1.5) == 0.0
    assert not desk.jobs.unfinished
    wait_for(lambda: desk.window.notation.lyrics.laid(id))
    assert desk.window.notation.lyrics.laid(id).phones == ("L AA1",)


def test_a_click_is_heard_as_the_sung_note_and_as_a_tone_where_the_voice_takes_too_long(
    desk: Program, sink: NullSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    player = desk.player
    monkeypatch.setattr(player, "let_hear", lambda samples, rate: heard.append("voice"))
    monkeypatch.setattr(player, "blip", lambda *_: heard.append("tone"))
    id = lane(desk)
    desk.window.notation.select(id, [0])
    began = time.monotonic()
    desk.window.notation.sound()
    wait_for(lambda: heard)
    assert heard == ["voice"] or time.monotonic() - began >= 0.3
    heard.clear()
    monkeypatch.setattr(voices, "load_voice", lambda *_: time.sleep(0.6))
    desk.window.notation.sound(67.0)
    wait_for(lambda: heard)
    assert heard == ["tone"]
    time.sleep(0.5)
    QApplication.processEvents()
    assert heard == ["tone"]


def test_words_are_typed_and_only_the_changed_phrase_is_sung_again(
    desk: Program, toned: Toned
) -> None:
    id = lane(desk)
    count = toned.sounds
    before = sung(desk, id).clip
    desk.window.notation.select(id, [2])
    desk.window.notation.lyrics.set_line("bird")
    after = sung(desk, id)
    assert toned.sounds == count + 1
    assert after.clip is not before
    wait_for(lambda: desk.window.notation.lyrics.laid(id))
    assert desk.window.notation.lyrics.laid(id).phones[2] == "B ER1 D"


def test_only_phrases_that_changed_are_grey_until_they_are_sung(desk: Program) -> None:
    id = lane(desk)
    notation, singing = desk.window.notation, desk.window.singing
    wait_for(lambda: notation.lyrics.laid(id))
    assert notation.lyrics.unsung(id) == ()
    singing.rendering._rest.setInterval(60_000)
    notation.select(id, [2])
    notation.transpose(5.0)
    wait_for(lambda: notation.lyrics.laid(id))
    (span,) = notation.lyrics.unsung(id)
    assert span[0] < 4.0 < 5.0 <= span[1]
    before = canvas_of(desk, id).grab().toImage()
    singing.rendering._make_all()
    sung(desk, id)
    wait_for(lambda: notation.lyrics.laid(id) and not desk.jobs.drawing)
    assert notation.lyrics.unsung(id) == ()
    assert canvas_of(desk, id).grab().toImage() != before


def test_clicks_words_and_faders_never_hold_the_window_up(desk: Program) -> None:
    id = lane(desk)
    canvas, notation = canvas_of(desk, id), desk.window.notation
    with watch():
        for place in range(8):
            at = point(desk, id, 6.0 + 0.6 * place, 60 + place)
            QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=at)
            QApplication.processEvents()
        notation.lyrics.set_line("o-ver the rain-bow")
        for value in range(-5, 5):
            desk.window.findChild(VoicePanel).pitch.setValue(value)
            QApplication.processEvents()
        sung(desk, id)
        wait_for(lambda: not desk.jobs.drawing)


def test_undo_shows_the_sound_that_belongs_to_the_notes(desk: Program, toned: Toned) -> None:
    id = lane(desk)
    first = sung(desk, id)
    desk.window.notation.select(id, [2])
    desk.window.notation.transpose(5.0)
    second = sung(desk, id)
    desk.session.set_track(id, gain_db=-3.0)  # a step in which the notes stay
    stack = desk.session.undo_stack
    count = stack.count()
    stack.undo()
    stack.undo()
    assert desk.session.project.track(id).clip is first.clip
    assert desk.window.singing.rendering.job(id) is None
    stack.redo()
    assert desk.session.project.track(id).clip is second.clip
    stack.redo()
    assert desk.session.project.track(id).clip is second.clip
    assert stack.count() == count
    assert stack.undoText() == "Change gain of Voice"


def test_edits_in_a_row_are_sung_once_and_a_stale_job_ends(desk: Program, toned: Toned) -> None:
    id = lane(desk)
    toned.sounds = 0
    desk.window.settings.sound_notes = False  # or each would be heard alone, too
    desk.window.notation.select(id, [2])
    for _ in range(5):
        desk.window.notation.transpose(1.0)
    sung(desk, id)
    assert toned.sounds <= 2
    assert desk.session.project.track(id).melody.notes[2].pitch == 69.0
    while desk.session.undo_stack.undoText() == "Transpose notes":
        desk.session.undo_stack.undo()
    assert desk.window.singing.rendering.in_step(id)


def test_what_is_sung_meanwhile_is_seen_and_played_and_can_be_edited(
    desk: Program, toned: Toned, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, begun = threading.Event(), []

    def slowly(self: Toned, *given: object, **named: object) -> np.ndarray:
        begun.append(True)
        if len(begun) > 1:
            gate.wait(60.0)
        return sound(self, *given, **named)

    id = desk.window.singing.new_lane()
    wait_for(lambda: toned.sounds)  # it is warm
    sound = Toned.sound
    monkeypatch.setattr(Toned, "sound", slowly)
    desk.session.set_tracks("Write", {id: {"melody": Melody().with_notes(TUNE)}})
    wait_for(lambda: (desk.session.lane(id).filled or ()) != ())
    shown = desk.session.lane(id)
    assert shown.track.clip is not desk.session.project.track(id).clip
    assert desk.window.notation.editable(id)
    desk.window.studio.remove(id)
    assert desk.window.singing.rendering.job(id) is None
    gate.set()
    assert desk.session.lane(id) is None
    desk.session.undo_stack.undo()
    sung(desk, id)


# Mute notes and phonemes


def test_a_note_that_stays_mute_says_why(desk: Program) -> None:
    id = lane(desk, (*TUNE, Note(6.0, 1.0, 60.0, lyric="🙂")))
    wait_for(lambda: desk.window.notation.lyrics.laid(id))
    why = desk.window.notation.lyrics.why_mute(id, 3)
    assert "🙂" in why
    desk.window.notation.select(id, [3])
    assert why in desk.window.notation.words()
    canvas = canvas_of(desk, id)
    desk.window.display.show_band(hertz(50), hertz(76))
    desk.axis.set_range(0.0, 8.0)
    at = QPointF(point(desk, id, 6.5, 60.0))
    assert canvas.melody.tip(at) == why
    assert canvas.melody.tip(QPointF(point(desk, id, 4.5, 64.0))) == ""
    panel = desk.window.findChild(VoicePanel)
    assert why in panel.mute.text()
    assert not canvas.grab().isNull()


def test_phonemes_are_typed_by_hand_and_taken_back(desk: Program, toned: Toned) -> None:
    id = lane(desk)
    wait_for(lambda: desk.window.notation.lyrics.laid(id))
    notation = desk.window.notation
    notation.select(id, [2])
    QApplication.processEvents()
    press(desk, "note_phones")
    line = canvas_of(desk, id).melody.line
    assert line.isVisible()
    assert line.text() == "F IH1 SH"
    line.setText("f aa1 sh")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert desk.session.project.track(id).melody.notes[2].phones == "F AA1 SH"
    sung(desk, id)
    wait_for(lambda: notation.lyrics.laid(id))
    assert notation.lyrics.laid(id).phones[2] == "F AA1 SH"
    notation.lyrics.set_phones("")
    sung(desk, id)
    wait_for(lambda: notation.lyrics.laid(id))
    assert notation.lyrics.laid(id).phones[2] == "F IH1 SH"
    notation.lyrics.set_phones("XX")
    wait_for(lambda: notation.lyrics.laid(id))
    assert "XX" in notation.lyrics.why_mute(id)


# The voice itself


def test_voice_pitch_energy_and_seed_are_set_in_the_inspector(desk: Program, toned: Toned) -> None:
    id = lane(desk)
    panel = desk.window.findChild(VoicePanel)
    assert panel.isVisible()
    steps = desk.session.undo_stack.count()
    for value in (3, 5, 7):
        panel.pitch.setValue(value)
    assert desk.session.undo_stack.count() == steps + 1
    assert desk.session.project.track(id).voicing.pitch == 7.0
    panel.energy.setValue(150)
    panel.seed.setValue(12)
    panel.voice.setCurrentIndex(1)
    panel.voice.activated.emit(1)
    voicing = sung(desk, id).voicing
    assert voicing == Voicing("other", pitch=7.0, energy=1.5, seed=12)
    press(desk, "voice_take")
    assert sung(desk, id).voicing.seed == 13
    press(desk, "voice_next")
    assert sung(desk, id).voicing.voice == "toned"


def test_a_voice_that_is_missing_is_told_of_once_and_another_can_be_chosen(
    desk: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    troubles: list[str] = []
    desk.studio.trouble.connect(lambda trouble: troubles.append(trouble.message))
    id = lane(desk)
    desk.session.set_tracks("Voice", {id: {"voicing": Voicing("gone")}})
    wait_for(lambda: troubles)
    desk.session.set_track(id, gain_db=-1.0)
    wait_for(lambda: not desk.window.singing.rendering._rest.isActive())
    assert troubles == ["The voice “gone” is not on this computer."]
    press(desk, "voice_next")
    assert sung(desk, id).voicing.voice == "toned"


def test_a_voice_without_weights_leaves_the_lane_and_says_so(
    desk: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: object) -> Toned:
        raise WeightsMissing("The weights of Toned are not on this machine.", "Add them.")

    monkeypatch.setattr(voices, "load_voice", missing)
    troubles: list[str] = []
    desk.studio.trouble.connect(lambda trouble: troubles.append(trouble.message))
    id = desk.window.singing.new_lane()
    desk.session.set_tracks("Write", {id: {"melody": Melody().with_notes(TUNE)}})
    wait_for(lambda: troubles)
    assert desk.window.singing.rendering.job(id) is None
    assert desk.session.lane(id).filled is None


# Sing this melody, other singer


def test_a_melody_is_sung_over_the_band_and_its_singer_falls_silent(
    desk: Program, tmp_path: Path, make_clip: object
) -> None:
    mix = import_song(desk, song(tmp_path, 6.0))
    melody = Melody().with_notes(TUNE)
    vocals = Track(90, "Vocals", "vocals", make_clip(tone(6.0)), group=mix, melody=melody)
    desk.session.edit("Stems", desk.session.project.with_tracks([vocals], mix))
    desk.session.select(90)
    steps = desk.session.undo_stack.count()
    press(desk, "voice_sing")
    id = desk.session.selected
    track = sung(desk, id)
    assert desk.session.undo_stack.count() == steps + 1
    assert (track.group, track.melody.notes) == (mix, TUNE)
    assert track.clip.seconds == pytest.approx(desk.session.project.track(mix).clip.seconds)
    assert desk.session.project.track(90).muted
    assert desk.studio.can_separate(mix) is False  # as before: its vocals are there
    desk.session.undo_stack.undo()
    assert desk.session.project.track(id) is None
    assert not desk.session.project.track(90).muted


def test_other_singer_is_one_command_and_one_undo_step(
    desk: Program, tmp_path: Path, singer: Singer, toned: Toned, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = cards.cards

    def known(task: str | None = None) -> list[ModelCard]:
        return [CARD, OTHER] if task == "sing" else before(task)

    monkeypatch.setattr(cards, "cards", known)
    assert LISTENER in cards.cards("transcribe")
    mix = import_song(desk, song(tmp_path, 4.0))
    steps = desk.session.undo_stack.count()
    press(desk, "voice_replace")
    wait_for(lambda: any(t.role == "voice" for t in desk.session.project.tracks))
    wait_for(lambda: not desk.jobs.unfinished)
    roles = {t.role: t for t in desk.session.project.tracks}
    sung(desk, roles["voice"].id)
    listed = [job.title for job in desk.jobs.jobs]
    assert len([title for title in listed if "singer" in title]) == 1
    assert not [title for title in listed if title.startswith(("Sing", "Transcribe"))]
    assert roles["voice"].melody.beat == roles["vocals"].melody.beat
    heard = {t.role for t in desk.session.project.tracks if not t.muted}
    assert heard == {"instrumental", "voice"}
    assert desk.session.undo_stack.count() == steps + 1
    desk.session.undo_stack.undo()
    assert [t.id for t in desk.session.project.tracks] == [mix]
    assert not desk.session.project.track(mix).muted


def test_what_reads_notes_off_a_recording_is_not_offered_for_a_sung_lane(
    desk: Program, tmp_path: Path
) -> None:
    id = lane(desk)
    strip = desk.window.findChild(MelodyStrip)
    if not strip.grid.isVisible():
        desk.window.actions_["melody_sliders"].trigger()
    strip.refresh()
    assert strip.grid.isVisible()
    assert not strip.sliders["voiced"].fader.isVisible()
    melody = desk.session.project.track(id).melody
    mix = import_song(desk, song(tmp_path, 4.0))
    desk.session.set_tracks("Notes", {mix: {"melody": melody}})
    desk.session.select(mix)
    assert strip.sliders["voiced"].fader.isVisible()


# Speaking


def test_a_text_is_typed_weighed_spoken_and_made_again_exactly(desk: Program, toned: Toned) -> None:
    press(desk, "voice_speak")
    (dialog,) = desk.window.findChildren(SpeakDialog)
    assert not dialog._speak.isEnabled()
    dialog.text.setPlainText("Hello there, 3 fish.")
    wait_for(lambda: dialog.words.count() > 1)
    words = [word.text for word in phonemes.spoken("Hello there, 3 fish.")]
    shown = [dialog.words.item(k).text() for k in range(dialog.words.count())]
    assert shown == ["Whole text", *words]
    dialog.speed.setValue(80)
    dialog.words.setCurrentRow(2)
    assert dialog.pitch.value() == 0
    dialog.pitch.setValue(4)
    assert dialog.words.item(2).text() == f"{words[1]} •"
    QTest.keyClick(dialog.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    id = dialog.track
    track = sung(desk, id)
    assert track.voicing.text == "Hello there, 3 fish."
    assert track.voicing.speed == 0.8
    assert track.voicing.words[1] == (1.0, 4.0, 1.0)
    assert track.clip.seconds > 0.5
    wait_for(lambda: desk.studio.transport.playing or desk.player.position > 0)
    desk.studio.transport.stop()
    assert not desk.window.notation.editable(id)
    steps = desk.session.undo_stack.count()
    dialog.text.setPlainText("Well, hello there, 3 fish.")
    wait_for(lambda: dialog.words.count() == len(words) + 2)
    dialog.speak()
    again = sung(desk, id)
    assert desk.session.undo_stack.count() == steps + 1
    assert again.voicing.words[2] == (1.0, 4.0, 1.0)
    dialog.close()
    desk.session.undo_stack.undo()
    assert desk.session.project.track(id).clip is track.clip
    press(desk, "voice_edit")
    dialog = desk.window.findChildren(SpeakDialog)[-1]
    wait_for(lambda: dialog.words.count() > 1)
    assert dialog.voicing() == track.voicing
    dialog.close()


def test_a_text_may_be_closed_while_its_words_are_looked_up(
    desk: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, asked = threading.Event(), threading.Event()

    def slowly(text: str) -> tuple[()]:
        asked.set()
        go_on.wait(10)
        return ()

    monkeypatch.setattr(phonemes, "spoken", slowly)
    press(desk, "voice_speak")
    (dialog,) = desk.window.findChildren(SpeakDialog)
    wait_for(asked.is_set)
    job = dialog._looking
    dialog.close()
    wait_for(lambda: not desk.window.findChildren(SpeakDialog))
    go_on.set()
    wait_for(lambda: job not in desk.jobs._listeners)  # told: pytest-qt fails if that raised


def test_a_text_that_cannot_be_said_leaves_words_for_a_person(desk: Program) -> None:
    troubles: list[str] = []
    desk.studio.trouble.connect(lambda trouble: troubles.append(trouble.message))
    id = desk.window.singing.speak(Voicing("toned", "🙂🙂"))
    wait_for(lambda: troubles)
    assert desk.session.lane(id).filled is None
    assert desk.window.singing.rendering.job(id) is None


# Kept


def test_a_saved_lane_is_not_sung_again_when_it_is_opened(
    desk: Program, tmp_path: Path, toned: Toned
) -> None:
    id = lane(desk)
    desk.window.projects.questions.place = tmp_path / "Kept.melic"
    desk.window.projects.save()
    wait_for(lambda: not desk.window.projects.modified)
    with open_desk(tmp_path / "again") as other:
        toned.sounds = 0
        other.window.projects.begin([tmp_path / "Kept.melic"], None, False)
        wait_for(lambda: other.session.project.tracks)
        (track,) = other.session.project.tracks
        assert track.voicing == Voicing("toned")
        assert other.window.singing.rendering.in_step(track.id)
        assert other.window.singing.rendering.job(track.id) is None
        wait_for(lambda: toned.sounds == 2)  # notes that nobody hears: the voice is loaded
    assert id
