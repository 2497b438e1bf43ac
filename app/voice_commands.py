"""Every command of voices: lanes that are sung or spoken, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.command import ON_NOTES, Command
from app.note_values import hertz
from app.words import marked

if TYPE_CHECKING:
    from app.main_window import MainWindow

BAND = (45.0, 79.0)  # MIDI numbers in view when a lane begins with nothing
SPAN = 12.0  # seconds in view then


def _sings(w: MainWindow) -> bool:
    return w.singing.can_sing()


def _voiced(w: MainWindow) -> bool:
    return w.singing.track is not None


def _song(w: MainWindow) -> bool:
    return w.singing.can_replace_singer()


def _phoned(w: MainWindow) -> bool:
    return bool(w.notation.chosen) and _voiced(w)


def _bends(w: MainWindow) -> bool:
    return w.notation.bendable


def begin_lane(w: MainWindow) -> None:
    """Make a lane to be sung, with the pen in the hand and pitches of voices in view."""
    alone = not w.session.lanes
    w.singing.new_lane()
    w.selection.use("pen")
    if alone:
        w.display.show_band(hertz(BAND[0]), hertz(BAND[1]))
        w.axis.set_range(0.0, SPAN)


VOICE_REASONS = {
    _sings: marked("Select a lane with notes: transcribe it, or open a score."),
    _voiced: marked("Select a lane that is sung or spoken."),
    _song: marked("Select a song that is not being worked on."),
    _phoned: marked("Select a note of a lane that is sung."),
    _bends: marked("Select notes of a lane that is sung, in the view “As sung”."),
}

VOICE_COMMANDS: tuple[Command, ...] = (
    Command("voice_new", "New voice lane", "---Track", begin_lane, ("Ctrl+Shift+V",),
            "Click where a note is to be sung, drag for length, up or down to bend, type what"
            " is sung", "mic-vocal"),
    Command("voice_speak", "Speak text…", "Track", lambda w: w.ask_speak(), ("Ctrl+Alt+T",),
            "Type a text and let a voice say it", "keyboard"),
    Command("voice_sing", "Sing this melody", "Track", lambda w: w.singing.sing(), ("Ctrl+G",),
            "Let a voice sing the notes and words of this lane, which falls silent", "mic-vocal",
            _sings),
    Command("voice_replace", "Other singer", "Track", lambda w: w.singing.replace_singer(),
            ("Ctrl+Shift+G",),
            "Take the singer out, write the notes down, and let a voice sing them", "mic-vocal",
            _song),
    Command("voice_edit", "Edit what is spoken…", "---Track>Voice", lambda w: w.edit_spoken(),
            ("Ctrl+Alt+W",), "Text, speed, pitch and energy, also of single words", "pencil",
            lambda w: w.singing.speaks, needs="Select a lane that is spoken."),
    Command("voice_next", "Next voice", "Track>Voice", lambda w: w.singing.next_voice(),
            ("Alt+V",), "Let another voice sing or speak this lane", "", _voiced),
    Command("voice_take", "Another take", "Track>Voice", lambda w: w.singing.other_take(),
            ("Alt+R",), "Make it anew with another seed; the one before comes back with Undo",
            "rotate-ccw", _voiced),
    Command("voice_up", "Voice up", "Track>Voice", lambda w: w.singing.transpose(1.0),
            ("Alt+Shift+PgUp",), "Sing or speak a semitone higher than it is written", "plus",
            _voiced),
    Command("voice_down", "Voice down", "Track>Voice", lambda w: w.singing.transpose(-1.0),
            ("Alt+Shift+PgDown",), "Sing or speak a semitone lower than it is written", "minus",
            _voiced),
)  # fmt: skip

PHONE_COMMANDS: tuple[Command, ...] = (
    Command("note_phones", "Edit phonemes…", "Notes", lambda w: w.notation.lyrics.ask_phones(),
            ("Shift+Return", "Shift+Enter"),
            "Type the sounds of a sung note by hand; nothing: those of its words", "", _phoned,
            scope=ON_NOTES),
    Command("note_bend_up", "Bend up", "Notes", lambda w: w.notation.bend(1.0), (">",),
            "Slide a semitone higher by the end of the note; or drag up while drawing a note,"
            " or its end", "", _bends, scope=ON_NOTES),
    Command("note_bend_down", "Bend down", "Notes", lambda w: w.notation.bend(-1.0), ("<",),
            "Slide a semitone lower by the end of the note; or drag down while drawing a note,"
            " or its end", "", _bends, scope=ON_NOTES),
)  # fmt: skip
