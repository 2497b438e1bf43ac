from __future__ import annotations

import gc
import weakref

import pytest
import torch
from torch import Tensor

from engine.models.half import halve
from engine.models.replay import Replayed, replay
from engine.models.vocos import Config, Net
from tests.engine.models.test_int8 import WIDE, net_of, snr


class Doubling(torch.nn.Module):
    def double(self, x: Tensor) -> Tensor:
        return 2 * x


def test_on_a_processor_a_method_runs_as_it_is_and_keeps_no_network_alive() -> None:
    module = Doubling()
    method = Replayed(module.double)
    with torch.inference_mode():
        assert method(torch.ones(3)).tolist() == [2, 2, 2]
    gone = weakref.ref(module)
    gc.disable()
    try:
        del module
        assert gone() is None
    finally:
        gc.enable()


def test_a_network_hears_the_same_on_a_processor() -> None:
    net, sound = net_of(WIDE), 0.3 * torch.randn(1, 2, 30_000)
    with torch.inference_mode():
        wanted = net(sound)
        replay(net)
        assert torch.equal(net(sound), wanted)
    assert set(net.state_dict()) == set(net_of(WIDE).state_dict())


def test_another_family_whose_backbone_is_a_module_stays_as_it_is() -> None:
    net = Net(Config())
    before = net.backbone
    replay(net)
    assert net.backbone is before


@pytest.mark.gpu
def test_what_is_replayed_on_a_graphics_card_is_what_was_heard_at_first() -> None:
    net = net_of(WIDE).cuda()
    halve(net, "cuda")
    sounds = [0.3 * torch.randn(1, 2, length, device="cuda") for length in (30_000, 40_000)]
    with torch.inference_mode():
        wanted = [net(sound) for sound in sounds]
        replay(net)
        for _ in range(3):  # runs, is recorded, is replayed
            for sound, first in zip(sounds, wanted, strict=True):
                assert snr(first, net(sound)) > 60
