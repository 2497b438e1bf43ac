from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.start import SCREENS

ROOT = Path(__file__).resolve().parent.parent


def studio(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "main.py", *words],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "MELIC_SETUP": "off"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_program_opens_its_window_with_a_song_and_ends_when_ready(tone_file: Path) -> None:
    done = studio("--quit-when-ready", str(tone_file))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("ready: first paint ")
    assert "Traceback" not in done.stderr


def test_a_song_that_is_not_there_is_told_and_the_exit_code_says_so(tmp_path: Path) -> None:
    done = studio("--quit-when-ready", str(tmp_path / "nothing.wav"))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a screen")
def test_without_a_screen_it_says_so_and_what_else_there_is() -> None:
    done = subprocess.run(
        [sys.executable, "main.py"],
        cwd=ROOT,
        env={k: v for k, v in os.environ.items() if k not in SCREENS} | {"MELIC_SETUP": "off"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("There is no screen")
    assert "main.py --help" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_window_opens_before_anything_is_loaded_that_takes_its_time() -> None:
    code = (
        "import sys, app.start\n"
        "early = {'torch', 'scipy', 'av', 'sounddevice'} & set(sys.modules)\n"
        "assert not early, early"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
    assert done.returncode == 0
