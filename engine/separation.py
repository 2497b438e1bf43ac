"""Take a song apart, window by window, the region being listened to first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from math import log10
from typing import Any, cast

import numpy as np
import soxr
import torch
from torch import nn

from engine.cards import ModelCard
from engine.chunking import OverlapAdd, Plan
from engine.errors import UnwritableTarget, WeightsMissing
from engine.events import Filled, Opened, Progress, Work
from engine.jobs import give_way
from engine.loader import Clock, choose, cores, interruptible, load
from engine.types import AudioClip, Origin, Scratch, Separation

SILENCE = 1e-6  # a window whose peak is below this (-120 dBFS) holds no singer


def separate(
    clip: AudioClip, card: ModelCard, scratch: Scratch, device: str, focus: Callable[[], float]
) -> Work:
    """Separate a clip; see `tasks.separate`."""
    yield Progress(float("nan"), f"Loading {card.title}")
    chosen, why = choose(device)
    origin = clip.origin

    def stem() -> AudioClip:
        made = Origin(origin.path, "separate", card.id, {"device": chosen}, origin.notes)
        return scratch.clip(clip.channels, clip.frames, clip.rate, made)

    try:
        clips = {name: stem() for name in card.outputs}
        yield Opened(clips)
        net = load(card, chosen)
        known = _stems(net)
        if len(clips) - known not in (0, 1):
            raise WeightsMissing(
                f"The weights of {card.title} do not fit its card.",
                f"They give {known} stems, the card names {len(clips)}.",
            )
        window = round(card.window * clip.rate)
        plan = Plan(clip.frames, window, round(card.overlap * clip.rate))
        clock = Clock(clip.seconds)
        power = residual = 0.0
        note = f"{card.title} · {chosen}"
        with interruptible(net):
            joined = OverlapAdd(plan)
            for index, made in _windows(net, clip, card, plan, chosen, focus):
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
                yield Progress(share, note, clock.rate, clock.left)
    except OSError as error:
        needed = clip.frames * clip.channels * 4 * len(card.outputs)
        raise UnwritableTarget(
            f"The stems could not be written: {error.strerror or error}.",
            f"About {needed / 1e6:.0f} MB are needed in {scratch.folder}.",
        ) from error
    null_db = 10 * log10(residual / power) if residual > 0 and power > 0 else -200.0
    seconds = clip.seconds / clock.rate if clock.done else 0.0
    return Separation(clips, chosen, why, null_db, seconds)


def _windows(
    net: nn.Module,
    clip: AudioClip,
    card: ModelCard,
    plan: Plan,
    device: str,
    focus: Callable[[], float],
) -> Iterator[tuple[int, np.ndarray]]:
    """Yield `(window, samples (stems * channels, frames))` in the order in which they are finished.

    On a processor one window runs on each core: a compact network's layers are too small to share.
    """
    workers = cores() if device == "cpu" else 1
    if device == "cpu":
        torch.set_num_threads(1)
    undone = set(range(plan.count))
    running: dict[Future[np.ndarray], int] = {}
    pool = ThreadPoolExecutor(workers, "window", give_way)
    done: set[Future[np.ndarray]] = set()
    future: Future[np.ndarray] | None = None
    try:
        while undone or running:
            while undone and len(running) < workers:
                index = plan.nearest(round(focus() * clip.rate), undone)
                undone.remove(index)
                task = copy_context().run  # so that the job can be cancelled from within
                running[pool.submit(task, _window, net, clip, card, plan, index, device)] = index
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                yield running.pop(future), future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        running.clear()
        del done, future  # a failed one holds this frame: without it the stems go at once


def _window(
    net: nn.Module, clip: AudioClip, card: ModelCard, plan: Plan, index: int, device: str
) -> np.ndarray:
    """The stems in one window, `(stems * channels, frames)`, to the end of the clip at most.

    The last window reaches back for sound instead of forward into nothing, which a network trained
    on whole windows has not seen.
    """
    start = plan.start(index)
    stop = min(start + plan.window, clip.frames)
    first = max(0, stop - plan.window)
    mix = clip.read(first, max(stop, first + clip.rate // 4))  # a transform needs some samples
    made = stems(net, mix, clip.rate, card, device)[..., start - first : stop - first]
    return made.reshape(-1, made.shape[-1])


def _stems(net: nn.Module) -> int:
    """How many stems a network gives."""
    return int(cast("Any", net).config.num_stems)


@torch.inference_mode()
def stems(net: nn.Module, mix: np.ndarray, rate: int, card: ModelCard, device: str) -> np.ndarray:
    """Return the stems `(stems, channels, frames)` of `(channels, frames)`, one or two channels.

    A network for two channels hears one twice, and one for one channel hears each by itself.
    """
    out = np.zeros((_stems(net), *mix.shape), np.float32)
    if np.abs(mix).max(initial=0.0) < SILENCE:
        return out
    sound = mix if rate == card.rate else soxr.resample(mix.T, rate, card.rate).T
    wide = np.broadcast_to(sound, (max(len(sound), card.channels), sound.shape[1]))
    batch = torch.from_numpy(np.array(wide)).unflatten(0, (-1, card.channels)).to(device)
    made = net(batch).float().cpu().numpy().reshape(len(batch), len(out), card.channels, -1)
    made = made.swapaxes(0, 1).reshape(len(out), len(wide), -1)
    made = made.mean(1, keepdims=True) if len(mix) < len(wide) else made
    if rate != card.rate:
        made = np.stack([soxr.resample(stem.T, card.rate, rate).T for stem in made])
    frames = min(out.shape[2], made.shape[2])
    out[..., :frames] = made[..., :frames]
    return out
