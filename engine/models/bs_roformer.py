"""Band-Split RoFormer: bands that lie side by side, one norm after the last transformer.

Lu, Wang, Kong and Hung, "Music Source Separation with Band-Split RoPE Transformer" (2023).
Parameter names and arithmetic follow the published checkpoints, which load with `strict=True`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.models.layers import BandRoformer, BandSizes, Shapes, band_sizes, transform_sizes

PUBLISHED = (2,) * 24 + (4,) * 12 + (12,) * 8 + (24,) * 8 + (48,) * 8 + (128, 129)


@dataclass(frozen=True, slots=True)
class Config(BandSizes):
    """Sizes of a network; the defaults are those of the published vocal model."""

    dim: int = 512
    depth: int = 12
    freqs_per_bands: tuple[int, ...] = PUBLISHED


class Net(BandRoformer):
    """`(b, channels, samples)` in, the same out; with several stems `(b, stems, …)`.

    Raises `ValueError` when the bands are not all bins of the transform.
    """

    def __init__(self, config: Config) -> None:
        bins = config.stft_n_fft // 2 + 1
        if sum(config.freqs_per_bands) != bins:
            raise ValueError(f"the bands hold {sum(config.freqs_per_bands)} bins instead of {bins}")
        edges = np.cumsum(config.freqs_per_bands)[:-1]
        # A depth of 2 means two layers in all, of which one is hidden.
        super().__init__(
            config, np.split(np.arange(bins), edges), config.mask_estimator_depth - 1, False
        )


def infer(shapes: Shapes, said: Mapping[str, Any]) -> Config:
    """Read a network's sizes from a checkpoint's names and shapes.

    All bands together are the bins of the transform; it is stereo unless only one channel makes
    the transform a power of two. The hop is what is `said` elsewhere, or the published one.
    Raises `KeyError` naming a missing tensor and `ValueError` when the bands cannot be bins.
    """
    sizes = band_sizes(shapes)
    inputs, layers = sizes.pop("inputs"), sizes.pop("mask_layers")
    fits = [c for c in (2, 1) if not any(size % (2 * c) for size in inputs)]
    if not fits:
        raise ValueError("its bands do not hold whole bins")
    n_fft = {channels: sum(inputs) // channels - 2 for channels in fits}
    channels = next((c for c in fits if n_fft[c].bit_count() == 1), fits[0])
    return Config(
        **sizes,
        freqs_per_bands=tuple(size // (2 * channels) for size in inputs),
        stereo=channels == 2,
        mask_estimator_depth=layers + 1,
        **transform_sizes(n_fft[channels], said),
    )
