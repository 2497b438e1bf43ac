from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar, copy_context

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from engine import hearing
from engine.chunking import Plan
from engine.windows import side_by_side
from tests.tiny import tiny_card, tiny_net

CARD = "cpu:0"  # for PyTorch the processor, for Melic a card


class Net(nn.Module):
    """Halves what it hears, after `then`; notes the threads that it is heard in."""

    def __init__(self, then: Callable[[], None] = lambda: None) -> None:
        super().__init__()
        self.then = then
        self.threads: set[int] = set()
        self.inside = self.most = 0
        self.config = tiny_net().config

    def forward(self, x: Tensor) -> Tensor:
        self.threads.add(threading.get_ident())
        self.inside += 1
        self.most = max(self.most, self.inside)
        self.then()
        assert torch.is_inference_mode_enabled()
        self.inside -= 1
        return x / 2


@pytest.fixture
def thread() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as one:
        yield one


def test_on_a_card_the_next_window_is_at_work_while_the_last_is_joined() -> None:
    plan = Plan(frames=100, window=10, overlap=0)
    begun = [threading.Event() for _ in range(plan.count)]

    def hear(index: int) -> np.ndarray:
        begun[index].set()
        return np.full(10, index)

    heard: list[int] = []
    for index, made in side_by_side(plan, "cuda", lambda: 40, hear):
        heard.append(index)
        assert (made == index).all()
        if len(heard) < plan.count:
            assert begun[(index + 1) % plan.count].wait(5)
    assert sorted(heard) == list(range(plan.count))
    assert heard[0] in (4, 5)


def test_whatever_asks_a_card_hears_in_one_thread(thread: ThreadPoolExecutor) -> None:
    net, card = Net(), tiny_card()
    mix = np.random.default_rng(0).standard_normal((2, 3_000)).astype(np.float32)
    plan = Plan(frames=100, window=10, overlap=0)
    windows = side_by_side(
        plan, CARD, lambda: 0, lambda _: hearing.stems(net, mix, 44_100, card, CARD, thread)[0]
    )
    for _, made in windows:
        np.testing.assert_allclose(made, mix / 2, atol=1e-6)
    assert len(net.threads) == net.most == 1
    assert net.threads.isdisjoint({threading.get_ident()})


def test_what_a_card_hears_belongs_to_the_job_that_asked(thread: ThreadPoolExecutor) -> None:
    job, seen = ContextVar("job", default=""), []
    net = Net(lambda: seen.append(job.get()))
    mix = np.ones((2, 3_000), np.float32)

    def ask(name: str) -> None:
        job.set(name)
        hearing.stems(net, mix, 44_100, tiny_card(), CARD, thread)

    for name in ("first", "second"):
        copy_context().run(ask, name)
    assert seen == ["first", "second"]


@pytest.mark.parametrize("error", [torch.OutOfMemoryError, ValueError])
def test_what_fails_on_a_card_fails_for_who_asked(
    thread: ThreadPoolExecutor, error: type[Exception]
) -> None:
    def fail() -> None:
        raise error("no")

    mix = np.ones((2, 3_000), np.float32)
    with pytest.raises(error):
        hearing.stems(Net(fail), mix, 44_100, tiny_card(), CARD, thread)
    assert hearing.stems(Net(), mix, 44_100, tiny_card(), CARD, thread).max() == 0.5
