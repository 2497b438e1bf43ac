"""Transcribing at the window: seen while it works, one undo step, cancelled, failed, queued."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.start import Program
from app.views.melody_panel import MelodyStrip
from engine.events import State
from engine.jobs import Job
from engine.melody import Melody, Note
from engine.types import Track
from tests.app.desk import import_song, open_desk, wait_for
from tests.app.singing import BROKEN, CHORDS, VOICE, Singer, singer
from tests.app.test_studio import separated, song
from tests.conftest import tone

__all__ = ["singer"]


@pytest.fixture
def desk(qapp: object, tmp_path: Path, singer: Singer) -> Iterator[Program]:
    with open_desk(tmp_path) as program:
        yield program


@pytest.fixture
def vocals(desk: Program, make_clip: Any) -> int:
    """A lane of vocals six seconds long."""
    track = Track(98, "Vocals", "vocals", make_clip(tone(6.0)), group=97)
    desk.session.edit("Stems", desk.session.project.with_tracks([track]))
    desk.session.select(98)
    return 98


def melody(desk: Program, id: int) -> Melody | None:
    track = desk.session.project.track(id)
    assert track is not None
    return track.melody


def ended(desk: Program, job: Job | None) -> State:
    assert job is not None
    wait_for(lambda: desk.jobs.status(job).ended)
    return desk.jobs.status(job).state


def test_notes_are_seen_while_they_are_found_and_are_one_undo_step(
    desk: Program, vocals: int, singer: Singer
) -> None:
    singer.hold()
    steps = desk.session.undo_stack.count()
    job = desk.window.transcribing.transcribe(vocals)
    wait_for(lambda: desk.session.melody(vocals) and desk.session.melody(vocals).notes)
    assert 1 <= len(desk.session.melody(vocals).notes) <= 3
    assert melody(desk, vocals) is None
    singer.go_on.set()
    assert ended(desk, job) is State.DONE
    wait_for(lambda: not desk.jobs.unfinished)
    assert len(melody(desk, vocals).notes) >= 5
    assert desk.session.melody(vocals) is melody(desk, vocals)
    assert desk.session.undo_stack.count() == steps + 1
    assert desk.session.undo_stack.undoText() == "Transcribe Vocals"
    assert "notes" in desk.jobs.status(job).note
    desk.session.undo_stack.undo()
    assert melody(desk, vocals) is None


def test_tempo_and_key_are_part_of_the_step_and_are_not_set_again_by_undo(
    desk: Program, vocals: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine import meter
    from engine.events import Progress
    from engine.melody import Beat

    def estimate(clip: object, notes: object = ()) -> Any:
        yield Progress(0.5)
        return Beat(96.0, 0.25), "A minor"

    monkeypatch.setattr(meter, "estimate", estimate)
    ended(desk, desk.window.transcribing.transcribe(vocals))
    wait_for(lambda: melody(desk, vocals).key)
    assert (melody(desk, vocals).key, melody(desk, vocals).beat.tempo) == ("A minor", 96.0)
    assert desk.session.project.tempo == 96.0  # the count-in clicks with the song
    desk.session.undo_stack.undo()
    assert melody(desk, vocals) is None
    assert desk.session.project.tempo == 120.0


def test_cancelling_takes_the_notes_away_at_once_and_leaves_the_document(
    desk: Program, vocals: int, singer: Singer
) -> None:
    singer.hold()
    document = desk.session.project
    job = desk.window.transcribing.transcribe(vocals)
    wait_for(lambda: desk.session.melody(vocals))
    began = time.monotonic()
    desk.studio.cancel(job)
    assert desk.session.melody(vocals) is None
    assert ended(desk, job) is State.CANCELLED
    assert time.monotonic() - began < 1.0
    assert desk.session.project is document
    assert desk.window.transcribing.can_transcribe(vocals)


def test_a_failure_is_told_at_the_lane_and_can_be_tried_again(
    desk: Program, vocals: int, singer: Singer
) -> None:
    told: list[Any] = []
    desk.studio.trouble.connect(told.append)
    singer.fault = BROKEN
    job = desk.window.transcribing.transcribe(vocals)
    assert ended(desk, job) is State.FAILED
    assert (told[0].message, told[0].track) == (BROKEN.message, vocals)
    assert desk.session.melody(vocals) is None
    singer.fault = None
    again = desk.jobs.status(job).retry()
    assert ended(desk, again) is State.DONE
    assert melody(desk, vocals).notes


def test_lanes_wait_for_each_other(
    desk: Program, vocals: int, singer: Singer, make_clip: Any
) -> None:
    other = Track(99, "Take", "recording", make_clip(tone(3.0)), group=99)
    desk.session.edit("Record", desk.session.project.with_tracks([other]))
    singer.hold()
    first = desk.window.transcribing.transcribe(vocals)
    second = desk.window.transcribing.transcribe(99)
    assert desk.window.transcribing.transcribe(vocals) is None  # it is being done
    wait_for(lambda: desk.jobs.status(first).state is State.RUNNING)
    assert desk.jobs.status(second).state is State.QUEUED
    singer.go_on.set()
    assert ended(desk, second) is State.DONE
    assert melody(desk, vocals).notes
    assert melody(desk, 99).notes


def test_of_a_song_the_singer_is_taken_out_first_as_one_job_and_one_step(
    desk: Program, tmp_path: Path, singer: Singer
) -> None:
    mix = import_song(desk, song(tmp_path))
    steps = desk.session.undo_stack.count()
    job = desk.window.transcribing.transcribe(mix)
    wait_for(lambda: len(desk.session.lanes) == 3)
    assert [lane.track.role for lane in desk.session.lanes] == ["mix", "vocals", "instrumental"]
    assert desk.studio.heard(mix) == "stems"
    assert not desk.studio.can_separate(mix)
    assert ended(desk, job) is State.DONE
    wait_for(lambda: not desk.jobs.unfinished)
    vocals = desk.session.project.tracks[1]
    assert vocals.role == "vocals"
    assert vocals.melody.notes
    assert desk.studio.separations[mix].null_db < -100
    assert desk.session.undo_stack.count() == steps + 1
    assert desk.session.undo_stack.undoText() == "Transcribe Song"
    desk.session.undo_stack.undo()
    assert [lane.track.muted for lane in desk.session.lanes] == [False]


@pytest.mark.parametrize("how", ["cancel", "fail"])
def test_a_chain_that_ends_early_leaves_the_document(
    desk: Program, tmp_path: Path, singer: Singer, how: str
) -> None:
    mix = import_song(desk, song(tmp_path))
    document, told = desk.session.project, list[Any]()
    desk.studio.trouble.connect(told.append)
    singer.hold()
    job = desk.window.transcribing.transcribe(mix)
    wait_for(lambda: singer.cards and len(desk.session.lanes) > 1)
    vocals = desk.session.lanes[1].track.id
    wait_for(lambda: desk.session.melody(vocals))
    if how == "cancel":
        desk.studio.cancel(job)
        assert len(desk.session.lanes) == 1
        assert ended(desk, job) is State.CANCELLED
        assert not told
    else:
        singer.fault = BROKEN
        singer.go_on.set()
        assert ended(desk, job) is State.FAILED
        assert [each.track for each in told] == [mix]
    assert desk.session.project is document
    assert len(desk.session.lanes) == 1
    assert desk.studio.can_separate(mix)
    assert desk.window.transcribing.can_transcribe(mix)


def test_of_a_song_with_stems_the_vocals_are_transcribed(
    desk: Program, tmp_path: Path, singer: Singer
) -> None:
    mix, vocals, instrumental = separated(desk, song(tmp_path))
    ended(desk, desk.window.transcribing.transcribe(mix))
    assert melody(desk, vocals).notes
    assert melody(desk, mix) is None
    wait_for(lambda: not desk.jobs.unfinished)
    desk.session.select(instrumental)
    ended(desk, desk.window.transcribing.transcribe())
    assert [card.id for card in singer.cards] == [VOICE.id, CHORDS.id]
    assert singer.bands == [desk.session.lane(instrumental).track.clip, None]
    assert melody(desk, instrumental).beat == melody(desk, vocals).beat


def test_any_model_can_be_chosen_and_is_kept_for_such_lanes(
    desk: Program, vocals: int, singer: Singer
) -> None:
    menu = desk.window.actions_["transcribe_with"].menu()
    menu.refresh()
    assert [(a.text(), a.isChecked()) for a in menu.actions()] == [
        ("Voice", True), ("Chords", False),
    ]  # fmt: skip
    menu.actions()[1].trigger()
    wait_for(lambda: melody(desk, vocals))
    assert singer.cards == [CHORDS]
    assert desk.window.settings.voice_model == CHORDS.id
    wait_for(lambda: not desk.jobs.unfinished)
    menu.refresh()
    assert [a.isChecked() for a in menu.actions()] == [False, True]


def test_a_song_can_be_transcribed_as_it_is(desk: Program, tmp_path: Path, singer: Singer) -> None:
    mix = import_song(desk, song(tmp_path))
    menu = desk.window.actions_["transcribe_with"].menu()
    menu.refresh()
    texts = [action.text() for action in menu.actions()]
    assert texts == ["Voice, the singer of this song", "Voice, the song as it is", "Chords"]
    menu.actions()[1].trigger()
    wait_for(lambda: melody(desk, mix))
    assert len(desk.session.lanes) == 1
    assert singer.clips == [desk.session.lane(mix).track.clip]


def test_what_was_set_and_corrected_stays_when_a_lane_is_transcribed_again(
    desk: Program, vocals: int
) -> None:
    ended(desk, desk.window.transcribing.transcribe(vocals))
    wait_for(lambda: not desk.jobs.unfinished)
    own = Note(1.0, 0.5, 72.0, lyric="la", own=True)
    before = melody(desk, vocals)
    rest = [note for note in before.notes if note.start >= 2.0]
    changed = replace(before.with_notes([own, *rest]), blend=0.5, key="D")
    desk.session.set_tracks("Correct", {vocals: {"melody": changed}})
    ended(desk, desk.window.transcribing.transcribe(vocals))
    wait_for(lambda: not desk.jobs.unfinished)
    after = melody(desk, vocals)
    assert own in after.notes
    assert (after.blend, after.key) == (0.5, "D")
    assert after.curves is not before.curves


def test_a_song_without_a_singer_gets_a_sentence(
    desk: Program, vocals: int, singer: Singer
) -> None:
    told: list[Any] = []
    desk.studio.trouble.connect(told.append)
    singer.silent = True
    ended(desk, desk.window.transcribing.transcribe(vocals))
    assert melody(desk, vocals).notes == ()
    assert (told[0].message, told[0].track) == ("No notes were found in Vocals.", vocals)
    assert not desk.jobs.unfinished  # nobody looks for a beat


def test_a_lane_that_goes_takes_its_job_along(desk: Program, vocals: int, singer: Singer) -> None:
    singer.hold()
    job = desk.window.transcribing.transcribe(vocals)
    wait_for(lambda: desk.session.melody(vocals))
    desk.studio.remove(vocals)
    assert ended(desk, job) is State.CANCELLED
    desk.session.undo_stack.undo()
    assert melody(desk, vocals) is None


def test_lanes_that_have_nothing_to_hear_cannot_be_transcribed(
    desk: Program, make_clip: Any
) -> None:
    track = Track(5, "Score", "notes", make_clip(tone(1.0)), group=5, melody=Melody())
    desk.session.edit("Notes", desk.session.project.with_tracks([track]))
    desk.session.select(5)
    desk.window.actions_.refresh()
    assert not desk.window.actions_["transcribe"].isEnabled()
    assert not desk.window.actions_["separate"].isEnabled()
    assert desk.window.transcribing.transcribe(5) is None


def test_the_lane_says_how_far_it_is_and_offers_to_end_it(
    desk: Program, vocals: int, singer: Singer
) -> None:
    desk.window.show()
    singer.hold()
    wait_for(lambda: vocals in desk.window.timeline._rows)
    row = desk.window.timeline._rows[vocals]
    wait_for(row.header._verbs._find.isVisible)
    row.header._verbs._find.click()
    wait_for(lambda: desk.session.melody(vocals) and desk.session.melody(vocals).notes)
    wait_for(lambda: row.header._verbs._state.text().startswith("Transcribing"), 5.0)
    assert not row.header._verbs._find.isVisible()
    strip = desk.window.melody_strip
    assert isinstance(strip, MelodyStrip)
    assert strip.isVisible()
    wait_for(lambda: strip.summary.text().endswith("notes so far"))
    assert not strip.blend.isEnabled()
    row.header._verbs._cancel.click()
    assert not strip.isVisible()
    wait_for(row.header._verbs._find.isVisible)
    assert not desk.jobs.unfinished
