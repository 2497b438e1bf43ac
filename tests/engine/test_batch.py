"""Batches: what is done, skipped, failed and gone on with; on real files, through real exports."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine import tasks
from engine.batch import Batch, Found, Item, ItemState, find_songs
from engine.chain import Chain, parse, save_chain
from engine.errors import EngineError, UnwritableTarget
from engine.events import Ended, Event, Progress, State, Work
from engine.jobs import Runner
from engine.ledger import LOCK, PARTS, STATE, Ledger
from engine.report import CSV_NAME, JSON_NAME, Report
from tests.conftest import tone

ROOT = Path(__file__).resolve().parents[2]
RATE = 8_000
COPY = parse('name = "Copy"\n[[step]]\ndo = "export"\nwhat = ["song"]\nformat = "flac"')


def write_song(path: Path, seconds: float = 0.5, hz: float = 440.0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, tone(seconds, RATE, 1, hz).T, RATE)
    return path


@pytest.fixture
def songs(tmp_path: Path) -> Path:
    """Three songs at two depths, one of them named in other scripts."""
    folder = tmp_path / "Songs"
    write_song(folder / "2.wav")
    write_song(folder / "10.wav")
    write_song(folder / "CD – שיר" / "歌 🎵.wav")
    return folder


@pytest.fixture
def make_batch(tmp_path: Path) -> Callable[..., Batch]:
    """A function that makes a batch over a folder, as the terminal does."""

    def make(folder: Path, target: Path, chain: Chain = COPY, **more: bool) -> Batch:
        batch = Batch(chain, target, tmp_path / "cache", **more)
        batch.add(find_songs([folder], target))
        return batch

    return make


def finish(work: Work) -> Report:
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value


def states(batch: Batch) -> list[str]:
    return [item.state.value for item in batch.items]


def files(folder: Path) -> dict[str, int]:
    """Every file below, with the time of its last change; what is hidden included."""
    return {
        path.relative_to(folder).as_posix(): path.stat().st_mtime_ns
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def sounds(folder: Path) -> list[str]:
    return [name for name in files(folder) if name.endswith((".flac", ".wav", ".mp3"))]


def test_a_folder_goes_through_a_chain_in_order_and_keeps_its_sub_folders(
    songs: Path, tmp_path: Path, make_batch: Callable[..., Batch]
) -> None:
    out = tmp_path / "new" / "out"
    batch = make_batch(songs, out)
    assert [item.source.name for item in batch.items] == ["2.wav", "10.wav", "歌 🎵.wav"]
    assert states(batch) == ["waiting"] * 3
    report = finish(batch.run())
    assert states(batch) == ["done"] * 3
    assert report.worked
    assert sounds(out) == ["10_(Mix).flac", "2_(Mix).flac", "CD – שיר/歌 🎵_(Mix).flac"]
    copy, rate = soundfile.read(out / "CD – שיר" / "歌 🎵_(Mix).flac", always_2d=True)
    assert rate == RATE
    np.testing.assert_allclose(copy.T, tone(0.5, RATE, 1), atol=2**-15)
    for item in batch.items:
        assert item.seconds == 0.5
        assert item.seconds_taken > 0
    rest = set(files(out)) - set(sounds(out))
    assert rest == {STATE, JSON_NAME, CSV_NAME}
    assert not any((tmp_path / "cache").iterdir())


def test_the_whole_has_a_rate_and_a_time_left(
    songs: Path, tmp_path: Path, make_batch: Callable[..., Batch]
) -> None:
    batch = make_batch(songs, tmp_path / "out")
    told = [event for event in batch.run() if isinstance(event, Progress)]
    known = [event.done for event in told if event.done == event.done]
    assert known == sorted(known)
    assert known[-1] == 1.0
    assert known[0] < 0.34
    middle = told[len(told) // 2]
    assert middle.rate > 0
    assert middle.seconds_left > 0
    assert "2 of 3: 10.wav" in " ".join(event.note for event in told)


def test_what_is_done_is_skipped_and_what_changed_or_is_gone_is_made_again(
    songs: Path, tmp_path: Path, make_batch: Callable[..., Batch]
) -> None:
    out = tmp_path / "out"
    finish(make_batch(songs, out).run())
    before = files(out)
    again = make_batch(songs, out)
    finish(again.run())
    assert states(again) == ["skipped"] * 3
    assert {n: t for n, t in files(out).items() if n in sounds(out)} == {
        n: t for n, t in before.items() if n in sounds(out)
    }
    assert [path.name for path in again.items[0].outputs] == ["2_(Mix).flac"]

    (out / "2_(Mix).flac").unlink()
    (out / "10_(Mix).flac").write_bytes(b"")
    write_song(songs / "CD – שיר" / "歌 🎵.wav", hz=880.0)
    once_more = make_batch(songs, out)
    finish(once_more.run())
    assert states(once_more) == ["done"] * 3
    # The empty file is no longer the one that was made: it is a person's, and left alone.
    assert sounds(out) == [
        "10_(Mix) (2).flac", "10_(Mix).flac", "2_(Mix).flac", "CD – שיר/歌 🎵_(Mix).flac",
    ]  # fmt: skip
    copy, _ = soundfile.read(out / "CD – שיר" / "歌 🎵_(Mix).flac", always_2d=True)
    np.testing.assert_allclose(copy.T, tone(0.5, RATE, 1, 880.0), atol=2**-15)


def test_a_song_with_another_time_but_the_same_bytes_is_skipped_and_known_from_then_on(
    songs: Path, tmp_path: Path, make_batch: Callable[..., Batch], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    finish(make_batch(songs, out).run())
    for path in songs.rglob("*.wav"):
        os.utime(path, (1, 1))
    touched = make_batch(songs, out)
    finish(touched.run())
    assert states(touched) == ["skipped"] * 3
    monkeypatch.setattr("engine.batch.digest", None)  # not read a second time
    known = make_batch(songs, out)
    finish(known.run())
    assert states(known) == ["skipped"] * 3


def test_another_chain_makes_its_own_files_and_both_are_remembered(
    songs: Path, tmp_path: Path, make_batch: Callable[..., Batch]
) -> None:
    out = tmp_path / "out"
    other = parse('name = "x"\n[[step]]\ndo = "export"\nwhat = ["song"]\nformat = "flac"\n'
                  'subtype = "16"')  # fmt: skip
    finish(make_batch(songs / "CD – שיר", out).run())
    finish(make_batch(songs / "CD – שיר", out, other).run())
    assert sounds(out) == ["歌 🎵_(Mix) (2).flac", "歌 🎵_(Mix).flac"]
    assert soundfile.info(out / "歌 🎵_(Mix).flac").subtype == "PCM_24"
    for chain in (COPY, other):
        again = make_batch(songs / "CD – שיר", out, chain)
        finish(again.run())
        assert states(again) == ["skipped"]


def test_force_makes_everything_anew_over_its_own_files_but_not_over_a_persons(
    songs: Path, tmp_path: Path, make_batch: Callable[..., Batch]
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "2_(Mix).flac").write_bytes(b"mine")
    finish(make_batch(songs, out).run())
    assert (out / "2_(Mix).flac").read_bytes() == b"mine"
    before = files(out)
    forced = make_batch(songs, out, force=True)
    finish(forced.run())
    assert states(forced) == ["done"] * 3
    after = files(out)
    assert set(after) == set(before)
    assert after["2_(Mix).flac"] == before["2_(Mix).flac"]
    assert after["2_(Mix) (2).flac"] > before["2_(Mix) (2).flac"]


def test_songs_of_one_name_get_files_of_different_names(
    tmp_path: Path, make_batch: Callable[..., Batch]
) -> None:
    songs = tmp_path / "Songs"
    write_song(songs / "Song.flac", hz=220.0)
    write_song(songs / "Song.wav")
    for _ in range(2):
        finish(make_batch(songs, tmp_path / "out").run())
        assert sounds(tmp_path / "out") == ["Song_(Mix) (2).flac", "Song_(Mix).flac"]


def test_one_bad_song_does_not_stop_the_others_and_is_tried_again_only_if_asked(
    songs: Path, tmp_path: Path, make_batch: Callable[..., Batch], monkeypatch: pytest.MonkeyPatch
) -> None:
    (songs / "3.mp3").write_text("this is no sound")
    out = tmp_path / "out"
    batch = make_batch(songs, out)
    report = finish(batch.run())
    assert states(batch) == ["done", "failed", "done", "done"]
    assert not report.worked
    bad = batch.items[1]
    assert bad.error == "“3.mp3” is text, not sound."
    assert bad.hint
    assert "UnreadableAudio" in bad.details
    assert bad.outputs == ()

    tried: list[str] = []
    decode = tasks.decode

    def watched(path: Path, *rest: object) -> Work:
        tried.append(path.name)
        return (yield from decode(path, *rest))  # type: ignore[arg-type]

    monkeypatch.setattr(tasks, "decode", watched)
    second = make_batch(songs, out)
    assert not finish(second.run()).worked
    assert states(second) == ["skipped", "failed", "skipped", "skipped"]
    assert second.items[1].error == bad.error
    assert tried == []
    finish(make_batch(songs, out, retry_failed=True).run())
    assert tried == ["3.mp3"]
    second.retry([second.items[1].id, second.items[0].id])
    assert states(second) == ["waiting", "waiting", "skipped", "skipped"]
    finish(second.run())
    assert states(second) == ["done", "failed", "skipped", "skipped"]
    assert tried == ["3.mp3", "2.wav", "3.mp3"]
    write_song(songs / "3.mp3")  # another file now: nothing is held against it
    mended = make_batch(songs, out)
    assert finish(mended.run()).worked
    assert states(mended) == ["skipped", "done", "skipped", "skipped"]


def test_a_full_disk_is_not_held_against_a_song(
    songs: Path, tmp_path: Path, make_batch: Callable[..., Batch], monkeypatch: pytest.MonkeyPatch
) -> None:
    export = tasks.export_clip

    def full(*_: object) -> Work:
        yield Progress(0.5)
        raise UnwritableTarget("The disk was full.", "Make room.")

    monkeypatch.setattr(tasks, "export_clip", full)
    out = tmp_path / "out"
    batch = make_batch(songs, out)
    finish(batch.run())
    assert states(batch) == ["failed"] * 3
    assert sounds(out) == []
    monkeypatch.setattr(tasks, "export_clip", export)
    assert finish(make_batch(songs, out).run()).worked


def test_a_fault_of_ours_is_told_with_its_trace_and_does_not_stop_the_others(
    songs: Path, tmp_path: Path, make_batch: Callable[..., Batch], monkeypatch: pytest.MonkeyPatch
) -> None:
    decode = tasks.decode

    def faulty(path: Path, *rest: object) -> Work:
        if path.stem == "10":
            raise ZeroDivisionError("division by zero")
        return (yield from decode(path, *rest))  # type: ignore[arg-type]

    monkeypatch.setattr(tasks, "decode", faulty)
    batch = make_batch(songs, tmp_path / "out")
    finish(batch.run())
    assert states(batch) == ["done", "failed", "done"]
    assert "ZeroDivisionError" in batch.items[1].error
    assert "Traceback" in batch.items[1].details


def test_a_song_that_is_gone_when_its_turn_comes_fails_alone(
    songs: Path, tmp_path: Path, make_batch: Callable[..., Batch]
) -> None:
    batch = make_batch(songs, tmp_path / "out")
    (songs / "10.wav").unlink()
    finish(batch.run())
    assert states(batch) == ["done", "failed", "done"]
    assert "10.wav" in batch.items[1].error


def test_all_files_of_a_song_appear_together_or_not_at_all(
    songs: Path, tmp_path: Path, make_batch: Callable[..., Batch], monkeypatch: pytest.MonkeyPatch
) -> None:
    both = parse('name = "x"\n[[step]]\ndo = "export"\nwhat = ["song"]\nformat = "flac"\n'
                 '[[step]]\ndo = "export"\nwhat = ["song"]\nformat = "wav"')  # fmt: skip
    export = tasks.export_clip
    out = tmp_path / "out"

    def fragile(clip: object, path: Path, *rest: object) -> Work:
        if path.suffix == ".wav":
            assert (path.parent / "2_(Mix).flac").is_file()  # is made, but not yet there
            assert sounds(out) == [(path.parent / "2_(Mix).flac").relative_to(out).as_posix()]
            raise EngineError("It broke.")
        return (yield from export(clip, path, *rest))  # type: ignore[arg-type]

    monkeypatch.setattr(tasks, "export_clip", fragile)
    batch = make_batch(songs / "2.wav", out, both)
    finish(batch.run())
    assert states(batch) == ["failed"]
    assert sounds(out) == []


def test_a_batch_ends_within_a_second_leaves_nothing_half_made_and_goes_on_later(
    tmp_path: Path, make_batch: Callable[..., Batch]
) -> None:
    songs, out = tmp_path / "Songs", tmp_path / "out"
    write_song(songs / "1.wav")
    write_song(songs / "2.wav", 600.0)
    slow = parse('name = "x"\n[[step]]\ndo = "export"\nwhat = ["song"]\nformat = "mp3"')
    batch = make_batch(songs, out, slow)
    runner = Runner()
    try:
        job = runner.submit("Batch", batch.run, "heavy", background=True)
        while not (batch.items[1].state is ItemState.RUNNING and batch.items[1].share > 0.1):
            runner.mailbox.get(timeout=60)
        asked = time.monotonic()
        job.cancel()
        last: Event = Progress(0.0)
        while not isinstance(last, Ended):
            last = runner.mailbox.get(timeout=60)[1]
        assert time.monotonic() - asked < 1.0
        assert last.state is State.CANCELLED
    finally:
        runner.close()
    assert states(batch) == ["done", "waiting"]
    assert sounds(out) == ["1_(Mix).mp3"]
    assert not (out / PARTS).exists()
    assert not (out / LOCK).exists()
    assert not any((tmp_path / "cache").iterdir())
    rows = json.loads((out / JSON_NAME).read_text("utf-8"))["items"]
    assert [row["state"] for row in rows] == ["done", "waiting"]
    finish(batch.run())  # the same batch goes on
    assert states(batch) == ["done", "done"]
    assert sounds(out) == ["1_(Mix).mp3", "2_(Mix).mp3"]


def test_items_can_be_removed_added_and_paused_while_it_runs(
    songs: Path, tmp_path: Path, make_batch: Callable[..., Batch]
) -> None:
    out = tmp_path / "out"
    batch = make_batch(songs, out)
    work = batch.run()

    def until(true: Callable[[], bool]) -> None:
        while not true():
            next(work)

    def running() -> Item | None:
        return next((i for i in batch.items if i.state is ItemState.RUNNING), None)

    until(lambda: running() is not None)
    batch.paused = True
    next(work)
    before = batch.items
    paused = [next(work) for _ in range(3)]
    assert all(isinstance(event, Progress) and "Paused" in event.note for event in paused)
    assert batch.items == before
    batch.paused = False
    first = running()
    assert first is not None
    batch.remove([first.id, batch.items[1].id])
    extra = write_song(tmp_path / "Extra.wav")
    batch.add([Found(extra, Path("more")), Found(extra, Path("twice"))])
    finish(work)
    assert [item.source.name for item in batch.items] == ["歌 🎵.wav", "Extra.wav"]
    assert states(batch) == ["done", "done"]
    assert sounds(out) == ["CD – שיר/歌 🎵_(Mix).flac", "more/Extra_(Mix).flac"]


def test_the_report_tells_what_became_of_each_song(
    songs: Path, tmp_path: Path, make_batch: Callable[..., Batch]
) -> None:
    (songs / "3.mp3").write_text("this is no sound")
    out = tmp_path / "out"
    finish(make_batch(songs, out).run())
    whole = json.loads((out / JSON_NAME).read_text("utf-8"))
    assert whole["chain"] == "Copy"
    assert whole["counts"] == {"done": 3, "failed": 1}
    good, bad = whole["items"][0], whole["items"][1]
    assert good["song"] == str(songs / "2.wav")
    assert (good["state"], good["seconds"]) == ("done", 0.5)
    assert good["outputs"] == [str(out / "2_(Mix).flac")]
    assert bad["error"]
    assert bad["hint"]
    with (out / CSV_NAME).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["state"] for row in rows] == ["done", "failed", "done", "done"]
    assert rows[3]["song"].endswith("歌 🎵.wav")


def test_what_batches_made_is_no_song_for_the_next_one(
    songs: Path, make_batch: Callable[..., Batch]
) -> None:
    for out in (songs, songs / "made"):
        for _ in range(2):
            batch = make_batch(songs, out)
            names = [item.source.name for item in batch.items]
            assert sorted(names) == ["10.wav", "2.wav", "歌 🎵.wav"]
            finish(batch.run())
        for path in songs.rglob("*.flac"):
            path.unlink()
        (out / STATE).unlink()


def test_dropped_folders_keep_their_names_and_a_named_file_lies_at_the_top(
    songs: Path, tmp_path: Path
) -> None:
    found = find_songs([songs, songs / "2.wav"], tmp_path, keep_names=True)
    assert [song.place.as_posix() for song in found] == ["Songs", "Songs", "Songs/CD – שיר"]
    assert find_songs([songs / "2.wav"], tmp_path)[0].place == Path()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="rights do not bind here")
def test_a_target_that_takes_no_files_is_told_before_any_work(
    songs: Path, tmp_path: Path, make_batch: Callable[..., Batch]
) -> None:
    out = tmp_path / "out"
    out.mkdir(mode=0o500)
    with pytest.raises(UnwritableTarget, match="may not be written"):
        finish(make_batch(songs, out).run())


def test_a_target_that_cannot_be_a_folder_is_told_before_any_work(
    songs: Path, tmp_path: Path, make_batch: Callable[..., Batch]
) -> None:
    (tmp_path / "file").write_text("x")
    for target in (tmp_path / "file", tmp_path / "file" / "out"):
        batch = make_batch(songs, target)
        with pytest.raises(UnwritableTarget):
            finish(batch.run())
        assert states(batch) == ["waiting"] * 3


def test_a_read_only_disk_is_told_in_words(
    songs: Path, tmp_path: Path, make_batch: Callable[..., Batch], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("engine.ledger.write_whole", refuse)
    with pytest.raises(UnwritableTarget, match="may not be written"):
        finish(make_batch(songs, tmp_path / "out").run())


def test_two_batches_do_not_write_to_one_folder(
    songs: Path, tmp_path: Path, make_batch: Callable[..., Batch]
) -> None:
    out = tmp_path / "out"
    first = Ledger(out)
    with pytest.raises(EngineError, match="Another batch"):
        finish(make_batch(songs, out).run())
    first.close()
    assert finish(make_batch(songs, out).run()).worked


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "damaged"),
        ('{"version": 1}', "damaged"),
        ('{"version": 1, "songs": [{"source": "a"}]}', "damaged"),
        ('{"version": 2, "songs": []}', "newer Melic"),
    ],
)
def test_a_state_file_that_cannot_be_read_is_left_alone(
    songs: Path, tmp_path: Path, make_batch: Callable[..., Batch], text: str, words: str
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / STATE).write_text(text)
    with pytest.raises(EngineError, match=words):
        finish(make_batch(songs, out).run())
    assert (out / STATE).read_text() == text


# Killed at any moment: a child process works, and is killed without warning.

CHILD = """
import os, signal, sys
from pathlib import Path
from engine import ledger
from engine.batch import Batch, find_songs
from engine.chain import read_chain

chain, songs, out, cache, fatal = sys.argv[1:]
calls = 0

def killing(name, original):
    def call(*arguments):
        global calls
        calls += 1
        if calls == int(fatal):
            os.kill(os.getpid(), signal.SIGKILL)
        return original(*arguments)
    return call

ledger.os.replace = killing("replace", os.replace)  # every step towards lasting is one of these
batch = Batch(read_chain(Path(chain)), Path(out), Path(cache))
batch.add(find_songs([Path(songs)], batch.target))
for _ in batch.run():
    pass
"""


@pytest.fixture
def in_pieces(songs: Path, tmp_path: Path) -> Callable[[int], int]:
    """A function that starts a batch in a process of its own, killed at its n-th rename."""
    two = parse('name = "x"\n[[step]]\ndo = "export"\nwhat = ["song"]\nformat = "flac"\n'
                '[[step]]\ndo = "export"\nwhat = ["song"]\nformat = "wav"')  # fmt: skip
    chain = save_chain(two, tmp_path / "chains")

    def start(fatal: int) -> int:
        places = [str(each) for each in (chain, songs, tmp_path / "out", tmp_path / "cache")]
        done = subprocess.run(
            [sys.executable, "-c", CHILD, *places, str(fatal)],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode in (0, -signal.SIGKILL), done.stderr
        return done.returncode

    return start


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.slow
def test_after_a_kill_at_any_moment_it_goes_on_and_nothing_is_made_twice_or_half(
    in_pieces: Callable[[int], int], songs: Path, tmp_path: Path
) -> None:
    wanted = sorted(
        f"{place}_(Mix).{kind}"
        for place in ("2", "10", "CD – שיר/歌 🎵")
        for kind in ("flac", "wav")
    )
    out = tmp_path / "out"
    killed = 0
    for fatal in range(1, 30):
        code = in_pieces(fatal)
        killed += code != 0
        if out.is_dir():
            whole = [name for name in sounds(out) if not name.startswith(PARTS)]
            assert set(whole) <= set(wanted), "nothing has a number: nothing was made twice"
            for name in whole:
                assert soundfile.info(out / name).frames == RATE // 2
        if fatal % 5 == 4 or code == 0:  # now and then to the end, then from the start again
            assert in_pieces(0) == 0
            assert sounds(out) == wanted
            assert set(files(out)) == {*wanted, STATE, JSON_NAME, CSV_NAME}
            assert not any((tmp_path / "cache").iterdir())
            for name in wanted:
                (out / name).unlink()
    assert killed >= 15
    assert in_pieces(0) == 0
    before = {name: files(out)[name] for name in wanted}
    assert in_pieces(0) == 0
    assert {name: files(out)[name] for name in wanted} == before
