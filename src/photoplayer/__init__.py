"""Silent video in, music out.

>>> import photoplayer
>>> photoplayer.score("clip.mp4", mood="auto", seed=1).save("clip_scored")  # doctest: +SKIP
>>> photoplayer.transcribe("piano.mp4").save("piano_transcribed")  # doctest: +SKIP
>>> photoplayer.render("tune.mid", instrument="koto").save("tune.wav")  # doctest: +SKIP
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from photoplayer.errors import PhotoplayerError
    from photoplayer.music.score import Note, Part, Score
    from photoplayer.performance import render
    from photoplayer.scene.timeline import Timeline
    from photoplayer.soundtrack import Soundtrack, score
    from photoplayer.transcription import Transcription, transcribe

_HOME = {
    "Note": "music.score",
    "Part": "music.score",
    "PhotoplayerError": "errors",
    "Score": "music.score",
    "Soundtrack": "soundtrack",
    "Timeline": "scene.timeline",
    "Transcription": "transcription",
    "render": "performance",
    "score": "soundtrack",
    "transcribe": "transcription",
}

__all__ = [
    "Note",
    "Part",
    "PhotoplayerError",
    "Score",
    "Soundtrack",
    "Timeline",
    "Transcription",
    "render",
    "score",
    "transcribe",
]


def __getattr__(name: str) -> Any:
    """Load a name when it is first used: a room can be imported without all the others."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
