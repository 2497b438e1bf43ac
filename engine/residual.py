"""What a separation left out: the mix minus its stems."""

from __future__ import annotations

from collections.abc import Sequence

from engine.errors import UnwritableTarget
from engine.events import Filled, Opened, Progress, Work
from engine.types import AudioClip, Origin, Scratch

BLOCK = 1 << 18  # frames


def residual(mix: AudioClip, stems: Sequence[AudioClip], scratch: Scratch) -> Work:
    """Subtract stems from their mix; opens and returns one clip, "residual".

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
                left -= stem.read(start, stop)
            clip.write(start, left)
            yield Filled("residual", start, stop)
            yield Progress(stop / mix.frames)
    except OSError as error:
        raise UnwritableTarget(
            "There is no room for the residual.", "Free some space on the disk and try again."
        ) from error
    return clip
