"""A batch at the window: which chain, which songs, where to, and the job that makes it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import platformdirs
from PySide6.QtCore import QObject, QStandardPaths, Signal

from app.jobs import JobCenter
from app.settings import Settings
from app.studio import Trouble, trouble_of
from app.words import tr
from engine import chain as chains
from engine.batch import ENDED, Batch, Found, Item, ItemState, find_songs
from engine.chain import Chain
from engine.errors import EngineError
from engine.events import Ended, Event, Progress, State, Work
from engine.jobs import Job
from engine.report import JSON_NAME, Report
from engine.steps import SONG, Export, Mix, Separate, Step

PRACTICE = "practice"  # the sound that a drafted chain mixes


class Batching(QObject):
    """Belongs to one window. A batch is background work: a person's own separation goes first."""

    changed = Signal()  # the chain, the target, the items or how far they are
    trouble = Signal(object)  # Trouble

    def __init__(
        self,
        jobs: JobCenter,
        settings: Settings,
        cancel: Callable[[Job], object],
        own: Path | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._jobs, self._settings, self._cancel = jobs, settings, cancel
        self._own = own or chains.own_folder()
        self._cache = platformdirs.user_cache_path("Melic")
        self.job: Job | None = None
        self.report: Report | None = None
        self._made: Batch | None = None
        self._file: Path | None = None

    @property
    def _batch(self) -> Batch:
        """Made when it is first asked for: most starts of the program need none."""
        if self._made is None:
            self._file, chain = self._first()
            self._made = Batch(chain, self._first_target(), self._cache)
        return self._made

    @property
    def ready(self) -> bool:
        """Whether there is a chain to work with; trouble is told if there is none."""
        try:
            return bool(self._batch)
        except EngineError as error:
            self.trouble.emit(trouble_of(error))
            return False

    # Which chain

    def chain_files(self) -> list[Path]:
        """The files of all chains: those that come with Melic first."""
        files = chains.chain_files((chains.FOLDER, self._own))
        extra = [self.chain_file] if self.chain_file not in files else []
        return [*files, *extra]

    @property
    def chain_file(self) -> Path:
        """The file of the chain that is used."""
        return self._file or self._first()[0]

    def _first(self) -> tuple[Path, Chain]:
        """The chain used last, or the first that can be read."""
        bundled = [chains.FOLDER / "stems.toml"]
        kept = [Path(self._settings.batch_chain)] if self._settings.batch_chain else []
        for file in [*kept, *bundled]:
            try:
                return file, chains.read_chain(file)
            except EngineError:
                continue
        raise EngineError("The chains that come with Melic are missing.", "Install Melic again.")

    def use_chain(self, file: Path) -> bool:
        """Work with another chain from now on; False, with trouble told, if it cannot be read."""
        try:
            chain = chains.read_chain(file)
        except EngineError as error:
            self.trouble.emit(trouble_of(error))
            return False
        self._settings.batch_chain = str(file)
        self._renew(chain, self.target)
        self._file = file
        self.changed.emit()
        return True

    def keep_chain(self, chain: Chain) -> bool:
        """Save a chain under its name among a person's own, and work with it."""
        try:
            file = chains.save_chain(chain, self._own)
        except EngineError as error:
            self.trouble.emit(trouble_of(error))
            return False
        return self.use_chain(file)

    @property
    def chain(self) -> Chain:
        """What will be done with each song."""
        return self._batch.chain

    # Where to

    @property
    def target(self) -> Path:
        """The folder that the files go to."""
        return self._batch.target

    def set_target(self, folder: Path) -> None:
        """Write somewhere else from now on."""
        self._settings.batch_folder = str(folder)
        self._renew(self.chain, folder)

    def _first_target(self) -> Path:
        if self._settings.batch_folder:
            return Path(self._settings.batch_folder)
        place = QStandardPaths.StandardLocation.MusicLocation
        return Path(QStandardPaths.writableLocation(place) or Path.home()) / "Melic"

    def _renew(self, chain: Chain, target: Path) -> None:
        """Begin again with the same songs: another chain or target knows nothing of them."""
        if self.running:
            return
        songs = [Found(item.source, item.place) for item in self.items]
        self._made = Batch(chain, target, self._cache)
        self._made.add(songs)
        self.report = None
        self.changed.emit()

    # Which songs

    @property
    def items(self) -> tuple[Item, ...]:
        """All songs and how far each is."""
        return self._batch.items

    def add(self, paths: Sequence[Path]) -> None:
        """Add files, and every song in folders; folders keep their names in the target."""
        wanted, target = list(paths), self.target

        def find() -> Work:
            yield Progress(math.nan)
            return find_songs(wanted, target, keep_names=True)

        def on_event(event: Event) -> None:
            match event:
                case Ended(State.DONE, result=found):
                    self._batch.add(found)
                    if not found:
                        names = ", ".join(path.name for path in wanted[:3])
                        what = tr("There is no sound to open in {names}.", names=names)
                        self.trouble.emit(Trouble(what, "", ""))
                    self.changed.emit()
                case Ended(State.FAILED, error=error):
                    self.trouble.emit(trouble_of(error))

        self._jobs.submit("Look for songs", find, "light", on_event, listed=False)

    def remove(self, ids: Iterable[int]) -> None:
        """Take songs off the list; one being made ends and leaves nothing."""
        self._batch.remove(ids)
        self.changed.emit()

    def retry(self, ids: Iterable[int]) -> None:
        """Make ended songs once more, at once."""
        self._batch.retry(ids)
        self.start()

    # Doing it

    @property
    def running(self) -> bool:
        """Whether the batch is being made, or held."""
        return self.job is not None

    @property
    def paused(self) -> bool:
        """Whether it is held where it is."""
        return self.running and self._batch.paused

    @property
    def waiting(self) -> int:
        """How many songs have not had their turn."""
        return self._batch.count(ItemState.WAITING)

    @property
    def gives_way(self) -> bool:
        """Whether other work that needs the model is done first."""
        others = (job for job in self._jobs.unfinished if job is not self.job)
        return self.running and any(
            job.lane == "heavy" and job.state is State.RUNNING for job in others
        )

    @property
    def progress(self) -> Progress | None:
        """How far the whole is, while it is being made."""
        return self._jobs.status(self.job).progress if self.job is not None else None

    def start(self) -> None:
        """Make what waits; go on if it is held."""
        if self.running:
            self.pause(False)
            return
        if not self.waiting:
            return
        self._batch.paused = False
        self.report = None
        batch = self._batch

        def on_event(event: Event) -> None:
            if isinstance(event, Ended):
                self.job = None
                self._ended(job, event)
            self.changed.emit()

        job = self._jobs.submit(
            tr("Batch: {name}", name=self.chain.name),
            batch.run,
            "heavy",
            on_event,
            folder=batch.target,
            retry=self.start,
            background=True,
        )
        self.job = job
        self.changed.emit()

    def pause(self, hold: bool) -> None:
        """Hold where it is, or go on."""
        self._batch.paused = hold and self.running
        self.changed.emit()

    def cancel(self) -> None:
        """End it; what is done stays, and it can be gone on with."""
        if self.job is not None:
            self._cancel(self.job)

    def _ended(self, job: Job, ended: Ended) -> None:
        if ended.state is State.FAILED:
            self.trouble.emit(trouble_of(ended.error))
        elif ended.state is State.DONE:
            self.report = ended.result
            self._jobs.status(job).note = self.summary()

    def summary(self) -> str:
        """How many songs are in which state, in words."""
        batch = self._batch
        words = {
            ItemState.DONE: tr("{count} done", count=batch.count(ItemState.DONE)),
            ItemState.SKIPPED: tr("{count} done before", count=batch.count(ItemState.SKIPPED)),
            ItemState.FAILED: tr("{count} failed", count=batch.count(ItemState.FAILED)),
            ItemState.RUNNING: tr("{count} being made", count=batch.count(ItemState.RUNNING)),
            ItemState.WAITING: tr("{count} waiting", count=batch.count(ItemState.WAITING)),
        }
        return ", ".join(text for state, text in words.items() if batch.count(state))

    @property
    def report_file(self) -> Path | None:
        """The report of the last run in this folder, if there is one."""
        ended = any(item.state in ENDED for item in self.items)
        return self.target / JSON_NAME if ended and not self.running else None


# -- chains that a person makes by ticking ------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Draft:
    """A chain as the editor shows it. `practice_db` None: no mix for practice."""

    name: str
    sounds: tuple[str, ...] = ("vocals", "instrumental")
    practice_db: float | None = None
    format: str = "wav"
    subtype: str = "24"
    template: str = "{source}_({stem})"

    def chain(self) -> Chain:
        """The chain itself. Raises `EngineError` when it would not work."""
        steps: list[Step] = []
        what = list(self.sounds)
        if self.practice_db is not None:
            what.append(PRACTICE)
        if set(what) - {SONG}:
            steps.append(Separate())
        if self.practice_db is not None:
            steps.append(Mix(PRACTICE, (("vocals", self.practice_db), ("instrumental", 0.0))))
        if not what:
            raise EngineError("Nothing is ticked.", "Tick at least one thing to write.")
        subtype = "" if self.format == "mp3" else self.subtype
        export = Export(tuple(what), self.format, subtype, template=self.template)
        chain = Chain(self.name.strip(), (*steps, export))
        return chains.parse(chains.to_toml(chain), chain.name)  # a name may be unfit for a file


def draft_of(chain: Chain) -> Draft | None:
    """The chain as the editor can show it; None when it does more than can be ticked."""
    export = chain.steps[-1]
    if not isinstance(export, Export):
        return None
    mixes = [step for step in chain.steps if isinstance(step, Mix)]
    levels = dict(mixes[0].gains) if len(mixes) == 1 else {}
    draft = Draft(
        chain.name,
        tuple(name for name in export.what if name != PRACTICE),
        levels.get("vocals") if PRACTICE in export.what else None,
        export.format,
        export.subtype or "24",
        export.template,
    )
    try:
        return draft if _same(draft.chain(), chain) else None
    except EngineError:
        return None


def _same(one: Chain, other: Chain) -> bool:
    """Whether two chains write the same files, in whatever order."""

    def plain(chain: Chain) -> list[object]:
        rows: list[object] = []
        for step in chain.steps:
            row = step.identity()
            if isinstance(step, Export):
                row |= {"what": sorted(step.what)}
            rows.append((type(step), row))
        return rows

    return plain(one) == plain(other)
