"""Take a song apart, window by window, the region being listened to first."""

from __future__ import annotations

from collections.abc import Callable
from math import log10

import numpy as np

from engine.cards import ModelCard
from engine.chunking import OverlapAdd, Plan
from engine.errors import UnwritableTarget
from engine.events import Filled, Opened, Progress, Work
from engine.hearing import Ear, shifted
from engine.loader import Clock, choose
from engine.tuning import tuning
from engine.types import AudioClip, Origin, Scratch, Separation
from engine.windows import side_by_side


def separate(
    clip: AudioClip, card: ModelCard, scratch: Scratch, device: str, focus: Callable[[], float]
) -> Work:
    """Separate a clip; see `tasks.separate`."""
    yield Progress(float("nan"), f"Loading {card.title}")
    chosen, why = choose(device)

    def stem() -> AudioClip:
        made = Origin(clip.origin.path, "separate", card.id, {"device": chosen})
        return scratch.clip(clip.channels, clip.frames, clip.rate, made)

    try:
        clips = {name: stem() for name in card.outputs}
        yield Opened(clips)
        ear = Ear(card, chosen)
        slower = 2 ** (tuning(clip) / 1200) if card.in_tune else 1.0
        quick = ear.quick
        hearings = card.hearings(quick)
        known = ear.stems
        window = round(card.window * clip.rate)
        plan = Plan(clip.frames, window, round(card.overlap * clip.rate))
        clock = Clock(clip.seconds)
        power = residual = 0.0
        with ear:
            joined = OverlapAdd(plan)
            windows = side_by_side(
                plan,
                ear.device,
                lambda: round(focus() * clip.rate),
                lambda index: _window(ear, clip, plan, index, hearings, slower),
            )
            for index, made in windows:
                for start, samples in joined.add(index, made):
                    stop = start + samples.shape[1]
                    mix = clip.read(start, stop)
                    parts = list(samples.reshape(known, clip.channels, -1))
                    if known < len(clips):  # the last output is what the others leave of the mix
                        parts.append(mix - np.sum(parts, axis=0))
                    for name, part in zip(clips, parts, strict=True):
                        clips[name].write(start, part)
                    left = mix - np.sum(parts, axis=0)
                    power += float(np.square(mix, dtype=np.float64).sum())
                    residual += float(np.square(left, dtype=np.float64).sum())
                    clock.add((stop - start) / clip.rate)
                    for name in clips:
                        yield Filled(name, start, stop)
                share = clock.done / max(clock.total, 1e-9)
                note = f"{card.title} · {ear.how}" + (f" · {ear.said}" if ear.said else "")
                yield Progress(share, note, clock.rate, clock.left)
            remark = " · ".join(filter(None, (ear.said or ear.precision, why)))
    except OSError as error:
        needed = clip.frames * clip.channels * 4 * len(card.outputs)
        raise UnwritableTarget(
            f"The stems could not be written: {error.strerror or error}.",
            f"About {needed / 1e6:.0f} MB are needed in {scratch.folder}.",
        ) from error
    null_db = 10 * log10(residual / power) if residual > 0 and power > 0 else -200.0
    seconds = clip.seconds / clock.rate if clock.done else 0.0
    return Separation(clips, ear.device, remark, null_db, seconds, quick)


def _window(
    ear: Ear, clip: AudioClip, plan: Plan, index: int, hearings: int, slower: float
) -> np.ndarray:
    """The stems in one window, `(stems * channels, frames)`, to the end of the clip at most.

    The last window reaches back for sound instead of forward into nothing, which a network trained
    on whole windows has not seen. It is heard `slower` than its rate says: in tune.
    """
    start = plan.start(index)
    stop = min(start + plan.window, clip.frames)
    first = max(0, stop - plan.window)
    end = max(stop, first + clip.rate // 4)  # a transform needs some samples
    if hearings > 1:
        made = shifted(ear, clip, first, end - first, hearings, slower)
    else:
        made = ear.hear(clip.read(first, end), clip.rate / slower)
    made = made[..., start - first : stop - first]
    return made.reshape(-1, made.shape[-1])
