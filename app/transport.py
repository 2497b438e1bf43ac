"""Playing, holding, looping: what a person does with the sound, and where the playhead then is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

if TYPE_CHECKING:
    from app.playback import Player
    from app.session import Session
    from app.views.time_axis import TimeAxis
    from engine.types import Track

FRAME_MS = 16


class Transport(QObject):
    """Lets the player play the lanes of a session, and the time axis follow what is heard."""

    playing_changed = Signal(bool)

    def __init__(self, session: Session, player: Player, axis: TimeAxis) -> None:
        super().__init__(session)
        self._session, self._player, self._axis = session, player, axis
        self.focus = 0.0  # the second that work should do first; the heavy lane reads it too
        self.lens: Callable[[Sequence[Track]], Sequence[Track]] = tuple  # how lanes are listened to
        self.count_in: Callable[[], tuple[int, float]] = lambda: (0, 120.0)  # beats, tempo
        self._alone: tuple[Track, ...] = ()
        self._last_loop: tuple[float, float] | None = None
        self._playing = False
        self._clock = QTimer(self)
        self._clock.setTimerType(Qt.TimerType.PreciseTimer)
        self._clock.setInterval(FRAME_MS)
        self._clock.timeout.connect(self.follow)
        session.lanes_changed.connect(self._lanes_changed)
        axis.seek_requested.connect(self._seek)
        axis.playhead_changed.connect(self._note_focus)
        axis.loop_changed.connect(self._loop_changed)

    @property
    def playing(self) -> bool:
        """Whether sound runs."""
        return self._playing

    def play_pause(self) -> None:
        """Start at the playhead, or hold there."""
        if self._player.playing:
            self._player.pause()
        elif self._session.lanes:
            if self._axis.playhead >= self._axis.total - 1e-3 and self._axis.loop is None:
                self._axis.seek(0.0)
            self._player.play(*self.count_in())
        self.follow()

    def stop(self) -> None:
        """Stop and go back to where playing began; when nothing plays, to the start."""
        self._player.stop()
        self._axis.set_playhead(self._player.position)
        self._axis.reveal(self._axis.playhead)
        self.follow()

    def toggle_loop(self) -> None:
        """Loop the last region, or what is in view; or stop looping."""
        if self._axis.loop is not None:
            self._axis.set_loop(None)
        elif self._axis.total > 0:
            self._axis.set_loop(*(self._last_loop or (self._axis.start, self._axis.stop)))

    def jump(self, seconds: float) -> None:
        """Move the playhead by some seconds."""
        self._axis.seek(self._axis.playhead + seconds)

    def hear_alone(self, tracks: Sequence[Track]) -> None:
        """Let these sound instead of the lanes; none of them: the lanes again."""
        self._alone = tuple(tracks)
        self.rehear()

    def rehear(self) -> None:
        """Let the player play what is to be heard now."""
        self._player.set_tracks(self._alone or self.lens(self._session.tracks))

    def follow(self) -> None:
        """Show where playing is, now and as long as it goes on."""
        playing = self._player.playing
        if playing:
            self._axis.follow(self._player.position)
        if playing != self._playing:
            self._playing = playing
            if playing:
                self._clock.start()
            else:
                self._clock.stop()
                self._axis.follow(self._player.position)
            self.playing_changed.emit(playing)

    def _lanes_changed(self) -> None:
        tracks = self._session.tracks
        self.rehear()
        self._axis.set_total(max((track.clip.seconds for track in tracks), default=0.0))
        if not tracks and self._player.playing:
            self.stop()

    def _seek(self, seconds: float) -> None:
        self._player.seek(seconds)

    def _note_focus(self) -> None:
        self.focus = self._axis.playhead

    def _loop_changed(self) -> None:
        self._last_loop = self._axis.loop or self._last_loop
        self._player.loop = self._axis.loop
