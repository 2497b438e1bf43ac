"""Project folders: what is saved comes back to the bit, whatever happens on the way."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine import locks, store, tasks, wav
from engine.document import VERSION, Document, View
from engine.errors import EngineError, UnwritableTarget
from engine.events import Filled, Work
from engine.project import Project
from engine.store import Loaded, Saved
from engine.types import AudioClip, Origin, Scratch, Track

MakeClip = Callable[..., AudioClip]


def done(work: Work) -> object:
    """Run a verb to its end; its result."""
    while True:
        try:
            next(work)
        except StopIteration as stop:
            return stop.value


def noise(channels: int = 2, frames: int = 3000, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 0.5, (channels, frames)).astype(np.float32)


@pytest.fixture
def song(make_clip: MakeClip, tmp_path: Path) -> Document:
    """Two lanes with a value other than the first in every field there is."""
    file = tmp_path / "songs" / "Lied Ä.mp3"
    file.parent.mkdir()
    file.write_bytes(b"mp3")
    mix = make_clip(noise(), 44_100, Origin(file, notes=("was 5.1",)))
    stem = make_clip(
        noise(1, 777, 1), 48_000, Origin(file, "separate", "vocals-s", {"device": "cpu", "n": 2})
    )
    tracks = (
        Track(3, "Lied: Ä/Ö 🎵", "mix", mix, -3.25, 0.5, True, False, 3, ((0.5, 1.0), (2.0, 2.5))),
        Track(8, "Lied: Ä/Ö 🎵", "vocals", stem, 1 / 3, -1.0, False, True, 3),
    )
    return Document(Project(tracks, 97.3), View(1.25, 0.5, 2.5, (0.25, 0.75), 8))


def save(document: Document, folder: Path, **more: object) -> Saved:
    saved = done(tasks.save_project(document, folder, **more))
    assert isinstance(saved, Saved)
    return saved


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[[Path], Loaded]]:
    """Open a project as another program would: with a scratch folder of its own."""
    scratch = Scratch(tmp_path / "another")
    loaded: list[Loaded] = []

    def open_(path: Path) -> Loaded:
        found = done(tasks.open_project(path, scratch))
        assert isinstance(found, Loaded)
        loaded.append(found)
        return found

    yield open_
    for each in loaded:
        if each.lock is not None:
            each.lock.release()
    scratch.close()


def same(one: Document, other: Document) -> None:
    assert one.view == other.view
    assert one.project.tempo == other.project.tempo
    assert len(one.project.tracks) == len(other.project.tracks)
    for a, b in zip(one.project.tracks, other.project.tracks, strict=True):
        for field in fields(Track):
            if field.name != "clip":
                assert getattr(a, field.name) == getattr(b, field.name), field.name
        assert a.clip.origin == b.clip.origin
        assert (a.clip.rate, a.clip.channels) == (b.clip.rate, b.clip.channels)
        sound = a.clip.read(0, a.clip.frames)
        assert np.array_equal(sound, b.clip.read(0, b.clip.frames))


def project_of(folder: Path) -> dict[str, object]:
    return json.loads((folder / store.TEXT).read_text("utf-8"))


def change(folder: Path, edit: Callable[[dict], object]) -> None:
    value = project_of(folder)
    edit(value)
    (folder / store.TEXT).write_text(json.dumps(value), "utf-8")


def test_everything_comes_back_to_the_bit(
    song: Document, tmp_path: Path, opened: Callable[[Path], Loaded]
) -> None:
    saved = save(song, tmp_path / "Song.melic")
    saved.lock.release()
    loaded = opened(tmp_path / "Song.melic")
    same(song, loaded.document)
    assert loaded.closed == ""
    assert loaded.document.notes == ()
    assert [t.group for t in loaded.document.project.tracks] == [3, 3]


def test_the_text_inside_means_the_project_too(
    song: Document, tmp_path: Path, opened: Callable[[Path], Loaded]
) -> None:
    save(song, tmp_path / "Song.melic").lock.release()
    loaded = opened(tmp_path / "Song.melic" / store.TEXT)
    assert loaded.folder == tmp_path / "Song.melic"


def test_sound_in_the_folder_is_plain_wav_of_the_same_samples(
    song: Document, tmp_path: Path
) -> None:
    saved = save(song, tmp_path / "Song.melic")
    for track in song.project.tracks:
        path = tmp_path / "Song.melic" / "media" / saved.names[track.clip]
        assert path.suffix == ".wav"
        assert path.name.startswith("Lied_ Ä_Ö 🎵")
        read, rate = soundfile.read(path, dtype="float32", always_2d=True)
        assert rate == track.clip.rate
        assert np.array_equal(read.T, track.clip.read(0, track.clip.frames))


def test_sound_is_linked_where_the_disk_can(song: Document, tmp_path: Path) -> None:
    saved = save(song, tmp_path / "Song.melic")
    clip = song.project.tracks[0].clip
    assert os.path.samefile(clip.path, tmp_path / "Song.melic" / "media" / saved.names[clip])


def test_where_the_disk_cannot_link_sound_is_copied_to_the_bit(
    song: Document,
    tmp_path: Path,
    opened: Callable[[Path], Loaded],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_links(*_: object, **__: object) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", no_links)
    saved = save(song, tmp_path / "Song.melic")
    clip = song.project.tracks[0].clip
    assert not os.path.samefile(clip.path, tmp_path / "Song.melic/media" / saved.names[clip])
    saved.lock.release()
    loaded = opened(tmp_path / "Song.melic")
    same(song, loaded.document)
    track = loaded.document.project.tracks[0]
    assert track.clip.path.parent == tmp_path / "Song.melic" / "media"
    again = save(loaded.document, loaded.folder, names=loaded.names, lock=loaded.lock)
    assert again.names == loaded.names, "nothing was copied a second time"


def test_a_project_can_be_moved_with_and_without_its_song(
    song: Document, tmp_path: Path, opened: Callable[[Path], Loaded]
) -> None:
    save(song, tmp_path / "songs" / "Song.melic").lock.release()
    here = tmp_path / "songs" / "Lied Ä.mp3"
    (tmp_path / "elsewhere").mkdir()
    shutil.copytree(tmp_path / "songs" / "Song.melic", tmp_path / "elsewhere" / "Song.melic")
    alone = opened(tmp_path / "elsewhere" / "Song.melic").document
    assert alone.project.tracks[0].clip.origin.path == here
    shutil.move(tmp_path / "songs", tmp_path / "moved")
    together = opened(tmp_path / "moved" / "Song.melic").document
    assert together.project.tracks[0].clip.origin.path == tmp_path / "moved" / "Lied Ä.mp3"
    assert np.array_equal(
        together.project.tracks[1].clip.read(0, 777), song.project.tracks[1].clip.read(0, 777)
    )


def test_what_is_open_survives_its_folder_being_thrown_away(
    song: Document, tmp_path: Path, opened: Callable[[Path], Loaded]
) -> None:
    save(song, tmp_path / "Song.melic").lock.release()
    loaded = opened(tmp_path / "Song.melic")
    shutil.rmtree(tmp_path / "Song.melic")
    same(song, loaded.document)
    save(loaded.document, tmp_path / "Song.melic", names=loaded.names).lock.release()
    same(song, opened(tmp_path / "Song.melic").document)


def test_saving_again_leaves_what_is_there_and_takes_away_what_is_not_needed(
    song: Document, tmp_path: Path
) -> None:
    saved = save(song, tmp_path / "Song.melic")
    stem = song.project.tracks[1].clip
    path = tmp_path / "Song.melic" / "media" / saved.names[stem]
    (tmp_path / "Song.melic" / "media" / "mine.wav").write_bytes(b"of another program")
    less = replace(song, project=song.project.without([8]))
    again = save(less, saved.folder, names=saved.names, lock=saved.lock)
    assert path.exists(), "the project of one save before is still whole"
    save(less, saved.folder, names=again.names, lock=again.lock)
    left = {each.name for each in (tmp_path / "Song.melic" / "media").iterdir()}
    assert left == {saved.names[song.project.tracks[0].clip], "mine.wav"}


def test_a_damaged_text_gives_way_to_that_of_the_save_before(
    song: Document, tmp_path: Path, opened: Callable[[Path], Loaded]
) -> None:
    saved = save(song, tmp_path / "Song.melic")
    renamed = replace(song, project=song.project.replaced(3, name="New"))
    save(renamed, saved.folder, names=saved.names, lock=saved.lock).lock.release()
    text = saved.folder / store.TEXT
    text.write_bytes(text.read_bytes()[:300])
    loaded = opened(saved.folder)
    same(song, loaded.document)
    assert "one save before" in loaded.document.notes[0]


@pytest.mark.parametrize("damage", ["gone", "empty", "cut", "text", "folder", "other rate"])
def test_lost_sound_costs_its_lane_alone_and_is_said(
    song: Document, tmp_path: Path, opened: Callable[[Path], Loaded], damage: str
) -> None:
    saved = save(song, tmp_path / "Song.melic")
    saved.lock.release()
    stem = song.project.tracks[1].clip
    path = saved.folder / "media" / saved.names[stem]
    data = path.read_bytes()
    path.unlink()
    if damage == "folder":
        path.mkdir()
    elif damage != "gone":
        path.write_bytes({
            "empty": b"",
            "cut": data[:60],
            "text": b"la la la" * 50,
            "other rate": data.replace(b"fmt ", b"fnt "),
        }[damage])  # fmt: skip
    loaded = opened(saved.folder).document
    assert [track.id for track in loaded.project.tracks] == [3]
    assert len(loaded.notes) == 1
    assert "Lied: Ä/Ö 🎵" in loaded.notes[0]


def test_sound_that_ends_early_gives_what_is_there(
    song: Document, tmp_path: Path, opened: Callable[[Path], Loaded]
) -> None:
    saved = save(song, tmp_path / "Song.melic")
    saved.lock.release()
    stem = song.project.tracks[1].clip
    path = saved.folder / "media" / saved.names[stem]
    data = path.read_bytes()
    path.unlink()
    path.write_bytes(data[: wav.OFFSET + 100 * 4])
    track = opened(saved.folder).document.project.tracks[1]
    assert track.clip.frames == 100
    assert np.array_equal(track.clip.read(0, 100), stem.read(0, 100))


def test_unknown_fields_are_passed_over_and_wrong_ones_replaced_and_counted(
    song: Document, tmp_path: Path, opened: Callable[[Path], Loaded]
) -> None:
    saved = save(song, tmp_path / "Song.melic")
    saved.lock.release()

    def edit(value: dict) -> None:
        value["colour"] = "blue"
        value["tracks"][0] |= {"sparkle": [1], "gain_db": "loud", "pan": 7, "muted": 1}
        value["tracks"][1] |= {"id": 3, "group": 99, "silences": [[2, 1], [1, 1.5], [1.2, 3]]}

    change(saved.folder, edit)
    loaded = opened(saved.folder).document
    first, second = loaded.project.tracks
    assert (first.gain_db, first.pan, first.muted) == (0.0, 0.0, False)
    assert second.id not in (0, 3)
    assert second.group == 99, "its song may have been removed"
    assert loaded.project.next_id == 100
    assert second.silences == ((1.0, 3.0),)
    assert loaded.notes == ("5 values made no sense and were replaced.",)


@pytest.mark.parametrize(
    "name", ["../secret.wav", "/etc/secret.wav", "..", ".", "", "a/b.wav", "..\\a.wav", "C:a", "\0"]
)
def test_no_project_reaches_outside_its_folder(
    song: Document, tmp_path: Path, opened: Callable[[Path], Loaded], name: str
) -> None:
    saved = save(song, tmp_path / "Song.melic")
    saved.lock.release()
    soundfile.write(tmp_path / "Song.melic" / "secret.wav", np.zeros(10), 8000, "FLOAT")
    change(saved.folder, lambda value: value["clips"][0].update(file=name))
    loaded = opened(saved.folder).document
    assert [track.id for track in loaded.project.tracks] == [8]
    assert len(loaded.notes) == 1


def test_a_project_of_a_newer_version_opens_and_is_never_written_over(
    song: Document, tmp_path: Path, opened: Callable[[Path], Loaded]
) -> None:
    saved = save(song, tmp_path / "Song.melic")
    saved.lock.release()
    change(saved.folder, lambda v: v.update(version=VERSION + 1, tempo=[1], tracks=v["tracks"]))
    before = (saved.folder / store.TEXT).read_bytes()
    loaded = opened(saved.folder)
    assert loaded.closed == "newer"
    assert loaded.document.newer
    assert len(loaded.document.project.tracks) == 2
    with pytest.raises(UnwritableTarget, match="newer Melic"):
        save(loaded.document, saved.folder, names=loaded.names)
    assert (saved.folder / store.TEXT).read_bytes() == before


def test_of_two_studios_the_second_may_not_save(
    song: Document, tmp_path: Path, opened: Callable[[Path], Loaded]
) -> None:
    saved = save(song, tmp_path / "Song.melic")
    loaded = opened(saved.folder)
    assert loaded.closed == "held"
    assert loaded.owner.pid == os.getpid()
    before = (saved.folder / store.TEXT).read_bytes()
    with pytest.raises(UnwritableTarget, match="another window"):
        save(loaded.document, saved.folder, names=loaded.names)
    assert (saved.folder / store.TEXT).read_bytes() == before
    saved.lock.release()
    assert opened(saved.folder).closed == ""


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_a_folder_that_takes_no_files_opens_and_refuses_in_plain_words(song: Document) -> None:
    place = Path(tempfile.mkdtemp(dir="/tmp"))
    root = os.geteuid() == 0
    try:
        saved = save(song, place / "Song.melic")
        saved.lock.release()
        for folder in (saved.folder / "media", saved.folder, place):
            folder.chmod(0o555)
        scratch = Scratch(Path(tempfile.mkdtemp(dir="/tmp")))
        if root:
            os.seteuid(65534)  # root may write anywhere
        loaded = done(tasks.open_project(saved.folder, scratch))
        assert isinstance(loaded, Loaded)
        assert loaded.closed == "read-only"
        with pytest.raises(UnwritableTarget, match="takes no files"):
            save(loaded.document, saved.folder, names=loaded.names)
    finally:
        if root:
            os.seteuid(0)
        same(song, loaded.document)
        for folder in (place, saved.folder, saved.folder / "media"):
            folder.chmod(0o755)
        shutil.rmtree(place)
        shutil.rmtree(scratch.folder.parent, ignore_errors=True)


def listing(folder: Path) -> dict[str, bytes]:
    files = (p for p in folder.rglob("*") if p.is_file() and p.name != store.LOCK)
    return {str(p.relative_to(folder)): p.read_bytes() for p in files}


@pytest.mark.parametrize("step", ["link", "copy", "text", "replace"])
def test_a_full_disk_leaves_the_old_project_whole(
    song: Document,
    tmp_path: Path,
    make_clip: MakeClip,
    opened: Callable[[Path], Loaded],
    monkeypatch: pytest.MonkeyPatch,
    step: str,
) -> None:
    saved = save(song, tmp_path / "Song.melic")
    before = listing(saved.folder)
    more = Track(9, "More", "mix", make_clip(noise(2, 9000, 5)), group=9)
    bigger = replace(song, project=song.project.with_tracks([more]))

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    if step in ("link", "copy"):
        monkeypatch.setattr(os, "link", full)
    if step == "link":
        monkeypatch.setattr(shutil, "disk_usage", lambda _: type("Usage", (), {"free": 10}))
    elif step == "copy":
        monkeypatch.setattr(os, "fsync", full)
    elif step == "text":
        monkeypatch.setattr(store, "_put", full)
    else:
        monkeypatch.setattr(os, "replace", full)
    with pytest.raises(UnwritableTarget, match="too little room"):
        save(bigger, saved.folder, names=saved.names, lock=saved.lock)
    monkeypatch.undo()
    saved.lock.release()
    after = listing(saved.folder)
    if step == "replace":
        after.pop(store.PREVIOUS, None)
    assert after == before
    same(song, opened(saved.folder).document)


@pytest.mark.skipif(sys.platform != "linux", reason="needs a small disk of Linux")
def test_a_small_disk_that_is_really_full(song: Document, make_clip: MakeClip) -> None:
    place = Path("/dev/shm") / f"melic-test-{os.getpid()}"
    import resource

    place.mkdir()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, before[1]))
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        big = Track(9, "More", "mix", song.project.tracks[0].clip, group=9)
        with pytest.raises(UnwritableTarget, match="too little room"):
            save(replace(song, project=Project((big,))), place / "Song.melic")
        assert list(place.iterdir()) == [], "nothing half-made is left"
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        shutil.rmtree(place, ignore_errors=True)


def test_a_save_that_is_cancelled_leaves_nothing_new(
    song: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = save(song, tmp_path / "Song.melic")
    saved.lock.release()
    for steps in range(1, 3):
        work = tasks.save_project(song, tmp_path / "Other.melic")
        for _ in range(steps):
            next(work)
        work.close()
        assert not (tmp_path / "Other.melic").exists()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"format": "melic project"}', "[" * 100_000, '{"a": ' * 50_000]
)
def test_what_is_no_project_is_refused_in_plain_words(
    tmp_path: Path, opened: Callable[[Path], Loaded], text: str
) -> None:
    folder = tmp_path / "Bad.melic"
    folder.mkdir()
    (folder / store.TEXT).write_text(text)
    with pytest.raises(EngineError, match="cannot be opened as a project"):
        opened(folder)


def test_a_folder_without_a_text_is_refused(
    tmp_path: Path, opened: Callable[[Path], Loaded]
) -> None:
    (tmp_path / "Empty.melic").mkdir()
    with pytest.raises(EngineError, match="has no project"):
        opened(tmp_path / "Empty.melic")


def test_peaks_come_from_the_disk_block_by_block(
    song: Document, tmp_path: Path, opened: Callable[[Path], Loaded]
) -> None:
    save(song, tmp_path / "Song.melic").lock.release()
    track = opened(tmp_path / "Song.melic").document.project.tracks[0]
    assert not track.clip.peaks.query(0, 3000, 3).any()
    events = list(tasks.draw({"3": track.clip}))
    spans = [(e.name, e.start, e.stop) for e in events if isinstance(e, Filled)]
    assert spans == [("3", 0, 3000)]
    wanted = song.project.tracks[0].clip.peaks.query(0, 3000, 3)
    assert np.array_equal(track.clip.peaks.query(0, 3000, 3), wanted)


def test_a_lock_ends_with_its_holder_and_is_taken_over_when_stale(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    lock = locks.take(path)
    with pytest.raises(locks.Held) as held:
        locks.take(path)
    assert held.value.owner.pid == os.getpid()
    lock.release()
    lock.release()
    assert not path.exists()
    path.write_text(json.dumps({"host": "another-computer", "pid": 7}))
    with pytest.raises(locks.Held) as held:
        locks.take(path)
    assert held.value.owner == locks.Owner("another-computer", 7)
    os.utime(path, (1, 1))
    locks.take(path).release()
    path.write_bytes(b"\xff\x00 nonsense")
    locks.take(path).release()


def test_stems_whose_song_was_removed_still_belong_together(
    song: Document, tmp_path: Path, opened: Callable[[Path], Loaded]
) -> None:
    alone = replace(song, project=song.project.without([3]))
    save(alone, tmp_path / "Song.melic").lock.release()
    same(alone, opened(tmp_path / "Song.melic").document)
