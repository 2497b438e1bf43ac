"""The tree reads as one hand wrote it, and the engine's types hold."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def check(*command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff_finds_nothing() -> None:
    check("ruff", "check", "--quiet", ".")


@pytest.mark.slow
def test_mypy_finds_nothing_in_the_engine() -> None:
    check("mypy")
