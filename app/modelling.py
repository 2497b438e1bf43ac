"""What a person does with models: bring them in, choose, measure, try, unload and remove them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.studio import Trouble, trouble_of
from app.transcribing import MANY_VOICES
from app.words import said, tr
from engine import cards, downloads, effort, speeds, tasks
from engine.cards import ModelCard
from engine.downloads import Published
from engine.effort import Cost
from engine.errors import EngineError
from engine.events import Ended, Event, Filled, Opened, State, Work
from engine.jobs import Job
from engine.speeds import Speed
from engine.types import AudioClip, Track

if TYPE_CHECKING:
    from app.settings import Settings
    from app.studio import Studio
    from app.transcribing import Transcribing

CHECKPOINTS = (".ckpt", ".safetensors", ".onnx", ".pth", ".pt")
CONFIGURATIONS = (".yaml", ".yml")
MODEL_FILES = f"({' '.join(f'*{ending}' for ending in CHECKPOINTS)})"
TRY_SECONDS = 10.0


def is_model(path: Path) -> bool:
    """Whether a file, by its name, is a checkpoint or what belongs to one."""
    return path.suffix.lower() in (*CHECKPOINTS, *CONFIGURATIONS) and not path.is_dir()


def separator(settings: Settings, usual: Callable[[], ModelCard]) -> ModelCard:
    """The card that separates: the chosen one while it is here, at the chosen effort."""
    own = (card for card in cards.cards("separate") if card.id == settings.separation_model)
    return effort.with_effort(next(own, None) or usual(), settings.effort)


class Modelling(QObject):
    """Belongs to one window; all that takes time is a job."""

    changed = Signal()  # models came or went, were chosen, loaded, measured, or a job began
    added = Signal(object)  # ModelCard: it was taken in, and is chosen
    told = Signal(str)  # for a screen reader

    def __init__(self, studio: Studio, settings: Settings, transcribing: Transcribing) -> None:
        super().__init__(studio)
        self._studio, self._settings, self._transcribing = studio, settings, transcribing
        self._jobs: dict[str, Job] = {}  # by the id of the card or of what is downloaded
        self.loaded: frozenset[str] = frozenset()
        self.tries: list[int] = []  # ids of the lanes that were tried, the last one last
        studio.jobs.ended.connect(self._job_ended)

    # What there is

    def models(self) -> list[ModelCard]:
        """Every model that can be used; none, with trouble told, when a card is damaged."""
        try:
            return cards.cards()
        except EngineError as error:
            self._studio.trouble.emit(trouble_of(error))
            return []

    def separators(self) -> list[ModelCard]:
        """The models that separate."""
        return [card for card in self.models() if card.task == "separate"]

    def offered(self) -> list[Published]:
        """What can be downloaded and is not here yet."""
        here = " ".join(card.source for card in self.models())
        return [each for each in downloads.published() if each.sha256 not in here]

    def is_own(self, card: ModelCard) -> bool:
        """Whether a person added it, and so may remove it."""
        return (cards.own_folder() / f"{card.id}.toml").exists()

    def speed(self, card: ModelCard) -> Speed | None:
        """What was measured of it on this machine."""
        return speeds.remembered(card)

    def job(self, id: str) -> Job | None:
        """The job that works on a model, or fetches it, now."""
        return self._jobs.get(id)

    def refresh_loaded(self) -> None:
        """Find out which are in memory."""

        def on_event(event: Event) -> None:
            match event:
                case Ended(State.DONE, result=ids) if ids != self.loaded:
                    self.loaded = ids
                    self.changed.emit()

        self._studio.jobs.submit(
            "Look for models", tasks.loaded_models, "light", on_event, listed=False
        )

    # Choosing

    def in_use(self, card: ModelCard) -> bool:
        """Whether it is what separates, transcribes or sings from now on."""
        kept = self._settings
        match card.task:
            case "separate":
                return self._studio.separator().id == card.id
            case "transcribe":
                many = card.family == MANY_VOICES
                chosen = kept.instrument_model if many else kept.voice_model
            case "sing":
                chosen = kept.voice
            case _:
                return False
        same = [each.id for each in self.models() if _kind(each) == _kind(card)]
        return card.id == (chosen if chosen in same else next(iter(same), ""))

    def use(self, card: ModelCard) -> None:
        """Let it do its task from now on."""
        kept = self._settings
        match card.task:
            case "separate":
                kept.separation_model = card.id
            case "transcribe" if card.family == MANY_VOICES:
                kept.instrument_model = card.id
            case "transcribe":
                kept.voice_model = card.id
            case "sing":
                kept.voice = card.id
        self.told.emit(tr("{title} is used from now on", title=card.title))
        self._transcribing.changed.emit()
        self.changed.emit()

    # How much work it may be

    @property
    def effort(self) -> str:
        """ "fast", "balanced" or "best"."""
        chosen = self._settings.effort
        return chosen if chosen in effort.EFFORTS else effort.BALANCED

    def set_effort(self, chosen: str) -> None:
        """Separate with so much work from now on."""
        if chosen != self._settings.effort:
            self._settings.effort = chosen
            self.changed.emit()

    def cost(self, track: Track) -> Cost | None:
        """What it will take to separate a song; None before its model was measured."""
        card = self._studio.separator()
        speed = self.speed(card)
        return effort.cost(card, track.clip.seconds, speed) if speed is not None else None

    # Bringing them in

    def import_files(self, paths: Sequence[Path]) -> None:
        """Take checkpoints in, each with the configuration that came with it."""
        found = [path for path in paths if path.suffix.lower() in CHECKPOINTS]
        said_of = [path for path in paths if path not in found]
        for path in found:
            same = [each for each in said_of if each.stem == path.stem]
            alone = said_of if len(found) == len(said_of) == 1 else []
            self.add(path, next(iter([*same, *alone]), None))
        if not found and said_of:
            what = tr("{name} belongs to a model.", name=said_of[0].name)
            hint = tr("Drop it together with the model’s weights (.ckpt or .safetensors).")
            self._studio.trouble.emit(Trouble(what, hint, ""))

    def add(self, path: Path, yaml: Path | None = None) -> Job:
        """Take a checkpoint in and choose it."""
        return self._bring(
            f"file {path}",
            tr("Add model {name}", name=path.name),
            lambda: tasks.add_model(path, yaml),
            lambda: self.add(path, yaml),
        )

    def download(self, wanted: Published) -> Job:
        """Fetch a published checkpoint, take it in and choose it."""
        return self._bring(
            wanted.id,
            tr("Download {name}", name=wanted.title),
            lambda: tasks.fetch_model(wanted),
            lambda: self.download(wanted),
        )

    def _bring(
        self, id: str, title: str, work: Callable[[], Work], retry: Callable[[], object]
    ) -> Job:
        if id in self._jobs:
            return self._jobs[id]

        def on_event(event: Event) -> None:
            match event:
                case Ended(State.DONE, result=done) if not job.cancelled:
                    words = [tr("used from now on"), *(said(note) for note in done.notes)]
                    self._studio.jobs.status(job).note = "  ·  ".join(words)
                    self.use(done.card)
                    self.added.emit(done.card)
                case Ended(State.FAILED, error=error):
                    self._studio.trouble.emit(trouble_of(error))

        # In the background: opening a song must not wait for a gigabyte.
        job = self._submit(id, title, work, "light", on_event, retry, background=True)
        return job

    def _submit(
        self,
        id: str,
        title: str,
        work: Callable[[], Work],
        lane: str,
        on_event: Callable[[Event], object],
        retry: Callable[[], object] | None = None,
        background: bool = False,
    ) -> Job:
        job = self._studio.jobs.submit(
            title, work, lane, on_event, retry=retry, background=background
        )
        self._jobs[id] = job
        self.changed.emit()
        return job

    def cancel(self, id: str) -> None:
        """End what works on a model; of a download, what is there is kept."""
        if (job := self._jobs.get(id)) is not None:
            self._studio.cancel(job)

    def _job_ended(self, job: Job, _ended: object) -> None:
        mine = [id for id, each in self._jobs.items() if each is job]
        for id in mine:
            del self._jobs[id]
        if mine:
            self.changed.emit()
        if job.lane == "heavy":
            self.refresh_loaded()

    # What is done with one

    def measure(self, card: ModelCard) -> Job:
        """Find out how fast it is here."""

        def on_event(event: Event) -> None:
            match event:
                case Ended(State.DONE, result=speed):
                    self._studio.jobs.status(job).note = speed_text(speed)
                case Ended(State.FAILED, error=error):
                    self._studio.trouble.emit(trouble_of(error))

        job = self._submit(
            card.id,
            tr("Measure {name}", name=card.title),
            lambda: tasks.measure_model(card, self._studio.scratch),
            "heavy",
            on_event,
            lambda: self.measure(card),
        )
        return job

    def unload(self, card: ModelCard) -> None:
        """Give back its memory, once nothing works with it."""
        self._studio.jobs.submit(
            "Unload",
            lambda: tasks.unload_model(card),
            "heavy",
            lambda event: self.refresh_loaded() if isinstance(event, Ended) else None,
            listed=False,
        )

    def remove(self, card: ModelCard) -> Job:
        """Delete a model that was added, once nothing works with it."""

        def on_event(event: Event) -> None:
            match event:
                case Ended(State.DONE):
                    self.told.emit(tr("{title} was removed", title=card.title))
                case Ended(State.FAILED, error=error):
                    self._studio.trouble.emit(trouble_of(error))

        return self._submit(
            card.id,
            tr("Remove model {name}", name=card.title),
            lambda: tasks.remove_model(card.id),
            "heavy",
            on_event,
        )

    def cannot_try(self, card: ModelCard) -> str:
        """Why it cannot be tried now; empty if it can."""
        if card.task not in speeds.MEASURED:
            return tr("Select a lane with notes and let it sing them.")
        if self._studio.mix_of() is None:
            return tr("Open a song first, and select it.")
        return tr("It is being worked on.") if card.id in self._jobs else ""

    def try_out(self, card: ModelCard) -> Job | None:
        """Let it hear ten seconds from the playhead on: a lane that is heard alone, in a loop."""
        mix, studio = self._studio.mix_of(), self._studio
        if mix is None or self.cannot_try(card):
            return None
        card = effort.with_effort(card, self._settings.effort)
        id, start = studio.session.new_id(), studio.axis.playhead
        name = f"{card.title} · {mix.name}"
        others = {
            lane: {"solo": False} for lane in self.tries if studio.session.lane(lane) is not None
        }

        def on_event(event: Event) -> None:
            match event:
                case Opened(clips) if not job.cancelled:
                    lane = Track(id, name, "selection", clips["try"], solo=True, group=id)
                    studio.open_making(job, [lane])
                case Filled(_, first, last):
                    studio.session.fill_live(id, first, last)
                case Ended(State.DONE, result=tried) if not job.cancelled:
                    self._keep_try(id, tried.clip, tried.melody, card, others)
                    studio.axis.set_loop(tried.start, tried.stop)
                    studio.axis.seek(tried.start)
                case Ended():
                    studio.drop(event, [id], mix.id)

        job = self._submit(
            card.id,
            tr("Try {name}", name=card.title),
            lambda: tasks.try_model(mix.clip, card, studio.scratch, start, TRY_SECONDS),
            "heavy",
            on_event,
            lambda: self.try_out(card),
        )
        return job

    def _keep_try(
        self,
        id: int,
        clip: AudioClip,
        melody: object,
        card: ModelCard,
        others: dict[int, dict[str, bool]],
    ) -> None:
        session, step = self._studio.session, tr("Try {name}", name=card.title)
        changes = {**others, **({id: {"melody": melody}} if melody is not None else {})}
        self._studio.keep(step, [(id, clip)], merge=("try", id))
        if changes:
            session.set_tracks(step, changes, merge=("try", id))
        self.tries = [each for each in self.tries if session.lane(each) is not None] + [id]
        session.select(id)


def _kind(card: ModelCard) -> tuple[str, bool]:
    """What models are chosen among: those of one task, and that hear one voice or many."""
    return card.task, card.family == MANY_VOICES


def speed_text(speed: Speed) -> str:
    """How fast, with what, and in how much memory."""
    words = tr("{rate}× real time on {device}", rate=_short(speed.song), device=speed.device)
    if speed.bytes:
        words += ", " + bytes_text(speed.bytes)
    return words


def bytes_text(count: int) -> str:
    """An amount of memory or disk for a person."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{max(count / 1e6, 0.1):.3g} MB"


def _short(number: float) -> str:
    return f"{number:.0f}" if number >= 20 else f"{number:.1f}"
