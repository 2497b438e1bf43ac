"""What killed programs left: found at the start, offered, and brought back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.words import tr
from engine import tasks
from engine.events import Ended, Event, State, Work
from engine.workspace import Left

if TYPE_CHECKING:
    from app.jobs import JobCenter
    from app.projects import Projects


class Recovery(QObject):
    """The offers of one window; `offers` has the newest first."""

    changed = Signal()

    def __init__(self, projects: Projects, jobs: JobCenter) -> None:
        super().__init__(projects)
        self.offers: tuple[Left, ...] = ()
        self._projects, self._jobs = projects, jobs
        self._workspace = projects.workspace

    def look(self, scratches: Path) -> None:
        """Find what killed programs left, offer it, and sweep away their scratch folders."""
        parent = self._workspace.folder.parent

        def on_event(event: Event) -> None:
            match event:
                case Ended(State.DONE, result=found):
                    self.offers = (*self.offers, *found)
                    self.changed.emit()

        def look() -> Work:
            return tasks.find_left(parent)

        self._jobs.submit("Look for what was open", look, "light", on_event, listed=False)
        self._jobs.submit("Sweep", lambda: tasks.sweep(scratches), "light", listed=False)

    def recover(self) -> None:
        """Bring back what is offered first, here or in a window of its own."""
        if not self.offers:
            return
        offer = self._next()
        if self._projects.free:
            self.bring_back(offer.folder, offer)
        else:
            offer.lock.release()
            self._projects.new_window(["--recover", str(offer.folder)])

    def bring_back(
        self,
        folder: Path,
        offer: Left | None = None,
        then: Callable[[], object] = lambda: None,
    ) -> None:
        """Open in this window what was left in a workspace, which is then not needed any more.

        `then` is called at the end, however that is.
        """
        workspace = self._workspace

        def ended(event: Event) -> None:
            if isinstance(event, Ended):
                then()

        def tidy(opened: bool) -> None:
            if not opened:
                then()
                return
            self._jobs.submit(
                "Tidy",
                lambda: tasks.replace_left(folder, workspace, offer),
                "light",
                ended,
                listed=False,
            )

        self._projects.take_over(
            tr("Recover what was open"), lambda: tasks.recover(folder, workspace.scratch), tidy
        )

    def discard(self) -> None:
        """Delete what is offered first, if a person really wants that."""
        if self.offers and self._projects.questions.really_discard(self.offers[0]):
            offer = self._next()
            self._jobs.submit("Discard", lambda: tasks.discard_left(offer), "light", listed=False)

    def postpone(self) -> None:
        """Offer all of it again at the next start."""
        for offer in self.offers:
            offer.lock.release()
        self.offers = ()
        self.changed.emit()

    def _next(self) -> Left:
        first, *rest = self.offers
        self.offers = tuple(rest)
        self.changed.emit()
        return first
