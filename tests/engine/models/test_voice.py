"""A voice's networks with chance weights: shapes, determinism, and the pitch that was asked for."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.models.voice import NOISE, Acoustic, Config, Vocoder

TINY = Config(
    dim=16, encoder_depth=1, heads=1, dim_head=16, pitch_depth=1, decoder_depth=1, filter_dim=16,
    filter_depth=1,
)  # fmt: skip


@pytest.mark.parametrize("hz", [61.7, 440.0, 1480.0])
def test_the_pitch_is_exact_before_anything_is_learnt(hz: float) -> None:
    torch.manual_seed(0)
    net = Vocoder(TINY).eval()
    frames = 90
    envelope = torch.full((1, TINY.bands, frames), -6.0)
    ones = torch.ones(1, frames)
    with torch.inference_mode():
        sound = net(envelope, ones * hz, ones, torch.randn(1, frames * TINY.hop))[0].numpy()
    steady = sound[TINY.rate // 4 : 3 * TINY.rate // 4] * np.hanning(TINY.rate // 2)
    power = np.abs(np.fft.rfft(steady, 1 << 19))
    near = np.arange(int(hz * 0.94 / TINY.rate * (1 << 19)), int(hz * 1.06 / TINY.rate * (1 << 19)))
    found = near[power[near].argmax()] * TINY.rate / (1 << 19)
    assert abs(1200 * np.log2(found / hz)) < 5


def test_nothing_voiced_is_noise() -> None:
    net = Vocoder(TINY).eval()
    frames = 60
    envelope = torch.full((1, TINY.bands, frames), -6.0)
    with torch.inference_mode():
        sound = net(
            envelope,
            torch.full((1, frames), 200.0),
            torch.zeros(1, frames),
            torch.randn(1, frames * TINY.hop),
        )
    spectrum = np.abs(np.fft.rfft(sound[0, 4096:-4096].numpy())) ** 2
    flat = np.exp(np.log(spectrum[500:4000]).mean()) / spectrum[500:4000].mean()
    assert flat > 0.5  # 0.56 for white noise, near 0 for partials


def test_phones_last_as_long_as_they_are_told() -> None:
    torch.manual_seed(0)
    net = Acoustic(TINY).eval()
    phones, frames = torch.tensor([[0, 5, 9, 0]]), torch.tensor([[3, 10, 40, 2]])
    x = net.encode(phones)
    spread = net.expand(x, frames, net.energy(x))
    noise = torch.randn(1, 55, NOISE)
    octave, voiced = net.pitch(spread, noise)
    envelope = net.envelope(spread, octave, voiced.sigmoid(), noise)
    assert spread.shape == (1, 55, TINY.dim)
    assert octave.shape == voiced.shape == (1, 55)
    assert envelope.shape == (1, TINY.bands, 55)


def test_timbre_stays_at_the_edge_of_what_was_recorded_while_the_pitch_goes_on() -> None:
    torch.manual_seed(0)
    net = Acoustic(TINY).eval()
    x = net.encode(torch.tensor([[5, 9]]))
    spread = net.expand(x, torch.tensor([[20, 20]]), net.energy(x))
    noise, ones = torch.zeros(1, 40, NOISE), torch.ones(1, 40)
    high, higher = (net.envelope(spread, ones * octave, ones, noise) for octave in (0.7, 2.0))
    assert torch.equal(high, higher)
