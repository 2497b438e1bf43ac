from __future__ import annotations

import numpy as np
import pytest

from engine.chunking import OverlapAdd, Plan

PLANS = [
    Plan(frames, 100, overlap)
    for overlap in (0, 1, 25, 50)
    for frames in (1, 99, 100, 101, 175, 1_000, 1_037)
]


def join(plan: Plan, order: list[int], sound: np.ndarray) -> np.ndarray:
    """Cut `sound` into windows, add them in `order`, and put down what comes out, once each."""
    padded = np.pad(sound, ((0, 0), (0, plan.window)))
    out = np.full(sound.shape, np.nan, np.float32)
    joined = OverlapAdd(plan)
    for index in order:
        start = plan.start(index)
        for at, samples in joined.add(index, padded[:, start : start + plan.window]):
            span = out[:, at : at + samples.shape[1]]
            assert np.isnan(span).all(), "final samples were given twice"
            span[:] = samples
    return out


@pytest.mark.parametrize("plan", PLANS, ids=str)
def test_every_frame_comes_out_once_and_unchanged(plan: Plan) -> None:
    sound = np.random.default_rng(0).standard_normal((2, plan.frames)).astype(np.float32)
    out = join(plan, list(range(plan.count)), sound)
    np.testing.assert_allclose(out, sound, atol=1e-6)


def test_the_result_does_not_depend_on_the_order_of_work() -> None:
    plan = Plan(1_037, 100, 25)
    rng = np.random.default_rng(1)
    windows = rng.standard_normal((plan.count, 2, plan.window)).astype(np.float32)

    def run(order: list[int]) -> np.ndarray:
        out = np.zeros((2, plan.frames), np.float32)
        joined = OverlapAdd(plan)
        for index in order:
            for at, samples in joined.add(index, windows[index]):
                out[:, at : at + samples.shape[1]] = samples
        return out

    forward = run(list(range(plan.count)))
    for seed in range(5):
        order = list(np.random.default_rng(seed).permutation(plan.count))
        np.testing.assert_array_equal(run(order), forward)


def test_a_seam_between_unlike_windows_is_a_straight_fade() -> None:
    plan = Plan(150, 100, 50)
    joined = OverlapAdd(plan)
    pieces = [*joined.add(0, np.zeros((1, 100), np.float32)), *joined.add(1, np.ones((1, 100)))]
    out = np.concatenate([piece for _, piece in sorted(pieces, key=lambda p: p[0])], 1)[0]
    steps = np.diff(out)
    assert out[0] == 0
    assert out[-1] == 1
    assert steps.min() >= 0
    assert steps.max() < 0.03


def test_the_window_being_heard_comes_first_then_what_follows_then_the_beginning() -> None:
    plan = Plan(1_000, 100, 25)
    undone = set(range(plan.count))
    order = []
    while undone:
        order.append(plan.nearest(480, undone))
        undone.remove(order[-1])
    assert order == [*range(6, plan.count), *range(6)]
