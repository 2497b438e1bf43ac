"""Take the singer out of a song, window by window, the region being listened to first."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from math import log10

import numpy as np
import soxr
import torch
from torch import nn

from engine.cards import ModelCard
from engine.chunking import OverlapAdd, Plan
from engine.errors import UnwritableTarget
from engine.events import Filled, Opened, Progress, Work
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
        stems = {"vocals": stem(), "instrumental": stem()}
        yield Opened(stems)
        net = load(card, chosen)
        window = round(card.window * clip.rate)
        plan = Plan(clip.frames, window, round(card.overlap * clip.rate))
        clock = Clock(clip.seconds)
        power = residual = 0.0
        note = f"{card.title} · {chosen}"
        with interruptible(net):
            joined = OverlapAdd(plan)
            for index, voice in _windows(net, clip, card, plan, chosen, focus):
                for start, samples in joined.add(index, voice):
                    stop = start + samples.shape[1]
                    mix = clip.read(start, stop)
                    band = mix - samples
                    stems["vocals"].write(start, samples)
                    stems["instrumental"].write(start, band)
                    power += float(np.square(mix, dtype=np.float64).sum())
                    residual += float(np.square(mix - (samples + band), dtype=np.float64).sum())
                    clock.add((stop - start) / clip.rate)
                    yield Filled("vocals", start, stop)
                    yield Filled("instrumental", start, stop)
                share = clock.done / max(clock.total, 1e-9)
                yield Progress(share, note, clock.rate, clock.left)
    except OSError as error:
        raise UnwritableTarget(
            f"The stems could not be written: {error.strerror or error}.",
            f"About {clip.frames * clip.channels * 8 / 1e6:.0f} MB are needed in {scratch.folder}.",
        ) from error
    null_db = 10 * log10(residual / power) if residual > 0 and power > 0 else -200.0
    seconds = clip.seconds / clock.rate if clock.done else 0.0
    return Separation(stems, chosen, why, null_db, seconds)


def _windows(
    net: nn.Module,
    clip: AudioClip,
    card: ModelCard,
    plan: Plan,
    device: str,
    focus: Callable[[], float],
) -> Iterator[tuple[int, np.ndarray]]:
    """Yield `(window, vocals (channels, frames))` in the order in which they are finished.

    On a processor one window runs on each core: a compact network's layers are too small to share.
    """
    workers = cores() if device == "cpu" else 1
    if device == "cpu":
        torch.set_num_threads(1)
    undone = set(range(plan.count))
    running: dict[Future[np.ndarray], int] = {}
    pool = ThreadPoolExecutor(workers, "window", _give_way)
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


def _give_way() -> None:
    """Let the screen and the sound go before this thread (Linux has priorities per thread)."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 5)


def _window(
    net: nn.Module, clip: AudioClip, card: ModelCard, plan: Plan, index: int, device: str
) -> np.ndarray:
    """The voice in one window, to the end of the clip at most.

    The last window reaches back for sound instead of forward into nothing: silence after the end
    would cost it quality (0.4 dB on clips of some seconds).
    """
    start = plan.start(index)
    stop = min(start + plan.window, clip.frames)
    first = max(0, stop - plan.window)
    mix = clip.read(first, max(stop, first + clip.rate // 4))  # a transform needs some samples
    return vocals(net, mix, clip.rate, card, device)[:, start - first : stop - first]


@torch.inference_mode()
def vocals(net: nn.Module, mix: np.ndarray, rate: int, card: ModelCard, device: str) -> np.ndarray:
    """Return the voice in `(channels, frames)` of one or two channels, same shape and rate."""
    if np.abs(mix).max(initial=0.0) < SILENCE:
        return np.zeros_like(mix)
    sound = mix if rate == card.rate else soxr.resample(mix.T, rate, card.rate).T
    pair = torch.from_numpy(np.array(np.broadcast_to(sound, (2, sound.shape[1]))))
    voice = net(pair[None].to(device))[0].float().cpu().numpy()
    voice = voice.mean(0, keepdims=True) if len(mix) == 1 else voice
    if rate != card.rate:
        voice = soxr.resample(voice.T, card.rate, rate).T
    out = np.zeros_like(mix)
    frames = min(out.shape[1], voice.shape[1])
    out[:, :frames] = voice[:, :frames]
    return out
