"""The batch window: a chain, a target, a table of songs, and how far each of them is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QItemSelectionModel, QPoint, Qt, QTimer, QUrl
from PySide6.QtGui import (
    QDesktopServices,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMenu,
    QProgressBar,
    QStackedLayout,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.batching import Batching, draft_of
from app.reading import put_in_order
from app.settings import Settings
from app.studio import Trouble
from app.views.batch_table import BarDelegate, Columns, ItemModel
from app.views.chain_editor import ChainEditor
from app.views.controls import Chooser, Elided, TextButton, keeps_key
from app.views.jobs import left_text
from app.words import said, tr
from engine.batch import ENDED, Item, ItemState
from engine.chain import FOLDER, read_chain
from engine.errors import EngineError

SIZE = (960, 620)
TICK_MS = 100  # as often as figures can be read
OTHER_FILE = "other"


class BatchDialog(QDialog):
    """Stays open beside the window; closing it stops nothing."""

    def __init__(self, batching: Batching, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        self._batching, self._settings = batching, settings
        self.setWindowTitle(tr("Batch"))
        self.setModal(False)
        self.setAcceptDrops(True)
        self.setMinimumSize(800, 440)
        self.resize(*SIZE)
        self._build()
        self._clock = QTimer(self)
        self._clock.setInterval(TICK_MS)
        self._clock.timeout.connect(self.refresh)
        batching.changed.connect(self._changed)
        batching.trouble.connect(self._tell)
        self._list_chains()
        self.refresh()
        put_in_order(self)

    # Building

    def _build(self) -> None:
        self._chains = Chooser(tr("Chain"), tr("What is done with each song"))
        self._chains.setMinimumWidth(240)
        self._chains.activated.connect(self._choose_chain)
        self._edit = self._button(
            tr("Edit…"), tr("Tick what is made, choose the format, save it as your own"), "list"
        )
        self._edit.clicked.connect(self._edit_chain)
        self._about = Elided(kind="small")
        self._folder = Elided()
        choose = self._button(tr("Choose…"), tr("Choose the folder that the files go to"), "folder")
        choose.setAccessibleName(tr("Choose the target folder"))
        choose.clicked.connect(self._choose_target)
        self._choose = choose

        add = self._button(tr("Add songs…"), tr("Choose files to put on the list"), "music")
        add.clicked.connect(self._add_songs)
        add_folder = self._button(
            tr("Add folder…"), tr("Put every song in a folder on the list"), "folder-open"
        )
        add_folder.clicked.connect(self._add_folder)
        self._retry = self._button(
            tr("Try again"), tr("Make the selected songs once more"), "rotate-ccw", "quiet"
        )
        self._retry.clicked.connect(lambda: self._batching.retry(self._ids(ended=True)))
        self._show = self._button(
            tr("Open folder"), tr("Show the files of the selected song"), "folder-open", "quiet"
        )
        self._show.clicked.connect(self._open_folder)
        self._copy = self._button(
            tr("Copy details"), tr("Copy what a report of the failure needs"), "copy", "quiet"
        )
        self._copy.clicked.connect(self._copy_details)
        self._remove = self._button(
            tr("Remove"), tr("Take the selected songs off the list (Del)"), "trash-2", "quiet"
        )
        self._remove.clicked.connect(lambda: self._batching.remove(self._ids()))

        self._table = _Table(self)
        self._model = self._table.items
        self._table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._table.customContextMenuRequested.connect(self._menu)
        self._table.selectionModel().selectionChanged.connect(self._refresh_buttons)
        self._table.doubleClicked.connect(self._open_folder)
        nothing = QLabel(tr("Drop songs or folders here, or add them with the buttons above."))
        nothing.setProperty("kind", "dim")
        nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages = QStackedLayout()
        self._pages.addWidget(nothing)
        self._pages.addWidget(self._table)

        self._strip = QLabel()
        self._strip.setProperty("kind", "danger")
        self._strip.setWordWrap(True)
        self._strip.hide()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 1000)
        self._bar.setAccessibleName(tr("Progress of the batch"))
        self._state = Elided(kind="small")
        self._report = self._button(
            tr("Open report"), tr("What became of each song, as a table"), "list", "quiet"
        )
        self._report.clicked.connect(self._open_report)
        self._cancel = self._button(
            tr("Cancel"), tr("End the batch; what is done stays, and Start goes on with the rest")
        )
        self._cancel.clicked.connect(self._batching.cancel)
        self._go = self._button(
            tr("Start"), tr("Make what waits; what was done before is skipped"), "play", "primary"
        )
        self._go.setMinimumWidth(104)
        self._go.clicked.connect(self._start_or_hold)

        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(8)
        column.addLayout(_row(_label(tr("Chain"), self._chains), self._chains, self._edit,
                              (self._about, 1)))  # fmt: skip
        column.addLayout(_row(_label(tr("Target"), choose), (self._folder, 1), choose))
        column.addSpacing(8)
        column.addLayout(_row(add, add_folder, None))
        column.addLayout(self._pages, 1)
        column.addLayout(_row(self._retry, self._show, self._copy, self._remove, None))
        column.addWidget(self._strip)
        column.addWidget(self._bar)
        column.addLayout(_row((self._state, 1), self._report, self._cancel, self._go))

    def _button(self, text: str, why: str, icon: str = "", kind: str = "") -> TextButton:
        button = TextButton(text, icon, kind)
        button.setToolTip(f"{text.rstrip('…')}\n{why}")
        button.setAutoDefault(False)
        return button

    # Keeping in step

    def _changed(self) -> None:
        if not self._clock.isActive():
            self._clock.start()
            self.refresh()

    def refresh(self) -> None:
        """Show the batch as it is now."""
        batching = self._batching
        if not batching.running:
            self._clock.stop()
        self._model.show(batching.items, batching.gives_way)
        self._pages.setCurrentIndex(1 if batching.items else 0)
        self._about.set_text(batching.chain.about)
        self._folder.set_text(str(batching.target))
        if self._chains.currentData() != str(batching.chain_file):
            self._list_chains()
        self._refresh_line()
        self._refresh_buttons()

    def _refresh_line(self) -> None:
        batching = self._batching
        progress = batching.progress
        running = batching.running
        known = progress is not None and math.isfinite(progress.done)
        self._bar.setRange(0, 0 if running and not known else 1000)
        if not running:
            ended = sum(item.state in ENDED for item in batching.items)
            self._bar.setValue(round(1000 * ended / max(len(batching.items), 1)))
            self._state.set_text(batching.summary())
            return
        if progress is not None and known:
            self._bar.setValue(round(progress.done * 1000))
        words = [batching.summary()]
        if batching.paused:
            words.append(tr("paused"))
        elif batching.gives_way:
            words.append(tr("your own separation goes first"))
        elif progress is not None:
            if progress.rate > 0:
                words.append(tr("{rate:.1f}× real time", rate=progress.rate))
            words.append(left_text(progress.seconds_left))
        self._state.set_text("  ·  ".join(filter(None, words)))

    def _refresh_buttons(self, *_: object) -> None:
        batching, chosen = self._batching, self._chosen()
        running, paused = batching.running, batching.paused
        self._go.setText(" " + (tr("Pause") if running and not paused else
                                tr("Go on") if paused else tr("Start")))  # fmt: skip
        self._go.setAccessibleName(self._go.text().strip())
        self._go.ink("pause" if running and not paused else "play", "on_accent")
        self._go.setEnabled(running or batching.waiting > 0)
        self._cancel.setEnabled(running)
        for widget in (self._chains, self._edit, self._choose):
            widget.setEnabled(not running)
        self._retry.setEnabled(any(item.state in ENDED for item in chosen))
        self._show.setEnabled(len(chosen) == 1)
        self._copy.setEnabled(any(item.state is ItemState.FAILED for item in chosen))
        self._remove.setEnabled(bool(chosen))
        report = batching.report_file
        self._report.setEnabled(report is not None)

    def _tell(self, trouble: object) -> None:
        assert isinstance(trouble, Trouble)
        self._strip.setText(f"{said(trouble.message)} {said(trouble.hint)}".strip())
        self._strip.setAccessibleName(self._strip.text())
        self._strip.show()

    # The chain and the target

    def _list_chains(self) -> None:
        self._chains.clear()
        for file in self._batching.chain_files():
            try:
                name = read_chain(file).name
            except EngineError:
                name = tr("{name} (cannot be read)", name=file.stem)
            own = "" if file.parent == FOLDER else tr(" (own)")
            self._chains.addItem(f"{tr(name)}{own}", str(file))
        self._chains.insertSeparator(self._chains.count())
        self._chains.addItem(tr("Another file…"), OTHER_FILE)
        self._chains.setCurrentIndex(self._chains.findData(str(self._batching.chain_file)))

    def _choose_chain(self, index: int) -> None:
        self._strip.hide()
        wanted = self._chains.itemData(index)
        if wanted == OTHER_FILE:
            wanted, _ = QFileDialog.getOpenFileName(
                self, tr("Open a chain"), self._settings.open_folder, f"{tr('Chains')} (*.toml)"
            )
        if wanted:
            self._batching.use_chain(Path(wanted))
        self._list_chains()
        self.refresh()

    def _edit_chain(self) -> None:
        self._strip.hide()
        editor = ChainEditor(self._batching.chain.name, draft_of(self._batching.chain), self)
        editor.made.connect(self._batching.keep_chain)
        editor.made.connect(self._list_chains)
        editor.open()

    def _choose_target(self) -> None:
        start = self._batching.target
        name = QFileDialog.getExistingDirectory(
            self, tr("Folder for the files"), str(start if start.is_dir() else Path.home())
        )
        if name:
            self._strip.hide()
            self._batching.set_target(Path(name))

    # The songs

    def _add_songs(self) -> None:
        start = self._settings.open_folder or str(Path.home())
        names, _ = QFileDialog.getOpenFileNames(self, tr("Add songs"), start)
        self.add([Path(name) for name in names])

    def _add_folder(self) -> None:
        start = self._settings.open_folder or str(Path.home())
        name = QFileDialog.getExistingDirectory(self, tr("Add every song in a folder"), start)
        self.add([Path(name)] if name else [])

    def add(self, paths: Sequence[Path]) -> None:
        """Put files, and the songs in folders, on the list."""
        if paths:
            self._strip.hide()
            self._settings.open_folder = str(paths[0].parent)
            self._batching.add(paths)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        urls = event.mimeData().urls()
        self.add([Path(url.toLocalFile()) for url in urls if url.isLocalFile()])
        event.acceptProposedAction()

    def _chosen(self) -> list[Item]:
        rows = sorted(index.row() for index in self._table.selectionModel().selectedRows())
        return [self._model.items[row] for row in rows if row < len(self._model.items)]

    def _ids(self, ended: bool = False) -> list[int]:
        return [item.id for item in self._chosen() if not ended or item.state in ENDED]

    def _menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        for button in (self._retry, self._show, self._copy, self._remove):
            action = menu.addAction(button.text().strip(), button.click)
            action.setEnabled(button.isEnabled())
        menu.exec(self._table.viewport().mapToGlobal(place))

    def _open_folder(self, *_: object) -> None:
        for item in self._chosen()[:1]:
            made = item.outputs[0] if item.outputs else item.source
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(made.parent)))

    def _copy_details(self) -> None:
        texts = [
            "\n".join(filter(None, (str(item.source), item.error, item.hint, item.details)))
            for item in self._chosen()
            if item.state is ItemState.FAILED
        ]
        QGuiApplication.clipboard().setText("\n\n".join(texts))

    # Doing it

    def _start_or_hold(self) -> None:
        batching = self._batching
        self._strip.hide()
        if batching.running and not batching.paused:
            batching.pause(True)
        else:
            batching.start()
        self.refresh()

    def _open_report(self) -> None:
        file = self._batching.report_file
        if file is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(file.with_suffix(".csv"))))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and self._remove.isEnabled():
            self._remove.click()
        else:
            super().keyPressEvent(event)


class _Table(QTableView):
    """The songs; Tab goes on to the next control, arrows go through the rows."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.items = ItemModel(self)  # its child, so that it does not go before the view does
        self.setModel(self.items)
        self.setAccessibleName(tr("Songs of the batch"))
        self.setToolTip(tr("The songs and how far each is; Del takes the selected ones off"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setItemDelegateForColumn(Columns.PROGRESS, BarDelegate(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(28)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, width in ((Columns.SONG, 260), (Columns.STATE, 110), (Columns.PROGRESS, 130),
                              (Columns.TIME, 90)):  # fmt: skip
            self.setColumnWidth(column, width)
        head.setSectionResizeMode(Columns.WORDS, QHeaderView.ResizeMode.Stretch)
        head.setMinimumSectionSize(64)
        head.setStyleSheet("QHeaderView::section { padding: 4px 3px; }")  # over the rows' text

    def event(self, event: QEvent) -> bool:
        if keeps_key(event, frozenset({Qt.Key.Key_Delete, Qt.Key.Key_Backspace})):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            event.ignore()  # the dialog removes
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.model().rowCount() > 0:
            self.selectionModel().setCurrentIndex(
                self.model().index(0, 0), QItemSelectionModel.SelectionFlag.NoUpdate
            )


def _label(text: str, of: QWidget) -> QLabel:
    label = QLabel(text)
    label.setProperty("kind", "dim")
    label.setBuddy(of)
    label.setFixedWidth(56)
    return label


def _row(*parts: QWidget | tuple[QWidget, int] | None) -> QHBoxLayout:
    """Widgets side by side; a pair has a stretch, None is a gap that grows."""
    row = QHBoxLayout()
    row.setSpacing(8)
    for part in parts:
        if part is None:
            row.addStretch(1)
        elif isinstance(part, tuple):
            row.addWidget(*part)
        else:
            row.addWidget(part)
    return row
