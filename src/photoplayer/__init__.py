"""Silent video in, music out.

>>> import photoplayer
>>> photoplayer.score("clip.mp4", mood="auto", seed=1).save("clip_scored")  # doctest: +SKIP
"""

from photoplayer.compose.plan import Plan, Section
from photoplayer.errors import PhotoplayerError
from photoplayer.music.score import Note, Part, Score
from photoplayer.scene.timeline import Timeline
from photoplayer.soundtrack import Soundtrack, score

__all__ = ["Note", "Part", "PhotoplayerError", "Plan", "Score", "Section", "Soundtrack", "Timeline", "score"]
