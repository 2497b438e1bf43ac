"""Every command, once: menus, buttons, tooltips and the list of keys come from this table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence

if TYPE_CHECKING:
    from app.main_window import MainWindow

MENUS = ("File", "Edit", "Track", "Play", "View", "Help")
Rule = Callable[["MainWindow"], bool]


@dataclass(frozen=True, slots=True)
class Command:
    """One thing a person can do. `why` says what it is for; `---` before a menu starts a group."""

    id: str
    text: str
    menu: str
    verb: Callable[[MainWindow], object]
    keys: tuple[str, ...] = ()
    why: str = ""
    icon: str = ""
    when: Rule | None = None  # enabled
    on: Rule | None = None  # checked
    name: Callable[[MainWindow], str] | None = None  # text that changes


def _any(w: MainWindow) -> bool:
    return bool(w.session.lanes)


def _selected(w: MainWindow) -> bool:
    return w.session.selected != 0


def _has_stems(w: MainWindow) -> bool:
    mix = w.studio.mix_of()
    return mix is not None and bool(w.studio.stems_of(mix.id))


def _is_muted(w: MainWindow) -> bool:
    lane = w.session.lane(w.session.selected)
    return lane is not None and lane.track.muted


def _is_solo(w: MainWindow) -> bool:
    lane = w.session.lane(w.session.selected)
    return lane is not None and lane.track.solo


def _undo_name(w: MainWindow) -> str:
    return f"Undo {w.session.undo_stack.undoText()}".strip()


def _redo_name(w: MainWindow) -> str:
    return f"Redo {w.session.undo_stack.redoText()}".strip()


COMMANDS: tuple[Command, ...] = (
    Command("open", "Open…", "File", lambda w: w.ask_open(), ("Ctrl+O", "Ctrl+I"),
            "Open songs, or the sound of videos", "folder-open"),
    Command("open_folder", "Open folder…", "File", lambda w: w.ask_open_folder(), (),
            "Open every song in a folder", "folder"),
    Command("demo", "Open the demo song", "File", lambda w: w.open_demo(), (),
            "Try Melic on a short song that comes with it", "music"),
    Command("export", "Export…", "---File", lambda w: w.ask_export(), ("Ctrl+Shift+E",),
            "Write stems or the mix to files", "download", _any),
    Command("quit", "Quit", "---File", lambda w: w.close(), ("Ctrl+Q",), "Close Melic"),

    Command("undo", "Undo", "Edit", lambda w: w.session.undo_stack.undo(), ("Ctrl+Z",),
            "Take the last change back", "undo-2",
            lambda w: w.session.undo_stack.canUndo(), name=_undo_name),
    Command("redo", "Redo", "Edit", lambda w: w.session.undo_stack.redo(),
            ("Ctrl+Shift+Z", "Ctrl+Y"), "Make the change again", "redo-2",
            lambda w: w.session.undo_stack.canRedo(), name=_redo_name),
    Command("remove", "Remove lane", "---Edit", lambda w: w.studio.remove(),
            ("Del", "Backspace"), "Take the selected lane away; one being made is cancelled",
            "trash-2", _selected),
    Command("clear", "Clear loop", "Edit", lambda w: w.escape(), ("Esc",),
            "End the loop and close what is open"),

    Command("separate", "Separate vocals", "Track", lambda w: w.studio.separate(), ("Ctrl+E",),
            "Make two lanes of this song: the singer and the band", "split",
            lambda w: w.studio.can_separate()),
    Command("separate_all", "Separate every song", "Track", lambda w: w.studio.separate_all(),
            ("Ctrl+Alt+E",), "Queue all songs that have no stems yet", "",
            lambda w: any(w.studio.can_separate(t.id) for t in w.session.project.tracks)),
    Command("swap", "Swap mix and stems", "---Track", lambda w: w.studio.swap_heard(), ("B",),
            "Listen to the original, then to the stems again", "arrow-left-right", _has_stems),
    Command("residual", "Hear the residual", "Track", lambda w: w.studio.residual(), ("R",),
            "Add what the stems left out of the mix as a lane", "blend",
            lambda w: w.studio.can_hear_residual()),
    Command("mute", "Mute", "---Track", lambda w: w.studio.toggle("muted"), ("M",),
            "Silence the selected lane", "volume-x", _selected, _is_muted),
    Command("solo", "Solo", "Track", lambda w: w.studio.toggle("solo"), ("S",),
            "Hear the selected lane alone", "headphones", _selected, _is_solo),
    Command("lane_up", "Select lane above", "---Track", lambda w: w.move_selection(-1), ("Up",),
            "", "", _any),
    Command("lane_down", "Select lane below", "Track", lambda w: w.move_selection(1), ("Down",),
            "", "", _any),
    Command("taller", "Taller lane", "Track", lambda w: w.timeline.grow(24), ("Ctrl+Down",),
            "", "", _selected),
    Command("shorter", "Shorter lane", "Track", lambda w: w.timeline.grow(-24), ("Ctrl+Up",),
            "", "", _selected),
    Command("even", "Lanes of equal height", "Track", lambda w: w.timeline.even(), ("Ctrl+0",),
            "", "", _any),

    Command("play", "Play", "Play", lambda w: w.studio.play_pause(), ("Space",),
            "Play from the playhead, or pause", "play", _any, lambda w: w.studio.playing,
            lambda w: "Pause" if w.studio.playing else "Play"),
    Command("stop", "Stop", "Play", lambda w: w.studio.stop(), (".",),
            "Stop and go back to the start", "square", _any),
    Command("play_start", "Play from the start", "Play", lambda w: w.play_from_start(),
            ("Shift+Space",), "", "", _any),
    Command("start", "Go to start", "---Play", lambda w: w.axis.seek(0.0), ("Home",),
            "Put the playhead at the start", "skip-back", _any),
    Command("end", "Go to end", "Play", lambda w: w.axis.seek(w.axis.total), ("End",), "", "",
            _any),
    Command("back", "Jump back 5 s", "Play", lambda w: w.studio.jump(-5.0), ("PgUp",), "", "",
            _any),
    Command("ahead", "Jump ahead 5 s", "Play", lambda w: w.studio.jump(5.0), ("PgDown",), "", "",
            _any),
    Command("nudge_back", "Nudge back", "Play", lambda w: w.studio.jump(-0.1), ("[",), "", "",
            _any),
    Command("nudge_ahead", "Nudge ahead", "Play", lambda w: w.studio.jump(0.1), ("]",), "", "",
            _any),
    Command("loop", "Loop", "---Play", lambda w: w.studio.toggle_loop(), ("L",),
            "Repeat the region marked in the ruler, or what is in view", "repeat", _any,
            lambda w: w.axis.loop is not None),

    Command("fit", "Fit the whole song", "View", lambda w: w.axis.fit(), ("F",),
            "Show everything from start to end", "scan", _any),
    Command("zoom_in", "Zoom in", "View", lambda w: w.zoom(1.5), ("Ctrl+=", "Ctrl++"), "", "",
            _any),
    Command("zoom_out", "Zoom out", "View", lambda w: w.zoom(1 / 1.5), ("Ctrl+-",), "", "", _any),
    Command("left", "Scroll left", "View", lambda w: w.scroll(-0.1), ("Left",), "", "", _any),
    Command("right", "Scroll right", "View", lambda w: w.scroll(0.1), ("Right",), "", "", _any),
    Command("pitch_in", "Zoom in on pitch", "---View",
            lambda w: w.zoom_pitch(1.25), ("Alt+=", "Alt++"), "", "", _any),
    Command("pitch_out", "Zoom out on pitch", "View", lambda w: w.zoom_pitch(0.8), ("Alt+-",),
            "", "", _any),
    Command("pitch_up", "Scroll up in pitch", "View",
            lambda w: w.scroll_pitch(0.1), ("Alt+Up",), "", "", _any),
    Command("pitch_down", "Scroll down in pitch", "View", lambda w: w.scroll_pitch(-0.1),
            ("Alt+Down",), "", "", _any),
    Command("pitch_fit", "Show every pitch", "View", lambda w: w.display.fit_frequency(),
            ("Shift+F",), "", "", _any),
    Command("next_scale", "Next pitch axis", "View", lambda w: w.timeline.next_scale(), ("A",),
            "Log, mel or linear", "", _any),
    Command("next_colours", "Next colours", "View", lambda w: w.timeline.next_colours(), ("C",),
            "Magma, grey or inverse grey", "", _any),
    Command("inspector", "Inspector", "---View", lambda w: w.toggle_inspector(), ("I",),
            "What is selected, what is under the pointer, what sounds", "panel-right", None,
            lambda w: w.inspector_wanted),
    Command("jobs", "Jobs", "View", lambda w: w.jobs_view.toggle(), ("J",),
            "Everything that runs, waits or ended", "list", None, lambda w: w.jobs_view.is_open),
    Command("full_screen", "Full screen", "View", lambda w: w.toggle_full_screen(), ("F11",), "",
            "maximize", None, lambda w: w.isFullScreen()),
    Command("theme_system", "Colours of the system", "---View",
            lambda w: w.set_theme("system"), on=lambda w: w.settings.theme == "system"),
    Command("theme_dark", "Dark", "View", lambda w: w.set_theme("dark"),
            on=lambda w: w.settings.theme == "dark"),
    Command("theme_light", "Light", "View", lambda w: w.set_theme("light"),
            on=lambda w: w.settings.theme == "light"),

    Command("keys", "Keyboard shortcuts", "Help", lambda w: w.show_keys(), ("F2", "F1"),
            "Every key in one list", "keyboard"),
)  # fmt: skip


def shown_key(key: str) -> str:
    """A key as this system writes it."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


def tooltip(command: Command, text: str = "") -> str:
    """What it does, its key, and what it is for."""
    title = (text or command.text).rstrip("…")
    first = f"{title}  ({shown_key(command.keys[0])})" if command.keys else title
    return f"{first}\n{command.why}" if command.why else first


class Actions(QObject):
    """One `QAction` per command, kept in step with the window by `refresh`."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._actions: dict[str, QAction] = {}
        for command in COMMANDS:
            action = QAction(command.text, window)
            action.setObjectName(command.id)
            action.setShortcuts([QKeySequence(key) for key in command.keys])
            action.setAutoRepeat(command.id not in {"play", "separate", "mute", "solo"})
            action.setCheckable(command.on is not None)
            action.setToolTip(tooltip(command))
            action.triggered.connect(lambda _=False, c=command: self._run(c))
            window.addAction(action)
            self._actions[command.id] = action

    def __getitem__(self, id: str) -> QAction:
        return self._actions[id]

    def _run(self, command: Command) -> None:
        command.verb(self._window)
        self.refresh()

    def refresh(self) -> None:
        """Enable, check and name every action as things are now."""
        for command in COMMANDS:
            action = self._actions[command.id]
            if command.when is not None:
                action.setEnabled(command.when(self._window))
            if command.on is not None:
                action.setChecked(command.on(self._window))
            if command.name is not None:
                text = command.name(self._window)
                if text != action.text():
                    action.setText(text)
                    action.setToolTip(tooltip(command, text))
