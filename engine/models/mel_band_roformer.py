"""Mel-Band RoFormer: overlapping bands of the mel scale, each transformer normed at its end.

Wang, Lu and Won, "Mel-RoFormer for Vocal Separation and Vocal Melody Transcription" (2024).
Parameter names and arithmetic follow the published checkpoints, which load with `strict=True`.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.models.layers import (
    BandRoformer,
    BandSizes,
    Shapes,
    band_sizes,
    mel_bands,
    transform_sizes,
)

RATES = (44_100, 48_000, 32_000, 24_000, 22_050, 16_000)  # Hz, which networks are trained at
TRANSFORMS = (2048, 4096, 1024, 8192, 512, 6144, 3072, 1536, 256)  # n_fft, likely ones first


@dataclass(frozen=True, slots=True)
class Config(BandSizes):
    """Sizes of a network; the defaults are those of the published vocal model."""

    num_bands: int = 60
    sample_rate: int = 44_100


class Net(BandRoformer):
    """`(b, channels, samples)` in, the same out; with several stems `(b, stems, …)`."""

    def __init__(self, config: Config) -> None:
        member = mel_bands(config.sample_rate, config.stft_n_fft, config.num_bands)
        super().__init__(
            config, [np.flatnonzero(band) for band in member], config.mask_estimator_depth, True
        )


def infer(shapes: Shapes, said: Mapping[str, Any]) -> Config:
    """Read a network's sizes from a checkpoint's names and shapes.

    Sample rate, transform and channels are those whose mel bands are as wide as the checkpoint's;
    where several are, those `said` elsewhere. The hop shows nowhere: it is what is said, or the
    published one, 441 for a transform of 2048. Raises `KeyError` naming a missing tensor and
    `ValueError` when no layout fits.
    """
    sizes = band_sizes(shapes)
    inputs, depth = sizes.pop("inputs"), sizes.pop("mask_layers")
    rates = dict.fromkeys((said.get("sample_rate", RATES[0]), *RATES))
    transforms = dict.fromkeys((said.get("stft_n_fft", TRANSFORMS[0]), *TRANSFORMS))
    for n_fft, rate, channels in itertools.product(transforms, rates, (2, 1)):
        if inputs == [int(n) * 2 * channels for n in mel_bands(rate, n_fft, len(inputs)).sum(1)]:
            break
    else:
        raise ValueError(f"its {len(inputs)} bands are not those of any mel scale Melic knows")
    return Config(
        **sizes,
        num_bands=len(inputs),
        sample_rate=rate,
        stereo=channels == 2,
        mask_estimator_depth=depth,
        **transform_sizes(n_fft, said),
    )
