"""The doctor's findings, on this machine and on made-up broken ones."""

from __future__ import annotations

import ctypes
import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from app import cli
from engine import doctor
from engine.errors import WeightsMissing
from engine.models import half, int8


def found(name: str) -> doctor.Check:
    [check] = [check for check in doctor.checks() if check.name.startswith(name)]
    return check


def test_here_the_main_job_works_and_everything_is_looked_at(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["doctor", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["works"] is True
    names = [check["name"] for check in report["checks"]]
    assert names[:7] == ["Python", "Packages", "System libraries", "Screen", "Sound", "Processor",
                         "Graphics card"]  # fmt: skip
    assert any(name.startswith("Model ") for name in names)
    for check in report["checks"]:
        assert check["text"]
        assert "failed" not in check["text"], check


@pytest.mark.parametrize(
    ("floats", "integers", "said"),
    [
        (3.0, 4.0, "floats of 16 bits 3.0 times"),
        (0.5, 4.0, "integers of 8 bits 4.0 times"),
        (0.5, 1.0, "fewer bits are no faster"),
    ],
)
def test_what_a_processor_multiplies_faster_is_told(
    monkeypatch: pytest.MonkeyPatch, floats: float, integers: float, said: str
) -> None:
    monkeypatch.setattr(half, "gain", lambda _: floats)
    monkeypatch.setattr(int8, "gain", lambda: integers)
    assert said in found("Processor").text


def test_a_library_that_does_not_load_is_named_with_its_package(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def load(name: str) -> object:
        if name == "libportaudio.so.2":
            raise OSError("cannot open shared object file")
        return object()

    monkeypatch.setattr(ctypes, "CDLL", load)
    monkeypatch.setattr(sys, "platform", "linux")
    assert doctor.missing_libraries() == {"libportaudio.so.2": "libportaudio2"}
    check = doctor._libraries()
    assert check.ok is None
    assert "apt-get install libportaudio2" in check.hint
    monkeypatch.setattr(sys, "platform", "darwin")
    assert doctor.missing_libraries() == {}


def test_a_machine_without_portaudio_or_without_a_device_hears_why(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class NoPortAudio:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "sounddevice":
                raise OSError("PortAudio library not found")

    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.setattr(sys, "meta_path", [NoPortAudio(), *sys.meta_path])
    check = doctor._sound()
    assert (check.ok, check.text) == (None, "PortAudio library not found")
    assert "libportaudio2" in check.hint

    silent = SimpleNamespace(query_devices=lambda: [], PortAudioError=RuntimeError)
    monkeypatch.setitem(sys.modules, "sounddevice", silent)
    check = doctor._sound()
    assert check.ok is None
    assert "no device that plays" in check.text


def test_wrong_and_missing_packages_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib.metadata

    true = importlib.metadata.version
    assert doctor._packages().ok is True
    monkeypatch.setattr(
        importlib.metadata, "version", lambda name: "0.1" if name == "soxr" else true(name)
    )
    check = doctor._packages()
    assert check.ok is None
    assert "soxr 0.1 instead of" in check.text

    def absent(name: str) -> str:
        if name == "torch":
            raise importlib.metadata.PackageNotFoundError(name)
        return true(name)

    monkeypatch.setattr(importlib.metadata, "version", absent)
    check = doctor._packages()
    assert (check.ok, check.text) == (False, "missing: torch")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("CUDA error: no kernel image is available for execution", "no kernel image"),
        ("CUDA out of memory.\nTried to allocate", "out of memory"),
    ],
)
def test_a_card_on_which_a_real_kernel_fails_is_named_and_not_used(
    monkeypatch: pytest.MonkeyPatch, error: str, words: str
) -> None:
    import torch

    product = doctor._product

    def broken(device: torch.device) -> tuple[torch.Tensor, float]:
        if device.type == "cuda":
            raise RuntimeError(error)
        return product(device)

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda _index: "Card 5090")
    monkeypatch.setattr(doctor, "_product", broken)
    [_processor, card] = doctor._compute()
    assert card.ok is None
    assert words in card.text
    assert "processor" in card.hint


def test_a_card_that_computes_wrongly_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    product = doctor._product

    def wrong(device: torch.device) -> tuple[torch.Tensor, float]:
        answer, seconds = product(torch.device("cpu"))
        return (answer * 1.5 if device.type == "cuda" else answer), seconds

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda _index: "Card 5090")
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda: (2**30, 2**31))
    monkeypatch.setattr(doctor, "_product", wrong)
    [_processor, card] = doctor._compute()
    assert card.ok is None
    assert "Card 5090 computes wrongly" in card.text


@pytest.mark.gpu
def test_a_working_card_is_measured_against_the_processor() -> None:
    card = found("Graphics card")
    assert card.ok is True
    assert "times the processor" in card.text


def test_a_product_is_right() -> None:
    import torch

    numbers = torch.Generator().manual_seed(0)
    left, right = (torch.randn(1024, 1024, generator=numbers).numpy() for _ in range(2))
    answer, seconds = doctor._product(torch.device("cpu"))
    np.testing.assert_allclose(answer.numpy(), left @ right, atol=1e-2)
    assert seconds > 0


def test_a_full_disk_fails_the_main_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=10_000_000))
    assert found("Scratch space").ok is False


def test_missing_weights_of_the_default_model_fail_the_main_job(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from engine import weights

    def nowhere(_card: object) -> Path:
        raise WeightsMissing("The weights are not here.", "Put them there.")

    monkeypatch.setattr(weights, "resolve", nowhere)
    assert cli.main(["doctor"]) == 1
    said = capsys.readouterr().out
    assert "FAIL  Model" in said
    assert "Put them there." in said
    assert said.endswith("cannot do its main job here.\n")


def test_a_check_that_breaks_does_not_hide_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Iterator[doctor.Check]:
        raise ValueError("odd machine")
        yield

    monkeypatch.setattr(doctor, "_disk", broken)
    checks = list(doctor.checks())
    [broke] = [check for check in checks if check.ok is False]
    assert "odd machine" in broke.text
    assert checks[-1].name.startswith("Model ")
