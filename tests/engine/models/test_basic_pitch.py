from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from engine import onnx_files
from engine.models import family
from engine.models.basic_pitch import (
    BINS,
    FRAMES,
    RATE,
    WINDOW,
    Config,
    ConstantQ,
    Net,
    convert,
    harmonics,
    infer,
)

CASES = ("case_a", "case_b")
Tensors = dict[str, torch.Tensor]


def published(shared: Path) -> Net:
    graph = onnx_files.read((shared / "peers" / "basic_pitch_nmp.onnx").read_bytes())
    net = Net(Config())
    net.load_state_dict(convert(graph.nodes, graph.tensors), strict=True)
    return net.eval()


def recorded(shared: Path, case: str) -> Tensors:
    return load_file(shared / "golden" / "basic_pitch" / case / "io.safetensors")


def first_window(io: Tensors) -> torch.Tensor:
    return torch.nn.functional.pad(io["audio_22050"], (3_840, 0))[None, :WINDOW]


@pytest.mark.data
@pytest.mark.parametrize("case", CASES)
@torch.no_grad()
def test_the_published_weights_give_the_published_output(shared: Path, case: str) -> None:
    io = recorded(shared, case)
    onset, note, _ = published(shared)(first_window(io))
    assert (onset - io["w0.onset"]).abs().max() < 1e-4
    assert (note - io["w0.note"]).abs().max() < 1e-4


@pytest.mark.data
@torch.no_grad()
def test_every_stage_equals_the_reference(shared: Path) -> None:
    io = recorded(shared, "case_a")
    net, window = published(shared), first_window(io)
    magnitude = io["w0.cqt_mag"]
    assert (net.transform(window) - magnitude).abs().max() < 1e-5
    # Each stage from the one before as recorded: of what is 90 dB down, rounding is so much that
    # its decibels there are 1.5e-4 off those of exact arithmetic.
    net.transform.register_forward_hook(lambda *_: magnitude)
    spectrum = net.spectrum(window)
    assert (spectrum - io["w0.normalized_log"]).abs().max() < 1e-6
    stack = harmonics(spectrum * net.scale + net.shift)[:, :, 40:60].permute(0, 2, 3, 1)
    assert (stack - io["w0.harmonic_stack_t40to60"]).abs().max() < 1e-4


@pytest.mark.data
def test_the_kernels_are_the_published_ones_to_the_bit(shared: Path) -> None:
    held = load_file(shared / "golden" / "basic_pitch" / "onnx_initialisers.safetensors")
    ours = ConstantQ()
    kernels = [tensor.flatten(1) for tensor in held.values() if tensor.shape == (36, 1, 1, 256)]
    for part in ours.kernels[:36, 0], ours.kernels[36:, 0]:
        assert any(torch.equal(part, sign * kernel) for kernel in kernels for sign in (1, -1))
    [low_pass] = [tensor for tensor in held.values() if tensor.shape == (1, 1, 1, 256)]
    assert torch.equal(low_pass.flatten(), ours.low_pass.flatten())


@torch.no_grad()
@pytest.mark.parametrize("midi", [21, 45, 69, 100])
def test_a_tone_is_loudest_in_its_bin(midi: int) -> None:
    hz = 440 * 2 ** ((midi - 69) / 12)
    sound = torch.sin(2 * torch.pi * hz * torch.arange(WINDOW) / RATE)[None]
    spectrum = Net(Config()).spectrum(sound)
    assert spectrum.shape == (1, FRAMES, BINS)
    assert (spectrum.min(), spectrum.max()) == (0, 1)
    assert int(spectrum[0, FRAMES // 2].argmax()) == 3 * (midi - 21)


@torch.no_grad()
def test_silence_gives_numbers() -> None:
    assert all(made.isfinite().all() for made in Net(Config())(torch.zeros(1, WINDOW)))


def test_it_has_as_many_weights_as_the_published_one_without_its_norms() -> None:
    assert sum(p.numel() for p in Net(Config()).parameters()) == 16_702


def test_sizes_are_read_off_the_shapes() -> None:
    sizes = Config(contours=3, notes=4, onsets=5)
    state = family("basic_pitch").Net(sizes).state_dict()
    assert infer({name: tuple(tensor.shape) for name, tensor in state.items()}, {}) == sizes
    assert all("transform" not in name for name in state)


@pytest.mark.data
def test_a_damaged_onnx_file_is_told_apart_and_never_crashes_the_reader(shared: Path) -> None:
    data = (shared / "peers" / "basic_pitch_nmp.onnx").read_bytes()
    rng = np.random.default_rng(0)
    for cut in rng.integers(20, len(data) - 1, 40):
        with pytest.raises(ValueError, match=r"cut off|no graph|not as long"):
            onnx_files.read(data[:cut])
    refused = 0
    for _ in range(40):
        hurt = bytearray(data)
        for place in rng.integers(0, len(data), 200):
            hurt[place] = int(rng.integers(256))
        try:
            onnx_files.read(bytes(hurt))
        except ValueError:
            refused += 1
    assert refused > 20
