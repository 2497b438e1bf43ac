from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from engine import tasks
from engine.errors import DeviceUnavailable, UnwritableTarget, WeightsMissing
from engine.events import Ended, Event, Filled, Opened, Progress, State
from engine.jobs import Runner
from engine.types import AudioClip, Scratch, Separation
from tests.tiny import tiny_card, tiny_net

Make = Callable[..., AudioClip]


def finish(work: Any) -> tuple[list[Event], Separation]:
    events = []
    while True:
        try:
            events.append(next(work))
        except StopIteration as stop:
            return events, stop.value


def noise(channels: int, frames: int) -> np.ndarray:
    rng = np.random.default_rng(5)
    return (0.1 * rng.standard_normal((channels, frames))).astype(np.float32)


@pytest.mark.parametrize(
    ("channels", "rate", "frames"),
    [(2, 44_100, 150_001), (1, 44_100, 70_000), (2, 48_000, 100_003), (1, 8_000, 20_001),
     (2, 192_000, 250_000), (2, 44_100, 1), (2, 44_100, 700)],
)  # fmt: skip
def test_stems_keep_rate_channels_and_length_and_add_up_to_the_mix(
    make_clip: Make, scratch: Scratch, channels: int, rate: int, frames: int
) -> None:
    mix = make_clip(noise(channels, frames), rate)
    _, result = finish(tasks.separate(mix, tiny_card(), scratch, "cpu"))
    vocals, band = result.clips["vocals"], result.clips["instrumental"]
    for stem in (vocals, band):
        assert (stem.channels, stem.rate, stem.frames) == (channels, rate, frames)
    sound, total = mix.read(0, frames), vocals.read(0, frames) + band.read(0, frames)
    error = np.square(sound - total, dtype=np.float64).sum()
    assert 10 * np.log10(error / np.square(sound, dtype=np.float64).sum() + 1e-30) < -100
    assert result.null_db < -100
    if frames > 1_000:
        assert np.abs(vocals.read(0, frames)).max() > 1e-4  # it is not all left to the band


def test_what_was_said_of_the_song_is_not_said_of_its_stems(
    make_clip: Make, scratch: Scratch
) -> None:
    mix = make_clip(noise(2, 50_000))
    mix.origin = replace(mix.origin, path=Path("Song.mp3"), notes=("Peaks reach +1.3 dBFS.",))
    _, result = finish(tasks.separate(mix, tiny_card(), scratch, "cpu"))
    for stem in result.clips.values():
        assert (stem.origin.path, stem.origin.notes) == (Path("Song.mp3"), ())


def test_both_stems_open_at_once_and_every_frame_is_filled_once(
    make_clip: Make, scratch: Scratch
) -> None:
    mix = make_clip(noise(2, 160_000))
    events, _ = finish(tasks.separate(mix, tiny_card(), scratch, "cpu"))
    opened = next(i for i, e in enumerate(events) if isinstance(e, Opened))
    assert not any(isinstance(e, Filled) for e in events[:opened])
    for name in ("vocals", "instrumental"):
        heard = np.zeros(160_000, int)
        for event in events:
            if isinstance(event, Filled) and event.name == name:
                heard[event.start : event.stop] += 1
        assert (heard == 1).all()
    shares = [e.done for e in events if isinstance(e, Progress) and e.done == e.done]
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)


def test_the_region_being_listened_to_is_filled_first(make_clip: Make, scratch: Scratch) -> None:
    mix = make_clip(noise(2, 44_100 * 12))
    events, _ = finish(tasks.separate(mix, tiny_card(), scratch, "cpu", focus=lambda: 7.0))
    first = [e for e in events if isinstance(e, Filled)][:4]
    assert all(e.start >= 6 * 44_100 and e.stop <= 11 * 44_100 for e in first)


def test_the_result_is_the_same_wherever_the_listener_is(make_clip: Make, scratch: Scratch) -> None:
    mix = make_clip(noise(2, 44_100 * 4))
    card = tiny_card()
    _, one = finish(tasks.separate(mix, card, scratch, "cpu", focus=lambda: 0.0))
    _, two = finish(tasks.separate(mix, card, scratch, "cpu", focus=lambda: 2.5))
    a, b = (r.clips["vocals"].read(0, mix.frames) for r in (one, two))
    np.testing.assert_array_equal(a, b)


def test_seams_between_windows_are_not_heard(make_clip: Make, scratch: Scratch) -> None:
    time = np.arange(44_100 * 4) / 44_100
    mix = make_clip(np.tile((0.3 * np.sin(2 * np.pi * 220 * time)).astype(np.float32), (2, 1)))
    _, result = finish(tasks.separate(mix, tiny_card(), scratch, "cpu"))
    voice = result.clips["vocals"].read(0, mix.frames)[0]
    steps = np.abs(np.diff(voice, 2))
    inside = steps[2_000:30_000].max()  # away from any seam
    assert steps[2_000:-2_000].max() < 3 * inside


def test_silence_stays_silent(make_clip: Make, scratch: Scratch) -> None:
    mix = make_clip(np.zeros((2, 100_000), np.float32))
    _, result = finish(tasks.separate(mix, tiny_card(), scratch, "cpu"))
    for stem in result.clips.values():
        assert not stem.read(0, mix.frames).any()


def test_a_gain_before_is_a_gain_after_within_the_voice_level(
    make_clip: Make, scratch: Scratch
) -> None:
    quiet = make_clip(noise(2, 60_000) * 0.01)
    _, result = finish(tasks.separate(quiet, tiny_card(), scratch, "cpu"))
    assert np.isfinite(result.clips["vocals"].read(0, 60_000)).all()
    assert result.null_db < -100


def test_a_cancelled_job_ends_inside_a_window_and_leaves_no_file(
    make_clip: Make, scratch: Scratch
) -> None:
    mix = make_clip(noise(2, 44_100 * 60))
    card = tiny_card(window=30.0)  # so long that it must be left from within
    runner = Runner()
    try:
        job = runner.submit("Separate", lambda: tasks.separate(mix, card, scratch, "cpu"), "heavy")
        while not isinstance(runner.mailbox.get(timeout=60)[1], Opened):
            pass
        job.cancel()
        while not isinstance(ended := runner.mailbox.get(timeout=60)[1], Ended):
            pass
        assert ended.state is State.CANCELLED
    finally:
        runner.close()
    assert [path.name for path in scratch.folder.iterdir()] == [mix.path.name]


def test_a_full_disk_is_said_in_words(
    make_clip: Make, scratch: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    mix = make_clip(noise(2, 50_000))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(AudioClip, "write", full)
    with pytest.raises(UnwritableTarget, match="No space left"):
        finish(tasks.separate(mix, tiny_card(), scratch, "cpu"))


def test_damaged_weights_are_refused_with_words(make_clip: Make, scratch: Scratch) -> None:
    from engine.weights import folders

    card = tiny_card()
    path = folders()[0] / card.weights.name
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(WeightsMissing, match="damaged"):
        finish(tasks.separate(make_clip(noise(2, 9_000)), replace(card, id="x"), scratch, "cpu"))


def test_weights_that_do_not_fit_their_card_are_refused(make_clip: Make, scratch: Scratch) -> None:
    card = tiny_card()
    wrong = replace(card, id="wrong", config={**card.config, "dim": 24})
    with pytest.raises(WeightsMissing, match="do not fit"):
        finish(tasks.separate(make_clip(noise(2, 9_000)), wrong, scratch, "cpu"))


def test_asking_for_a_gpu_that_is_not_there_says_why(make_clip: Make, scratch: Scratch) -> None:
    from engine.loader import gpu_problem

    if not gpu_problem():
        pytest.skip("this machine has a usable GPU")
    with pytest.raises(DeviceUnavailable, match="cannot be used"):
        finish(tasks.separate(make_clip(noise(2, 9_000)), tiny_card(), scratch, "cuda"))


@pytest.mark.parametrize(
    ("sizes", "outputs"),
    [({}, ("instrumental", "vocals")), ({"num_stems": 2}, ("drums", "bass", "rest")),
     ({"num_stems": 2}, ("vocals", "other")), ({"stereo": False}, ("vocals", "instrumental")),
     ({"num_stems": 3, "stereo": False}, ("a", "b", "c"))],
)  # fmt: skip
@pytest.mark.parametrize(("channels", "rate"), [(2, 44_100), (1, 44_100), (2, 32_000)])
@pytest.mark.parametrize("kind", ["mel_band_roformer", "bs_roformer"])
def test_stems_are_those_the_card_names(
    make_clip: Make,
    scratch: Scratch,
    kind: str,
    sizes: dict[str, Any],
    outputs: tuple[str, ...],
    channels: int,
    rate: int,
) -> None:
    net = tiny_net(kind, **sizes)
    known = net.config.num_stems
    card = tiny_card(net=net, outputs=outputs)
    mix = make_clip(noise(channels, 40_000), rate)
    _, result = finish(tasks.separate(mix, card, scratch, "cpu"))
    sounds = [clip.read(0, mix.frames) for clip in result.clips.values()]
    assert tuple(result.clips) == outputs
    if rate == card.rate:  # what the network itself says of the first window
        first = torch.from_numpy(np.broadcast_to(mix.read(0, 30_000), (2, 30_000)).copy())
        hears = first[None] if net.channels == 2 else first[:, None]
        with torch.inference_mode():
            told = net(hears).reshape(len(hears), known, net.channels, -1).transpose(0, 1)
        told = told.reshape(known, 2, -1).numpy()
        told = told if channels == 2 else told.mean(1, keepdims=True)
        for stem, sound in zip(told, sounds, strict=False):
            np.testing.assert_allclose(sound[:, :20_000], stem[:, :20_000], atol=2e-3)
            assert np.abs(sound).max() > 1e-3
    if len(outputs) > known:
        assert result.null_db < -100
        np.testing.assert_allclose(np.sum(sounds, axis=0), mix.read(0, mix.frames), atol=1e-6)
    else:
        assert result.null_db > -40


def test_a_card_that_names_other_stems_than_its_network_gives_is_refused(
    make_clip: Make, scratch: Scratch
) -> None:
    card = tiny_card(outputs=("vocals", "drums", "bass"))
    with pytest.raises(WeightsMissing, match="They give 1 stems, the card names 3"):
        finish(tasks.separate(make_clip(noise(2, 9_000)), card, scratch, "cpu"))
