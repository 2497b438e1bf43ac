"""Notes of many voices as the program finds them with any network of the Basic Pitch family."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from torch import nn

from engine import onnx_files, polyphony
from engine.melody import Note
from engine.models import basic_pitch
from engine.models.basic_pitch import RATE, Config, Net
from engine.types import Origin, Scratch


def heard(net: nn.Module, sound: np.ndarray) -> list[Note]:
    """The notes of mono `(samples,)` at `RATE`."""
    scratch = Scratch()
    try:
        clip = scratch.clip(1, len(sound), RATE, Origin())
        clip.write(0, sound[None])
        frames = polyphony.frames_of(clip)
        curves = scratch.clip(polyphony.ROWS, frames, polyphony.CURVE_RATE, Origin())
        for start, values in polyphony.listen(net, clip, "cpu"):
            curves.write(start, values)
        return polyphony.notes(curves)
    finally:
        scratch.close()


def published(path: Path) -> Net:
    """The network that the paper's authors published, from its ONNX file."""
    graph = onnx_files.read(path.read_bytes())
    net = Net(Config())
    net.load_state_dict(basic_pitch.convert(graph.nodes, graph.tensors))
    return net.eval()
