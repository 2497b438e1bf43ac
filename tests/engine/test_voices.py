"""How strong a voice's vowels are when it sings and when it speaks."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from engine.models.voice import Config, Net
from engine.phonemes import PAUSE, VOWELS
from engine.voices import EVEN, Voice

PHRASE = (PAUSE, "W", "AH0", "N", "AE1", "T", PAUSE)


@pytest.fixture
def voice() -> Voice:
    torch.manual_seed(3)
    return Voice(Net(Config()).eval().requires_grad_(False), "cpu")


def levels(voice: Voice, monkeypatch: pytest.MonkeyPatch, energy: float, sung: bool) -> np.ndarray:
    """The energy with which each phone is made."""
    acoustic = voice._net.acoustic
    heard = []
    expand = acoustic.expand

    def listen(x: Tensor, frames: Tensor, energy: Tensor) -> Tensor:
        heard.append(energy)
        return expand(x, frames, energy)

    lengths = np.full(len(PHRASE), 0.1)
    hz = np.full(voice.frames(lengths).sum(), 220.0, np.float32)
    with monkeypatch.context() as patched:
        patched.setattr(acoustic, "expand", listen)
        voice.sound(PHRASE, lengths, hz, energy, sung=sung)
    return heard[0][0].numpy()


def test_sung_vowels_are_about_as_strong_as_is_usual_for_each_and_consonants_as_in_speech(
    voice: Voice, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken, sung = (levels(voice, monkeypatch, 1.0, each) for each in (False, True))
    usual = voice._strengths()
    assert set(usual) == VOWELS
    assert usual["AH0"] == usual["AH1"] != usual["AE1"]
    for phone, before, after in zip(PHRASE, spoken, sung, strict=True):
        away = (1 - EVEN) * (before - usual[phone]) if phone in VOWELS else before
        assert after - (usual[phone] if phone in VOWELS else 0) == pytest.approx(away, abs=1e-5)
    assert not np.allclose(spoken, sung, atol=1e-4)


def test_a_note_that_is_sung_louder_is_as_much_louder_as_in_speech(
    voice: Voice, monkeypatch: pytest.MonkeyPatch
) -> None:
    rises = [
        levels(voice, monkeypatch, 2.0, sung) - levels(voice, monkeypatch, 1.0, sung)
        for sung in (False, True)
    ]
    assert rises[0] == pytest.approx(rises[1], abs=1e-5)
    assert rises[0].min() > 0.3


def test_how_strong_vowels_are_is_found_once_for_a_network(
    voice: Voice, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = voice._strengths()
    monkeypatch.setattr(Voice, "_measured", lambda _: pytest.fail("found again"))
    assert Voice(voice._net, "cpu")._strengths() == found
