"""Some dozens of the files that `python -m tests.fuzz_audio` makes by the thousand."""

from __future__ import annotations

import os

import pytest

from tests.fuzz_audio import Child, cases, fuzz, seeds


@pytest.mark.skipif(os.name == "nt", reason="the child is held to POSIX limits")
def test_damaged_files_neither_crash_nor_hang_nor_fill_the_memory() -> None:
    healthy = len(seeds())
    ends, faults = fuzz(healthy + 60, seed=7)
    assert not faults, "\n".join(faults)
    assert ends["clip"] + ends["refused"] == healthy + 60
    assert ends["clip"] >= healthy, "files that nothing was done to come in"
    assert ends["refused"] > 5


def test_the_same_seed_does_the_same_to_the_same_files() -> None:
    first, second = ([(c.name, c.what) for c in cases(80, seed=3)] for _ in range(2))
    assert first == second
    assert len({what for _, what in first}) > 10


@pytest.mark.skipif(os.name == "nt", reason="the child is held to POSIX limits")
def test_a_child_that_dies_is_told_from_one_that_answers(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    import subprocess

    real = subprocess.Popen
    monkeypatch.setattr(
        subprocess,
        "Popen",
        lambda command, **kw: real([command[0], "-c", "import os; input(); os.abort()"], **kw),
    )
    child = Child(tmp_path)
    assert child.decode(tmp_path / "a.wav")["end"].startswith("crash")
