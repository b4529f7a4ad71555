"""Is this piece known? A local matcher: a query of some seconds against a library of one's own.

Three ways of hearing, since none hears all. *Landmarks* (pairs of peaks in the spectrogram) know a recording
again, and nothing but that very recording. *Chroma* (which pitch classes sound, when) knows a piece on any
instrument, faster or slower, in any key. *Note prints* (intervals of three notes and the ratio of the times
between them) do the same and hear melodies; of sound, the notes are guessed first. What commercial services
do with millions of pieces is not claimed here.
"""

from photoplayer.evaluate.identification.library import Entry, Library, Match

__all__ = ["Entry", "Library", "Match"]
