"""How much work a separation may be: fast, balanced or best, and what that costs here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil
from typing import TYPE_CHECKING

from engine.chunking import Plan

if TYPE_CHECKING:
    from engine.cards import ModelCard
    from engine.speeds import Speed

EFFORTS = ("fast", "balanced", "best")
BALANCED = "balanced"
LEAN = 0.25  # of the card's overlap, when it has to be fast
SHIFTS = 3  # hearings of each window, when it has to be good


def with_effort(card: ModelCard, effort: str) -> ModelCard:
    """Return the card as it is run at an effort; "balanced" is the card itself.

    Windows that are heard again take longer and leave less to chance; large networks are faster in
    16-bit floats or, without units for those, in 8-bit integers and a thirtieth less exact.
    """
    if card.task != "separate" or effort not in EFFORTS or effort == BALANCED:
        return card
    if effort == "fast":
        lean = LEAN * card.overlap
        return replace(card, overlap=lean, shifts=1, quick_shifts=1, precision="reduced")
    most = max(SHIFTS, card.shifts, card.quick_shifts)
    return replace(card, shifts=most, quick_shifts=most)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a separation will take: `seconds` of time, `bytes` of memory (0: not known)."""

    seconds: float
    bytes: int


def cost(card: ModelCard, seconds: float, speed: Speed) -> Cost:
    """Predict a separation of a song that lasts `seconds`, from what was measured of the card.

    The song's length does not change the memory: it is heard window by window.
    """
    rate = card.rate
    plan = Plan(
        max(round(seconds * rate), 1), round(card.window * rate), round(card.overlap * rate)
    )
    windows = ceil(plan.count / speed.at_once) * speed.at_once  # the last ones wait for each other
    heard = windows * card.window * card.hearings(speed.quick)
    return Cost(speed.loading + heard / speed.rate, speed.bytes)
