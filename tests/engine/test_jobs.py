"""Jobs on lanes: what arrives in the mailbox, and when work ends."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from engine.errors import EngineError
from engine.events import Ended, Event, Progress, Started, State, Work
from engine.jobs import Job, Runner, check_cancelled

WAIT = 10.0


@pytest.fixture
def runner() -> Iterator[Runner]:
    runner = Runner()
    yield runner
    runner.close()


def events_of(runner: Runner, job: Job) -> list[Event]:
    """Everything a job says until it has ended."""
    events: list[Event] = []
    while True:
        who, event = runner.mailbox.get(timeout=WAIT)
        if who is job:
            events.append(event)
            if isinstance(event, Ended):
                return events


def counting(steps: int) -> Callable[[], Work]:
    def work() -> Work:
        for number in range(steps):
            yield Progress(number / steps)
        return steps

    return work


def waiting(closed: threading.Event) -> Callable[[], Work]:
    """Work that never ends by itself."""

    def work() -> Work:
        try:
            while True:
                time.sleep(0.005)
                yield Progress(0.5)
        finally:
            closed.set()

    return work


def test_a_job_says_everything_in_order_and_ends_with_its_result(runner: Runner) -> None:
    job = runner.submit("Count", counting(3))
    events = events_of(runner, job)
    steps = [Progress(0.0), Progress(1 / 3), Progress(2 / 3)]
    assert events == [Started(), *steps, Ended(State.DONE, result=3)]
    assert job.state is State.DONE


def test_the_work_runs_on_its_lane_and_not_here(runner: Runner) -> None:
    names: list[str] = []

    def work() -> Work:
        names.append(threading.current_thread().name)
        yield Progress(1.0)

    events_of(runner, runner.submit("Where", work, lane="heavy"))
    assert names == ["heavy-0"]


def test_an_error_arrives_as_the_end_of_its_job(runner: Runner) -> None:
    def work() -> Work:
        yield Progress(0.1)
        raise EngineError("It broke.", "Try again.")

    ended = events_of(runner, runner.submit("Break", work))[-1]
    assert isinstance(ended, Ended)
    assert ended.state is State.FAILED
    assert str(ended.error) == "It broke. Try again."


def test_an_error_before_the_first_step_arrives_too(runner: Runner) -> None:
    def work() -> Work:
        raise ValueError("at once")

    ended = events_of(runner, runner.submit("Break", work))[-1]
    assert isinstance(ended, Ended)
    assert ended.state is State.FAILED


def test_a_lane_survives_the_failure_of_a_job(runner: Runner) -> None:
    def work() -> Work:
        raise ValueError("at once")

    events_of(runner, runner.submit("Break", work, lane="heavy"))
    after = events_of(runner, runner.submit("Count", counting(1), lane="heavy"))
    assert after[-1] == Ended(State.DONE, result=1)


def test_a_running_job_is_cancelled_within_a_second_and_cleans_up(runner: Runner) -> None:
    closed = threading.Event()
    job = runner.submit("For ever", waiting(closed))
    while not isinstance(runner.mailbox.get(timeout=WAIT)[1], Progress):
        pass
    asked = time.monotonic()
    job.cancel()
    assert events_of(runner, job)[-1] == Ended(State.CANCELLED)
    assert time.monotonic() - asked < 1.0
    assert closed.is_set()


def test_a_job_cancelled_in_the_queue_never_starts(runner: Runner) -> None:
    closed = threading.Event()
    first = runner.submit("For ever", waiting(closed), lane="heavy")
    second = runner.submit("Count", counting(3), lane="heavy")
    second.cancel()
    first.cancel()
    assert events_of(runner, second) == [Ended(State.CANCELLED)]


def test_a_long_call_inside_a_step_can_ask_whether_it_is_still_wanted(runner: Runner) -> None:
    inside = threading.Event()

    def work() -> Work:
        yield Progress(0.0)
        inside.set()
        while True:
            time.sleep(0.005)
            check_cancelled()

    job = runner.submit("Deep", work)
    assert inside.wait(WAIT)
    job.cancel()
    assert events_of(runner, job)[-1] == Ended(State.CANCELLED)


def test_outside_a_job_nothing_is_ever_cancelled() -> None:
    check_cancelled()


def test_the_heavy_lane_runs_one_job_at_a_time(runner: Runner) -> None:
    running, most = 0, 0
    lock = threading.Lock()

    def work() -> Work:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        for _ in range(3):
            time.sleep(0.005)
            yield Progress(0.5)
        with lock:
            running -= 1

    jobs = [runner.submit(str(number), work, lane="heavy") for number in range(4)]
    ended = 0
    while ended < len(jobs):
        ended += isinstance(runner.mailbox.get(timeout=WAIT)[1], Ended)
    assert most == 1


def test_background_work_lets_other_work_of_its_lane_go_first_and_then_goes_on(
    runner: Runner,
) -> None:
    order: list[str] = []
    going, over = threading.Event(), threading.Event()

    def patient() -> Work:
        while not over.is_set():
            order.append("batch")
            going.set()
            time.sleep(0.005)
            check_cancelled()  # of this job again, when the other has ended
            yield Progress(0.5)
        return "all of it"

    def urgent() -> Work:
        order.append("begin")
        yield Progress(0.0)
        time.sleep(0.05)
        order.append("end")

    batch = runner.submit("Batch", patient, "heavy", background=True)
    later = runner.submit("Another batch", counting(2), "heavy", background=True)
    assert going.wait(WAIT)
    own = runner.submit("Mine", urgent, "heavy")
    unwanted = runner.submit("Mine, unwanted", counting(10_000_000), "heavy")
    unwanted.cancel()
    events_of(runner, own)
    assert order[order.index("begin") + 1] == "end"
    seen = len(order)
    while len(order) == seen:
        time.sleep(0.005)
    assert batch.state is State.RUNNING
    assert later.state is State.QUEUED
    over.set()
    assert events_of(runner, batch)[-1] == Ended(State.DONE, result="all of it")
    assert events_of(runner, later)[-1] == Ended(State.DONE, result=2)


def test_lanes_do_not_wait_for_each_other(runner: Runner) -> None:
    closed = threading.Event()
    slow = runner.submit("For ever", waiting(closed), lane="heavy")
    quick = runner.submit("Count", counting(2), lane="light")
    assert events_of(runner, quick)[-1] == Ended(State.DONE, result=2)
    slow.cancel()


def test_closing_cancels_what_runs_and_ends_the_threads() -> None:
    before = set(threading.enumerate())
    runner = Runner()
    closed = threading.Event()
    queued = runner.submit("Count", counting(10_000_000), lane="light")
    job = runner.submit("For ever", waiting(closed), lane="heavy")
    while True:
        who, event = runner.mailbox.get(timeout=WAIT)
        if who is job and isinstance(event, Progress):
            break
    runner.close()
    assert closed.is_set()
    assert job.state is State.CANCELLED
    assert queued.state is State.CANCELLED
    assert set(threading.enumerate()) <= before
