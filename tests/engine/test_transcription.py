"""The path from sound to curves to notes, with a real network of random weights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from engine import cards, tasks
from engine.cards import ModelCard
from engine.errors import UnwritableTarget
from engine.events import Event, Filled, Opened, Progress
from engine.melody import CURVE_RATE, CURVES, LEVEL, OFFSET, ONSET, PITCH, VOICED
from engine.models.melody_roformer import BINS, LOWEST, NEAR, PER_SEMITONE, Config, Net, curves
from engine.transcription import BAND, connected
from engine.types import AudioClip, Scratch, Transcription
from tests.conftest import tone
from tests.tiny import tiny_card

Make = Callable[..., AudioClip]
TINY = Config(
    dim=16,
    depth=1,
    num_bands=12,
    kept_bands=9,
    heads=2,
    dim_head=8,
    stft_n_fft=2048,
    stft_hop_length=882,
    stft_win_length=2048,
    mask_estimator_depth=1,
    mlp_expansion_factor=1.0,
    hidden=16,
    salience_channels=2,
)


@pytest.fixture(scope="module")
def net() -> Net:
    torch.manual_seed(1)
    return Net(TINY).eval()


@pytest.fixture
def card(net: Net) -> ModelCard:
    return tiny_card(None, net, task="transcribe", outputs=("curves",), window=2.0, overlap=0.5)  # type: ignore[arg-type]


def finish(work: Any) -> tuple[list[Event], Any]:
    events = []
    while True:
        try:
            events.append(next(work))
        except StopIteration as stop:
            return events, stop.value


@pytest.mark.parametrize(
    ("rate", "channels", "seconds"),
    [(44_100, 2, 5.3), (48_000, 1, 2.0), (16_000, 1, 3.01), (44_100, 2, 0.01), (8_000, 2, 0.5)],
)
def test_curves_are_as_long_as_the_sound_and_every_frame_is_filled_once(
    make_clip: Make, scratch: Scratch, card: ModelCard, rate: int, channels: int, seconds: float
) -> None:
    clip = make_clip(tone(seconds, rate, channels), rate)
    events, result = finish(tasks.transcribe(clip, card, scratch, "cpu"))
    assert isinstance(result, Transcription)
    made = result.melody.curves
    assert made is not None
    assert (made.channels, made.rate) == (CURVES, CURVE_RATE)
    assert abs(made.seconds - seconds) <= 0.02
    assert made.origin.model == card.id
    opened = next(i for i, event in enumerate(events) if isinstance(event, Opened))
    filled = np.zeros(made.frames, int)
    for number, event in enumerate(events):
        if isinstance(event, Filled):
            assert number > opened
            assert event.name == "curves"
            filled[event.start : event.stop] += 1
    assert (filled == 1).all()
    values = made.read(0, made.frames)
    assert np.isfinite(values).all()
    for row in (VOICED, ONSET, OFFSET):
        assert (values[row] >= 0).all()
        assert (values[row] <= 1).all()
    assert (values[PITCH] >= LOWEST).all()
    shares = [e.done for e in events if isinstance(e, Progress) and e.done == e.done]
    assert shares == sorted(shares)


def test_the_level_is_the_rms_of_the_sound(
    make_clip: Make, scratch: Scratch, card: ModelCard
) -> None:
    clip = make_clip(tone(2.0))
    _, result = finish(tasks.transcribe(clip, card, scratch, "cpu"))
    level = result.melody.curves.read(10, 190)[LEVEL]
    assert level == pytest.approx(0.25 / np.sqrt(2), rel=0.05)


def test_silence_has_no_notes_and_needs_no_network(
    make_clip: Make, scratch: Scratch, card: ModelCard
) -> None:
    _, result = finish(tasks.transcribe(make_clip(np.zeros((2, 90_000))), card, scratch, "cpu"))
    assert result.melody.notes == ()


def test_the_band_beside_a_singer_is_heard_softly_with_them(
    make_clip: Make, scratch: Scratch, card: ModelCard
) -> None:
    rng = np.random.default_rng(5)
    voice = tone(2.0)
    noise = (0.1 * rng.standard_normal(voice.shape)).astype(np.float32)
    curves = []
    for sound, band in ((voice, noise), (voice + np.float32(BAND) * noise, None), (voice, None)):
        work = tasks.transcribe(
            make_clip(sound), card, scratch, "cpu", band=None if band is None else make_clip(band)
        )
        made = finish(work)[1].melody.curves
        curves.append(made.read(0, made.frames))
    np.testing.assert_allclose(curves[0][:LEVEL], curves[1][:LEVEL], atol=1e-3)
    assert np.abs(curves[0][VOICED] - curves[2][VOICED]).max() > 1e-3
    assert curves[0][LEVEL] == pytest.approx(curves[2][LEVEL])  # that of the singer alone


def test_the_order_of_work_does_not_change_the_curves(
    make_clip: Make, scratch: Scratch, card: ModelCard
) -> None:
    clip = make_clip(tone(6.0))
    _, first = finish(tasks.transcribe(clip, card, scratch, "cpu"))
    _, second = finish(tasks.transcribe(clip, card, scratch, "cpu", focus=lambda: 4.0))
    a, b = (each.melody.curves.read(0, 600) for each in (first, second))
    assert np.allclose(a, b, atol=1e-4)


def test_a_mix_is_separated_and_transcribed_with_one_progress(
    make_clip: Make, scratch: Scratch, card: ModelCard
) -> None:
    clip = make_clip(tone(3.0))
    work = tasks.separate_and_transcribe(clip, tiny_card(), card, scratch, "cpu")
    events, (separated, written) = finish(work)
    opened = [sorted(event.clips) for event in events if isinstance(event, Opened)]
    assert opened == [["instrumental", "vocals"], ["curves"]]
    shares = [e.done for e in events if isinstance(e, Progress) and e.done == e.done]
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)
    assert separated.clips["vocals"].frames == clip.frames
    assert written.melody.curves is not None


def test_a_network_for_chords_hears_the_voices_of_a_mix_too(
    make_clip: Make, scratch: Scratch
) -> None:
    work = tasks.separate_and_transcribe(
        make_clip(tone(1.0)), tiny_card(), cards.card("basic-pitch-s"), scratch, "cpu"
    )
    _, written = finish(work)[1]
    assert written.melody.curves.channels > CURVES


def test_a_full_disk_is_told(
    make_clip: Make, scratch: Scratch, card: ModelCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = make_clip(tone(1.0))

    def full(*_: object) -> AudioClip:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(scratch, "clip", full)
    with pytest.raises(UnwritableTarget, match="No space left"):
        finish(tasks.transcribe(clip, card, scratch, "cpu"))


def test_the_pitch_is_the_mean_of_the_bins_around_the_likeliest() -> None:
    logits = torch.full((1, 1, BINS + 3), -20.0)
    logits[0, 0, [100, 101]] = 5.0
    logits[0, 0, 250] = 4.0
    pitch, odds = curves(logits)
    assert pitch.item() == pytest.approx(LOWEST + 100.5 / PER_SEMITONE, abs=1e-3)
    assert odds.max() < 1e-6


def peaks(bins: list[int], share: float = 0.6) -> np.ndarray:
    """Probabilities `(frames, BINS)` of one pitch a frame, the rest spread over all."""
    odds = np.full((len(bins), BINS), (1 - share) / (BINS - 1), np.float32)
    odds[np.arange(len(bins)), bins] = share
    return odds


def test_a_moment_of_another_pitch_is_bridged_and_a_leap_is_kept() -> None:
    heard = [100] * 20 + [210] * 2 + [100] * 20 + [160] * 20
    odds = peaks(heard)
    odds[20:22, 100] = 0.2  # the singer is still there, only not the loudest
    found = connected(odds / odds.sum(1, keepdims=True), np.ones(len(heard)))
    assert found.argmax(1).tolist() == [100] * 42 + [160] * 20
    np.testing.assert_allclose(found.sum(1), 1, rtol=1e-5)


def test_where_nobody_sings_other_pitches_say_little() -> None:
    heard = [100] * 10 + [250] * 4 + [100] * 10
    sung = np.ones(len(heard))
    assert connected(peaks(heard), sung).argmax(1).tolist() == heard
    sung[10:14] = 0
    found = connected(peaks(heard), sung).argmax(1)
    assert (abs(found - 100) <= NEAR).all()


def test_harmonics_of_a_tone_are_found_at_its_pitch(net: Net) -> None:
    level = torch.zeros(1, 2, net.top, 4)
    spectrum = torch.from_numpy(np.abs(np.fft.rfft(np.hanning(2048) * tone(0.1)[0, :2048])))
    level[:] = spectrum[: net.top, None].float()
    stack = net.harmonics(level)
    at = int((69 - LOWEST) * PER_SEMITONE)
    first = stack[0, 1, 0]  # the fundamental, of the singer
    assert abs(int(first.argmax()) - at) <= 2
