"""Write down what one voice sings: a clip to curves of pitch, voicing, onsets, and from them notes.

Windows lie on a fixed grid like those of a separation, and what the network says of each moment is
cross-faded where they meet, so the result does not depend on the order of work.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import soxr
import torch
from torch import nn

from engine import notes
from engine.cards import ModelCard
from engine.chunking import OverlapAdd, Plan
from engine.errors import UnwritableTarget
from engine.events import Event, Filled, Opened, Progress, Work
from engine.loader import Clock, choose, interruptible, load
from engine.melody import (
    CURVE_RATE,
    CURVES,
    LEVEL,
    OFFSET,
    ONSET,
    PITCH,
    VOICED,
    Melody,
)
from engine.models.melody_roformer import BINS, LOWEST, NEAR, PER_SEMITONE
from engine.types import AudioClip, Origin, Scratch, Separation, Transcription
from engine.windows import side_by_side

FRAMES = 50  # a second, of the network
SILENCE = 1e-5  # a window whose peak is below this (-100 dBFS) holds no singer
JUMP = 1.0  # semitones between two frames from which on the pitch is not drawn through
GLIDE = 2.0  # semitones that a voice moves from one frame of the network to the next, as a scale
LEAPS = 0.01  # share of frames after which it may be anywhere
BAND = 0.2  # how loud the rest of a song is heard beside its singer: it holds some of the voice
UNSUNG = 0.05  # what a frame in which nobody sings still says of the pitch


def transcribe(
    clip: AudioClip,
    card: ModelCard,
    scratch: Scratch,
    device: str,
    focus: Callable[[], float],
    band: AudioClip | None = None,
) -> Work:
    """Transcribe a clip in which one voice sings; see `tasks.transcribe`."""
    yield Progress(float("nan"), f"Loading {card.title}")
    began = time.monotonic()
    chosen, why = choose(device)
    made = Origin(clip.origin.path, "transcribe", card.id, {"device": chosen}, clip.origin.notes)
    try:
        count = max(int(clip.seconds * CURVE_RATE) + 1, 2)
        curves = scratch.clip(CURVES, count, CURVE_RATE, made)
        yield Opened({"curves": curves})
        net = load(card, chosen)
        plan = Plan(
            max(-(-count * FRAMES // CURVE_RATE), 1),
            round(card.window * FRAMES),
            round(card.overlap * FRAMES),
        )
        clock = Clock(clip.seconds)
        joined = OverlapAdd(plan)
        with interruptible(net):
            windows = side_by_side(
                plan,
                chosen,
                lambda: round(focus() * FRAMES),
                lambda index: _window(net, clip, band, card, plan, index, chosen),
            )
            for index, odds in windows:
                for start, settled in joined.add(index, odds):
                    stop = _write(curves, clip, start, settled)
                    clock.add(settled.shape[1] / FRAMES)
                    yield Filled("curves", start * CURVE_RATE // FRAMES, stop)
                share = min(clock.done / max(clock.total, 1e-9), 1.0)
                note = f"{card.title} · {chosen}"
                yield Progress(share, note, clock.rate, max(clock.left, 0.0))
    except OSError as error:
        raise UnwritableTarget(
            f"The melody could not be written: {error.strerror or error}.",
            f"A few MB are needed in {scratch.folder}.",
        ) from error
    melody = Melody(curves=curves)
    melody = replace(melody, notes=notes.read(melody))
    return Transcription(melody, chosen, why, time.monotonic() - began)


@torch.inference_mode()
def _window(
    net: nn.Module,
    clip: AudioClip,
    band: AudioClip | None,
    card: ModelCard,
    plan: Plan,
    index: int,
    device: str,
) -> np.ndarray:
    """What the network says of one window, float32 `(BINS + 3, frames)`: probabilities.

    The last window reaches back for sound instead of forward into nothing.
    """
    first = plan.start(index)
    stop = min(first + plan.window, plan.frames)
    begin = max(0, stop - plan.window)
    at, end = (round(edge * clip.rate / FRAMES) for edge in (begin, max(stop, begin + FRAMES)))
    mix = clip.read(at, end)
    out = np.zeros((BINS + 3, stop - first), np.float32)
    if np.abs(mix).max(initial=0.0) < SILENCE:
        out[0] = 1.0
        return out
    if band is not None:
        mix = mix + np.float32(BAND) * band.read(at, end)
    sound = mix if clip.rate == card.rate else soxr.resample(mix.T, clip.rate, card.rate).T
    wide = np.array(np.broadcast_to(sound, (card.channels, sound.shape[1])), np.float32)
    logits = net(torch.from_numpy(wide)[None].to(device))[0].float()
    odds = torch.cat([logits[:, :BINS].softmax(-1), logits[:, BINS:].sigmoid()], -1).cpu().numpy()
    odds[:, :BINS] = connected(odds[:, :BINS], odds[:, BINS])
    got = odds.T[:, first - begin : stop - begin]
    out[:, : got.shape[1]] = got
    return out


def _write(curves: AudioClip, clip: AudioClip, start: int, odds: np.ndarray) -> int:
    """Put the settled frames `(BINS + 3, frames)` into the curves; returns where they end."""
    times = CURVE_RATE // FRAMES
    pitches = pitch_of(odds[:BINS])
    first = start * times
    stop = min(first + odds.shape[1] * times, curves.frames)
    values = np.zeros((CURVES, odds.shape[1] * times), np.float32)
    values[PITCH] = _between(pitches, times)
    for row, curve in ((VOICED, odds[BINS]), (ONSET, odds[BINS + 1]), (OFFSET, odds[BINS + 2])):
        values[row] = np.interp(np.arange(len(curve) * times) / times, np.arange(len(curve)), curve)
    values[LEVEL] = _level(clip, first, first + values.shape[1])
    curves.write(first, values[:, : stop - first])
    return stop


def connected(odds: np.ndarray, voiced: np.ndarray) -> np.ndarray:
    """Probabilities of pitch `(frames, BINS)`, only those near where the frames around say it is.

    A voice glides more often than it leaps, and an instrument that is louder for a moment is not
    the singer: forward-backward over a hidden Markov chain (Rabiner, "A tutorial on hidden Markov
    models", 1989), whose step is a two-sided exponential or, rarely, anything. `voiced` `(frames,)`
    is how likely somebody sings.
    """
    bins = np.arange(BINS, dtype=np.float32)
    step = np.exp(-np.abs(bins[:, None] - bins) / (GLIDE * PER_SEMITONE))
    step = (1 - LEAPS) * step / step.sum(0) + np.float32(LEAPS / BINS)
    said = (odds + np.float32(1e-6)) ** np.clip(voiced, UNSUNG, 1.0)[:, None]
    before, after = np.empty_like(said), np.empty_like(said)
    likely = np.full(BINS, 1 / BINS, np.float32)
    for frame in range(len(said)):
        likely = step @ likely
        before[frame] = likely
        likely = likely * said[frame]
        likely /= likely.sum()
    likely = np.full(BINS, 1 / BINS, np.float32)
    for frame in reversed(range(len(said))):
        after[frame] = likely
        likely = (likely * said[frame]) @ step
        likely /= likely.sum()
    top = (before * said * after).argmax(1)
    near = odds * (np.abs(bins - top[:, None]) <= NEAR) + np.float32(1e-9)
    return near / near.sum(1, keepdims=True)


def pitch_of(odds: np.ndarray) -> np.ndarray:
    """MIDI numbers `(frames,)` of probabilities `(BINS, frames)`: the mean around the likeliest."""
    top = odds.argmax(0)
    bins = np.arange(BINS)[:, None]
    near = odds * (np.abs(bins - top) <= NEAR)
    return LOWEST + (near * bins).sum(0) / np.maximum(near.sum(0), 1e-9) / PER_SEMITONE


def _between(pitches: np.ndarray, times: int) -> np.ndarray:
    """The pitch at `times` as many frames, straight between two unless it jumps there."""
    after = np.append(pitches[1:], pitches[-1:])
    after = np.where(np.abs(after - pitches) < JUMP, after, pitches)
    parts = np.arange(times)[:, None] / times
    return (pitches * (1 - parts) + after * parts).T.ravel()


def _level(clip: AudioClip, first: int, stop: int) -> np.ndarray:
    """RMS re full scale of the sound around each frame of the curves."""
    block = clip.rate / CURVE_RATE
    edges = np.round((np.arange(first, stop + 1) - 0.5) * block).astype(int)
    sound = clip.read(int(edges[0]), int(edges[-1]))
    power = np.square(sound, dtype=np.float64).mean(0)
    sums = np.add.reduceat(power, np.minimum(edges[:-1] - edges[0], max(len(power) - 1, 0)))
    return np.sqrt(sums / np.maximum(np.diff(edges), 1)).astype(np.float32)


def separate_and_transcribe(
    clip: AudioClip,
    separator: ModelCard,
    card: ModelCard,
    scratch: Scratch,
    device: str,
    focus: Callable[[], float],
) -> Work:
    """Separate a mix, then transcribe its vocals; see `tasks.separate_and_transcribe`."""
    from engine import separation, tasks

    began = time.monotonic()
    separated: Separation = yield from part(
        separation.separate(clip, separator, scratch, device, focus), 0.0, 0.75
    )
    vocals, band = separated.clips["vocals"], separated.clips.get("instrumental")
    written: Transcription = yield from part(
        tasks.transcribe(vocals, card, scratch, device, focus, band), 0.75, 1.0
    )
    return separated, replace(written, seconds_taken=time.monotonic() - began)


def part(work: Work, first: float, last: float) -> Work:
    """The events of a work that is the part from `first` to `last` of a longer one."""
    while True:
        try:
            event: Event = next(work)
        except StopIteration as stop:
            return stop.value
        if isinstance(event, Progress):
            done = first + event.done * (last - first)
            # What is left after this part is guessed from its share of the whole.
            rest = (1 - last) / (last - first) * event.seconds_left / max(1 - event.done, 1e-3)
            left = event.seconds_left + rest
            event = replace(event, done=done, seconds_left=left)
        yield event
