from __future__ import annotations

import os
import re
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from app import picture, theme
from app.note_values import hertz
from app.start import Program
from app.views.picture import PictureDialog, save
from engine.errors import EngineError, UnwritableTarget
from engine.events import State
from engine.melody import CURVE_RATE, CURVES, PITCH, VOICED, Melody, Note
from engine.spectrogram import to_unit
from engine.types import AudioClip, Origin
from tests.app.desk import import_song, open_desk, wait_for
from tests.app.test_selecting import song
from tests.conftest import tone


@pytest.fixture
def desk(qapp: object, tmp_path: Path) -> Iterator[Program]:
    with open_desk(tmp_path) as program:
        program.window.resize(1280, 800)
        program.window.show()
        QApplication.processEvents()
        import_song(program, song(tmp_path))
        QApplication.processEvents()
        yield program


def wish_of(desk: Program, **changes: object) -> picture.Wish:
    dialog = PictureDialog(desk.window)
    wish = dialog.wish()
    dialog.close()
    assert wish is not None
    return replace(wish, **({"scale": 1.0} | changes))


def written(wish: picture.Wish, path: Path) -> Path:
    for _ in picture.write(wish, path):
        pass
    return path


def pixels(image: QImage) -> np.ndarray:
    """Grey levels, `(height, width)`."""
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    flat = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.bytesPerLine())
    return flat[:, : grey.width()].astype(int)


def brightest_hz(image: np.ndarray, wish: picture.Wish, scale: float) -> list[float]:
    """Which of the three tones are bright lines at their place in the picture."""
    top = picture.MARGIN + picture.TITLE + picture.NAME
    top += picture.STRIP + 4 if wish.waveform else 0
    x = round(scale * (picture.MARGIN + picture.NOTES + wish.width / 2))
    found = []
    for hz in (300.0, 1000.0, 4000.0):
        part = (wish.high - to_unit(hz, wish.settings)) / (wish.high - wish.low)
        y = round(scale * (top + part * wish.height))
        line = image[y - 2 : y + 3, x - 3 : x + 4].max()
        around = np.median(image[round(scale * top) : round(scale * (top + wish.height)), x])
        if line > around + 60:
            found.append(hz)
    return found


@pytest.mark.parametrize("scale", [1.0, 2.0, 4.0])
@pytest.mark.parametrize("light", [False, True])
def test_a_png_has_its_size_its_paper_and_the_sound_at_its_place(
    desk: Program, tmp_path: Path, scale: float, light: bool
) -> None:
    wish = wish_of(desk, scale=scale, light=light)
    image = QImage(str(written(wish, tmp_path / "Lane.png")))
    assert (image.width(), image.height()) == (wish.size * scale).toSize().toTuple()
    assert image.dotsPerMeterX() == pytest.approx(96 * scale / 0.0254, abs=1)
    paper = QColor((theme.LIGHT if light else theme.DARK).canvas)
    assert image.pixelColor(3, 3) == paper
    assert brightest_hz(pixels(image), wish, scale) == [300.0, 1000.0, 4000.0]
    assert not list(tmp_path.glob("*.part"))


def test_it_does_not_wait_for_the_screen(desk: Program, tmp_path: Path) -> None:
    desk.window.display.tiles._images.clear()  # as if nothing had been drawn yet
    desk.axis.set_range(2.0, 2.5)
    wish = wish_of(desk, waveform=False)
    image = QImage(str(written(wish, tmp_path / "Lane.png")))
    assert brightest_hz(pixels(image), wish, 1.0) == [300.0, 1000.0, 4000.0]


def test_an_svg_keeps_words_as_words_and_shows_the_same(desk: Program, tmp_path: Path) -> None:
    wish = wish_of(desk)
    path = written(wish, tmp_path / "Lane.svg")
    text = path.read_text("utf-8")
    words = {word.strip() for word in re.findall(r"<text[^>]*>([^<]*)</text>", text)}
    assert {"Tones", "C4", "1k", "0:03.0"} <= words
    assert any(word.endswith("dB") for word in words)
    assert "<title>Tones</title>" in text
    width, height = wish.size.toSize().toTuple()
    assert f'viewBox="0 0 {width} {height}"' in text
    renderer = QSvgRenderer(str(path))
    assert renderer.isValid()
    image = QImage(wish.size.toSize(), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    assert brightest_hz(pixels(image), wish, 1.0) == [300.0, 1000.0, 4000.0]


def test_a_pdf_is_one_page_of_its_size_with_a_picture_and_text(
    desk: Program, tmp_path: Path
) -> None:
    wish = wish_of(desk, scale=2.0)
    data = written(wish, tmp_path / "Lane.pdf").read_bytes()
    assert data.startswith(b"%PDF-")
    assert data.rstrip().endswith(b"%%EOF")
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", data)
    assert box is not None
    assert float(box[1]) == pytest.approx(wish.size.width() * 0.75, abs=1)
    assert float(box[2]) == pytest.approx(wish.size.height() * 0.75, abs=1)
    assert len(re.findall(rb"/Type /Page\b", data)) == 1
    widths = [int(width) for width in re.findall(rb"/Width (\d+)", data)]
    assert max(widths) == round(wish.width * 2)  # the sound at twice the screen's resolution
    streams = b"".join(_inflated(data))
    assert streams.count(b" Tj") + streams.count(b" TJ") > 20  # words, not shapes
    assert b"/FontFile2" in data or b"/FontFile3" in data


def _inflated(data: bytes) -> Iterator[bytes]:
    for found in re.finditer(rb"stream\r?\n(.*?)endstream", data, re.DOTALL):
        try:
            yield zlib.decompress(found[1])
        except zlib.error:
            continue


def test_all_lanes_stand_one_below_the_other(desk: Program, tmp_path: Path) -> None:
    import_song(desk, song(tmp_path, 3.0))
    QApplication.processEvents()
    one = wish_of(desk)
    dialog = PictureDialog(desk.window)
    dialog._lanes.setCurrentIndex(1)
    both = dialog.wish()
    dialog.close()
    assert both is not None
    both = replace(both, scale=1.0)
    assert len(both.tracks) == 2
    assert both.size.height() > one.size.height() + one.height
    image = pixels(QImage(str(written(both, tmp_path / "Lanes.png"))))
    assert image.shape == both.size.toSize().toTuple()[::-1]
    assert brightest_hz(image, both, 1.0) == [300.0, 1000.0, 4000.0]


def test_what_cannot_be_written_says_so_and_leaves_nothing(desk: Program, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for suffix in picture.FORMATS:
        with pytest.raises(UnwritableTarget, match="cannot be written"):
            written(wish_of(desk), tmp_path / "file" / f"Lane{suffix}")
    with pytest.raises(EngineError, match="million pixels"):
        written(wish_of(desk, width=50_000.0, scale=4.0), tmp_path / "Lane.png")
    job = save(desk.window, wish_of(desk), tmp_path / "file" / "Lane.png")
    wait_for(lambda: desk.jobs.status(job).ended)
    assert desk.jobs.status(job).state is State.FAILED
    assert desk.window.timeline._strips.count() == 1
    assert not list(tmp_path.glob("**/*.part"))


def test_the_key_opens_the_dialog_and_save_writes_what_is_shown(
    desk: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(desk.window, Qt.Key.Key_P, held)
    wait_for(lambda: desk.window.findChild(PictureDialog))
    dialog = desk.window.findChild(PictureDialog)
    assert dialog is not None
    assert dialog.isVisible()
    dialog._kind.setCurrentIndex(1)
    dialog._paper.setCurrentIndex(0)
    asked = []

    def answer(parent: object, title: str, name: str, kinds: str) -> tuple[str, str]:
        asked.append(Path(name).name)
        return str(tmp_path / "Chosen"), kinds

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    dialog._save()
    wait_for(lambda: (tmp_path / "Chosen.svg").exists())
    assert asked == ["Tones.svg"]
    kept = desk.window.settings
    assert (kept.picture_kind, kept.picture_paper) == (".svg", "dark")


def test_names_suit_every_system() -> None:
    assert picture.default_name('A/B: "C"?', ".png") == "A_B_ _C__.png"
    assert picture.default_name(" . ", ".pdf") == "Picture.pdf"


def sung(desk: Program) -> Melody:
    """Two notes, one of them unsure, of which only the first is in the usual view of 3 s."""
    curves = desk.scratch.clip(CURVES, 600, CURVE_RATE, Origin())
    rows = np.zeros((CURVES, 600), np.float32)
    rows[PITCH, 100:200], rows[VOICED, 100:200] = 72.2, 0.9
    curves.write(0, rows)
    notes = (Note(1.0, 1.0, 72.0, lyric="fish"), Note(4.0, 1.0, 74.0, lyric="bone", confidence=0.2))
    return Melody(notes, curves)


def test_notes_and_pitch_lie_over_the_spectrogram_unless_they_are_not_wanted(
    desk: Program, tmp_path: Path
) -> None:
    id = desk.session.project.tracks[0].id
    desk.session.set_track(id, melody=sung(desk))
    wish = wish_of(desk, waveform=False)
    with_notes = pixels(QImage(str(written(wish, tmp_path / "with.png"))))
    without = pixels(QImage(str(written(replace(wish, melody=False), tmp_path / "without.png"))))
    rows, columns = np.nonzero(with_notes != without)
    left = picture.MARGIN + picture.NOTES
    per_second = wish.width / (wish.stop - wish.start)
    assert columns.min() == pytest.approx(left + 1.0 * per_second, abs=3)
    assert columns.max() == pytest.approx(left + 5.0 * per_second, abs=3)
    part = (wish.high - to_unit(hertz(72.0), wish.settings)) / (wish.high - wish.low)
    top = picture.MARGIN + picture.TITLE + picture.NAME
    first = rows[columns < left + 2.5 * per_second]
    assert first.min() < top + part * wish.height < first.max()


def test_notes_syllables_and_pitch_are_vectors_and_stay_inside(
    desk: Program, tmp_path: Path
) -> None:
    id = desk.session.project.tracks[0].id
    desk.session.set_track(id, melody=sung(desk))
    desk.axis.set_range(1.5, 3.0)  # the first note began before
    wish = wish_of(desk, waveform=False)
    text = written(wish, tmp_path / "notes.svg").read_text("utf-8")
    assert ">fish</text>" in text
    assert "bone" not in text
    plain = written(replace(wish, melody=False), tmp_path / "plain.svg").read_text("utf-8")
    shapes = set(re.findall(r"<path [^>]*>", text)) - set(re.findall(r"<path [^>]*>", plain))
    left = picture.MARGIN + picture.NOTES
    places = [
        float(x) for s in shapes for x in re.findall(r"[ML ]([-\d.]+),", s.partition("d=")[2])
    ]
    assert places
    assert min(places) >= left - 2
    assert max(places) <= left + wish.width + 2
    assert written(wish, tmp_path / "notes.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_a_melody_is_pictured_without_a_window(
    make_clip: Callable[..., AudioClip], tmp_path: Path, suffix: str
) -> None:
    clip = make_clip(tone(3.0, 22_050), 22_050)
    path = tmp_path / f"A song{suffix}"
    np.save(tmp_path / "sound.npy", clip.read(0, clip.frames))
    program = f"""
import sys
import numpy as np
from pathlib import Path
from app import picture
from engine.melody import Melody, Note
from engine.types import Origin, Scratch
sound = np.load({str(tmp_path / "sound.npy")!r})
scratch = Scratch()
clip = scratch.clip(*sound.shape, 22_050, Origin())
clip.write(0, sound)
melody = Melody((Note(0.5, 1.0, 69.0, lyric="la"),))
*_, last = picture.render_melody(clip, melody, Path({str(path)!r}), title="A song")
scratch.close()
print("torch" in sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        env={k: v for k, v in os.environ.items() if k not in ("DISPLAY", "QT_QPA_PLATFORM")},
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["False"]
    head = path.read_bytes()[:5]
    assert head in {".png": [b"\x89PNG\r"], ".svg": [b"<?xml"], ".pdf": [b"%PDF-"]}[suffix]
