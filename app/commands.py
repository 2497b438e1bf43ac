"""Every command, once: menus, buttons, tooltips and the list of keys come from this table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence

from app import hands
from app.command import Command
from app.melody_commands import (
    MELODY_COMMANDS,
    MELODY_REASONS,
    MELODY_VIEW_COMMANDS,
    NOTE_FILE_COMMANDS,
)
from app.model_commands import (
    BLIND_COMMANDS,
    MODEL_COMMANDS,
    MODEL_REASONS,
    SEPARATION_COMMANDS,
)
from app.note_commands import NOTE_COMMANDS, REASONS
from app.shortcuts import Keys, Shortcuts, pressed, shown_key
from app.views import picture
from app.voice_commands import PHONE_COMMANDS, VOICE_COMMANDS, VOICE_REASONS
from app.words import marked, tr

if TYPE_CHECKING:
    from app.main_window import MainWindow

MENUS = ("File", "Edit", "Select", "Track", "Notes", "Play", "View", "Help")
ONCE = {  # a held key does these but once
    "play", "separate", "transcribe", "voice_new", "voice_sing", "voice_replace", "voice_take",
    "mute", "solo", "tap", "notes_tap", "compare",
}  # fmt: skip


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


def _marked(w: MainWindow) -> bool:
    return w.selection.region is not None


def _is_box(w: MainWindow) -> bool:
    return w.selection.box is not None


def _is_whole(w: MainWindow) -> bool:
    return w.closer.track is not None


def _undo_name(w: MainWindow) -> str:
    name = w.session.undo_stack.undoText()
    return tr("Undo: {name}", name=name) if name else tr("Undo")


def _redo_name(w: MainWindow) -> str:
    name = w.session.undo_stack.redoText()
    return tr("Redo: {name}", name=name) if name else tr("Redo")


COMMANDS: tuple[Command, ...] = (
    Command("open", "Open…", "File", lambda w: w.ask_open(), ("Ctrl+O", "Ctrl+I"),
            "Open songs, or the sound of videos", "folder-open"),
    Command("open_folder", "Open folder…", "File", lambda w: w.ask_open_folder(),
            ("Ctrl+Alt+O",),
            "Open every song in a folder", "folder"),
    Command("demo", "Open the demo song", "File", lambda w: w.open_demo(),
            ("Ctrl+Alt+D",),
            "Try Melic on a short song that comes with it", "music"),
    Command("open_project", "Open project…", "---File", lambda w: w.projects.ask_open(),
            ("Ctrl+Shift+O",),
            "Go on with what was saved, here or in a window of its own", "folder-open"),
    Command("recent", "Open recent", "File", lambda w: w.actions_["recent"].menu().drop(),
            ("Ctrl+Shift+R",), "The projects that were opened or saved last", "folder"),
    Command("recover", "Recover what was open", "File", lambda w: w.projects.recovery.recover(),
            ("Ctrl+Alt+R",), "Bring back what was open when Melic ended unexpectedly", "undo-2",
            lambda w: bool(w.projects.recovery.offers), needs="Nothing was lost."),
    Command("save", "Save", "---File", lambda w: w.projects.save(), ("Ctrl+S",),
            "Keep every lane and setting in a project folder", "download",
            lambda w: w.session.project.tracks != () or w.projects.folder is not None,
            needs="There is no song yet."),
    Command("save_as", "Save as…", "File", lambda w: w.projects.save_as(), ("Ctrl+Shift+S",),
            "Go on in another project folder; this one stays as it is", "",
            lambda w: w.session.project.tracks != () or w.projects.folder is not None,
            needs="There is no song yet."),
    Command("new_window", "New window", "---File", lambda w: w.projects.new_window(), ("Ctrl+N",),
            "Work on something else beside this"),
    Command("export", "Export…", "---File", lambda w: w.ask_export(), ("Ctrl+Shift+E",),
            "Write stems or the mix to files", "download", _any),
    *NOTE_FILE_COMMANDS,
    Command("batch", "Batch…", "File", lambda w: w.show_batch(), ("Ctrl+B",),
            "Take a folder of songs through a chain of steps, and leave it alone", "list"),
    *MODEL_COMMANDS,
    Command("close", "Close window", "---File", lambda w: w.close(), ("Ctrl+W",),
            "Close this window; others stay open"),
    Command("quit", "Quit", "File", lambda w: w.close(), ("Ctrl+Q",), "Close Melic"),

    Command("undo", "Undo", "Edit", lambda w: w.session.undo_stack.undo(), ("Ctrl+Z",),
            "Take the last change back", "undo-2",
            lambda w: w.session.undo_stack.canUndo(), name=_undo_name),
    Command("redo", "Redo", "Edit", lambda w: w.session.undo_stack.redo(),
            ("Ctrl+Shift+Z", "Ctrl+Y"), "Make the change again", "redo-2",
            lambda w: w.session.undo_stack.canRedo(), name=_redo_name),
    Command("history", "History", "Edit", lambda w: w.helping.toggle_history(), ("Ctrl+H",),
            "Every change by name; go back to any of them", "undo-2",
            on=lambda w: w.helping.history_is_open),
    Command("copy_file", "Copy lane as file", "---Edit", lambda w: w.takeout.copy(), ("Ctrl+C",),
            "Paste it in a folder or another program; the lane's name can be dragged there too",
            "copy", lambda w: w.takeout.can_take(), needs="No finished lane is selected."),
    Command("copy_part", "Copy marked part as file", "Edit", lambda w: w.takeout.copy_span(),
            ("Ctrl+Shift+C",), "Paste what is selected, or the loop, of this lane elsewhere", "",
            lambda w: w.takeout.span_of() is not None,
            needs="Nothing is selected on this lane, and there is no loop."),
    Command("remove", "Remove lane", "---Edit",
            lambda w: w.closer.remove() if _marked(w) else w.studio.remove(),
            ("Del", "Backspace"),
            "Take away what is marked on the lane or, if nothing is, the lane itself",
            "trash-2", _selected,
            name=lambda w: tr("Remove selection") if _marked(w) else tr("Remove lane")),
    Command("clear", "Clear selection or loop", "Edit", lambda w: w.escape(), ("Esc",),
            "Mark nothing, end the loop and close what is open"),

    Command("tool_navigate", "Navigate", "Select", lambda w: w.selection.use("navigate"), ("1",),
            "Click to move the playhead", "mouse-pointer",
            on=lambda w: w.selection.tool == "navigate"),
    Command("tool_box", "Box", "Select", lambda w: w.selection.use("box"), ("2",),
            "Drag a box of time and frequency; its edges, its inside and the arrow keys move it",
            "box-select", on=lambda w: w.selection.tool == "box"),
    Command("tool_brush", "Brush", "Select", lambda w: w.selection.use("brush"), ("3",),
            "Paint what you mean; Shift adds, Alt takes away", "brush",
            on=lambda w: w.selection.tool == "brush"),
    Command("tool_harmonic", "Harmonic", "Select", lambda w: w.selection.use("harmonic"), ("4",),
            "Draw along the lowest partial of a tone: all its partials follow the pitch",
            "harmonics", on=lambda w: w.selection.tool == "harmonic"),
    Command("select_all", "Select all of the lane", "---Select", lambda w: w.closer.select_all(),
            ("Ctrl+A",), "From start to end, every frequency", "", _selected),
    Command("select_box", "Add a box", "Select", lambda w: w.closer.add_box(), ("Ctrl+Alt+A",),
            "Mark a box in the middle of the view; type its edges or move it with the arrow keys",
            "", _selected),
    Command("select_minus", "Take a box away", "Select", lambda w: w.closer.add_box(minus=True),
            ("Ctrl+Alt+X",), "Leave a box out of what is marked", "", _marked),
    Command("select_tone", "Follow the tone in the selection", "Select",
            lambda w: w.closer.follow_box(), ("Ctrl+Alt+F",),
            "Mark the loudest tone inside with all its partials", "", _marked),
    Command("selection_play", "Play only the selection", "---Select", lambda w: w.closer.play(),
            ("Return", "Enter"), "Hear what is marked and nothing else, again and again in a loop",
            "play", _marked),
    Command("selection_zoom", "Zoom to the selection", "Select", lambda w: w.closer.zoom(),
            ("Z",), "Let it fill the view, in time and in pitch", "scan", _marked),
    Command("selection_extract", "Extract to a lane", "Select", lambda w: w.closer.extract(),
            ("Shift+Return", "Shift+Enter"),
            "Make a lane of what is marked, in its place; muted, as it sounds already",
            "split", _is_whole),
    Command("selection_remove", "Remove from the lane", "Select", lambda w: w.closer.remove(),
            ("Ctrl+Del",), "Take what is marked out of the lane's sound; the rest stays",
            "trash-2", lambda w: w.closer.can_remove),
    Command("selection_export", "Export the selection…", "Select",
            lambda w: w.closer.ask_export(w), ("Ctrl+Alt+S",),
            "Write what is marked to a file", "download", _is_whole),
    Command("select_earlier", "Move earlier", "---Select",
            lambda w: w.closer.move(-0.01, 0.0), ("Ctrl+Alt+Left",),
            "Move the selection by a hundredth of a second", "", _marked),
    Command("select_later", "Move later", "Select", lambda w: w.closer.move(0.01, 0.0),
            ("Ctrl+Alt+Right",), "Move the selection by a hundredth of a second", "", _marked),
    Command("select_higher", "Move up", "Select", lambda w: w.closer.move(0.0, 1.0),
            ("Ctrl+Alt+Up",), "Move the selection by a semitone", "", _marked),
    Command("select_lower", "Move down", "Select", lambda w: w.closer.move(0.0, -1.0),
            ("Ctrl+Alt+Down",), "Move the selection by a semitone", "", _marked),
    Command("select_longer", "Longer", "Select", lambda w: w.closer.move(0.01, 0.0, True),
            ("Ctrl+Alt+Shift+Right",), "Let the box end later", "", _is_box),
    Command("select_shorter", "Shorter", "Select", lambda w: w.closer.move(-0.01, 0.0, True),
            ("Ctrl+Alt+Shift+Left",), "Let the box end earlier", "", _is_box),
    Command("select_taller", "Taller", "Select", lambda w: w.closer.move(0.0, 1.0, True),
            ("Ctrl+Alt+Shift+Up",), "Let the box reach a semitone higher", "", _is_box),
    Command("select_flatter", "Flatter", "Select", lambda w: w.closer.move(0.0, -1.0, True),
            ("Ctrl+Alt+Shift+Down",), "Let the box end a semitone lower", "", _is_box),
    Command("brush_taller", "Taller brush", "---Select",
            lambda w: w.selection.set_brush(semitones=1.25 * w.selection.brush_semitones),
            ("Alt+]",), "Paint more pitches at once"),
    Command("brush_flatter", "Flatter brush", "Select",
            lambda w: w.selection.set_brush(semitones=0.8 * w.selection.brush_semitones),
            ("Alt+[",), "Paint fewer pitches at once"),
    Command("brush_wider", "Wider brush", "Select",
            lambda w: w.selection.set_brush(seconds=1.25 * w.selection.brush_seconds),
            ("Alt+.",), "Paint more time at once"),
    Command("brush_narrower", "Narrower brush", "Select",
            lambda w: w.selection.set_brush(seconds=0.8 * w.selection.brush_seconds),
            ("Alt+,",), "Paint less time at once"),

    Command("separate", "Separate vocals", "Track", lambda w: w.studio.separate(), ("Ctrl+E",),
            "Make two lanes of this song: the singer and the band", "split",
            lambda w: w.studio.can_separate()),
    Command("separate_all", "Separate every song", "Track", lambda w: w.studio.separate_all(),
            ("Ctrl+Alt+E",), "Queue all songs that have no stems yet", "",
            lambda w: any(w.studio.can_separate(t.id) for t in w.session.project.tracks)),
    *SEPARATION_COMMANDS,
    Command("transcribe", "Transcribe", "---Track", lambda w: w.transcribing.transcribe(),
            ("Ctrl+Shift+T",), "Find the notes of this lane; of a song, those of its singer",
            "music", lambda w: w.transcribing.can_transcribe(),
            needs="No finished lane with sound is selected."),
    Command("transcribe_with", "Transcribe with", "Track",
            lambda w: w.actions_["transcribe_with"].menu().drop(), ("Ctrl+Alt+Shift+T",),
            "Choose the model: for one voice, or for chords and instruments"),
    *VOICE_COMMANDS,
    Command("swap", "Swap mix and stems", "---Track", lambda w: w.studio.swap_heard(), ("B",),
            "Listen to the original, then to the stems again", "arrow-left-right", _has_stems),
    Command("residual", "Hear the residual", "Track", lambda w: w.studio.residual(), ("R",),
            "Add what the stems left out of the mix as a lane", "blend",
            lambda w: w.studio.can_hear_residual()),
    Command("mute", "Mute", "---Track", lambda w: w.studio.toggle("muted"), ("M",),
            "Silence the selected lane", "volume-x", _selected, _is_muted),
    Command("solo", "Solo", "Track", lambda w: w.studio.toggle("solo"), ("S",),
            "Hear the selected lane alone", "headphones", _selected, _is_solo),
    Command("mute_range", "Mute selection in this lane", "Track",
            lambda w: w.practice.mute_marked(), ("Ctrl+M",),
            "Silence the marked seconds, or the loop, for playing and for export", "",
            lambda w: w.practice.marked is not None, needs="Mark a part of a lane or a loop."),
    Command("unmute_range", "Unmute ranges", "Track", lambda w: w.practice.unmute_marked(),
            ("Ctrl+Shift+M",), "Let the marked seconds sound again, or all of the lane", "",
            lambda w: w.practice.can_unmute, needs="This lane has no mute ranges."),
    Command("louder", "Louder", "---Track", lambda w: hands.change_gain(w, 1.0),
            ("Ctrl+Shift+Up",), "Raise the selected lane by 1 dB", "", _selected),
    Command("quieter", "Quieter", "Track", lambda w: hands.change_gain(w, -1.0),
            ("Ctrl+Shift+Down",), "Lower the selected lane by 1 dB", "", _selected),
    Command("pan_left", "Pan to the left", "Track", lambda w: hands.change_pan(w, -0.1),
            ("Ctrl+Shift+Left",), "Move the selected lane to the left", "", _selected),
    Command("pan_right", "Pan to the right", "Track", lambda w: hands.change_pan(w, 0.1),
            ("Ctrl+Shift+Right",), "Move the selected lane to the right", "", _selected),
    Command("usual_level", "Usual gain and pan", "Track", hands.reset_level, ("Ctrl+Shift+0",),
            "0 dB and the middle for the selected lane", "", _selected),
    Command("lane_up", "Select lane above", "---Track", lambda w: w.move_selection(-1), ("Up",),
            "Let keys act on the lane above", "", _any),
    Command("lane_down", "Select lane below", "Track", lambda w: w.move_selection(1), ("Down",),
            "Let keys act on the lane below", "", _any),
    Command("taller", "Taller lane", "Track", lambda w: w.timeline.grow(24), ("Ctrl+Down",),
            "See more of the selected lane", "", _selected),
    Command("shorter", "Shorter lane", "Track", lambda w: w.timeline.grow(-24), ("Ctrl+Up",),
            "Make room for other lanes", "", _selected),
    Command("even", "Lanes of equal height", "Track", lambda w: w.timeline.even(), ("Ctrl+0",),
            "Let all lanes share the room again", "", _any),

    *NOTE_COMMANDS,
    *PHONE_COMMANDS,
    *MELODY_COMMANDS,

    Command("play", "Play", "Play", lambda w: w.studio.transport.play_pause(), ("Space",),
            "Play from the playhead, or pause", "play", _any, lambda w: w.studio.transport.playing,
            lambda w: tr("Pause") if w.studio.transport.playing else tr("Play")),
    Command("stop", "Stop", "Play", lambda w: w.studio.transport.stop(), (".",),
            "Stop and go back to the start", "square", _any),
    Command("play_start", "Play from the start", "Play", lambda w: w.play_from_start(),
            ("Shift+Space",), "Hear it all once more", "", _any),
    Command("start", "Go to start", "---Play", lambda w: w.axis.seek(0.0), ("Home",),
            "Put the playhead at the start", "skip-back", _any),
    Command("end", "Go to end", "Play", lambda w: w.axis.seek(w.axis.total), ("End",),
            "Put the playhead at the end", "",
            _any),
    Command("back", "Jump back 5 s", "Play", lambda w: w.studio.transport.jump(-5.0), ("PgUp",),
            "Hear the last moments again", "",
            _any),
    Command("ahead", "Jump ahead 5 s", "Play", lambda w: w.studio.transport.jump(5.0), ("PgDown",),
            "Skip a little", "",
            _any),
    Command("nudge_back", "Nudge back", "Play", lambda w: w.studio.transport.jump(-0.1), ("[",),
            "Move the playhead by a tenth of a second", "",
            _any),
    Command("nudge_ahead", "Nudge ahead", "Play", lambda w: w.studio.transport.jump(0.1), ("]",),
            "Move the playhead by a tenth of a second", "",
            _any),
    Command("loop", "Loop", "---Play", lambda w: w.studio.transport.toggle_loop(), ("L",),
            "Repeat the region marked in the ruler, or what is in view", "repeat", _any,
            lambda w: w.axis.loop is not None),
    Command("loop_start", "Loop from the playhead", "Play", hands.loop_from_here, ("Q",),
            "Let the loop start where the playhead is", "", _any),
    Command("loop_end", "Loop to the playhead", "Play", hands.loop_to_here, ("W",),
            "Let the loop end where the playhead is", "", _any),
    Command("practice", "Practice", "---Play>Practice", lambda w: w.practice.toggle_strip(), ("P",),
            "Speed, transposition, count-in and A/B in one row", "audio-lines",
            on=lambda w: w.practice.shown),
    Command("slower", "Slower", "Play>Practice",
            lambda w: w.practice.step_speed(-1), ("Ctrl+PgDown",),
            "A twentieth slower; the pitch stays"),
    Command("faster", "Faster", "Play>Practice", lambda w: w.practice.step_speed(1), ("Ctrl+PgUp",),
            "A twentieth faster; the pitch stays"),
    Command("normal_speed", "Normal speed", "Play>Practice",
            lambda w: w.practice.set_pace(speed=1.0),
            ("Ctrl+Home",), "As fast as it was made"),
    Command("transpose_down", "Transpose down", "Play>Practice",
            lambda w: w.practice.step_pitch(-1),
            ("Shift+PgDown",), "A semitone lower; the speed stays", "minus"),
    Command("transpose_up", "Transpose up", "Play>Practice", lambda w: w.practice.step_pitch(1),
            ("Shift+PgUp",), "A semitone higher; the speed stays", "plus"),
    Command("normal_pitch", "Normal pitch", "Play>Practice",
            lambda w: w.practice.set_pace(cents=0.0),
            ("Shift+Home",), "As high as it was made"),
    Command("count_in", "Count in", "Play>Practice", lambda w: w.practice.toggle_count_in(), ("N",),
            "Some beats before playing begins, at the tempo of the project",
            on=lambda w: w.practice.counts_in),
    Command("tap", "Tap the tempo", "Play>Practice", lambda w: w.practice.tap(), ("G",),
            "Press it with the beat, at least twice"),
    Command("compare", "Compare A/B", "Play>Compare", lambda w: w.practice.swap(), ("X",),
            "Hear the selected lane and another in turn, equally loud", "arrow-left-right",
            lambda w: bool(w.practice.comparison or w.practice.partners(w.session.selected)),
            lambda w: w.practice.comparison is not None,
            needs="There is no other lane to compare with."),
    Command("compare_next", "Compare with the next lane", "Play>Compare",
            lambda w: w.practice.next_partner(), ("Alt+X",), "Let another lane be B", "",
            lambda w: bool(w.practice.comparison or w.practice.partners(w.session.selected)),
            needs="There is no other lane to compare with."),
    *BLIND_COMMANDS,
    Command("compare_end", "End the comparison", "Play>Compare",
            lambda w: w.practice.end_comparison(),
            ("Shift+X",), "Hear all lanes as they are set", "x",
            lambda w: w.practice.comparison is not None, needs="Nothing is compared."),

    Command("record", "Record", "---Play", lambda w: w.recording.toggle_record(), ("Ctrl+Space",),
            "Record the microphone to a new lane, in time with what plays", "circle-dot",
            on=lambda w: w.recording.recording,
            name=lambda w: tr("Stop recording") if w.recording.recording else tr("Record")),
    Command("listen", "Listen to the microphone", "Play", lambda w: w.recording.toggle_listen(),
            ("Ctrl+L",), "See the pitch, the level and the spectrum of your voice as you sing",
            "mic", on=lambda w: w.recording.listening),

    Command("fit", "Fit the whole song", "View", lambda w: w.axis.fit(), ("F",),
            "Show everything from start to end", "scan", _any),
    Command("zoom_in", "Zoom in", "View", lambda w: w.zoom(1.5), ("Ctrl+=", "Ctrl++"),
            "See less time, but finer", "",
            _any),
    Command("zoom_out", "Zoom out", "View", lambda w: w.zoom(1 / 1.5), ("Ctrl+-",),
            "See more time at once", "", _any),
    Command("left", "Scroll left", "View", lambda w: w.scroll(-0.1), ("Left",),
            "Look at what comes before", "", _any),
    Command("right", "Scroll right", "View", lambda w: w.scroll(0.1), ("Right",),
            "Look at what comes after", "", _any),
    Command("pitch_in", "Zoom in on pitch", "---View>Pitch",
            lambda w: w.zoom_pitch(1.25), ("Alt+=", "Alt++"),
            "See fewer pitches, but finer", "", _any),
    Command("pitch_out", "Zoom out on pitch", "View>Pitch", lambda w: w.zoom_pitch(0.8), ("Alt+-",),
            "See more pitches at once", "", _any),
    Command("pitch_up", "Scroll up in pitch", "View>Pitch",
            lambda w: w.scroll_pitch(0.1), ("Alt+Up",), "Look at higher pitches", "", _any),
    Command("pitch_down", "Scroll down in pitch", "View>Pitch", lambda w: w.scroll_pitch(-0.1),
            ("Alt+Down",), "Look at lower pitches", "", _any),
    Command("pitch_fit", "Show every pitch", "View>Pitch", lambda w: w.display.fit_frequency(),
            ("Shift+F",), "From the lowest to the highest there is", "", _any),
    Command("next_scale", "Next pitch axis", "View>Pitch", lambda w: w.timeline.next_scale(),
            ("A",), "Log, mel or linear", "", _any),
    Command("next_colours", "Next colours", "View>Colours", lambda w: w.timeline.next_colours(),
            ("C",), "Magma, grey or inverse grey", "", _any),
    Command("floor_down", "Show quieter sounds", "View>Colours",
            lambda w: hands.shift_levels(w, -2.0, 0.0), ("D",),
            "Let the colours begin 2 dB lower", "", _any),
    Command("floor_up", "Hide quieter sounds", "View>Colours",
            lambda w: hands.shift_levels(w, 2.0, 0.0), ("Shift+D",),
            "Let the colours begin 2 dB higher", "", _any),
    Command("top_down", "Brighter colours", "View>Colours",
            lambda w: hands.shift_levels(w, 0.0, -2.0), ("T",),
            "Let the colours end 2 dB lower", "", _any),
    Command("top_up", "Darker colours", "View>Colours", lambda w: hands.shift_levels(w, 0.0, 2.0),
            ("Shift+T",), "Let the colours end 2 dB higher", "", _any),
    Command("usual_levels", "Usual colour range", "View>Colours", hands.reset_levels, ("Ctrl+T",),
            "Back to the range of colours that suits most songs", "", _any),
    Command("picture", "Picture…", "---View", lambda w: picture.offer(w), ("Ctrl+Shift+P",),
            "Lanes as they are shown, as PNG, SVG or PDF with axes and colour bar", "image", _any),
    *MELODY_VIEW_COMMANDS,
    Command("inspector", "Inspector", "---View", lambda w: w.toggle_inspector(), ("I",),
            "What is selected, what is under the pointer, what sounds", "panel-right", None,
            lambda w: w.inspector_wanted),
    Command("jobs", "Jobs", "View", lambda w: w.jobs_view.toggle(), ("J",),
            "Everything that runs, waits or ended", "list", None, lambda w: w.jobs_view.is_open),
    Command("notify", "Tell when a long job ends", "View", lambda w: w.notices.toggle(),
            ("Shift+J",), "A sound, and a notice if you are in another program",
            on=lambda w: w.settings.notify),
    Command("full_screen", "Full screen", "View", lambda w: w.toggle_full_screen(), ("F11",),
            "Use every pixel for sound",
            "maximize", None, lambda w: w.isFullScreen()),
    Command("theme_system", "Colours of the system", "---View>Theme",
            lambda w: w.set_theme("system"), ("Ctrl+F5",),
            "Be dark or light when the system is", on=lambda w: w.settings.theme == "system"),
    Command("theme_dark", "Dark", "View>Theme", lambda w: w.set_theme("dark"), ("Ctrl+F6",),
            "Light on dark: sound is the brightest thing",
            on=lambda w: w.settings.theme == "dark"),
    Command("theme_light", "Light", "View>Theme", lambda w: w.set_theme("light"), ("Ctrl+F7",),
            "Dark on light, for bright rooms", on=lambda w: w.settings.theme == "light"),

    Command("larger", "Larger controls", "View>Size", lambda w: w.helping.resize_controls(1),
            ("Ctrl+Alt+=", "Ctrl+Alt++"), "Everything a quarter larger from the next start on"),
    Command("smaller", "Smaller controls", "View>Size", lambda w: w.helping.resize_controls(-1),
            ("Ctrl+Alt+-",), "Everything a quarter smaller from the next start on", "",
            lambda w: w.settings.scale_percent > 100, needs="Controls have their usual size."),
    Command("language_system", "Language of the system", "View>Language",
            lambda w: w.helping.set_language("system"), ("Ctrl+F8",),
            "Speak what the computer speaks, from the next start on",
            on=lambda w: w.settings.language == "system"),
    Command("language_en", "English", "View>Language", lambda w: w.helping.set_language("en"),
            ("Ctrl+F9",), "Speak English from the next start on",
            on=lambda w: w.settings.language == "en"),
    Command("language_de", "Deutsch", "View>Language", lambda w: w.helping.set_language("de"),
            ("Ctrl+F10",), "Speak German from the next start on",
            on=lambda w: w.settings.language == "de"),

    Command("palette", "Find a command…", "Help", lambda w: w.helping.show_palette(), ("Ctrl+K",),
            "Type a part of its name, press Return", "search"),
    Command("keys", "Keyboard shortcuts…", "Help", lambda w: w.helping.show_keys(), ("F2", "F1"),
            "Every key in one list, to search and to change", "keyboard"),
    Command("hints", "Show the first hints again", "Help", lambda w: w.helping.hints.again(),
            ("Shift+F1",), "The three hints of the first start", "info"),
    Command("about", "About Melic…", "---Help", lambda w: w.helping.show_about(), ("Ctrl+F1",),
            "Version, licences, and what this computer can do", "info"),
)  # fmt: skip

SCOPES = {command.id: command.scope for command in COMMANDS if command.scope}

_NEEDS = {
    _any: marked("There is no song yet."),
    _selected: marked("No lane is selected."),
    _has_stems: marked("This song has no stems yet."),
    **MELODY_REASONS,
    **MODEL_REASONS,
    **VOICE_REASONS,
    _marked: marked("Nothing is marked on a lane."),
    _is_box: marked("No box is marked on a lane."),
    _is_whole: marked("Nothing is marked on a finished lane."),
}


def reason(command: Command) -> str:
    """Why a command cannot be done now, as far as that is known; to be translated."""
    return command.needs or (_NEEDS | REASONS).get(command.when, "")


def tooltip(command: Command, keys: Keys, text: str = "") -> str:
    """What it does, its key, and what it is for, in the person's language."""
    title = (text or tr(command.text)).rstrip("…")
    first = f"{title}  ({shown_key(keys[0])})" if keys else title
    return f"{first}\n{tr(command.why)}" if command.why else first


class Actions(QObject):
    """One `QAction` per command, kept in step with the window by `refresh`."""

    used = Signal(str)  # id of the command that was run

    def __init__(self, window: MainWindow, shortcuts: Shortcuts | None = None) -> None:
        super().__init__(window)
        self._window = window
        self.shortcuts = shortcuts or Shortcuts({c.id: c.keys for c in COMMANDS}, scopes=SCOPES)
        self._actions: dict[str, QAction] = {}
        for command in COMMANDS:
            action = QAction(tr(command.text), window)
            action.setObjectName(command.id)
            action.setAutoRepeat(command.id not in ONCE)
            action.setCheckable(command.on is not None)
            if command.scope:  # its keys are looked up by the part of the window they count in
                action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(lambda _=False, c=command: self._run(c))
            window.addAction(action)
            self._actions[command.id] = action
        self.rekey()

    def rekey(self) -> None:
        """Take over the keys as they are now."""
        for command in COMMANDS:
            action, keys = self._actions[command.id], self.shortcuts.keys(command.id)
            action.setShortcuts([QKeySequence(key) for key in keys])
            action.setToolTip(tooltip(command, keys, action.text()))

    def __getitem__(self, id: str) -> QAction:
        return self._actions[id]

    def scoped(self, scope: str, event: QKeyEvent) -> QAction | None:
        """What a key does in a scope, if that can be done now."""
        for key in pressed(event):
            id = self.shortcuts.owner(key, scope=scope)
            if id:
                command = next(c for c in COMMANDS if c.id == id)
                if command.when is None or command.when(self._window):
                    self._actions[id].setEnabled(True)
                    return self._actions[id]
        return None

    def _run(self, command: Command) -> None:
        command.verb(self._window)
        self.used.emit(command.id)
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
                    keys = self.shortcuts.keys(command.id)
                    action.setToolTip(tooltip(command, keys, text))
