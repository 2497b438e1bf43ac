"""What the networks of a card make of a window: one or several, shifted, in less memory if need be.

The window is heard whole. Only when there is no memory for that, it is heard in halves, then in
quarters; and when those are too short, on the processor.
"""

from __future__ import annotations

import threading
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack
from contextvars import copy_context
from dataclasses import replace
from typing import Any, Self, cast

import numpy as np
import soxr
import torch
from torch import nn

from engine.cards import ModelCard
from engine.cards import card as card_of
from engine.chunking import OverlapAdd, Plan
from engine.errors import EngineError, WeightsMissing
from engine.jobs import give_way
from engine.loader import interruptible, load
from engine.models import half
from engine.models.half import is_halved
from engine.models.int8 import is_quantised
from engine.types import AudioClip

SILENCE = 1e-6  # a window whose peak is below this (-120 dBFS) holds no singer
SHIFT = 0.5  # seconds; the furthest that shifted hearings are apart
PITCHES = (0, 1, -1)  # semitones from where it is that a window is heard at, in turn
SHORTEST = 1.0  # seconds; a network that hears less at once finds no singer


class Ear:
    """A card's networks on a device; `device` may change while it hears.

    Used in a `with` block, in which a cancelled job leaves from within a network. `stems` is how
    many come out of `hear`; when that is one less than the card names, the last one is the rest.
    Raises `WeightsMissing` when networks and card do not fit together.
    """

    def __init__(self, card: ModelCard, device: str) -> None:
        self.device = device
        self._wanted = device
        self._card = card
        self._halvings = 0
        self._changing = threading.Lock()
        self._inside: ExitStack | None = None  # what cancelling needs, within the block
        self._thread: Executor | None = None  # what asks a card, within the block
        self._members = _members(card)
        self._nets: list[nn.Module] = []
        try:
            self._load()
        except (RuntimeError, MemoryError) as error:
            if device == "cpu" or not _is_short(error):
                raise
            self._go_to_processor()
        known = [_stems(net) for net in self._nets]
        for (each, _), count in zip(self._members, known, strict=True):
            if len(each.outputs) - count not in (0, 1):
                raise WeightsMissing(
                    f"The weights of {each.title} do not fit its card.",
                    f"They give {count} stems, the card names {len(each.outputs)}.",
                )
        self.stems = len(card.outputs) if card.members else known[0]

    def __enter__(self) -> Self:
        self._inside = ExitStack()
        self._thread = self._inside.enter_context(ThreadPoolExecutor(1, "card", give_way))
        self._watch()
        return self

    def __exit__(self, *_: object) -> None:
        if self._inside is not None:
            self._inside.close()
        self._thread, self._nets = None, []

    def _watch(self) -> None:
        if self._inside is not None:
            for net in self._nets:
                self._inside.enter_context(interruptible(net))

    @property
    def how(self) -> str:
        """The device, and how it calculates where that is not in full precision."""
        return f"{self.device}, {self._bits}" if self._bits else self.device

    @property
    def precision(self) -> str:
        """How exact products are, for a person; empty when they are in full precision."""
        if self._bits == "int8":
            return "calculated in integers of 8 bits"
        if self._bits:
            return "calculated in floats of 16 bits"
        return ""

    @property
    def quick(self) -> bool:
        """Whether a graphics card calculates in 16-bit floats: so fast that more can be heard."""
        return self.device != "cpu" and "16" in self._bits

    @property
    def said(self) -> str:
        """What had to be done about memory, for a person; empty when there was enough."""
        if self.device != self._wanted:
            return "the graphics card has too little memory for it"
        if self._halvings:
            return "there was too little memory, so less is heard at once"
        return ""

    def hear(self, mix: np.ndarray, rate: float) -> np.ndarray:
        """Return the stems `(stems, channels, frames)` of `(channels, frames)`.

        Raises `EngineError` when there is no memory for a second of sound on the processor.
        """
        while True:
            halvings, device = self._halvings, self.device
            try:
                return self._in_pieces(mix, rate, halvings)
            except (RuntimeError, MemoryError) as error:
                if not _is_short(error):
                    raise
            # Out of the handler, whose traceback would hold what was too large.
            self._need_less(halvings, device, mix.shape[1] / rate)

    def _in_pieces(self, mix: np.ndarray, rate: float, halvings: int) -> np.ndarray:
        frames = mix.shape[1]
        if not halvings:
            return self._at_once(mix, rate)
        length = -(-frames // 2**halvings)
        plan = Plan(frames, length, length // 8)
        joined = OverlapAdd(plan)
        out = np.zeros((self.stems * mix.shape[0], frames), np.float32)
        for index in range(plan.count):
            start = plan.start(index)
            stop = min(start + length, frames)
            first = max(0, stop - length)
            made = self._at_once(mix[:, first:stop], rate)[..., start - first :]
            for at, part in joined.add(index, made.reshape(-1, made.shape[-1])):
                out[:, at : at + part.shape[1]] = part
        return out.reshape(self.stems, mix.shape[0], frames)

    def _at_once(self, mix: np.ndarray, rate: float) -> np.ndarray:
        """The weighted mean of what each network hears."""
        if not self._card.members:
            return stems(self._nets[0], mix, rate, self._card, self.device, self._thread)
        total = np.zeros((self.stems, *mix.shape), np.float32)
        weights = sum(weight for _, weight in self._members)
        for net, (card, weight) in zip(tuple(self._nets), self._members, strict=True):
            made = list(stems(net, mix, rate, card, self.device, self._thread))
            if len(made) < len(card.outputs):
                made.append(mix - np.sum(made, axis=0))
            parts = dict(zip(card.outputs, made, strict=True))
            for number, name in enumerate(self._card.outputs):
                total[number] += weight / weights * parts[name]
        return total

    def _need_less(self, halvings: int, device: str, seconds: float) -> None:
        """Hear less at once from now on, unless another thread has just seen to that."""
        with self._changing:
            if (self._halvings, self.device) != (halvings, device):
                return
            if seconds / 2 ** (halvings + 1) >= SHORTEST:
                self._halvings += 1
            elif device != "cpu":
                self._go_to_processor()
            else:
                raise EngineError(
                    f"There is not enough memory for {self._card.title}.",
                    "Close other programs, or separate with a smaller model.",
                )
            if device != "cpu":
                torch.cuda.empty_cache()

    def _go_to_processor(self) -> None:
        self.device, self._halvings, self._nets = "cpu", 0, []
        self._load()
        self._watch()

    def _load(self) -> None:
        how = self._card.precision
        self._nets = [load(replace(card, precision=how), self.device) for card, _ in self._members]
        self._bits = ""  # what products are in where that is not 32-bit floats
        if any(map(is_quantised, self._nets)):
            self._bits = "int8"
        elif any(map(is_halved, self._nets)):
            self._bits = str(half.KINDS[self.device]).removeprefix("torch.")


def _members(card: ModelCard) -> list[tuple[ModelCard, float]]:
    """The cards whose networks are heard, with their weights; of most cards it is the one."""
    if not card.members:
        return [(card, 1.0)]
    found = [(card_of(id), float(weight)) for id, weight in card.members.items()]
    for each, _ in found:
        lacking = [name for name in card.outputs if name not in each.outputs]
        if each.task != card.task or each.members or lacking:
            raise WeightsMissing(
                f"{each.title} cannot be part of {card.title}.",
                f"It does not give {', '.join(lacking)}." if lacking else "It is of another kind.",
            )
    return found


def _is_short(error: BaseException) -> bool:
    """Whether there was no memory, and not something else."""
    short = isinstance(error, MemoryError | torch.OutOfMemoryError)
    return short or "can't allocate memory" in str(error)


def _stems(net: nn.Module) -> int:
    """How many stems a network gives."""
    return int(cast("Any", net).config.num_stems)


def shifted(
    ear: Ear, clip: AudioClip, first: int, frames: int, shifts: int, slower: float
) -> np.ndarray:
    """Return the mean of what `ear` hears of frames `first` on, each time elsewhere.

    Networks cut sound into frames and bands; from another place and at another tape speed they cut
    it elsewhere, and what differs by chance goes down. By whole semitones: what lies between is out
    of tune. The clip is not left where it is long enough. `slower` is how much slower than its rate
    says it is heard at first.
    """
    furthest = min(round(SHIFT * clip.rate), frames // 8)
    length = frames + furthest
    total = np.zeros((ear.stems, clip.channels, frames), np.float32)
    for number in range(shifts):
        begin = first - number * furthest // max(shifts - 1, 1)
        begin = max(min(begin, clip.frames - length), 0)
        begin = min(begin, first)
        faster = 2 ** (PITCHES[number % len(PITCHES)] / 12) / slower
        made = ear.hear(clip.read(begin, begin + length), clip.rate * faster)
        total += made[..., first - begin : first - begin + frames]
    return total / np.float32(shifts)


@torch.inference_mode()
def _made(net: nn.Module, batch: torch.Tensor, device: str) -> Any:
    return net(batch.to(device)).float().cpu().numpy()


def stems(
    net: nn.Module,
    mix: np.ndarray,
    rate: float,
    card: ModelCard,
    device: str,
    thread: Executor | None = None,
) -> np.ndarray:
    """Return the stems `(stems, channels, frames)` of `(channels, frames)`, one or two channels.

    A network for two channels hears one twice, and one for one channel hears each by itself. A card
    is asked in `thread`, if any: its handles and recordings belong to one, and the change of sample
    rate of other windows runs beside it.
    """
    out = np.zeros((_stems(net), *mix.shape), np.float32)
    if np.abs(mix).max(initial=0.0) < SILENCE:
        return out
    sound = mix if rate == card.rate else soxr.resample(mix.T, rate, card.rate).T
    wide = np.broadcast_to(sound, (max(len(sound), card.channels), sound.shape[1]))
    batch = torch.from_numpy(np.array(wide)).unflatten(0, (-1, card.channels))
    if thread is None or device == "cpu":
        made = _made(net, batch, device)
    else:  # within the context, so that the job can be cancelled from within
        made = thread.submit(copy_context().run, _made, net, batch, device).result()
    made = made.reshape(len(batch), len(out), card.channels, -1)
    made = made.swapaxes(0, 1).reshape(len(out), len(wide), -1)
    made = made.mean(1, keepdims=True) if len(mix) < len(wide) else made
    if rate != card.rate:
        made = np.stack([soxr.resample(stem.T, card.rate, rate).T for stem in made])
    frames = min(out.shape[2], made.shape[2])
    out[..., :frames] = made[..., :frames]
    return out
