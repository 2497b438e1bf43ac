"""What helps a person find their way: commands by name, keys, history, hints, language, size."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QMessageBox

from app import reading
from app.views.about import AboutDialog
from app.views.hints import Hints
from app.views.history import HistoryDialog
from app.views.keys import KeysDialog
from app.views.palette import Palette
from app.voice import Voice
from app.words import tr

if TYPE_CHECKING:
    from app.main_window import MainWindow

RECENT = 6  # commands that the palette shows first
LEAST_PERCENT, MOST_PERCENT, STEP_PERCENT = 100, 300, 25


class Helping(QObject):
    """Belongs to one window; `keep` writes the settings at once."""

    def __init__(self, window: MainWindow, keep: Callable[[], object]) -> None:
        super().__init__(window)
        self._window, self._keep = window, keep
        self.voice = Voice(window, window.session, window.studio, window.jobs)
        self.hints = Hints(window.pages, window.actions_, window.settings, self._hint_fits)
        self._palette: Palette | None = None
        self._history: HistoryDialog | None = None
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.timeout.connect(self._settle)
        window.actions_.used.connect(self._used)
        window.session.lanes_changed.connect(lambda: self._late.start(0))
        window.timeline.arranged.connect(lambda: self._late.start(0))
        window.jobs_view.arranged.connect(lambda: self._late.start(0))
        self._late.start(0)

    # What commands reach

    def show_palette(self) -> None:
        """Find a command by name."""
        if self._palette is None:
            self._palette = Palette(
                self._window.actions_, self._recent, self.voice.say, self._window
            )
        self._palette.open_over(self._window)

    def show_keys(self) -> None:
        """Every shortcut, to search and to change."""
        KeysDialog(self._window.actions_, self._keep_keys, self._window).show()

    def show_about(self) -> None:
        """What this program is."""
        AboutDialog(self._window.jobs, self._window).show()

    @property
    def history_is_open(self) -> bool:
        """Whether the list of changes is shown."""
        return self._history is not None and self._history.isVisible()

    def toggle_history(self) -> None:
        """Show or hide the list of changes."""
        if self._history is None:
            self._history = HistoryDialog(self._window.session.undo_stack, self._window)
            self._history.finished.connect(lambda _code: self._window.actions_.refresh())
        self._history.setVisible(not self._history.isVisible())

    def set_language(self, language: str) -> None:
        """Speak "system", "en" or "de" from the next start on."""
        if language != self._window.settings.language:
            self._window.settings.language = language
            self._keep()
            self._tell(tr("Melic speaks the new language from its next start on."))

    def resize_controls(self, steps: int) -> None:
        """Show everything larger or smaller from the next start on."""
        settings = self._window.settings
        wanted = settings.scale_percent + steps * STEP_PERCENT
        settings.scale_percent = min(max(wanted, LEAST_PERCENT), MOST_PERCENT)
        self._keep()
        self._tell(
            tr(
                "From the next start on everything is shown at {percent} %.",
                percent=settings.scale_percent,
            )
        )

    # Keeping in step

    def _tell(self, text: str) -> None:
        box = QMessageBox(QMessageBox.Icon.Information, "Melic", text, parent=self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def _hint_fits(self, number: int) -> bool:
        studio, session = self._window.studio, self._window.session
        return (not session.lanes, studio.can_separate(), bool(session.lanes))[number]

    @property
    def settled(self) -> bool:
        """Whether Tab knows all there is by now."""
        return not self._late.isActive()

    def _settle(self) -> None:
        reading.put_in_order(self._window.centralWidget())
        self.hints.refresh()

    def _recent(self) -> list[str]:
        return list(filter(None, self._window.settings.recent_commands.split(",")))

    def _used(self, id: str) -> None:
        if id != "palette":
            recent = [id, *(each for each in self._recent() if each != id)]
            self._window.settings.recent_commands = ",".join(recent[:RECENT])

    def _keep_keys(self, kept: str) -> None:
        self._window.settings.shortcuts = kept
        self._keep()
