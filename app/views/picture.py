"""What a picture of the lanes shows, asked before it is written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
)

from app import picture
from app.studio import trouble_of
from app.views.controls import Chooser, TextButton
from app.views.forms import cancel_button, form, present
from app.words import marked, tr
from engine.events import Ended, Event, State

if TYPE_CHECKING:
    from app.main_window import MainWindow
    from engine.jobs import Job

KINDS = (
    (marked("PNG, pixels"), ".png"),
    (marked("SVG, vectors"), ".svg"),
    (marked("PDF, vectors"), ".pdf"),
)
LANES = ((marked("The selected lane"), "one"), (marked("All lanes"), "all"))
PAPERS = ((marked("Dark paper"), "dark"), (marked("Light paper"), "light"))
SCALES = (1, 2, 3, 4)
WIDTH = 400


class PictureDialog(QDialog):
    """Stays open beside the window; `Save` asks for a name and starts a job."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, kept = window, window.settings
        self.setWindowTitle(tr("Picture"))
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(WIDTH)
        self._lanes = Chooser(tr("Lanes"), tr("What is pictured, as it is shown now"))
        for text, value in LANES:
            self._lanes.addItem(tr(text), value)
        self._kind = Chooser(tr("Format"), tr("SVG and PDF keep text and axes sharp at any size"))
        for text, value in KINDS:
            self._kind.addItem(tr(text), value)
        self._kind.setCurrentIndex(max(self._kind.findData(kept.picture_kind), 0))
        self._scale = Chooser(tr("Scale"), tr("How many pixels each pixel of the screen becomes"))
        for times in SCALES:
            self._scale.addItem(f"{times} ×", times)
        self._scale.setCurrentIndex(max(self._scale.findData(kept.picture_scale), 0))
        self._paper = Chooser(tr("Paper"), tr("What is around the lanes"))
        for text, value in PAPERS:
            self._paper.addItem(tr(text), value)
        self._paper.setCurrentIndex(max(self._paper.findData(kept.picture_paper), 0))
        self._waveform = QCheckBox(tr("Waveform above each lane"))
        self._waveform.setToolTip(tr("Waveform above each lane\nWhere it is loud, at a glance"))
        self._waveform.setChecked(kept.picture_waveform)
        self._melody = QCheckBox(tr("Notes and pitch"))
        self._melody.setToolTip(tr("Notes and pitch\nOver the spectrogram, with their syllables"))
        self._melody.setChecked(kept.picture_melody)
        self._size = QLabel()
        self._size.setProperty("kind", "small")
        for chooser in (self._lanes, self._kind, self._scale, self._paper):
            chooser.currentIndexChanged.connect(self._tell_size)
        self._waveform.toggled.connect(self._tell_size)
        save = TextButton(tr("Save…"), "download", "primary")
        save.setToolTip(tr("Save…\nChoose a name and write the picture"))
        save.setDefault(True)
        save.clicked.connect(self._save)
        cancel = cancel_button(self)

        grid = form(
            (
                (tr("Lanes"), self._lanes),
                (tr("Format"), self._kind),
                (tr("Scale"), self._scale),
                (tr("Paper"), self._paper),
            )
        )
        grid.addWidget(self._waveform, len(LANES) + 2, 1)
        grid.addWidget(self._melody, len(LANES) + 3, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self._size)
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(save)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(16)
        column.addLayout(grid)
        column.addLayout(buttons)
        self._tell_size()

    def offer(self) -> None:
        """Open, for the lanes as they are now."""
        self._tell_size()
        present(self)

    def wish(self) -> picture.Wish | None:
        """What would be pictured now; None without a lane."""
        window, shown, axis = self._window, self._window.display, self._window.axis
        lanes = window.session.lanes
        if self._lanes.currentData() == "one":
            lanes = tuple(lane for lane in lanes if lane.track.id == window.session.selected)
        canvases = [window.timeline.canvas(lane.track.id) for lane in lanes]
        seen = next((canvas for canvas in canvases if canvas is not None), None)
        if not lanes or seen is None:
            return None
        area = seen.spectrum_area
        selected = window.session.lane(window.session.selected) or lanes[0]
        song = window.session.lane(selected.track.group)
        title = (song or selected).track.name
        return picture.Wish(
            title=title,
            tracks=tuple(lane.track for lane in lanes),
            start=axis.start,
            stop=axis.stop,
            settings=shown.settings,
            low=shown.low,
            high=shown.high,
            lut=shown.lut,
            ramp=shown.colours(256),
            floor_db=shown.floor_db,
            top_db=shown.top_db,
            width=area.width(),
            height=area.height(),
            font=window.font(),
            waveform=self._waveform.isChecked(),
            melody=self._melody.isChecked(),
            light=self._paper.currentData() == "light",
            scale=float(self._scale.currentData()),
        )

    def _tell_size(self, *_: object) -> None:
        wish = self.wish()
        self._scale.setEnabled(True)
        if wish is None:
            self._size.setText("")
            return
        size = picture.pixel_size(wish)
        self._size.setText(f"{size.width()} × {size.height()} px")

    def _save(self) -> None:
        kept, wish = self._window.settings, self.wish()
        if wish is None:
            return
        suffix = self._kind.currentData()
        kept.picture_kind, kept.picture_scale = suffix, int(wish.scale)
        kept.picture_paper = self._paper.currentData()
        kept.picture_waveform, kept.picture_melody = wish.waveform, wish.melody
        folder = Path(kept.picture_folder or Path.home())
        chosen, _ = QFileDialog.getSaveFileName(
            self,
            tr("Save the picture"),
            str(folder / picture.default_name(wish.title, suffix)),
            f"{picture.FORMATS[suffix]} (*{suffix})",
        )
        if not chosen:
            return
        path = Path(chosen)
        if path.suffix.lower() not in picture.FORMATS:
            path = path.with_name(f"{path.name}{suffix}")
        kept.picture_folder = str(path.parent)
        self.close()
        save(self._window, wish, path)


def save(window: MainWindow, wish: picture.Wish, path: Path) -> Job:
    """Start the job that draws and writes a picture."""

    def on_event(event: Event) -> None:
        match event:
            case Ended(State.DONE):
                window.jobs.status(job).note = path.name
            case Ended(State.FAILED, error=error):
                window.studio.trouble.emit(trouble_of(error))

    job = window.jobs.submit(
        tr("Picture {name}", name=path.name),
        lambda: picture.write(wish, path),
        "light",
        on_event,
        folder=path.parent,
        retry=lambda: save(window, wish, path),
    )
    return job


def offer(window: MainWindow) -> PictureDialog:
    """Open the dialog; made anew each time, so that it is never behind the lanes."""
    dialog = PictureDialog(window)
    dialog.offer()
    return dialog
