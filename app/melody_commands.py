"""Every command of the melody strip, and what is done with notes as files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.command import Command
from app.words import marked

if TYPE_CHECKING:
    from app.main_window import MainWindow


def _has_notes(w: MainWindow) -> bool:
    return w.tuning.melody is not None


MELODY_REASONS = {_has_notes: marked("This lane has no notes yet.")}

NOTE_FILE_COMMANDS: tuple[Command, ...] = (
    Command("notes_export", "Export notes…", "File", lambda w: w.ask_export_notes(),
            ("Ctrl+Alt+N",), "MIDI, MusicXML, UltraStar, a table or a picture", "download",
            _has_notes),
    Command("notes_import", "Use the notes of a file…", "File",
            lambda w: w.scores.ask_import_for_lane(w), ("Ctrl+Alt+I",),
            "Give the selected lane notes from MIDI, MusicXML, UltraStar or .ds", "upload",
            lambda w: w.scores.can_import_for_lane, needs="No finished lane is selected."),
)  # fmt: skip

MELODY_COMMANDS: tuple[Command, ...] = (
    Command("notes_more", "More of the notes", "---Notes>Listen", lambda w: w.tuning.step_blend(1),
            ("Alt+PgUp",), "Hear the notes louder and the recording softer", "", _has_notes),
    Command("notes_less", "More of the recording", "Notes>Listen",
            lambda w: w.tuning.step_blend(-1), ("Alt+PgDown",),
            "Hear the recording louder and the notes softer", "", _has_notes),
    Command("notes_sound", "Other sound", "Notes>Listen", lambda w: w.tuning.next_sound(),
            ("Alt+Y",), "Play the notes as a piano or as a tone", "", _has_notes),
    Command("notes_tap", "Tap the tempo of the song", "Notes>Tempo and key",
            lambda w: w.tuning.tap(), ("Shift+G",),
            "Press it with the beat, at least twice", "", _has_notes),
    Command("notes_half", "Half the tempo", "Notes>Tempo and key",
            lambda w: w.tuning.scale_tempo(0.5), ("Ctrl+Alt+H",),
            "Count half as many beats a minute", "", _has_notes),
    Command("notes_double", "Twice the tempo", "Notes>Tempo and key",
            lambda w: w.tuning.scale_tempo(2.0), ("Ctrl+Alt+G",),
            "Count twice as many beats a minute", "", _has_notes),
    Command("notes_first", "First beat here", "Notes>Tempo and key",
            lambda w: w.tuning.first_here(), ("Shift+B",),
            "Let a bar begin where the playhead is", "skip-back", _has_notes),
    Command("notes_bar", "Next length of bars", "Notes>Tempo and key",
            lambda w: w.tuning.next_bar(), ("Ctrl+Alt+B",),
            "Two to seven beats, and round again", "", _has_notes),
    Command("notes_grid", "Next grid", "Notes>Tempo and key", lambda w: w.tuning.next_grid(),
            ("Alt+G",), "Finer parts of a beat, and round again", "", _has_notes),
    Command("notes_key", "Next key", "Notes>Tempo and key",
            lambda w: w.tuning.next_key(1), ("Alt+K",), "Go through the keys", "", _has_notes),
    Command("notes_key_back", "Key before", "Notes>Tempo and key",
            lambda w: w.tuning.next_key(-1), ("Alt+Shift+K",),
            "Go through the keys the other way", "", _has_notes),
    Command("notes_up", "All notes up", "Notes>All notes", lambda w: w.tuning.transpose(1),
            ("Alt+Shift+Up",), "Every note of the lane a semitone higher", "plus", _has_notes),
    Command("notes_down", "All notes down", "Notes>All notes",
            lambda w: w.tuning.transpose(-1), ("Alt+Shift+Down",),
            "Every note of the lane a semitone lower", "minus", _has_notes),
    Command("notes_remove", "Remove notes", "Notes>All notes", lambda w: w.tuning.remove(),
            ("Ctrl+Shift+Del",), "Take the melody off its lane; Undo brings it back", "trash-2",
            _has_notes),
)  # fmt: skip

MELODY_VIEW_COMMANDS: tuple[Command, ...] = (
    Command("melody_strip", "Melody strip", "---View>Melody", lambda w: w.tuning.toggle_strip(),
            ("V",), "How the notes are heard, counted and read, above the lanes", "music",
            on=lambda w: w.tuning.shown),
    Command("melody_sliders", "Sliders", "View>Melody", lambda w: w.tuning.toggle_sliders(),
            ("Shift+V",), "What counts as a note, and the grid: the strip’s second row",
            "sliders-horizontal", on=lambda w: w.tuning.adjusting),
    Command("melody_adjust", "Go to the sliders", "View>Melody", lambda w: w.tuning.adjust(),
            ("Ctrl+Alt+V",), "Tab goes on from there, the arrow keys move each", "", _has_notes),
    Command("notes_view", "Quantised", "View>Melody", lambda w: w.tuning.toggle_quantised(),
            ("Alt+Q",),
            "See, hear and export the notes on the beat grid and in the key, or as sung", "",
            _has_notes, lambda w: w.tuning.melody is not None and w.tuning.melody.quantised),
)  # fmt: skip
