from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from app.session import Session, joined
from engine.project import Project
from engine.types import AudioClip, Track


@pytest.fixture
def session(qapp: object, make_clip: Callable[..., AudioClip]) -> Session:
    """A document of one song, imported as an undo step."""
    made = Session()
    id = made.new_id()
    song = Track(id, "Song", "mix", make_clip(np.zeros((2, 1000), np.float32)), group=id)
    made.edit("Import Song", Project((song,)))
    return made


def stems(session: Session) -> list[Track]:
    clip = session.lanes[0].track.clip
    return [
        Track(session.new_id(), name.title(), name, clip, group=1)
        for name in ("vocals", "instrumental")
    ]


def names(session: Session) -> list[str]:
    return [lane.track.name for lane in session.lanes]


def test_an_edit_is_undone_and_made_again_by_its_name(session: Session) -> None:
    session.set_track(1, muted=True)
    assert session.undo_stack.undoText() == "Mute Song"
    session.undo_stack.undo()
    assert not session.lanes[0].track.muted
    session.undo_stack.redo()
    assert session.lanes[0].track.muted


def test_a_drag_of_a_fader_is_one_step_and_the_next_drag_another(session: Session) -> None:
    before = session.undo_stack.count()
    for gain in (-1.0, -2.0, -3.0):
        session.set_track(1, ("gain", 1, 7), gain_db=gain)
    session.set_track(1, ("gain", 1, 8), gain_db=-9.0)
    assert session.undo_stack.count() == before + 2
    session.undo_stack.undo()
    assert session.lanes[0].track.gain_db == -3.0
    session.undo_stack.undo()
    assert session.lanes[0].track.gain_db == 0.0


def test_a_leap_through_the_history_shows_only_where_it_ends(session: Session) -> None:
    for gain in range(1, 50):
        session.set_track(1, gain_db=-float(gain))
    shown: list[float] = []
    session.lanes_changed.connect(lambda: shown.append(session.lanes[0].track.gain_db))
    session.undo_stack.setIndex(2)
    session.undo_stack.setIndex(40)
    assert shown == [-1.0, -39.0]
    assert session.project.tracks[0].gain_db == -39.0


def test_setting_what_is_set_already_leaves_no_step(session: Session) -> None:
    before = session.undo_stack.count()
    session.set_track(1, gain_db=0.0)
    assert session.undo_stack.count() == before


def test_live_lanes_stand_below_their_mix_and_silence_it_without_touching_the_document(
    session: Session,
) -> None:
    made = stems(session)
    session.open_live(made, after=1, mute=[1])
    assert names(session) == ["Song", "Vocals", "Instrumental"]
    assert session.lanes[0].track.muted
    assert [lane.filled for lane in session.lanes] == [None, (), ()]
    assert not session.project.tracks[0].muted
    session.close_live([track.id for track in made])
    assert names(session) == ["Song"]
    assert not session.lanes[0].track.muted


def test_an_undo_while_stems_are_made_keeps_the_mix_silent(session: Session) -> None:
    session.set_track(1, gain_db=-6.0)
    session.open_live(stems(session), after=1, mute=[1])
    session.undo_stack.undo()
    assert session.lanes[0].track.gain_db == 0.0
    assert session.lanes[0].track.muted


def test_a_live_lane_can_be_muted_without_an_undo_step(session: Session) -> None:
    made = stems(session)
    session.open_live(made, after=1)
    before = session.undo_stack.count()
    session.set_track(made[0].id, muted=True)
    assert session.lane(made[0].id).track.muted
    assert session.undo_stack.count() == before


def test_a_live_lane_becomes_part_of_the_document_in_one_change(session: Session) -> None:
    made = stems(session)
    session.open_live(made, after=1, mute=[1])
    changes: list[list[str]] = []
    session.lanes_changed.connect(lambda: changes.append(names(session)))
    session.edit("Separate", session.project.replaced(1, muted=True).with_tracks(made, after=1))
    assert changes == [["Song", "Vocals", "Instrumental"]]
    assert all(lane.filled is None for lane in session.lanes)
    session.undo_stack.undo()
    assert names(session) == ["Song"]
    assert not session.lanes[0].track.muted


def test_filled_spans_grow_together_and_are_told_one_by_one(session: Session) -> None:
    (vocals, _) = made = stems(session)
    session.open_live(made, after=1)
    told: list[tuple[int, int, int]] = []
    session.filled.connect(lambda *span: told.append(span))
    for span in ((400, 500), (0, 100), (100, 200)):
        session.fill_live(vocals.id, *span)
    assert session.lane(vocals.id).filled == ((0, 200), (400, 500))
    assert told[0] == (vocals.id, 400, 500)
    session.fill_live(999, 0, 1)  # a lane that was closed meanwhile
    assert len(told) == 3


def test_a_change_to_every_version_is_worked_out_once_for_each(session: Session) -> None:
    for gain in (-1.0, -2.0, -3.0):
        session.set_track(1, gain_db=gain)
    versions: list[Project] = []

    def panned(project: Project) -> Project:
        versions.append(project)
        return project.replaced(1, pan=0.5) if project.track(1) is not None else project

    session.amend(panned)
    assert len(versions) == len({id(version) for version in versions}) == 5
    assert session.lanes[0].track.pan == 0.5
    session.undo_stack.undo()
    assert (session.lanes[0].track.gain_db, session.lanes[0].track.pan) == (-2.0, 0.5)


def test_the_selection_moves_to_a_neighbour_when_its_lane_goes(session: Session) -> None:
    made = stems(session)
    session.edit("Separate", session.project.with_tracks(made, after=1))
    session.select(made[0].id)
    session.edit("Remove", session.project.without([made[0].id]))
    assert session.selected == made[1].id
    session.edit("Remove all", Project())
    assert session.selected == 0


def test_ids_are_never_used_again(session: Session) -> None:
    first = session.new_id()
    session.undo_stack.undo()
    assert session.new_id() == first + 1


def test_spans_that_touch_are_joined() -> None:
    assert joined([(5, 9), (0, 2), (2, 3), (8, 12)]) == ((0, 3), (5, 12))
