from __future__ import annotations

import platform
from dataclasses import replace

import pytest
import torch
from torch import nn

from engine.models import family, int8
from engine.models.int8 import Int8Linear, is_quantised, quantise
from engine.models.mel_band_roformer import Config
from tests.tiny import TINY

WIDE = replace(TINY, dim=256, heads=4, dim_head=64)
HEADS = replace(TINY, mlp_expansion_factor=40.0)  # large ones on a small network

X86 = platform.machine().lower() in {"x86_64", "amd64"}
needs_products = pytest.mark.skipif(not X86, reason="8-bit products are for x86 processors")


def snr(wanted: torch.Tensor, made: torch.Tensor) -> float:
    return float(10 * torch.log10(wanted.square().sum() / (made - wanted).square().sum()))


def net_of(config: Config) -> nn.Module:
    torch.manual_seed(0)
    net: nn.Module = family("mel_band_roformer").Net(config).eval()
    return net.requires_grad_(False)


@needs_products
def test_products_work_and_are_timed() -> None:
    assert int8.largest_weight() in (int8.FULL, int8.HALF)
    assert int8.gain() > 0


@needs_products
@pytest.mark.parametrize("bias", [True, False])
def test_a_layer_in_integers_is_nearly_the_layer(bias: bool) -> None:
    torch.manual_seed(0)
    plain, x = nn.Linear(384, 512, bias), torch.randn(3, 70, 384)
    with torch.inference_mode():
        kept = plain.bias.detach() if bias else None
        layer = Int8Linear(plain.weight.detach(), kept, int8.largest_weight())
        assert snr(plain(x), layer(x)) > 30


@needs_products
def test_products_do_not_overflow_where_all_inputs_and_weights_are_large() -> None:
    weight = torch.ones(64, 4096)
    x = torch.cat([torch.ones(8, 4095), -torch.ones(8, 1) * 1e-3], 1)
    layer = Int8Linear(weight, None, int8.largest_weight())
    torch.testing.assert_close(layer(x), x @ weight.T, rtol=0.02, atol=1.0)


@needs_products
def test_a_network_in_integers_hears_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(int8, "gain", lambda: 2.0)
    net, sound = net_of(WIDE), torch.randn(1, 2, 30_000)
    with torch.inference_mode():
        wanted = net(sound)
        assert quantise(net)
        assert is_quantised(net)
        assert snr(wanted, net(sound)) > 25


@pytest.mark.parametrize(("config", "gain"), [(WIDE, 1.0), (TINY, 2.0), (HEADS, 2.0)])
def test_where_integers_gain_nothing_the_network_stays_as_it_is(
    monkeypatch: pytest.MonkeyPatch, config: Config, gain: float
) -> None:
    monkeypatch.setattr(int8, "gain", lambda: gain)
    net = net_of(config)
    assert not quantise(net)
    assert not is_quantised(net)
