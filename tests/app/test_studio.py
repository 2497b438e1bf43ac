from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from app import export
from app.start import Program
from engine.audio import Encoding
from engine.events import State
from tests.app.desk import import_song, open_desk, wait_for
from tests.conftest import tone


@pytest.fixture
def desk(qapp: object, tmp_path: Path) -> Iterator[Program]:
    with open_desk(tmp_path) as program:
        yield program


def song(folder: Path, seconds: float = 3.0, name: str = "Song.wav") -> Path:
    rng = np.random.default_rng(1)
    noise = 0.05 * rng.standard_normal((2, round(seconds * 44_100)))
    path = folder / name
    soundfile.write(path, (tone(seconds) + noise).T.astype(np.float32), 44_100, "FLOAT")
    return path


def separated(desk: Program, path: Path) -> list[int]:
    """Import and separate; the ids of mix, vocals, instrumental."""
    mix = import_song(desk, path)
    job = desk.studio.separate(mix)
    assert job is not None
    wait_for(lambda: desk.jobs.status(job).ended)
    assert desk.jobs.status(job).state is State.DONE, desk.jobs.status(job).ended
    return [track.id for track in desk.session.project.tracks]


def test_a_file_becomes_a_lane_in_one_undo_step(desk: Program, tmp_path: Path) -> None:
    path = song(tmp_path, name="曲 שיר 🎵.wav")
    id = import_song(desk, path)
    track = desk.session.lane(id).track
    assert track.name == "曲 שיר 🎵"
    assert track.clip.frames == 3 * 44_100
    assert desk.session.selected == id
    assert desk.session.undo_stack.undoText() == "Import 曲 שיר 🎵.wav"
    desk.session.undo_stack.undo()
    assert desk.session.lanes == ()


def test_a_lane_shows_while_its_file_is_still_read(desk: Program, tmp_path: Path) -> None:
    seen: list[object] = []
    desk.session.lanes_changed.connect(
        lambda: seen.extend(lane.filled for lane in desk.session.lanes)
    )
    import_song(desk, song(tmp_path, 20.0))
    assert () in seen
    assert seen[-1] is None


def test_a_folder_brings_all_its_songs(desk: Program, tmp_path: Path) -> None:
    (tmp_path / "Album" / "Disc 2").mkdir(parents=True)
    song(tmp_path / "Album", 0.5, "One.wav")
    song(tmp_path / "Album" / "Disc 2", 0.5, "Two.wav")
    desk.studio.import_files([tmp_path / "Album"])
    wait_for(lambda: len(desk.session.project.tracks) == 2)
    assert {t.name for t in desk.session.project.tracks} == {"One", "Two"}


def test_a_text_that_calls_itself_a_song_is_refused_in_plain_words(
    desk: Program, tmp_path: Path
) -> None:
    (tmp_path / "Song.mp3").write_text("la la la\n" * 100)
    told: list[object] = []
    desk.studio.trouble.connect(told.append)
    desk.studio.import_files([tmp_path / "Song.mp3"])
    wait_for(lambda: told)
    assert "Song.mp3" in told[0].message
    assert "Traceback" not in told[0].message + told[0].hint
    assert desk.session.lanes == ()


def test_stems_open_at_once_silence_the_mix_and_become_one_undo_step(
    desk: Program, tmp_path: Path
) -> None:
    mix = import_song(desk, song(tmp_path))
    steps = desk.session.undo_stack.count()
    job = desk.studio.separate(mix)
    wait_for(lambda: len(desk.session.lanes) == 3)
    assert [lane.track.role for lane in desk.session.lanes] == ["mix", "vocals", "instrumental"]
    assert desk.studio.heard(mix) == "stems"
    wait_for(lambda: desk.jobs.status(job).ended)
    assert desk.session.undo_stack.count() == steps + 1
    assert desk.session.undo_stack.undoText() == "Separate vocals"
    tracks = desk.session.project.tracks
    whole = tracks[0].clip.read(0, tracks[0].clip.frames)
    parts = [track.clip.read(0, track.clip.frames) for track in tracks[1:]]
    assert np.abs(whole - sum(parts)).max() < 1e-5
    assert desk.studio.separations[mix].null_db < -100
    desk.session.undo_stack.undo()
    assert [lane.track.muted for lane in desk.session.lanes] == [False]


def test_the_region_at_the_playhead_is_made_first(
    desk: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.windows.cores", lambda: 1)  # side by side the second may end first
    mix = import_song(desk, song(tmp_path, 30.0))
    desk.axis.seek(20.0)
    job = desk.studio.separate(mix)
    first: list[tuple[int, int, int]] = []
    desk.session.filled.connect(lambda *span: first.append(span))
    wait_for(lambda: first)
    desk.studio.cancel(job)
    _, start, stop = first[0]
    assert 19.0 < start / 44_100 <= 20.0 < stop / 44_100  # the next may be told with it


def test_cancelling_takes_the_lanes_away_at_once_and_the_job_within_a_second(
    desk: Program, tmp_path: Path
) -> None:
    mix = import_song(desk, song(tmp_path, 120.0))
    job = desk.studio.separate(mix)
    wait_for(lambda: any(lane.filled for lane in desk.session.lanes))
    document = desk.session.project
    began = time.monotonic()
    desk.studio.cancel(job)
    assert len(desk.session.lanes) == 1
    assert not desk.session.lanes[0].track.muted
    wait_for(lambda: desk.jobs.status(job).ended)
    assert time.monotonic() - began < 1.0
    assert desk.jobs.status(job).state is State.CANCELLED
    assert desk.session.project is document
    assert desk.studio.can_separate(mix)


def test_songs_wait_for_each_other_and_a_waiting_one_is_cancelled_at_once(
    desk: Program, tmp_path: Path
) -> None:
    first = import_song(desk, song(tmp_path, 60.0, "One.wav"))
    second = import_song(desk, song(tmp_path, 1.0, "Two.wav"))
    desk.studio.separate_all()
    running, waiting = desk.studio.separation_job(first), desk.studio.separation_job(second)
    wait_for(lambda: desk.jobs.status(running).state is State.RUNNING)
    assert desk.jobs.status(waiting).state is State.QUEUED
    desk.studio.cancel(waiting)
    assert desk.jobs.status(waiting).state is State.CANCELLED
    desk.studio.cancel(running)
    wait_for(lambda: desk.jobs.status(running).ended)


def test_what_is_heard_is_the_stems_and_with_one_click_the_mix(
    desk: Program, tmp_path: Path
) -> None:
    mix, vocals, _ = separated(desk, song(tmp_path))
    sink = desk.player._sink
    clip = desk.session.lane(vocals).track.clip
    desk.session.set_track(vocals, solo=True)
    desk.studio.transport.play_pause()
    heard = sink.pull(44_100)
    start = int(np.argmax(np.abs(heard[0]) > 0))
    compared = heard[:, start + 2_000 : 40_000]
    expected = clip.read(2_000, 40_000 - start)
    assert np.abs(compared - expected).max() < 1e-4
    desk.studio.transport.play_pause()
    desk.studio.hear(mix, "mix")
    assert desk.studio.heard(mix) == "mix"
    assert [lane.track.muted for lane in desk.session.lanes] == [False, True, True]
    desk.studio.swap_heard()
    assert desk.studio.heard(mix) == "stems"


def test_the_residual_is_a_lane_of_almost_nothing(desk: Program, tmp_path: Path) -> None:
    mix, *_ = separated(desk, song(tmp_path))
    desk.studio.residual(mix)
    wait_for(lambda: len(desk.session.project.tracks) == 4)
    last = desk.session.project.tracks[-1]
    assert last.role == "residual"
    assert last.solo
    assert np.abs(last.clip.read(0, last.clip.frames)).max() < 1e-5
    assert not desk.studio.can_hear_residual(mix)


def test_removing_a_lane_being_made_cancels_its_job(desk: Program, tmp_path: Path) -> None:
    mix = import_song(desk, song(tmp_path, 60.0))
    job = desk.studio.separate(mix)
    wait_for(lambda: len(desk.session.lanes) == 3)
    desk.studio.remove(desk.session.lanes[1].track.id)
    assert len(desk.session.lanes) == 1
    wait_for(lambda: desk.jobs.status(job).state is State.CANCELLED)


def test_exported_stems_have_the_usual_names_and_never_overwrite(
    desk: Program, tmp_path: Path
) -> None:
    separated(desk, song(tmp_path))
    stems = desk.session.project.tracks[1:]
    template = "{source}_({stem})"
    wish = export.Export(stems, (), Encoding("wav", "float"), tmp_path / "Out", template)
    for _ in range(2):
        job = desk.studio.export(wish)
        wait_for(lambda job=job: desk.jobs.status(job).ended)
        assert desk.jobs.status(job).state is State.DONE, desk.jobs.status(job).ended
    written = sorted(path.name for path in (tmp_path / "Out").iterdir())
    assert written == [
        "Song_(Instrumental) (2).wav",
        "Song_(Instrumental).wav",
        "Song_(Vocals) (2).wav",
        "Song_(Vocals).wav",
    ]
    sound, rate = soundfile.read(tmp_path / "Out" / "Song_(Vocals).wav", dtype="float32")
    assert rate == 44_100
    clip = stems[0].clip
    assert np.array_equal(sound.T, clip.read(0, clip.frames))


def test_an_export_says_what_it_had_to_change(desk: Program, tmp_path: Path) -> None:
    path = tmp_path / "Hot.wav"
    soundfile.write(path, 1.5 * tone(1.0).T / np.abs(tone(1.0)).max(), 44_100, "FLOAT")
    id = import_song(desk, path)
    wish = export.Export(
        (desk.session.lane(id).track,), (), Encoding("wav", "16"), tmp_path / "Out", "{song}"
    )
    job = desk.studio.export(wish)
    wait_for(lambda: desk.jobs.status(job).ended)
    note = desk.jobs.status(job).note
    assert note.startswith("Hot.wav")
    assert "full scale" in note


def test_a_plan_says_which_names_are_taken(desk: Program, tmp_path: Path) -> None:
    id = import_song(desk, song(tmp_path))
    (tmp_path / "Song_(Mix).flac").write_bytes(b"mine")
    track = desk.session.lane(id).track
    wish = export.Export((track,), (), Encoding("flac", "24"), None, "{source}_({stem})")
    (item,) = export.plan(wish)
    assert item.renamed
    assert item.path.name == "Song_(Mix) (2).flac"


def test_an_export_to_a_place_that_cannot_be_written_fails_with_a_hint(
    desk: Program, tmp_path: Path
) -> None:
    id = import_song(desk, song(tmp_path))
    (tmp_path / "file").write_text("not a folder")
    track = desk.session.lane(id).track
    encoding = Encoding("wav", "24")
    wish = export.Export((track,), (), encoding, tmp_path / "file" / "in", "{source}")
    job = desk.studio.export(wish)
    wait_for(lambda: desk.jobs.status(job).ended)
    assert desk.jobs.status(job).state is State.FAILED
    assert desk.jobs.status(job).retry is not None
