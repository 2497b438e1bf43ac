from __future__ import annotations

import subprocess
import sys

import pytest
import torch

from engine import cards
from engine.models import family
from engine.models.outline import outline
from tests.conftest import ROOT

LOADED = """
import sys
import torch
from engine import cards, loader
for card in cards.cards():
    loader.load(card, "cpu")
with torch.inference_mode():
    loader.load(cards.cards("separate")[0], "cpu")(torch.zeros(1, 2, 44_100))
print(*(name for name in ("sympy", "torch._dynamo", "torch._inductor") if name in sys.modules))
"""


def test_networks_load_and_run_without_torchs_compiler() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", LOADED], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.split() == []


@pytest.mark.parametrize("card", cards.cards(), ids=lambda card: card.id)
def test_weights_are_shapes_and_what_a_network_computes_is_real(card: cards.ModelCard) -> None:
    kind = family(card.family)
    net = outline(kind.Net, kind.Config(**card.config))
    held = net.state_dict()
    assert sum(t.nbytes for t in net.parameters() if not t.is_meta) < 100_000
    computed = {name: b for name, b in net.named_buffers() if name not in held}
    assert not [name for name, buffer in computed.items() if buffer.is_meta]
    whole = kind.Net(kind.Config(**card.config))
    assert {n: t.shape for n, t in whole.state_dict().items()} == {
        n: t.shape for n, t in held.items()
    }
    for name, buffer in whole.named_buffers():
        if name in computed:
            assert torch.equal(buffer, computed[name]), name
