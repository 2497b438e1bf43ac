"""Voices make sound: what is sung or spoken in one breath is made at once, and kept.

Nothing here loads a network before it is needed: where all phrases were kept from before, a lane
is put together from files in no time.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
import math
import re
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from engine import intonation, phonemes, singing
from engine.cards import ModelCard
from engine.errors import EngineError, UnwritableTarget
from engine.events import Event, Filled, Opened, Progress, Work
from engine.jobs import check_cancelled, give_way
from engine.melody import Melody, Note
from engine.phonemes import PAUSE, Word
from engine.phrases import Made, Phrases
from engine.types import AudioClip, Origin, Scratch, Spoken, Sung, Voicing

if TYPE_CHECKING:
    from engine.voices import Voice

__all__ = ["Phrases", "and_sing", "sing", "speak"]

SUNG_FROM = 0.85  # of the way from a song to another singer: then all is written down
METHOD = 3  # raise it when the same notes sound otherwise than before
LOUD, LOUDEST = 0.35, 0.55  # peaks from the first on are rounded, so that none is above the second
FADE = 0.004  # seconds at the ends of a phrase
SENTENCE = 0.4  # seconds of pause that end a sentence
LONG, LONGEST = 14, 32  # words after which a comma ends it too, or nothing at all
FIRST_PAUSE, LAST_PAUSE = 0.05, 0.25  # seconds of silence around a text
AT_ONCE = 12  # sentences whose place is known before the first is heard
SLOWER = 3.0  # times as long as is usual: no sentence lasts longer at the speed asked for
GLIDE = 0.08  # seconds in which the pitch goes from one word's to the next's
PASSAGE = 2000  # letters that are turned into phones between two chances to cancel
SLOWEST, FASTEST = 0.1, 10.0
_SENTENCE_END = re.compile(r"(?<=[a-z]{5}[.!?]) +")  # no short form is so long


@dataclass(frozen=True, slots=True)
class _Piece:
    """A phrase or sentence: all between samples `start` and `stop` of the clip is its own.

    `at` is the sample from which the first mark of what is `Made` counts back.
    """

    key: str
    start: int
    stop: int
    at: int
    make: Callable[[Voice], Made]


class _Singer:
    """A card's voice, loaded when it is asked for."""

    def __init__(self, card: ModelCard, device: str) -> None:
        self._card, self._wanted = card, device
        self._voice: Voice | None = None
        self.device = self.note = ""
        self.workers = 1

    @property
    def ready(self) -> bool:
        return self._voice is not None

    @property
    def voice(self) -> Voice:
        """Raises `WeightsMissing`, `DeviceUnavailable`."""
        if self._voice is None:
            import torch

            from engine import loader, voices

            self.device, self.note = loader.choose(self._wanted)
            self._voice = voices.load_voice(self._card, self.device)
            self.workers = loader.cores() if self.device == "cpu" else 1
            if self.device == "cpu":
                torch.set_num_threads(1)  # also for the threads to come
        return self._voice


def sing(
    melody: Melody,
    voicing: Voicing,
    card: ModelCard,
    scratch: Scratch,
    phrases: Phrases,
    device: str,
    focus: Callable[[], float],
    seconds: float,
) -> Work:
    """Sing a melody; see `tasks.sing`."""
    began = time.monotonic()
    yield Progress(math.nan, "Reading the notes")
    breaths, mute = singing.breaths(melody, voicing.pitch)
    rate, singer = card.rate, _Singer(card, device)
    ends = [breath.tones[-1].stop + max(breath.tail, 0.0) for breath in breaths]
    frames = max(math.ceil(max([seconds, *ends[-1:]]) * rate), 1)
    edges = [round((b.tones[0].start - b.room) * rate) for b in breaths[1:]]
    pieces = [
        _Piece(
            _hashed(card, "sing", voicing.energy, voicing.seed, breath.key),
            start,
            stop,
            round(breath.tones[0].start * rate),
            functools.partial(_sung, breath=breath, voicing=voicing),
        )
        for breath, start, stop in zip(breaths, [0, *edges], [*edges, frames], strict=False)
    ]
    clip = yield from _opened(frames, card, scratch, "sing", voicing)
    yield from _filled(pieces, clip, singer, card, phrases, focus, scratch)
    return Sung(clip, mute, singer.device, singer.note, time.monotonic() - began)


def and_sing(
    work: Work,
    voicing: Voicing,
    card: ModelCard,
    scratch: Scratch,
    phrases: Phrases,
    device: str,
    focus: Callable[[], float],
) -> Work:
    """Sing what a work writes down; see `tasks.and_sing`."""
    from engine.transcription import part

    result = yield from part(work, 0.0, SUNG_FROM)
    written = result[-1] if isinstance(result, tuple) else result
    melody = replace(written.melody, curves=None, drawn=())
    song = sing(melody, voicing, card, scratch, phrases, device, focus, 0.0)
    with suppress(EngineError):  # the lane that is made of it will tell
        for event in part(song, SUNG_FROM, 1.0):
            if isinstance(event, Progress):
                yield event
    return result


def warm_up(card: ModelCard, device: str) -> None:
    """Load a voice and let it sing what is not kept: all that is slow the first time is done."""
    voice = _Singer(card, device).voice
    for length in (0.3, 0.5):  # torch is slow twice, and for each new length a little
        (breath,), _ = singing.breaths(Melody((Note(0.0, length, 60.0),)))
        _sung(voice, breath, Voicing(card.id))


def _hashed(card: ModelCard, *parts: object) -> str:
    """The name under which a phrase is kept: another one for anything that sounds otherwise."""
    text = repr((METHOD, card.id, card.weights.sha256, *parts))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _sung(voice: Voice, breath: singing.Breath, voicing: Voicing) -> Made:
    """The sound of a breath; its mark is the sample at which the first note begins."""
    frame = voice.hop / voice.rate
    breath = breath.moved(breath.room)  # the same sum of rounding wherever it stands in the song
    phrase = singing.laid(breath, voice.lengths, frame)
    phones = [phone for phone, _, _ in phrase.phones]
    lengths = np.array([length for _, _, length in phrase.phones])
    check_cancelled()
    speech = voice.contour(phones, lengths, voicing.seed)
    hz = intonation.curve(phrase, frame, speech)
    check_cancelled()
    energy = np.array(phrase.energies) * voicing.energy
    sound = voice.sound(phones, lengths, hz, energy, voicing.seed, sung=True)
    return Made(sound, np.array([round((breath.room - phrase.start) * voice.rate)]))


def _opened(
    frames: int, card: ModelCard, scratch: Scratch, task: str, voicing: Voicing
) -> Generator[Event, None, AudioClip]:
    """Make the clip that a voice fills, and tell of it."""
    settings = {"seed": voicing.seed, "pitch": voicing.pitch, "energy": voicing.energy}
    if task == "speak":
        settings["speed"] = voicing.speed
    try:
        clip = scratch.clip(1, frames, card.rate, Origin(None, task, card.id, settings))
    except OSError as error:
        raise _unwritable(error, frames, scratch) from error
    yield Opened({"voice": clip})
    return clip


def _unwritable(error: OSError, frames: int, scratch: Scratch) -> UnwritableTarget:
    return UnwritableTarget(
        f"The voice could not be written: {error.strerror or error}.",
        f"About {frames * 4 / 1e6:.0f} MB are needed in {scratch.folder}.",
    )


def _filled(
    pieces: Sequence[_Piece],
    clip: AudioClip,
    singer: _Singer,
    card: ModelCard,
    phrases: Phrases,
    focus: Callable[[], float],
    scratch: Scratch,
) -> Iterator[Event]:
    """Fill a clip with pieces: at once with what is kept, then around the focus."""
    try:
        undone: list[int] = []
        for index, piece in enumerate(pieces):
            kept = phrases.get(piece.key)
            if kept is None:
                undone.append(index)
            else:
                yield _write(clip, piece, kept)
        if undone:
            yield from _made(pieces, undone, clip, singer, card, phrases, focus)
        yield Progress(1.0, card.title, seconds_left=0.0)
    except OSError as error:
        raise _unwritable(error, clip.frames, scratch) from error


def _made(
    pieces: Sequence[_Piece],
    undone: list[int],
    clip: AudioClip,
    singer: _Singer,
    card: ModelCard,
    phrases: Phrases,
    focus: Callable[[], float],
) -> Iterator[Event]:
    """Make what is not kept, the piece at the focus first, then those after it.

    On a processor one piece is made on each core: shared by cores, the small layers of a voice wait
    for each other longer than they work.
    """
    if not singer.ready:
        yield Progress(math.nan, f"Loading {card.title}")
    voice = singer.voice
    left = sum(pieces[index].stop - pieces[index].start for index in undone) / clip.rate
    done, began = 0.0, time.monotonic()

    def make(piece: _Piece) -> Made:
        made = piece.make(voice)
        made = Made(_levelled(made.sound), made.marks)
        phrases.keep(piece.key, made)
        return made

    running: dict[Future[Made], _Piece] = {}
    pool = ThreadPoolExecutor(min(singer.workers, len(undone)), "phrase", give_way)
    try:
        with voice.interruptible():
            while undone or running:
                while undone and len(running) < singer.workers:
                    here = focus() * clip.rate
                    index = min(undone, key=lambda each: (pieces[each].stop <= here, each))
                    undone.remove(index)
                    task = copy_context().run  # so that the job can be cancelled from within
                    running[pool.submit(task, make, pieces[index])] = pieces[index]
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    piece = running.pop(future)
                    done += (piece.stop - piece.start) / clip.rate
                    yield _write(clip, piece, future.result())
                    rate = done / max(time.monotonic() - began, 1e-6)
                    note = f"{card.title} · {singer.device}"
                    yield Progress(
                        min(done / max(left, 1e-9), 1.0), note, rate, (left - done) / rate
                    )
                    del future
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        running.clear()  # a failed one holds this frame


def _levelled(sound: np.ndarray) -> np.ndarray:
    """Sound whose loudest peaks are rounded, all phrases alike, so that nothing is cut."""
    size = np.abs(sound)
    over = np.maximum(size - LOUD, 0.0) / (LOUDEST - LOUD)
    soft = LOUD + (LOUDEST - LOUD) * np.tanh(over)
    return np.where(size > LOUD, np.sign(sound) * soft, sound).astype(np.float32)


def _write(clip: AudioClip, piece: _Piece, made: Made) -> Filled:
    """Put a piece where it belongs, without a step at its ends."""
    first = piece.at - int(made.marks[0])
    start, stop = max(first, piece.start), min(first + len(made.sound), piece.stop, clip.frames)
    if stop > start:
        sound = made.sound[start - first : stop - first].copy()
        count = min(round(FADE * clip.rate), len(sound) // 2)
        fade = (np.arange(count) + 0.5) / max(count, 1)
        sound[:count] *= fade
        sound[len(sound) - count :] *= fade[::-1]
        clip.write(start, sound[None])
    return Filled("voice", max(piece.start, 0), min(piece.stop, clip.frames))


# -- speech --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Sentence:
    """Words in one breath, and the speed, pitch and energy of each."""

    words: tuple[Word, ...]
    manner: tuple[tuple[float, float, float], ...]
    last: bool

    @property
    def key(self) -> str:
        words = [(word.phones, round(word.pause, 4)) for word in self.words]
        return repr((words, self.manner, self.last))

    @property
    def most(self) -> float:
        """Seconds that it lasts at most, whoever speaks."""
        longest = FIRST_PAUSE + LAST_PAUSE
        for word, (speed, _, _) in zip(self.words, self.manner, strict=True):
            phones = [*word.phones, PAUSE]
            longest += (SLOWER * float(singing.usual(phones).sum()) + word.pause) / speed
        return longest + (LAST_PAUSE + SLOWER) / min(speed for speed, _, _ in self.manner)

    def laid(self, voice: Voice) -> tuple[list[str], np.ndarray, list[int], list[int]]:
        """Its phones, their seconds, the word of each, and where each word's phones begin."""
        phones, owners, firsts = [PAUSE], [0], []
        for place, word in enumerate(self.words):
            firsts.append(len(phones))
            phones += word.phones
            if word.pause > 0 or place + 1 == len(self.words):
                phones.append(PAUSE)
            owners += [place] * (len(phones) - len(owners))
        usual = singing.usual(phones)
        seconds = np.asarray(voice.lengths(phones), float)
        seconds *= min(1.0, SLOWER * usual.sum() / max(seconds.sum(), 1e-9))
        seconds /= np.array([self.manner[owner][0] for owner in owners])
        seconds[0] = FIRST_PAUSE
        for place, word in enumerate(self.words):
            last = place + 1 == len(self.words)
            if word.pause > 0 or last:
                rest = max(word.pause, LAST_PAUSE) if last and self.last else word.pause
                end = firsts[place + 1] - 1 if not last else len(phones) - 1
                seconds[end] = rest / self.manner[place][0]
        return phones, seconds, owners, firsts


def speak(
    voicing: Voicing,
    card: ModelCard,
    scratch: Scratch,
    phrases: Phrases,
    device: str,
    focus: Callable[[], float],
) -> Work:
    """Speak a text; see `tasks.speak`."""
    began = time.monotonic()
    words: list[Word] = []
    for passage in _passages(voicing.text):
        yield Progress(math.nan, "Reading the text")
        words += phonemes.spoken(passage)
    if not words:
        raise EngineError(
            phonemes.unspeakable(voicing.text) or "There is nothing to say.",
            "Type some words in English.",
        )
    singer = _Singer(card, device)
    sentences = list(_sentences(words, voicing))
    heard: list[tuple[float, float, str]] = []
    clip: AudioClip | None = None
    at, said = 0, 0
    for part in _parts(sentences):
        pieces: list[_Piece] = []
        for sentence in part:
            key = _hashed(card, "speak", voicing.seed, sentence.key)
            marks = phrases.marks(key)
            if marks is None:
                if not singer.ready:
                    yield Progress(math.nan, f"Loading {card.title}")
                check_cancelled()
                marks = _marks(singer.voice, sentence)
            times = (at + marks[2:]) / card.rate
            spans = zip(times[0::2].tolist(), times[1::2].tolist(), sentence.words, strict=True)
            heard += [(start, stop, word.text) for start, stop, word in spans]
            stop = at + int(marks[1])
            make = functools.partial(_said, sentence=sentence, seed=voicing.seed)
            pieces.append(_Piece(key, at, stop, at, make))
            at = stop
        if clip is None:
            whole = len(part) == len(sentences)
            most = sum(sentence.most for sentence in sentences)
            frames = at if whole else max(round(most * card.rate), at)
            clip = yield from _opened(frames, card, scratch, "speak", voicing)
        for event in _filled(pieces, clip, singer, card, phrases, focus, scratch):
            if isinstance(event, Progress) and not math.isnan(event.done):
                done = (said + event.done * len(part)) / len(sentences)
                left = (time.monotonic() - began) * (1 - done) / max(done, 1e-3)
                event = replace(event, done=done, seconds_left=left)
            yield event
        said += len(part)
    assert clip is not None
    if clip.frames > at:
        clip.trim(at)
    return Spoken(clip, tuple(heard), singer.device, singer.note, time.monotonic() - began)


def _parts(sentences: Sequence[_Sentence]) -> Iterator[Sequence[_Sentence]]:
    """A short text whole; a long one in parts, so that its end does not keep its beginning back."""
    if len(sentences) <= AT_ONCE:
        yield sentences
        return
    start, size = 0, 1
    while start < len(sentences):
        yield sentences[start : start + size]
        start, size = start + size, min(2 * size, 4 * AT_ONCE)


def _passages(text: str) -> Iterator[str]:
    """A text in parts that are read quickly; a part ends with a sentence where it can."""
    part = ""
    for sentence in _SENTENCE_END.split(text):
        if part and len(part) + len(sentence) > PASSAGE:
            yield part
            part = ""
        part += (" " if part else "") + sentence
    yield part


def _sentences(words: Sequence[Word], voicing: Voicing) -> Iterator[_Sentence]:
    """Words in groups that are spoken in one breath, with how each is spoken."""
    manner = []
    for place in range(len(words)):
        one = voicing.words[place] if place < len(voicing.words) else (1.0, 0.0, 1.0)
        speed = min(max(voicing.speed * one[0], SLOWEST), FASTEST)
        manner.append((speed, voicing.pitch + one[1], max(voicing.energy * one[2], 0.0)))
    start = 0
    for place, word in enumerate(words):
        count, end = place + 1 - start, place + 1 == len(words)
        if end or word.pause >= SENTENCE or (count >= LONG and word.pause) or count >= LONGEST:
            yield _Sentence(tuple(words[start : place + 1]), tuple(manner[start : place + 1]), end)
            start = place + 1


def _marks(voice: Voice, sentence: _Sentence) -> np.ndarray:
    """0, the samples of a sentence, then start and stop of each of its words in samples."""
    phones, seconds, _, firsts = sentence.laid(voice)
    return _marked(voice, phones, seconds, firsts)


def _marked(
    voice: Voice, phones: Sequence[str], seconds: np.ndarray, firsts: Sequence[int]
) -> np.ndarray:
    edges = np.round(np.cumsum([0.0, *seconds]) * voice.rate / voice.hop).astype(int) * voice.hop
    ends = [*firsts[1:], len(phones)]
    ends = [end - 1 if phones[end - 1] == PAUSE else end for end in ends]
    spans = itertools.chain.from_iterable(zip(edges[firsts], edges[ends], strict=True))
    return np.array([0, edges[-1], *spans])


def _said(voice: Voice, sentence: _Sentence, seed: int) -> Made:
    """The sound of a sentence."""
    phones, seconds, owners, firsts = sentence.laid(voice)
    marks = _marked(voice, phones, seconds, firsts)
    check_cancelled()
    hz, _ = voice.contour(phones, seconds, seed)
    check_cancelled()
    edges = np.round(np.cumsum([0.0, *seconds]) * voice.rate / voice.hop).astype(int)
    shifts = np.repeat([sentence.manner[owner][1] for owner in owners], np.diff(edges))
    hz = hz * 2.0 ** (_smooth(shifts, GLIDE * voice.rate / voice.hop) / 12.0)
    hz = np.clip(hz, singing.LOWEST_HZ, singing.HIGHEST_HZ).astype(np.float32)
    energy = np.array([sentence.manner[owner][2] for owner in owners])
    return Made(voice.sound(phones, seconds, hz, energy, seed), marks)


def _smooth(values: np.ndarray, width: float) -> np.ndarray:
    """Values with their steps rounded over so many frames."""
    window = np.hanning((round(width) | 1) + 2)[1:-1]
    reach = len(window) // 2
    padded = np.pad(values.astype(float), reach, mode="edge")
    return np.convolve(padded, window / window.sum(), "valid")
