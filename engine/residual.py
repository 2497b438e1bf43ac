"""What a separation left out: the mix minus its stems."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.errors import EngineError, UnwritableTarget
from engine.events import Filled, Opened, Progress, Work
from engine.types import AudioClip, Origin, Scratch

BLOCK = 1 << 18  # frames


def difference(a: AudioClip, b: AudioClip, scratch: Scratch, gain_db: float) -> Work:
    """Subtract one clip from another; see `tasks.difference`."""
    if (a.rate, a.channels) != (b.rate, b.channels):
        raise EngineError(
            "Sounds of different rates or channels have no difference.",
            "Compare two results that come from one song.",
        )
    return (yield from residual(a, [b], scratch, 10 ** (gain_db / 20)))


def residual(
    mix: AudioClip, stems: Sequence[AudioClip], scratch: Scratch, gain: float = 1.0
) -> Work:
    """Subtract stems, each times `gain`, from their mix; opens and returns one clip, "residual".

    Rate, channels and length of the stems are those of the mix. Raises `UnwritableTarget`.
    """
    origin = Origin(mix.origin.path, task="residual")
    try:
        clip = scratch.clip(mix.channels, mix.frames, mix.rate, origin)
        yield Opened({"residual": clip})
        for start in range(0, mix.frames, BLOCK):
            stop = min(start + BLOCK, mix.frames)
            left = mix.read(start, stop)
            for stem in stems:
                left -= stem.read(start, stop) * np.float32(gain)
            clip.write(start, left)
            yield Filled("residual", start, stop)
            yield Progress(stop / mix.frames)
    except OSError as error:
        raise UnwritableTarget(
            "There is no room for the residual.", "Free some space on the disk and try again."
        ) from error
    return clip
