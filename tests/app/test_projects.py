"""Projects in a window: saved, opened, closed, and offered back when a program was killed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import platformdirs
import pytest
from PySide6.QtCore import QProcess

from app.start import Program
from app.views.offers import OfferStrip, ago
from app.views.recent import RecentList
from engine import locks, store
from engine.document import VERSION
from engine.workspace import Workspace
from tests.app.desk import Nobody, import_song, open_desk, wait_for
from tests.app.test_studio import separated, song


@pytest.fixture
def desk(qapp: object, tmp_path: Path) -> Iterator[Program]:
    with open_desk(tmp_path) as program:
        yield program
    shutil.rmtree(platformdirs.user_data_path("Melic", "Melic") / "open", ignore_errors=True)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The arguments of windows that were started, of which none really is."""
    calls: list[list[str]] = []
    monkeypatch.setattr(QProcess, "startDetached", lambda _, argv: calls.append(argv[1:]))
    return calls


def asked(desk: Program) -> Nobody:
    found = desk.window.projects.questions
    assert isinstance(found, Nobody)
    return found


def save_as(desk: Program, folder: Path) -> None:
    asked(desk).place = folder
    desk.window.projects.save_as()
    wait_for(lambda: not desk.window.projects.busy)


def told(desk: Program) -> list[str]:
    words: list[str] = []
    desk.studio.trouble.connect(lambda t: words.append(f"{t.message} {t.hint}"))
    return words


def edited(desk: Program, folder: Path) -> list[int]:
    """A separated song with a value in every field a person can set."""
    ids = separated(desk, song(folder))
    desk.session.set_track(ids[1], gain_db=-4.5, pan=0.25, name="Singer", silences=((0.5, 1.0),))
    desk.session.set_track(ids[2], solo=True)
    desk.axis.set_range(0.5, 1.5)
    desk.axis.seek(1.25)
    desk.axis.set_range(0.5, 1.5)
    desk.axis.set_loop(0.25, 0.75)
    desk.session.select(ids[1])
    return ids


def test_an_evenings_work_is_saved_and_opened_again(
    desk: Program, tmp_path: Path, qapp: object
) -> None:
    ids = edited(desk, tmp_path)
    before = desk.session.project
    sounds = [t.clip.read(0, t.clip.frames) for t in before.tracks]
    assert desk.window.windowTitle() == "Song[*] – Melic"
    assert desk.window.isWindowModified()
    save_as(desk, tmp_path / "Evening.melic")
    assert asked(desk).suggested == tmp_path / "Song.melic"
    assert desk.window.windowTitle() == "Evening[*] – Melic"
    assert not desk.window.isWindowModified()
    desk.close()
    with open_desk(tmp_path) as again:
        again.window.open_paths([tmp_path / "Evening.melic"])
        wait_for(lambda: again.session.lanes)
        after = again.session.project
        for a, b, sound in zip(before.tracks, after.tracks, sounds, strict=True):
            assert (a.id, a.name, a.role, a.gain_db, a.pan, a.muted, a.solo, a.silences) == (
                b.id, b.name, b.role, b.gain_db, b.pan, b.muted, b.solo, b.silences
            )  # fmt: skip
            assert np.array_equal(b.clip.read(0, b.clip.frames), sound)
        assert again.axis.playhead == 1.25
        assert (again.axis.start, again.axis.stop) == (0.5, 1.5)
        assert again.axis.loop == (0.25, 0.75)
        assert again.session.selected == ids[1]
        assert not again.window.isWindowModified()
        assert not again.session.undo_stack.canUndo()
        assert again.session.new_id() > max(ids)
        peaks = again.session.project.tracks[0].clip.peaks
        frames = peaks.frames
        wait_for(lambda: peaks.query(frames - 9000, frames, 1).any())


def test_an_edit_marks_the_window_and_undo_takes_the_mark_back(
    desk: Program, tmp_path: Path
) -> None:
    id = import_song(desk, song(tmp_path))
    save_as(desk, tmp_path / "Song.melic")
    desk.session.set_track(id, gain_db=-3.0)
    assert desk.window.isWindowModified()
    desk.session.undo_stack.undo()
    assert not desk.window.isWindowModified()


def test_save_knows_where_and_what_changed_meanwhile_is_saved_too(
    desk: Program, tmp_path: Path
) -> None:
    id = import_song(desk, song(tmp_path))
    save_as(desk, tmp_path / "Song.melic")
    asked(desk).place = None
    desk.session.set_track(id, gain_db=-3.0)
    desk.window.actions_["save"].trigger()
    desk.session.set_track(id, gain_db=-6.0)
    desk.window.actions_["save"].trigger()
    wait_for(lambda: not desk.window.projects.busy and not desk.window.projects.modified)
    assert '"gain_db": -6.0' in (tmp_path / "Song.melic" / store.TEXT).read_text()


def test_closing_asks_only_for_what_opening_files_would_not_bring_back(
    desk: Program, tmp_path: Path
) -> None:
    projects = desk.window.projects
    assert projects.at_risk == []
    id = import_song(desk, song(tmp_path))
    desk.session.set_track(id, muted=True)
    assert projects.at_risk == [], "a song that was only heard is there still"
    desk.session.set_track(id, gain_db=-3.0)
    assert projects.at_risk == ["Song"]
    desk.session.undo_stack.undo()
    ids = [id, *separated_here(desk, id)]
    assert projects.at_risk == ["Vocals", "Instrumental"]
    desk.studio.exported.emit([desk.session.project.track(i) for i in ids])
    assert projects.at_risk == [], "what was exported is there still"


def separated_here(desk: Program, mix: int) -> list[int]:
    job = desk.studio.separate(mix)
    wait_for(lambda: desk.jobs.status(job).ended)
    return [t.id for t in desk.session.project.tracks if t.id != mix]


@pytest.mark.parametrize("answer", ["stay", "discard", "save"])
def test_the_question_at_closing_does_what_it_says(
    desk: Program, tmp_path: Path, answer: str
) -> None:
    separated(desk, song(tmp_path))
    asked(desk).closing = answer
    asked(desk).place = tmp_path / "Kept.melic"
    desk.window.show()
    closed = desk.window.close()
    assert closed == (answer == "discard")
    assert asked(desk).asked == ("Song", ["Vocals", "Instrumental"])
    if answer == "save":
        wait_for(lambda: not desk.window.isVisible())
    assert (tmp_path / "Kept.melic" / store.TEXT).exists() == (answer == "save")
    assert desk.window.isVisible() == (answer == "stay")
    asked(desk).closing = "discard"


def test_two_studios_on_one_project(desk: Program, tmp_path: Path) -> None:
    id = import_song(desk, song(tmp_path))
    save_as(desk, tmp_path / "Song.melic")
    with open_desk(tmp_path / "second") as second:
        words = told(second)
        second.window.open_paths([tmp_path / "Song.melic"])
        wait_for(lambda: second.session.lanes)
        assert "open in another window" in words[0]
        assert str(os.getpid()) in words[0]
        assert second.window.projects.read_only
        second.session.set_track(id, gain_db=-9.0)
        asked(second).place = tmp_path / "Copy.melic"
        second.window.actions_["save"].trigger()  # which asks for another name
        wait_for(lambda: not second.window.projects.busy)
        assert second.window.projects.folder == tmp_path / "Copy.melic"
        assert not second.window.projects.read_only
    assert "-9.0" not in (tmp_path / "Song.melic" / store.TEXT).read_text()
    desk.close()
    locks.take(tmp_path / "Song.melic" / store.LOCK).release()  # nobody holds it any more


def test_a_project_of_a_newer_melic_opens_with_a_message(desk: Program, tmp_path: Path) -> None:
    import_song(desk, song(tmp_path))
    save_as(desk, tmp_path / "Song.melic")
    desk.close()
    text = tmp_path / "Song.melic" / store.TEXT
    newer = text.read_text().replace(f'"version": {VERSION}', f'"version": {VERSION + 1}')
    text.write_text(newer)
    with open_desk(tmp_path) as again:
        words = told(again)
        again.window.open_paths([text])
        wait_for(lambda: again.session.lanes)
        assert "newer Melic" in words[0]
        again.window.projects.save()
        assert not again.window.projects.busy, "nobody said where to save instead"
    assert text.read_text() == newer


def test_a_lane_whose_sound_is_gone_is_said(desk: Program, tmp_path: Path) -> None:
    separated(desk, song(tmp_path))
    save_as(desk, tmp_path / "Song.melic")
    desk.close()
    (tmp_path / "Song.melic" / "media" / "Vocals.wav").unlink()
    with open_desk(tmp_path) as again:
        words = told(again)
        again.window.open_paths([tmp_path / "Song.melic"])
        wait_for(lambda: again.session.lanes)
        assert [lane.track.name for lane in again.session.lanes] == ["Song", "Instrumental"]
        assert "“Vocals” is missing" in words[0]


def test_what_is_no_project_leaves_the_window_as_it_is(desk: Program, tmp_path: Path) -> None:
    (tmp_path / "Bad.melic").mkdir()
    (tmp_path / "Bad.melic" / store.TEXT).write_text("{")
    words = told(desk)
    desk.window.open_paths([tmp_path / "Bad.melic"])
    wait_for(lambda: words)
    assert "cannot be opened as a project" in words[0]
    assert desk.window.projects.free


def test_a_second_project_opens_in_a_window_of_its_own(
    desk: Program, tmp_path: Path, started: list[list[str]]
) -> None:
    import_song(desk, song(tmp_path))
    desk.window.open_paths([tmp_path / "Other.melic"])
    desk.window.actions_["new_window"].trigger()
    assert started == [[str(tmp_path / "Other.melic")], ["--empty"]]


def test_recent_projects_are_remembered_across_windows_and_forgotten_when_gone(
    desk: Program, tmp_path: Path
) -> None:
    import_song(desk, song(tmp_path))
    save_as(desk, tmp_path / "One.melic")
    save_as(desk, tmp_path / "Two.melic")
    with open_desk(tmp_path) as other:
        assert [p.name for p in other.window.projects.recent] == ["Two.melic", "One.melic"]
        buttons = other.window.findChild(RecentList)
        assert buttons.isVisibleTo(other.window)
        menu = other.window.actions_["recent"].menu()
        menu.refresh()
        assert [a.toolTip() for a in menu.actions()] == [
            str(tmp_path / "Two.melic"),
            str(tmp_path / "One.melic"),
        ]
        shutil.rmtree(tmp_path / "One.melic")
        words = told(other)
        other.window.projects.open_recent(tmp_path / "One.melic")
        assert "not there any more" in words[0]
        assert [p.name for p in other.window.projects.recent] == ["Two.melic"]


def died(desk: Program) -> None:
    """What the system does to a killed program's workspace: nothing, but for its lock."""
    workspace = desk.window.projects.workspace
    workspace.leave()
    workspace.close = lambda: None  # type: ignore[method-assign]


def test_after_a_crash_everything_is_offered_and_brought_back(
    desk: Program, tmp_path: Path
) -> None:
    ids = edited(desk, tmp_path)
    before = desk.session.project
    sounds = [t.clip.read(0, t.clip.frames) for t in before.tracks]
    desk.window.projects._note()  # as each minute, with where one is
    died(desk)
    with open_desk(tmp_path / "next") as again:
        projects = again.window.projects
        projects.begin([], None, offer=True)
        wait_for(lambda: projects.recovery.offers)
        strip = again.window.findChild(OfferStrip)
        assert strip.isVisibleTo(again.window)
        assert "Recover “Song” (3 lanes, just now)?" in strip.accessibleName()
        left = projects.recovery.offers[0].folder
        again.window.actions_.refresh()
        again.window.actions_["recover"].trigger()
        wait_for(lambda: again.session.lanes)
        assert not strip.isVisibleTo(again.window)
        for a, b, sound in zip(before.tracks, again.session.project.tracks, sounds, strict=True):
            assert (a.id, a.name, a.gain_db, a.silences) == (b.id, b.name, b.gain_db, b.silences)
            assert np.array_equal(b.clip.read(0, b.clip.frames), sound)
        assert again.session.selected == ids[1]
        assert again.axis.playhead == 1.25
        assert again.window.isWindowModified()
        wait_for(lambda: not left.exists())
        track = again.session.project.tracks[0]
        assert np.array_equal(track.clip.read(0, track.clip.frames), sounds[0])


def test_a_crash_of_a_saved_project_brings_back_what_was_not_saved_and_its_place(
    desk: Program, tmp_path: Path
) -> None:
    id = import_song(desk, song(tmp_path))
    save_as(desk, tmp_path / "Song.melic")
    desk.session.set_track(id, gain_db=-7.0)
    died(desk)
    desk.window.projects._home.lock.release()
    with open_desk(tmp_path / "next") as again:
        projects = again.window.projects
        projects.begin([], None, offer=True)
        wait_for(lambda: projects.recovery.offers)
        projects.recovery.recover()
        wait_for(lambda: again.session.lanes)
        assert projects.folder == tmp_path / "Song.melic"
        assert projects.modified
        projects.save()
        wait_for(lambda: not projects.busy)
    assert '"gain_db": -7.0' in (tmp_path / "Song.melic" / store.TEXT).read_text()
    assert [p.name for p in (tmp_path / "Song.melic" / "media").iterdir()] == ["Song.wav"]


def test_nothing_is_offered_that_is_saved_or_empty_or_alive(desk: Program, tmp_path: Path) -> None:
    import_song(desk, song(tmp_path))
    save_as(desk, tmp_path / "Song.melic")
    died(desk)
    parent = desk.window.projects.workspace.folder.parent
    empty = Workspace(parent)
    empty.leave()
    with open_desk(tmp_path / "alive") as alive, open_desk(tmp_path / "next") as again:
        import_song(alive, song(tmp_path))
        again.window.projects.begin([], None, offer=True)
        kept = {alive.window.projects.workspace.folder, again.window.projects.workspace.folder}
        wait_for(lambda: set(parent.iterdir()) == kept)
        assert again.window.projects.recovery.offers == ()


def test_an_offer_can_be_put_off_or_thrown_away(
    desk: Program, tmp_path: Path, started: list[list[str]]
) -> None:
    import_song(desk, song(tmp_path))
    died(desk)
    with open_desk(tmp_path / "next") as again:
        projects = again.window.projects
        strip = again.window.findChild(OfferStrip)
        projects.begin([], None, offer=True)
        wait_for(lambda: projects.recovery.offers)
        left = projects.recovery.offers[0].folder
        strip.later.click()
        assert not strip.isVisibleTo(again.window)
        projects.begin([], None, offer=True)
        wait_for(lambda: projects.recovery.offers)
        import_song(again, song(tmp_path))
        strip.recover.click()  # here is no room
        assert started == [["--recover", str(left)]]
        projects.begin([], None, offer=True)
        wait_for(lambda: projects.recovery.offers)
        strip.discard.click()
        wait_for(lambda: not left.exists())


def test_a_program_started_to_recover_does_so(desk: Program, tmp_path: Path) -> None:
    import_song(desk, song(tmp_path))
    left = desk.window.projects.workspace.folder
    died(desk)
    with open_desk(tmp_path / "next") as again:
        again.window.projects.begin([], left, offer=True)
        wait_for(lambda: again.session.lanes)
        wait_for(lambda: not left.exists())
        assert again.window.projects.recovery.offers == ()


def test_how_long_ago_something_was_is_said_in_words() -> None:
    assert [ago(s) for s in (3, 100, 600, 5000, 7200, 100_000, 200_000)] == [
        "just now",
        "2 minutes ago",
        "10 minutes ago",
        "83 minutes ago",
        "2 hours ago",
        "28 hours ago",
        "2 days ago",
    ]
