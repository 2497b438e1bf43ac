"""What is open: the document, the lanes still being made, the selection and the undo stack.

A melody that is still being transcribed is shown with `Session.show_live_melody`, again each time
more of its curves is there, until `clear_live_melody`; `Session.melody` is what a lane shows.
A track of the document whose sound is made anew shows it from `show_live_clip` on, and `amend`
then gives that sound to the document and to every step that the lane was alike in.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from app.words import tr
from engine.melody import Melody
from engine.project import Project
from engine.types import AudioClip, Track

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Lane:
    """A track as the screen shows it.

    `filled` is None for a track of the document; for one still being made, or made anew, it holds
    the settled spans in frames, sorted and apart.
    """

    track: Track
    filled: tuple[Span, ...] | None = None


@dataclass(slots=True)
class _Live:
    track: Track
    after: int | None
    mutes: frozenset[int]
    filled: tuple[Span, ...] = ()


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Sort spans and merge those that touch."""
    out: list[Span] = []
    for start, stop in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(stop, out[-1][1]))
        else:
            out.append((start, stop))
    return tuple(out)


class _Edit(QUndoCommand):
    """The one kind of undo step: the document before and after.

    The session shows it once the stack has arrived: of a leap over many steps only the last.
    """

    def __init__(
        self, session: Session, name: str, before: Project, after: Project, merge: object | None
    ) -> None:
        super().__init__(name)
        self.session, self.before, self.after, self.merge = session, before, after, merge

    def id(self) -> int:
        return 1 if self.merge is not None else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Edit) or other.merge != self.merge:
            return False
        self.after = other.after
        return True

    def undo(self) -> None:
        self.session._reached = self.before

    def redo(self) -> None:
        self.session._reached = self.after


class Session(QObject):
    """The open document and what the screen knows about it; for the GUI thread alone."""

    project_changed = Signal()  # the document is another value now
    lanes_changed = Signal()  # tracks came, went, moved or changed a field
    filled = Signal(int, int, int)  # track id, start, stop: frames that became final
    selection_changed = Signal(int)  # track id, 0 for none
    melody_grew = Signal(int)  # track id: what is transcribed so far looks different now

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.undo_stack = QUndoStack(self)
        self.undo_stack.indexChanged.connect(self._arrive)
        self._project = Project()
        self._reached: Project | None = None  # where the undo stack goes
        self._live: dict[int, _Live] = {}
        self._melodies: dict[int, Melody] = {}  # still being transcribed
        self._anew: dict[int, Lane] = {}  # tracks of the document whose sound is made again
        self._held: dict[int, bool] = {}  # mute of document tracks while their stems are made
        self._selected = 0
        self._numbers = itertools.count(1)
        self._lanes: tuple[Lane, ...] = ()

    @property
    def project(self) -> Project:
        """The document: finished tracks only."""
        return self._project

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """Everything on the timeline from top to bottom, tracks still being made included."""
        return self._lanes

    @property
    def tracks(self) -> tuple[Track, ...]:
        """The tracks of all lanes: what is heard now."""
        return tuple(lane.track for lane in self._lanes)

    def lane(self, id: int) -> Lane | None:
        """The lane of a track, if it is there."""
        return next((lane for lane in self._lanes if lane.track.id == id), None)

    def melody(self, id: int) -> Melody | None:
        """What is sung on a lane: as far as it is transcribed now, or as the document has it."""
        if id in self._melodies:
            return self._melodies[id]
        lane = self.lane(id)
        return lane.track.melody if lane is not None else None

    def new_id(self) -> int:
        """A track id that was never used before."""
        return next(self._numbers)

    @property
    def selected(self) -> int:
        """The id of the selected track; 0 when there is none."""
        return self._selected

    def select(self, id: int) -> None:
        """Select a lane (0: none)."""
        if id != self._selected and (id == 0 or self.lane(id) is not None):
            self._selected = id
            self.selection_changed.emit(id)

    def edit(self, name: str, project: Project, merge: object | None = None) -> None:
        """Make `project` the document as one undo step.

        Steps that follow each other with an equal `merge` become one (a drag of a fader). A live
        lane whose track is in `project` becomes part of the document.
        """
        self.undo_stack.push(_Edit(self, name, self._project, project, merge))

    def _arrive(self) -> None:
        project, self._reached = self._reached, None
        if project is not None:
            self._show(project)

    def restore(self, project: Project) -> None:
        """Make `project`, which was opened, the document: there is nothing to undo."""
        self.undo_stack.clear()
        self._numbers = itertools.count(max(project.next_id, next(self._numbers)))
        self._show(project)

    def set_track(self, id: int, merge: object | None = None, **changes: Any) -> None:
        """Change fields of one track; undoable unless its lane is still being made."""
        self.set_tracks(_name_of(changes, self.lane(id)), {id: changes}, merge)

    def set_tracks(
        self, name: str, changes: Mapping[int, Mapping[str, Any]], merge: object | None = None
    ) -> None:
        """Change fields of several tracks, as one undo step for those of the document."""
        project = self._project
        for id, fields in changes.items():
            rest = dict(fields)
            if id in self._live:
                self._live[id].track = replace(self._live[id].track, **rest)
                continue
            if id in self._held and "muted" in rest:
                self._held[id] = bool(rest.pop("muted"))
            track = project.track(id)
            if track is not None and any(getattr(track, k) != v for k, v in rest.items()):
                project = project.replaced(id, **rest)
        if project is not self._project:
            self.edit(name, project, merge)
        else:
            self._show(project)

    def open_live(
        self, tracks: Iterable[Track], after: int | None = None, mute: Collection[int] = ()
    ) -> None:
        """Show lanes that are still being made, below the track `after`.

        The document's tracks in `mute` are silent as long as these lanes are live.
        """
        below = after
        for track in tracks:
            self._live[track.id] = _Live(track, below, frozenset(mute))
            below = track.id
        for id in mute:
            self._held.setdefault(id, True)
        self._show(self._project)

    def fill_live(self, id: int, start: int, stop: int) -> None:
        """Note that frames `start` to `stop` of a live lane are final."""
        live, anew = self._live.get(id), self._anew.get(id)
        if live is not None:
            live.filled = joined((*live.filled, (start, stop)))
        elif anew is not None:
            self._anew[id] = replace(anew, filled=joined((*(anew.filled or ()), (start, stop))))
        else:
            return
        self._arrange()
        self.filled.emit(id, start, stop)

    def close_live(self, ids: Iterable[int]) -> None:
        """Take live lanes away; the document stays as it is."""
        for id in ids:
            self._live.pop(id, None)
        self._show(self._project)

    def show_live_clip(self, id: int, clip: AudioClip, filled: Iterable[Span] = ()) -> None:
        """Show and play this clip, which is being filled, in place of a document track's own."""
        track = self._project.track(id)
        if track is not None:
            self._anew[id] = Lane(replace(track, clip=clip), joined(filled))
            self._show(self._project)

    def clear_live_clip(self, id: int) -> None:
        """Show and play the document's clip on a lane again."""
        if self._anew.pop(id, None) is not None:
            self._show(self._project)

    def amend(self, change: Callable[[Project], Project]) -> None:
        """Change the document, and those that undo and redo lead to, without a step of its own."""
        known: dict[int, Project] = {}

        def amended(project: Project) -> Project:
            if id(project) not in known:
                known[id(project)] = change(project)
            return known[id(project)]

        steps = [self.undo_stack.command(k) for k in range(self.undo_stack.count())]
        before = [(step, step.before, step.after) for step in steps if isinstance(step, _Edit)]
        for step, then, now in before:
            step.before, step.after = amended(then), amended(now)
        self._show(amended(self._project))

    def show_live_melody(self, id: int, melody: Melody) -> None:
        """Show on a lane what is transcribed so far; curves may go on filling in the same clip."""
        self._melodies[id] = melody
        self.melody_grew.emit(id)

    def clear_live_melody(self, id: int) -> None:
        """Show the document's melody on a lane again."""
        if self._melodies.pop(id, None) is not None:
            self.melody_grew.emit(id)

    def _show(self, project: Project) -> None:
        changed = project is not self._project
        self._project = project
        for track in project.tracks:
            self._live.pop(track.id, None)
        self._anew = {id: lane for id, lane in self._anew.items() if project.track(id) is not None}
        wanted = {id for live in self._live.values() for id in live.mutes}
        self._held = {id: muted for id, muted in self._held.items() if id in wanted}
        place = next((i for i, x in enumerate(self._lanes) if x.track.id == self._selected), 0)
        self._arrange()
        self.lanes_changed.emit()
        if changed:
            self.project_changed.emit()
        if self.lane(self._selected) is None:
            near = min(place, len(self._lanes) - 1)
            self._selected = self._lanes[near].track.id if self._lanes else 0
            self.selection_changed.emit(self._selected)

    def _arrange(self) -> None:
        lanes = [
            Lane(replace(t, muted=self._held[t.id]) if t.id in self._held else t)
            for t in self._project.tracks
        ]
        for at, lane in enumerate(lanes):
            if (anew := self._anew.get(lane.track.id)) is not None:
                lanes[at] = Lane(replace(lane.track, clip=anew.track.clip), anew.filled)
        for live in self._live.values():
            ids = [lane.track.id for lane in lanes]
            at = ids.index(live.after) + 1 if live.after in ids else len(lanes)
            lanes.insert(at, Lane(live.track, live.filled))
        # Songs stand in the order in which they were asked for, however long each took to read.
        self._lanes = tuple(sorted(lanes, key=lambda lane: lane.track.group))


def _name_of(changes: Mapping[str, Any], lane: Lane | None) -> str:
    """Words for the Edit menu."""
    name = lane.track.name if lane is not None else tr("lane")
    if "muted" in changes:
        return tr("Mute {name}", name=name) if changes["muted"] else tr("Unmute {name}", name=name)
    if "solo" in changes:
        return tr("Solo {name}", name=name) if changes["solo"] else tr("Unsolo {name}", name=name)
    if "gain_db" in changes:
        return tr("Change gain of {name}", name=name)
    if "pan" in changes:
        return tr("Pan {name}", name=name)
    return tr("Rename {name}", name=name) if "name" in changes else tr("Change {name}", name=name)
