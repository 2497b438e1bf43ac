"""The terminal's verbs, on real files and the real model."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import platformdirs
import pytest
import soundfile

from app import cli, terminal
from engine import tasks
from engine.errors import UnwritableTarget
from engine.events import Progress, Work
from engine.types import Scratch

ROOT = Path(__file__).resolve().parents[2]
WITHOUT_QT = (
    "import sys; sys.modules.update(dict.fromkeys(['PySide6', 'shiboken6', 'pyqtgraph']))\n"
    "from app import bootstrap; sys.exit(bootstrap.main(sys.argv[1:]))"
)


@pytest.fixture
def silence(tmp_path: Path) -> Path:
    """A mono file of silence: all steps run, but the network has nothing to do."""
    path = tmp_path / "Quiet.wav"
    soundfile.write(path, np.zeros(8_000), 16_000)
    return path


def scratch_left() -> list[Path]:
    return list(platformdirs.user_cache_path("Melic").glob("melic-*"))


def test_a_song_becomes_two_files_that_add_up_to_it_and_no_qt_is_needed(
    tone_file: Path, tmp_path: Path
) -> None:
    out, text = tmp_path / "new" / "out", tmp_path / "Text.mp3"
    text.write_text("no song")
    command = ["separate", str(text), str(tone_file), str(tmp_path / "Gone.wav")]
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_QT, *command, "-o", str(out), "--json"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr  # not every song worked
    assert "Traceback" not in done.stderr
    bad, good, gone = map(json.loads, done.stdout.splitlines())
    assert bad["song"] == str(text)
    assert bad["error"]
    assert bad["hint"]
    assert gone["error"]
    assert good["song"] == str(tone_file)
    assert good["seconds"] == 2.0
    assert good["real_time_factor"] == pytest.approx(2.0 / good["seconds_taken"])
    assert good["device"] in ("cpu", "cuda")
    assert good["model"]
    assert good["null_db"] < -100
    assert good["paths"] == {
        "vocals": str(out / "Tone_(Vocals).wav"),
        "instrumental": str(out / "Tone_(Instrumental).wav"),
    }
    mix, _ = soundfile.read(tone_file)
    total = np.zeros_like(mix)
    for path in good["paths"].values():
        assert soundfile.info(path).subtype == "PCM_24"
        stem, rate = soundfile.read(path)
        assert (stem.shape, rate) == (mix.shape, 44_100)
        total += stem
    np.testing.assert_allclose(total, mix, atol=2**-22)
    assert sorted(p.name for p in out.iterdir()) == ["Tone_(Instrumental).wav", "Tone_(Vocals).wav"]


def test_a_folder_is_read_at_any_depth_and_formats_and_names_can_be_chosen(
    silence: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    album = tmp_path / "Album" / "CD 1"
    album.mkdir(parents=True)
    silence.rename(album / "歌 🎵.wav")
    options = ["--format", "flac", "--subtype", "16", "--template", "{stem} of {song}"]
    assert cli.main(["separate", str(tmp_path / "Album"), "-o", str(tmp_path / "o"), *options]) == 0
    out = capsys.readouterr().out
    paths = [tmp_path / "o" / f"{stem} of 歌 🎵.flac" for stem in ("Vocals", "Instrumental")]
    assert out == "".join(f"{path}\n" for path in paths)
    info = soundfile.info(paths[0])
    assert (info.format, info.subtype, info.samplerate) == ("FLAC", "PCM_16", 16_000)
    assert (info.channels, info.frames) == (1, 8_000)


def test_nothing_is_overwritten_unless_asked_and_never_within_one_call(
    silence: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    there = out / "Quiet_(Vocals).wav"
    there.write_bytes(b"mine")
    assert cli.main(["separate", str(silence), "-o", str(out)]) == 0
    assert there.read_bytes() == b"mine"
    assert soundfile.info(out / "Quiet_(Vocals) (2).wav").frames == 8_000

    (tmp_path / "other").mkdir()
    other = tmp_path / "other" / silence.name
    soundfile.write(other, np.zeros(4_000), 16_000)
    assert cli.main(["separate", str(silence), str(other), "-o", str(out), "--overwrite"]) == 0
    assert soundfile.info(there).frames == 8_000
    written = capsys.readouterr().out.splitlines()[-4:]
    assert [soundfile.info(path).frames for path in written] == [8_000, 8_000, 4_000, 4_000]
    assert len(set(written)) == 4


def test_stems_lie_beside_the_song_when_no_folder_is_named(silence: Path) -> None:
    assert cli.main(["separate", str(silence), "--format", "mp3"]) == 0
    assert (silence.parent / "Quiet_(Vocals).mp3").stat().st_size > 0


@pytest.mark.parametrize(
    ("stop", "code"), [(KeyboardInterrupt(), 130), (UnwritableTarget("Full.", "Make room."), 1)]
)
def test_a_song_that_cannot_be_finished_leaves_no_file_at_all(
    silence: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    stop: BaseException,
    code: int,
) -> None:
    export = tasks.export_clip

    def fragile(clip: object, path: Path, *rest: object, **more: object) -> Work:
        if "Instrumental" in path.name:
            yield Progress(0.5)
            raise stop
        return (yield from export(clip, path, *rest, **more))  # type: ignore[arg-type]

    monkeypatch.setattr(tasks, "export_clip", fragile)
    out = tmp_path / "out"
    assert cli.main(["separate", str(silence), "-o", str(out)]) == code
    assert list(out.iterdir()) == []
    assert scratch_left() == []
    said = capsys.readouterr()
    assert said.out == ""
    assert "Make room." in said.err or code == 130


@pytest.mark.parametrize("swallowed", ["as another error", "whole"])
@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_it_also_where_other_code_swallows_it(
    silence: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    swallowed: str,
    sent: signal.Signals,
    code: int,
) -> None:
    decode = tasks.decode

    def deaf(song: Path, scratch: Scratch) -> Work:
        try:
            signal.raise_signal(sent)
        except (KeyboardInterrupt, SystemExit):
            if swallowed == "as another error":
                raise RuntimeError("an error of Rust") from None
        return (yield from decode(song, scratch))

    monkeypatch.setattr(tasks, "decode", deaf)
    out = tmp_path / "out"
    assert cli.main(["separate", str(silence), "-o", str(out)]) == code
    assert not out.exists()
    assert scratch_left() == []


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_signals_while_the_network_runs_end_it_cleanly(tmp_path: Path) -> None:
    song = tmp_path / "Long.wav"
    soundfile.write(song, np.random.default_rng(0).normal(0, 0.1, 44_100 * 120), 44_100)
    out = tmp_path / "out"
    codes = {signal.SIGINT: 130, signal.SIGTERM: 143}
    running = [
        subprocess.Popen(
            [sys.executable, "main.py", "separate", song, "-o", out],
            cwd=ROOT, stderr=subprocess.PIPE, text=True,
        )
        for _ in codes
    ]  # fmt: skip
    deadline = time.monotonic() + 120
    try:
        while sum(len(list(place.glob("*.wav"))) == 3 for place in scratch_left()) < len(codes):
            assert time.monotonic() < deadline
            assert all(process.poll() is None for process in running)
            time.sleep(0.05)
        for process, sent in zip(running, codes, strict=True):  # before either can be done
            process.send_signal(sent)
        for process, code in zip(running, codes.values(), strict=True):
            _, said = process.communicate(timeout=120)
            assert process.returncode == code
            assert "Traceback" not in said
    finally:
        for process in running:
            process.kill()
            process.communicate()
    assert not out.exists()
    assert scratch_left() == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["separate"],
        ["separate", "a.wav", "--format", "ogg"],
        ["separate", "a.wav", "--model", "no-such-model"],
        ["nonsense"],
    ],
)
def test_wrong_use_is_told_on_stderr_with_code_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err


def test_an_unexpected_error_is_no_traceback_unless_wanted(
    silence: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def faulty(*_: object) -> Work:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(tasks, "decode", faulty)
    assert cli.main(["separate", str(silence), "--json"]) == 1
    said = capsys.readouterr()
    assert "ZeroDivisionError" in json.loads(said.out)["error"]
    assert "--debug" in said.err
    with pytest.raises(ZeroDivisionError):
        cli.main(["separate", str(silence), "--debug"])


def test_a_terminal_shows_rate_and_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    def work() -> Work:
        yield Progress(0.25, "", 9.1, 74.0)
        return "result"

    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    with terminal.Bar("Song.mp3") as bar:
        assert bar.drain("separating", work(), 0.0, 0.8) == "result"
    assert "Song.mp3  20 %" in screen.getvalue()
    assert "separating · 9.1x · 1:14 left" in screen.getvalue()


def test_models_are_listed_with_licence_size_and_figures(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from engine import cards

    assert cli.main(["models"]) == 0
    text = capsys.readouterr().out
    assert cli.main(["models", "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["id"] for row in rows] == [card.id for card in cards.cards()]
    first = {card.task: card.id for card in reversed(cards.cards())}
    assert sorted(first) == ["separate", "sing", "transcribe"]
    assert {row["id"] for row in rows if row["default"]} == set(first.values())
    for row, card in zip(rows, cards.cards(), strict=True):
        assert row["licence"] in text
        assert f"{card.weights.bytes / 1e6:.1f} MB" in text
        assert row["figures"] == dict(card.figures)


def test_every_program_of_the_table_exists_and_gets_its_own_options(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for programs in cli.PROGRAMS.values():
        for place in programs.values():
            module, function = place.split(":")
            source = (ROOT / module.replace(".", "/")).with_suffix(".py").read_text("utf-8")
            assert f"\ndef {function}(" in source, place
    heard: list[list[str]] = []
    monkeypatch.setitem(sys.modules, "made_up", SimpleNamespace(run=heard.append))
    monkeypatch.setitem(cli.PROGRAMS, "bench", {"odd": "made_up:run"})
    assert cli.main(["bench", "odd", "--minutes", "3", "--help", "x"]) == 0
    assert heard == [["--minutes", "3", "--help", "x"]]


def test_help_comes_without_set_up_and_names_every_verb() -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-c",
         f"import sys; sys.path.insert(0, {str(ROOT)!r}); sys.argv[1:] = ['--help']\n"
         "import runpy; runpy.run_module('main', run_name='__main__')"],
        capture_output=True, text=True, check=False, env={**os.environ, "MELIC_SETUP": ""},
    )  # fmt: skip
    assert done.returncode == 0
    for verb in cli.VERBS:
        assert verb in done.stdout
