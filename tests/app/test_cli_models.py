"""Taking checkpoints in and out on a terminal, with files as people have them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import soundfile
import torch

from app import cli
from tests.tiny import tiny_net

Said = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty place that stands for the user's data."""
    for module in ("cards", "weights"):
        monkeypatch.setattr(f"engine.{module}.user_data_path", lambda _: tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    """A BS-RoFormer of two stems."""
    path = tmp_path / "Duo.ckpt"
    torch.save({"state_dict": tiny_net("bs_roformer", num_stems=2).state_dict()}, path)
    return path


def test_a_model_is_added_listed_used_and_removed(
    checkpoint: Path, tone_file: Path, tmp_path: Path, home: Path, capsys: Said
) -> None:
    options = ["--title", "My duo", "--licence", "MIT", "--source", "a friend"]
    assert cli.main(["models", "add", str(checkpoint), "--stems", "Voice, Band", *options]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("my-duo (yours): My duo\n    separate: voice, band; 44100 Hz")
    assert "licence MIT" in said.out
    assert "a friend (Duo.ckpt, SHA-256" in said.out
    assert "Nothing says its hop" in said.err

    assert cli.main(["models"]) == 0
    assert "my-duo (yours)" in capsys.readouterr().out
    assert cli.main(["models", "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [
        (row["id"], row["own"], row["default"]) for row in rows if row["task"] == "separate"
    ] == [
        ("vocals-s", False, True),
        ("my-duo", True, False),
    ]

    out = tmp_path / "out"
    assert cli.main(["separate", str(tone_file), "-o", str(out), "--model", "my-duo"]) == 0
    paths = capsys.readouterr().out.splitlines()
    assert paths == [str(out / f"Tone_({stem}).wav") for stem in ("Voice", "Band")]
    assert all(soundfile.info(path).frames == 88_200 for path in paths)

    assert cli.main(["models", "remove", "my-duo"]) == 0
    assert not [path for path in home.rglob("*") if path.is_file()]


def test_an_added_model_is_one_object_for_scripts(checkpoint: Path, capsys: Said) -> None:
    assert cli.main(["models", "add", str(checkpoint), "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert (row["id"], row["outputs"]) == ("duo", ["stem 1", "stem 2"])
    assert row["licence"] == "not stated"


def test_what_cannot_be_added_or_removed_is_said_in_words(tmp_path: Path, capsys: Said) -> None:
    (tmp_path / "page.ckpt").write_text("<html>")
    assert cli.main(["models", "add", str(tmp_path / "page.ckpt")]) == 1
    assert "page.ckpt is a web page" in capsys.readouterr().err
    assert cli.main(["models", "remove", "vocals-s"]) == 1
    assert "Melic's own" in capsys.readouterr().err
    assert cli.main(["models", "forget"]) == 2


def test_a_broken_card_is_listed_with_its_reason(home: Path, capsys: Said) -> None:
    (home / "models").mkdir(parents=True)
    (home / "models" / "bad.toml").write_text("id = 1")
    assert cli.main(["models"]) == 0
    assert "bad (yours, cannot be used): bad.toml is not a model card" in capsys.readouterr().out
    assert cli.main(["models", "--json"]) == 0
    row = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (row["id"], row["own"]) == ("bad", True)
    assert cli.main(["models", "remove", "bad"]) == 0


def test_what_is_published_is_listed_and_an_unknown_name_is_answered(capsys: Said) -> None:
    assert cli.main(["models", "get"]) == 0
    assert "melband-kim: Mel-Band RoFormer vocals" in capsys.readouterr().out
    assert cli.main(["models", "get", "nonsense"]) == 1
    assert "Known ones: melband-kim" in capsys.readouterr().err


def test_a_download_without_a_network_fails_in_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Said
) -> None:
    monkeypatch.setattr("engine.downloads.user_data_path", lambda _: tmp_path / "data")
    monkeypatch.setattr("engine.downloads._check_room", lambda _: None)
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    assert cli.main(["models", "get", "melband-kim"]) == 1
    assert "There is no connection to 127.0.0.1" in capsys.readouterr().err
