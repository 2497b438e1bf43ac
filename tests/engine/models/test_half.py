from __future__ import annotations

import pytest
import torch

from engine.models import half
from engine.models.half import halve, is_halved
from tests.engine.models.test_int8 import WIDE, net_of, snr


def test_a_network_in_16_bits_hears_the_same_and_keeps_its_positions() -> None:
    """On a processor, where it is slow, but the arithmetic is the same."""
    net, sound = net_of(WIDE), 0.3 * torch.randn(1, 2, 30_000)
    positions = net.layers[0][0].layers[0][0].rotary_embed.freqs
    with torch.inference_mode():
        wanted = net(sound)
        halve(net)
        made = net(sound)
    assert is_halved(net)
    assert positions.dtype == torch.float32
    assert made.dtype == torch.float32
    assert snr(wanted, made) > 45


def test_loud_and_quiet_music_neither_overflow_nor_vanish() -> None:
    net = net_of(WIDE)
    noise = torch.randn(1, 2, 30_000)
    halved = net_of(WIDE)
    halve(halved)
    for level in (1.0, 1e-3):
        with torch.inference_mode():
            assert snr(net(level * noise), halved(level * noise)) > 45


@pytest.mark.gpu
def test_a_graphics_card_is_timed() -> None:
    assert half.gain() > 0
