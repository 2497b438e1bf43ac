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
SHIFTS = 2  # hearings of each window, when it has to be good


def with_effort(card: ModelCard, effort: str) -> ModelCard:
    """Return the card as it is run at an effort; "balanced" is the card itself.

    Windows that share more, and that are heard twice, take longer and leave less to chance; large
    networks are faster in 8-bit integers and a thirtieth less exact, on a graphics card in 16 bits.
    """
    if card.task != "separate" or effort not in EFFORTS or effort == BALANCED:
        return card
    if effort == "fast":
        return replace(card, overlap=LEAN * card.overlap, shifts=1, precision="reduced")
    return replace(card, overlap=card.window / 2, shifts=max(SHIFTS, card.shifts))


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
    heard = windows * card.window * card.shifts
    return Cost(speed.loading + heard / speed.rate, speed.bytes)
