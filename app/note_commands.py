"""Every command of notes: the rows of the menu "Notes"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog

from app.command import ON_NOTES, Command
from app.words import marked, tr

if TYPE_CHECKING:
    from app.main_window import MainWindow

FARTHEST = 36  # semitones


def _chosen(w: MainWindow) -> bool:
    return bool(w.notation.chosen)


def _any(w: MainWindow) -> bool:
    return w.notation.any


def _curved(w: MainWindow) -> bool:
    return w.notation.has_curve


def _lane(w: MainWindow) -> bool:
    return w.notation.editable(w.notation.here)


def ask_semitones(w: MainWindow) -> QInputDialog:
    """Ask by how much the selected notes, or all, are to be moved."""
    dialog = QInputDialog(w)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(tr("Transpose notes"))
    dialog.setLabelText(tr("Semitones, up or (with a minus) down:"))
    dialog.setInputMode(QInputDialog.InputMode.IntInput)
    dialog.setIntRange(-FARTHEST, FARTHEST)
    dialog.setIntValue(1)
    dialog.intValueSelected.connect(lambda semitones: w.notation.transpose(float(semitones)))
    dialog.open()
    return dialog


REASONS = {
    _chosen: marked("No note is selected."),
    _any: marked("This lane has no notes."),
    _curved: marked("Select notes of a lane that has a pitch curve."),
    _lane: marked("No finished lane is selected."),
}

NOTE_COMMANDS: tuple[Command, ...] = (
    Command("tool_notes", "Move notes", "Notes", lambda w: w.selection.use("notes"), ("5",),
            "Click, drag, pull at an end (of a voice lane's up or down, too); double-click types"
            " the lyric", "notes",
            on=lambda w: w.selection.tool == "notes"),
    Command("tool_pen", "Draw notes", "Notes", lambda w: w.selection.use("pen"), ("6",),
            "Drag where a note is sung; up or down bends one of a voice lane; Alt leaves it"
            " between the semitones", "pencil",
            on=lambda w: w.selection.tool == "pen"),
    Command("tool_knife", "Split notes", "Notes", lambda w: w.selection.use("knife"), ("7",),
            "Click a note where it should part", "scissors",
            on=lambda w: w.selection.tool == "knife"),
    Command("tool_curve", "Draw pitch", "Notes", lambda w: w.selection.use("curve"), ("8",),
            "Drag along what is sung; with Ctrl nobody sings there", "spline",
            on=lambda w: w.selection.tool == "curve"),
    Command("note_all", "Select all notes", "---Notes", lambda w: w.notation.select_all(),
            ("Ctrl+A",), "Every note of the lane", "", _any, scope=ON_NOTES),
    Command("note_next", "Next note", "Notes",
            lambda w: w.notation.step(1, w.axis.playhead), ("N",),
            "Select the note after this one, and hear it", "", _any, scope=ON_NOTES),
    Command("note_previous", "Previous note", "Notes",
            lambda w: w.notation.step(-1, w.axis.playhead), ("Shift+N",),
            "Select the note before this one, and hear it", "", _any, scope=ON_NOTES),
    Command("note_unsure", "Next uncertain note", "Notes",
            lambda w: w.notation.next_unsure(w.axis.playhead), ("U",),
            "Go through the notes that are least sure, one after the other", "", _any),
    Command("note_zoom", "Zoom to the notes", "Notes", lambda w: w.notation.zoom(w.display),
            ("Shift+Z",), "Let the pitches that are sung fill the lane", "scan", _any),
    Command("note_lyric", "Edit lyrics…", "---Notes", lambda w: w.notation.lyrics.ask_lyric(),
            ("Return", "Enter"), "Type the words of the selected notes; Tab goes on to the next",
            "", _chosen, scope=ON_NOTES),
    Command("note_add", "Add a note", "Notes", lambda w: w.notation.add(w.axis.playhead),
            ("Ins",), "At the playhead, a beat long, at the pitch that is sung there", "plus",
            _lane),
    Command("note_delete", "Delete notes", "Notes", lambda w: w.notation.delete(),
            ("Del", "Backspace"), "Take the selected notes away; the sound stays", "trash-2",
            _chosen, scope=ON_NOTES),
    Command("note_split", "Split at the playhead", "Notes",
            lambda w: w.notation.split(w.axis.playhead), ("/",),
            "Part the selected note there, or in its middle if the playhead is elsewhere",
            "scissors", _chosen, scope=ON_NOTES),
    Command("note_merge", "Merge notes", "Notes", lambda w: w.notation.merge(), ("\\",),
            "Make one note of those selected, or of this one and the next", "", _chosen,
            scope=ON_NOTES),
    Command("note_snap", "Snap to the pitch", "Notes", lambda w: w.notation.snap(), ("=",),
            "Put the notes where the pitch curve is", "", _curved, scope=ON_NOTES),
    Command("note_quantise", "Quantise to the grid", "---Notes",
            lambda w: w.notation.quantise(), ("Q",),
            "Put the selected notes, or all, on the beat grid", "", _any, scope=ON_NOTES),
    Command("note_key", "Quantise to the key", "Notes", lambda w: w.notation.to_key(), ("K",),
            "Put the selected notes, or all, on the nearest pitch of the key", "", _any,
            scope=ON_NOTES),
    Command("note_transpose", "Transpose notes…", "Notes", ask_semitones, ("Ctrl+Alt+Y",),
            "Move the selected notes, or all, by semitones", "", _any),
    Command("note_up", "Semitone up", "---Notes>Move", lambda w: w.notation.transpose(1.0),
            ("Up",), "Move the selected notes", "", _chosen, scope=ON_NOTES),
    Command("note_down", "Semitone down", "Notes>Move", lambda w: w.notation.transpose(-1.0),
            ("Down",), "Move the selected notes", "", _chosen, scope=ON_NOTES),
    Command("note_octave_up", "Octave up", "Notes>Move", lambda w: w.notation.transpose(12.0),
            ("Ctrl+Up",), "Move the selected notes", "", _chosen, scope=ON_NOTES),
    Command("note_octave_down", "Octave down", "Notes>Move",
            lambda w: w.notation.transpose(-12.0), ("Ctrl+Down",),
            "Move the selected notes", "", _chosen, scope=ON_NOTES),
    Command("note_sharper", "Ten cents up", "Notes>Move", lambda w: w.notation.transpose(0.1),
            ("Shift+Up",), "Move the selected notes a little", "", _chosen, scope=ON_NOTES),
    Command("note_flatter", "Ten cents down", "Notes>Move",
            lambda w: w.notation.transpose(-0.1), ("Shift+Down",),
            "Move the selected notes a little", "", _chosen, scope=ON_NOTES),
    Command("note_earlier", "Earlier", "Notes>Move", lambda w: w.notation.shift_steps(-1),
            ("Left",), "Move the selected notes by a part of a beat", "", _chosen,
            scope=ON_NOTES),
    Command("note_later", "Later", "Notes>Move", lambda w: w.notation.shift_steps(1),
            ("Right",), "Move the selected notes by a part of a beat", "", _chosen,
            scope=ON_NOTES),
    Command("note_bit_earlier", "A little earlier", "Notes>Move",
            lambda w: w.notation.shift(-0.01), ("Shift+Left",),
            "Move the selected notes by a hundredth of a second", "", _chosen, scope=ON_NOTES),
    Command("note_bit_later", "A little later", "Notes>Move", lambda w: w.notation.shift(0.01),
            ("Shift+Right",), "Move the selected notes by a hundredth of a second", "", _chosen,
            scope=ON_NOTES),
    Command("note_longer", "Longer notes", "Notes>Move", lambda w: w.notation.lengthen(1),
            ("+",), "Let the selected notes end a part of a beat later", "", _chosen,
            scope=ON_NOTES),
    Command("note_shorter", "Shorter notes", "Notes>Move", lambda w: w.notation.lengthen(-1),
            ("-",), "Let the selected notes end a part of a beat earlier", "", _chosen,
            scope=ON_NOTES),
    Command("curve_flat", "Straighten the pitch", "Notes>Pitch curve",
            lambda w: w.notation.flatten(), ("Ctrl+Alt+P",),
            "Let the curve run straight through the selected notes", "", _chosen),
    Command("curve_silent", "Erase the pitch", "Notes>Pitch curve",
            lambda w: w.notation.silence(), ("Ctrl+Alt+U",),
            "Nobody sings during the selected notes, as far as the curve goes", "", _curved),
    Command("curve_forget", "Forget drawn pitch", "Notes>Pitch curve",
            lambda w: w.notation.forget_drawn(), ("Ctrl+Alt+Z",),
            "Bring back what was found during the selected notes", "", _curved),
    Command("note_hear", "Hear the note", "---Notes", lambda w: w.notation.sound(always=True),
            ("Shift+Y",), "Let the first selected note sound", "volume-2", _chosen),
    Command("note_sound", "Sound notes when touched", "Notes",
            lambda w: w.notation.toggle_sound(), ("Y",),
            "Hear a note when it is clicked, moved or gone to", "",
            on=lambda w: w.settings.sound_notes),
)  # fmt: skip
