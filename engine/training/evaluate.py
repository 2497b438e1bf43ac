"""Held-out clips and the measure for separation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile
import soxr
import torch
from torch import Tensor

RATE = 44_100


def sdr(reference: np.ndarray, estimate: np.ndarray) -> float:
    """Signal-to-distortion ratio `10 log10(|s|^2 / |s - s'|^2)` in dB over a whole clip."""
    error = np.sum(np.square(reference - estimate, dtype=np.float64))
    return float(10 * np.log10((np.sum(np.square(reference, dtype=np.float64)) + 1e-9) / (error + 1e-9)))


def load(path: Path) -> np.ndarray:
    """Read a file as float32 `(2, frames)` at 44.1 kHz."""
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    samples = soxr.resample(samples, rate, RATE) if rate != RATE else samples
    return np.ascontiguousarray(np.broadcast_to(samples.T, (2, len(samples))))


def pairs(data: Path) -> list[tuple[str, str, Path, Path]]:
    """All held-out clips: `(set, clip, voice file, band file)`."""
    found = []
    for voice in sorted(data.glob("mir1k/dev/*_voice.opus")):
        name = voice.name.removesuffix("_voice.opus")
        found.append(("mir1k", name, voice, voice.with_name(f"{name}_music.opus")))
    for folder in sorted(data.glob("stems/dev/*/")):
        found.append(("real", folder.name, folder / "vocals.ogg", folder / "accompaniment.ogg"))
    return found


def mixed(kind: str, voice: np.ndarray, band: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return `(mix, voice)`; MIR-1K is mixed at equal energy (0 dB), real songs as they are."""
    frames = min(voice.shape[1], band.shape[1])
    voice, band = voice[:, :frames], band[:, :frames]
    if kind == "mir1k":
        band = band * np.sqrt((np.square(voice).sum() + 1e-9) / (np.square(band).sum() + 1e-9))
    return (voice + band).astype(np.float32), voice


def development_clips(data: Path, every: int) -> list[tuple[str, Tensor, Tensor]]:
    """Held-out `(set, mix, voice)` in memory: every n-th MIR-1K clip, all real excerpts."""
    clips = []
    for number, (kind, _, voice, band) in enumerate(pairs(data)):
        if kind == "real" or number % every == 0:
            mix, target = mixed(kind, load(voice), load(band))
            clips.append((kind, torch.from_numpy(mix), torch.from_numpy(target)))
    return clips
