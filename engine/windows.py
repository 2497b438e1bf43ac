"""Work through the windows of a clip: on a processor one on each core, where one listens first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextvars import copy_context

import numpy as np
import torch

from engine.chunking import Plan
from engine.jobs import give_way
from engine.loader import cores

BESIDE_CARD = 2  # windows at work where a card hears one of them


def side_by_side(
    plan: Plan, device: str, focus: Callable[[], int], work: Callable[[int], np.ndarray]
) -> Iterator[tuple[int, np.ndarray]]:
    """Yield `(window, work(window))` in the order in which they are finished.

    `focus` is the frame of the plan that is wanted first. On "cpu" one window runs on each core, as
    the layers of a compact network are too small to share. A card hears one after the other, but
    what is done with the next and the last one runs beside it.
    """
    workers = cores() if device == "cpu" else BESIDE_CARD
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
                index = plan.nearest(focus(), undone)
                undone.remove(index)
                task = copy_context().run  # so that the job can be cancelled from within
                running[pool.submit(task, work, index)] = index
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                yield running.pop(future), future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        running.clear()
        del done, future  # a failed one holds this frame: without it the results go at once
