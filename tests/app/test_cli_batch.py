"""The verb `batch`, as a person or a script calls it, with the real model."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from app import cli
from tests.conftest import tone

ROOT = Path(__file__).resolve().parents[2]
RATE = 16_000
WITHOUT_QT = (
    "import sys; sys.modules.update(dict.fromkeys(['PySide6', 'shiboken6', 'pyqtgraph']))\n"
    "from app import bootstrap; sys.exit(bootstrap.main(sys.argv[1:]))"
)
COPY = 'name = "Copy"\n[[step]]\ndo = "export"\nwhat = ["song"]\nformat = "flac"\n'


def write_song(path: Path, seconds: float = 0.5) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, tone(seconds, RATE, 1).T, RATE)
    return path


@pytest.fixture
def songs(tmp_path: Path) -> Path:
    """Two songs in a folder, one of them further down."""
    write_song(tmp_path / "Songs" / "One.wav")
    write_song(tmp_path / "Songs" / "CD 2" / "歌 🎵.wav")
    return tmp_path / "Songs"


@pytest.fixture
def chain(tmp_path: Path) -> Path:
    """A chain that needs no network."""
    path = tmp_path / "Copy.toml"
    path.write_text(COPY, "utf-8")
    return path


def test_a_bundled_chain_separates_a_folder_and_no_qt_is_needed(
    songs: Path, tmp_path: Path
) -> None:
    (songs / "Text.mp3").write_text("no song")
    out = tmp_path / "out"

    def run(*more: str) -> tuple[int, list[dict[str, object]]]:
        done = subprocess.run(
            [sys.executable, "-c", WITHOUT_QT, "batch", "practice", str(songs), "-o", str(out),
             "--json", *more],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert "Traceback" not in done.stderr
        return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]

    code, rows = run()
    assert code == 1  # one of them is no song
    assert [row["state"] for row in rows] == ["done", "failed", "done"]
    assert rows[0]["outputs"] == [
        str(out / f"One_({stem}).flac") for stem in ("Practice", "Instrumental")
    ]
    assert isinstance(rows[0]["null_db"], float)
    assert rows[0]["null_db"] < -100
    assert rows[0]["device"] in ("cpu", "cuda")
    assert rows[1]["error"]
    # practice = vocals at -12 dB + instrumental, and vocals + instrumental = song
    song = tone(0.5, RATE, 1)
    practice, band = (soundfile.read(path, always_2d=True)[0].T for path in rows[0]["outputs"])
    singer = (practice - band) / 10 ** (-12 / 20)
    np.testing.assert_allclose(singer + band, song, atol=14 * 2**-15)  # dither, at 12 dB
    assert (out / "CD 2" / "歌 🎵_(Practice).flac").is_file()

    (songs / "Text.mp3").unlink()
    code, rows = run()
    assert code == 0
    assert [row["state"] for row in rows] == ["skipped", "skipped"]


def test_paths_go_to_stdout_and_words_to_stderr(
    songs: Path, chain: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert cli.main(["batch", str(chain), str(songs), "-o", str(out)]) == 0
    said = capsys.readouterr()
    paths = [out / "One_(Mix).flac", out / "CD 2" / "歌 🎵_(Mix).flac"]
    assert said.out == "".join(f"{path}\n" for path in paths)
    assert "One.wav: done · 0:00 of sound" in said.err or "One.wav: done · 0:01" in said.err
    assert "Copy: 2 done in" in said.err
    assert cli.main(["batch", str(chain), str(songs), "-o", str(out)]) == 0
    assert "Copy: 2 skipped in" in capsys.readouterr().err
    before = paths[0].stat().st_mtime_ns
    assert cli.main(["batch", str(chain), str(songs), "-o", str(out), "--force"]) == 0
    assert paths[0].stat().st_mtime_ns > before


def test_what_failed_before_is_tried_again_only_if_asked(
    songs: Path, chain: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (songs / "One.wav").write_text("no song")
    command = ["batch", str(chain), str(songs), "-o", str(tmp_path / "out")]
    for more, note in (([], False), ([], True), (["--retry-failed"], False)):
        assert cli.main([*command, *more]) == 1
        said = capsys.readouterr().err
        assert "One.wav: failed" in said
        assert ("was not tried again" in said) is note


def test_several_folders_keep_their_names(songs: Path, chain: Path, tmp_path: Path) -> None:
    write_song(tmp_path / "More" / "One.wav")
    out = tmp_path / "out"
    assert cli.main(["batch", str(chain), str(songs), str(tmp_path / "More"), "-o", str(out)]) == 0
    assert (out / "Songs" / "One_(Mix).flac").is_file()
    assert (out / "More" / "One_(Mix).flac").is_file()


def test_a_terminal_shows_the_whole_with_its_time_left(
    songs: Path, chain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    assert cli.main(["batch", str(chain), str(songs), "-o", str(tmp_path / "out")]) == 0
    assert "1 of 2: One.wav" in screen.getvalue()
    assert "left" in screen.getvalue()


@pytest.mark.parametrize(
    "words",
    [
        ["batch"],
        ["batch", "stems"],
        ["batch", "stems", "SONGS"],
        ["batch", "no-such-chain", "SONGS", "-o", "OUT"],
        ["batch", "gone.toml", "SONGS", "-o", "OUT"],
        ["batch", "stems", "SONGS/Gone", "-o", "OUT"],
        ["batch", "stems", "EMPTY", "-o", "OUT"],
        ["batch", "stems", "SONGS", "-o", "OUT", "--device", "abacus"],
    ],
)
def test_wrong_use_is_told_on_stderr_with_code_2(
    words: list[str], songs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    places = {"SONGS": str(songs), "OUT": str(tmp_path / "out"), "EMPTY": str(tmp_path / "empty")}
    for name, place in places.items():
        words = [word.replace(name, place) for word in words]
    assert cli.main(words) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err
    assert "Traceback" not in said.err
    assert not (tmp_path / "out").exists()


def test_a_target_that_cannot_be_used_ends_with_code_1(
    songs: Path, chain: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("x")
    assert cli.main(["batch", str(chain), str(songs), "-o", str(tmp_path / "file")]) == 1
    assert "file" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_batch_goes_on_where_it_was(
    sent: signal.Signals, songs: Path, tmp_path: Path
) -> None:
    write_song(songs / "CD 2" / "Long.wav", 900.0)
    chain = tmp_path / "Copy.toml"
    chain.write_text(COPY.replace("flac", "mp3"), "utf-8")
    out = tmp_path / "out"
    command = [sys.executable, "main.py", "batch", str(chain), str(songs), "-o", str(out), "--json"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        deadline = time.monotonic() + 60
        while not list(out.glob(".melic-batch.parts/*/.melic-*.part")):  # of the long one
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.005)
        while not (out / "One_(Mix).mp3").exists() or not any(
            part.stat().st_size > 100_000 for part in out.glob(".melic-batch.parts/*/.melic-*.part")
        ):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.005)
        asked = time.monotonic()
        process.send_signal(sent)
        process.communicate(timeout=60)
        assert time.monotonic() - asked < 1.5
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == (130 if sent == signal.SIGINT else -signal.SIGKILL)
    assert not (out / "CD 2" / "Long_(Mix).mp3").exists()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    rows = {
        Path(row["song"]).name: row["state"] for row in map(json.loads, done.stdout.splitlines())
    }
    assert done.returncode == 0
    assert rows == {"One.wav": "skipped", "Long.wav": "done", "歌 🎵.wav": "done"}
    assert sorted(path.name for path in out.iterdir()) == [
        ".melic-batch.json", "CD 2", "One_(Mix).mp3", "batch-report.csv", "batch-report.json",
    ]  # fmt: skip
