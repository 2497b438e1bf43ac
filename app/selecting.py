"""What is marked on the spectrogram, and with which tool."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from engine.regions import Box, Harmonic, Region

MARKERS = ("box", "brush", "harmonic")  # tools that mark a region
NOTE_TOOLS = ("notes", "pen", "knife", "curve")  # tools that write notes
TOOLS = ("navigate", *MARKERS, *NOTE_TOOLS)
BRUSH_SEMITONES = (0.25, 48.0)  # narrowest and widest brush
BRUSH_SECONDS = (0.005, 2.0)
PARTIAL_SEMITONES = (0.2, 4.0)


class Selection(QObject):
    """The region that is marked on one lane; empty as long as `region` is None."""

    changed = Signal()
    tool_changed = Signal()  # another tool, or another width of the brush
    # Track id, points (seconds, Hz) near a tone, and what makes a region of the shape found there.
    stroke_drawn = Signal(int, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.track = 0  # id of the lane it lies on
        self.region: Region | None = None
        self.tool = "navigate"
        self.brush_semitones = 2.0
        self.brush_seconds = 0.06
        self.partial_semitones = 1.0  # width of a partial of a harmonic region

    @property
    def span(self) -> tuple[float, float] | None:
        """First and last second."""
        return self.region.span if self.region is not None else None

    @property
    def band(self) -> tuple[float, float] | None:
        """Lowest and highest Hz."""
        return self.region.band if self.region is not None else None

    @property
    def box(self) -> Box | None:
        """The box whose edges can be moved: what was marked last, if that is a box."""
        return self.region.last_box if self.region is not None else None

    def set(self, track: int, region: Region | None) -> None:
        """Mark a region on a lane, instead of what was marked."""
        if region is None:
            track = 0
        if (track, region) != (self.track, self.region):
            self.track, self.region = track, region
            self.changed.emit()

    def clear(self) -> None:
        """Mark nothing."""
        self.set(0, None)

    def use(self, tool: str) -> None:
        """Take another tool into the hand."""
        if tool in TOOLS and tool != self.tool:
            self.tool = tool
            self.tool_changed.emit()

    def set_partials(self, semitones: float) -> None:
        """Change how wide the partials of a harmonic region are, also of the one that is marked."""
        semitones = min(max(semitones, PARTIAL_SEMITONES[0]), PARTIAL_SEMITONES[1])
        if semitones == self.partial_semitones:
            return
        self.partial_semitones = semitones
        self.tool_changed.emit()
        region = self.region
        if region is not None and len(region.parts) == 1:
            shape = region.parts[0].shape
            if isinstance(shape, Harmonic):
                self.set(self.track, Region.of(replace(shape, semitones=semitones)))

    def set_brush(self, semitones: float | None = None, seconds: float | None = None) -> None:
        """Change the brush's height (semitones) or width (seconds)."""
        before = (self.brush_semitones, self.brush_seconds)
        if semitones is not None:
            self.brush_semitones = min(max(semitones, BRUSH_SEMITONES[0]), BRUSH_SEMITONES[1])
        if seconds is not None:
            self.brush_seconds = min(max(seconds, BRUSH_SECONDS[0]), BRUSH_SECONDS[1])
        if before != (self.brush_semitones, self.brush_seconds):
            self.tool_changed.emit()
