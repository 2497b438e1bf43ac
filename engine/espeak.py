"""espeak-ng, which knows how English is pronounced, called from the wheel that carries it."""

from __future__ import annotations

import ctypes
import functools
import os
import sys
import threading

from engine.errors import EngineError

VOICE = "en-us"
# Of speak_lib.h: hand sound back instead of playing it, leave the process alive on errors, UTF-8,
# and phonemes in IPA with a sign between any two.
_RETRIEVAL, _DONT_EXIT, _UTF8, _IPA = 1, 0x8000, 1, 0x02
_PART = "_"
_lock = threading.Lock()  # the library keeps its state in globals


@functools.cache
def _library() -> ctypes.CDLL:
    """The library, ready to speak American English; raises `EngineError` if it cannot."""
    try:
        import espeakng_loader

        library = ctypes.CDLL(espeakng_loader.get_library_path())
        folder = espeakng_loader.get_data_path()
    except (ImportError, OSError, RuntimeError) as error:
        raise EngineError(
            "The pronunciation of words is not available on this computer.",
            f"Set Melic up again: the package espeakng-loader cannot be used ({error}).",
        ) from error
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    library.espeak_TextToPhonemes.argtypes = [
        ctypes.POINTER(ctypes.c_void_p),
        ctypes.c_int,
        ctypes.c_int,
    ]
    where = folder.encode("mbcs") if sys.platform == "win32" else os.fsencode(folder)
    if (
        library.espeak_Initialize(_RETRIEVAL, 0, where, _DONT_EXIT) < 0
        or library.espeak_SetVoiceByName(VOICE.encode()) != 0
    ):
        raise EngineError(
            "The pronunciation of words is not available on this computer.",
            f"espeak-ng cannot read its data in {folder}.",
        )
    return library


def words(text: str) -> list[list[str]]:
    """The words of English text as espeak speaks them, each as its sounds in IPA.

    Stress marks lead the vowel they belong to ("ˈoʊ"). Numbers become several words, and little
    words in a row may become one ("of the").
    """
    source = ctypes.create_string_buffer(text.replace("\0", " ").encode("utf-8", "ignore"))
    at = ctypes.c_void_p(ctypes.addressof(source))
    spoken: list[str] = []
    with _lock:
        library = _library()
        while at.value:  # one clause at a time; null after the last
            clause = library.espeak_TextToPhonemes(ctypes.byref(at), _UTF8, _IPA | ord(_PART) << 8)
            spoken += (clause or b"").decode("utf-8", "ignore").split()
    parts = ([part for part in word.split(_PART) if part] for word in spoken)
    return [word for word in parts if word]
