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
        halve(net, "cuda")
        made = net(sound)
    assert is_halved(net)
    assert positions.dtype == torch.float32
    assert made.dtype == torch.float32
    assert snr(wanted, made) > 45


def test_loud_and_quiet_music_neither_overflow_nor_vanish() -> None:
    net = net_of(WIDE)
    noise = torch.randn(1, 2, 30_000)
    halved = net_of(WIDE)
    halve(halved, "cuda")
    for level in (1.0, 1e-3):
        with torch.inference_mode():
            assert snr(net(level * noise), halved(level * noise)) > 45


def test_on_a_processor_what_goes_from_layer_to_layer_keeps_32_bits() -> None:
    net, sound = net_of(WIDE), 0.3 * torch.randn(1, 2, 30_000)
    kinds: set[torch.dtype] = set()
    for attend, feed in net.layers[0][0].layers:
        for layer in (attend, feed):
            layer.register_forward_pre_hook(lambda _, given: kinds.add(given[0].dtype))
    with torch.inference_mode():
        wanted = net(sound)
        halve(net, "cpu")
        made = net(sound)
    assert is_halved(net)
    assert kinds == {torch.float32}
    assert made.dtype == torch.float32
    assert 35 < snr(wanted, made) < 80


def test_products_in_16_bits_are_timed() -> None:
    assert half.gain("cpu") > 0


@pytest.mark.gpu
def test_a_graphics_card_is_timed() -> None:
    assert half.gain("cuda") > 0
