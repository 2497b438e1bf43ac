"""Workspaces: a journal that is there before an edit returns, and is found when its owner died."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine import tasks
from engine.document import Document
from engine.project import Project
from engine.store import Loaded
from engine.types import AudioClip, Origin, Scratch, Track
from engine.workspace import Left, Workspace
from tests.engine.test_store import done, noise

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def parent(tmp_path: Path) -> Path:
    return tmp_path / "open"


@pytest.fixture
def place(parent: Path) -> Iterator[Workspace]:
    made = Workspace(parent)
    yield made
    made.close()


def document_in(place: Workspace, lanes: int = 2, name: str = "Lane") -> Document:
    tracks = []
    for number in range(1, lanes + 1):
        clip = place.scratch.clip(2, 3000, 44_100, Origin(task="separate"))
        clip.write(0, noise(2, 3000, number))
        tracks.append(Track(number, f"{name} {number}", "vocals", clip, group=number))
    return Document(Project(tuple(tracks)), modified=True)


def left(parent: Path) -> tuple[Left, ...]:
    found = done(tasks.find_left(parent))
    assert isinstance(found, tuple)
    return found


def recovered(folder: Path, scratch: Scratch) -> Loaded:
    loaded = done(tasks.recover(folder, scratch))
    assert isinstance(loaded, Loaded)
    return loaded


def test_a_note_is_written_when_it_returns(place: Workspace) -> None:
    for number in range(20):
        place.note(document_in(place, 1, f"Take {number}"))
        newest = place.folder / f"journal-{number + 1}.json"
        assert f"Take {number} 1" in newest.read_text()


def test_only_the_newest_journal_stays(place: Workspace) -> None:
    for _ in range(5):
        place.note(document_in(place))
    deadline = time.monotonic() + 10
    while len(list(place.folder.glob("journal-*.json"))) > 1:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_what_a_dead_program_had_open_comes_back_to_the_bit(place: Workspace, parent: Path) -> None:
    document = document_in(place)
    place.note(document)
    assert left(parent) == (), "its owner lives"
    place.leave()
    mine = Workspace(parent)
    (offer,) = left(parent)
    assert (offer.title, offer.lanes) == ("Lane 1", 2)
    assert abs(offer.written_at - time.time()) < 60
    assert left(parent) == (), "it is offered once"
    loaded = recovered(offer.folder, mine.scratch)
    assert loaded.document.modified
    for a, b in zip(document.project.tracks, loaded.document.project.tracks, strict=True):
        assert replace(a, clip=b.clip) == b
        assert np.array_equal(a.clip.read(0, 3000), b.clip.read(0, 3000))
        assert b.clip.path.parent == mine.folder
    mine.note(loaded.document)
    done(tasks.replace_left(offer.folder, mine, offer))
    assert not offer.folder.exists()
    assert loaded.document.project.tracks[0].clip.read(0, 3000).any()
    mine.close()
    assert not mine.folder.exists()


def test_where_the_disk_cannot_link_recovering_moves_the_sound(
    place: Workspace, parent: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = document_in(place)
    sounds = [track.clip.read(0, 3000) for track in document.project.tracks]
    place.note(document)
    place.leave()

    def no_links(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    mine = Workspace(parent)
    (offer,) = left(parent)
    loaded = recovered(offer.folder, mine.scratch)
    offer.discard()
    for track, sound in zip(loaded.document.project.tracks, sounds, strict=True):
        assert np.array_equal(track.clip.read(0, 3000), sound)
    mine.close()


def test_a_torn_journal_gives_way_to_the_one_before(place: Workspace, parent: Path) -> None:
    place.note(document_in(place, 1, "Whole"))
    place.leave()
    (place.folder / "journal-99.json").write_text('{"format": "melic pro')
    (offer,) = left(parent)
    assert offer.title == "Whole 1"
    offer.lock.release()


def test_what_holds_nothing_is_swept_away(parent: Path) -> None:
    for _ in range(3):
        Workspace(parent).leave()
    (parent / "window-odd").mkdir()
    assert left(parent) == ()
    assert list(parent.iterdir()) == []


def test_sound_lost_with_its_program_is_said(
    place: Workspace, parent: Path, scratch: Scratch
) -> None:
    document = document_in(place)
    place.note(document)
    place.leave()
    document.project.tracks[0].clip.path.unlink()
    loaded = recovered(place.folder, scratch)
    assert [track.name for track in loaded.document.project.tracks] == ["Lane 2"]
    assert "“Lane 1” is missing" in loaded.document.notes[0]


def test_a_journal_that_cannot_be_written_is_told_and_tried_again(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    document = document_in(place)
    monkeypatch.setattr(Workspace, "_write", full)
    place.note(document)
    assert place.trouble is not None
    assert not place.settle()
    monkeypatch.undo()
    place.note(document)
    assert place.trouble is None
    assert place.settle()


def test_a_disk_that_is_slow_to_settle_does_not_hold_up_an_edit(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    settling: list[int] = []

    def slow(handle: int) -> None:
        settling.append(handle)
        time.sleep(1.0)

    monkeypatch.setattr(os, "fsync", slow)
    document = document_in(place, 12)
    place.note(document)
    deadline = time.monotonic() + 10
    while not settling:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    took = []
    for _ in range(30):
        began = time.perf_counter()
        place.note(document)
        took.append(time.perf_counter() - began)
    assert len(settling) == 1, "it settles all the while"
    assert sorted(took)[len(took) // 2] < 0.01, took


def test_scratch_folders_of_killed_programs_are_swept_and_living_ones_stay(
    tmp_path: Path,
) -> None:
    parent = tmp_path / "cache"
    alive = Scratch(parent)
    code = (
        "import os, sys; from pathlib import Path; from engine.types import Scratch\n"
        "scratch = Scratch(Path(sys.argv[1])); scratch.clip(1, 10, 8000, None)\n"
        "os.kill(os.getpid(), 9)"
    )
    killed = subprocess.run(
        [sys.executable, "-c", code, str(parent)], cwd=ROOT, check=False, capture_output=True
    )
    assert killed.returncode != 0, killed.stderr
    assert len(list(parent.glob("melic-*"))) == 2
    (parent / "melic-notes.txt").write_text("not ours")
    done(tasks.sweep(parent))
    assert {path.name for path in parent.iterdir()} == {
        alive.folder.name, f".{alive.folder.name}.lock", "melic-notes.txt"
    }  # fmt: skip
    alive.close()
    assert [path.name for path in parent.iterdir()] == ["melic-notes.txt"]


def test_clips_outside_the_workspace_are_found_again(
    place: Workspace, make_clip: Callable[..., AudioClip], scratch: Scratch
) -> None:
    clip = make_clip(noise())
    place.note(Document(Project((Track(1, "Far", "mix", clip, group=1),)), modified=True))
    place.leave()
    loaded = recovered(place.folder, scratch)
    track = loaded.document.project.tracks[0]
    assert np.array_equal(track.clip.read(0, 3000), clip.read(0, 3000))
