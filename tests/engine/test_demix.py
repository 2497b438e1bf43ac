"""The windows that published figures were measured with, stated on their own.

Melic does not use them: at least two windows lie over every frame, so they cost at least twice the
work of ours, and a frame is final only after all of them. What is proved here is that the rules
are understood: recorded results come out, to be set beside `engine.chunking` wherever a published
figure is to be met exactly.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from engine.chunking import OverlapAdd, Plan

Model = Callable[[Tensor], Tensor]


def demix(mix: Tensor, model: Model, chunk: int, overlaps: int, every_end: bool) -> Tensor:
    """Windows of `chunk` frames, `overlaps` over each frame, averaged; `(channels, frames)`.

    `every_end`: no window that reaches the end fades out, instead of only the last one (the two
    published programs differ in this, and in when a short window is filled by reflection).
    """
    step, fade, frames = chunk // overlaps, chunk // 10, mix.shape[1]
    border = chunk - step
    padded = frames > 2 * border > 0
    if padded:
        mix = torch.nn.functional.pad(mix[None], (border, border), mode="reflect")[0]
    shape = torch.ones(chunk)
    shape[:fade] = torch.linspace(0, 1, fade)
    shape[chunk - fade :] = torch.linspace(1, 0, fade)
    total = mix.shape[1]
    result, weight = torch.zeros_like(mix), torch.zeros_like(mix)
    for start in range(0, total, step):
        part = mix[:, start : start + chunk]
        length = part.shape[1]
        reflect = length > chunk // 2 + every_end
        part = torch.nn.functional.pad(
            part[None], (0, chunk - length), mode="reflect" if reflect else "constant"
        )[0]
        window = shape.clone()
        if start == 0:
            window[:fade] = 1
        elif start + (chunk if every_end else step) >= total:
            window[chunk - fade :] = 1
        result[:, start : start + chunk] += (model(part) * window)[:, :length]
        weight[:, start : start + chunk] += window[:length]
    result = (result / weight).nan_to_num(0.0)
    return result[:, border : total - border] if padded else result


class Counter:
    """The toy model that answers its k-th call with k."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, part: Tensor) -> Tensor:
        self.calls += 1
        return torch.full_like(part, self.calls)


def toys(chunk: int) -> dict[str, Model]:
    slope = 1 + torch.arange(chunk) / chunk
    return {"identity": lambda part: part, "ramp": lambda part: part * slope, "index": Counter()}


@pytest.mark.data
@pytest.mark.parametrize("case", ["case_a", "case_b"])
@pytest.mark.parametrize(("program", "every_end"), [("kj", True), ("zfturbo_bs1", False)])
def test_the_published_rules_give_the_recorded_results(
    shared: Path, case: str, program: str, every_end: bool
) -> None:
    folder = shared / "golden" / "demix" / case
    io = load_file(folder / "io.safetensors")
    for spec in json.loads((folder / "config.json").read_text())["specs"]:
        number, chunk, overlaps = spec["prefix"], spec["chunk_size"], spec["num_overlap"]
        for name, model in toys(chunk).items():
            ours = demix(io[f"{number}.mix"], model, chunk, overlaps, every_end)
            torch.testing.assert_close(ours, io[f"{number}.{program}.{name}"], rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("frames", [90, 200, 997, 1_000])
def test_both_kinds_of_windows_join_what_does_not_depend_on_them(frames: int) -> None:
    """A gain at every frame comes out of either as if there were no windows."""
    mix = torch.randn(2, frames, generator=torch.Generator().manual_seed(frames))
    theirs = demix(mix, lambda part: 0.5 * part, 200, 2, True)
    ours = torch.zeros_like(mix)
    plan = Plan(frames, 200, 50)
    joined = OverlapAdd(plan)
    for index in reversed(range(plan.count)):
        part = mix[:, plan.start(index) : plan.start(index) + plan.window].numpy()
        for start, samples in joined.add(index, 0.5 * part):
            ours[:, start : start + samples.shape[1]] += torch.from_numpy(samples)
    torch.testing.assert_close(ours, 0.5 * mix)
    torch.testing.assert_close(theirs, 0.5 * mix)
