from __future__ import annotations

import threading
from collections import Counter

import numpy as np

from engine.chunking import Plan
from engine.windows import side_by_side


def test_on_a_card_one_window_at_a_time_is_heard_while_the_last_is_joined() -> None:
    plan = Plan(frames=100, window=10, overlap=0)
    begun = [threading.Event() for _ in range(plan.count)]
    inside: Counter[str] = Counter()

    def hear(index: int) -> np.ndarray:
        inside["now"] += 1
        inside["most"] = max(inside["most"], inside["now"])
        begun[index].set()
        inside["now"] -= 1
        return np.full(10, index)

    heard = []
    for index, made in side_by_side(plan, "cuda", lambda: 40, hear):
        heard.append(index)
        assert (made == index).all()
        if len(heard) < plan.count:
            following = plan.nearest(40, set(range(plan.count)) - set(heard))
            assert begun[following].wait(5)
    assert heard == [4, 5, 6, 7, 8, 9, 0, 1, 2, 3]
    assert inside["most"] == 1
