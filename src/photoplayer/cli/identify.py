"""``photoplayer identify``: which piece of a folder a file, or a silent video of a piano, is of."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path

import tyro

from photoplayer.cli.batch import Done, run_batch
from photoplayer.cli.targets import VIDEO_SUFFIXES, Target, gather
from photoplayer.errors import PlanError
from photoplayer.evaluate.identification import Match
from photoplayer.identification import SOUND_SUFFIXES, IdentifyOptions, library_of, query_of
from photoplayer.music.midi_read import MIDI_SUFFIXES
from photoplayer.progress import Progress


@dataclass(frozen=True)
class Identify:
    """Say which of your own pieces is being played: a local matcher, not a service that knows all music.

    For example:
      photoplayer identify unknown.mid --index my_music/
      photoplayer identify silent_piano.mp4 --index scores/     (the keys are read first)
      photoplayer identify recording.mp3 --index my_music/ --start 60 --seconds 15 --json
    """

    inputs: tyro.conf.Positional[tuple[Path, ...]]
    """MIDI files, sound files, videos, and folders of them."""
    index: Path
    """A folder of MIDI and sound files: the pieces to be known. Its index is kept inside it."""
    options: IdentifyOptions = field(default_factory=IdentifyOptions)
    json: bool = False
    """Print one JSON line per input."""

    def run(self) -> int:
        """Identify every input. Exit status 0 whether or not a piece is known, or 1 if any input failed."""
        kinds = MIDI_SUFFIXES | SOUND_SUFFIXES | VIDEO_SUFFIXES
        files = gather(self.inputs, kinds, results=("_scored",))
        if not files:
            raise PlanError("nothing to identify: name a file")
        library = library_of(self.index)

        def work(target: Target, progress: Progress) -> Done:
            query = query_of(target.source, self.options, progress=progress)
            found = library.search(query, most=self.options.most)
            facts = {
                "known": bool(found and found[0].is_sure),
                "matches": [asdict(match) for match in found],
            }
            return Done((), facts, table(target.source, found))

        return run_batch([Target(path, path) for path in files], work, json_lines=self.json)


def table(source: Path, found: list[Match]) -> list[str]:
    """For people: the piece, or that it is not known, and the nearest."""
    if not found:
        return [f"{source}: nothing alike; listen to more of it (--seconds)"]
    head = f"{source}: {found[0].piece}" if found[0].is_sure else f"{source}: not known; the nearest are"
    return [head, *(line(match) for match in found)]


def line(match: Match) -> str:
    """One piece: how far it stands out, where, in which key and how fast."""
    minutes, seconds = divmod(round(match.begin_s), 60)
    key = f"{match.transposed:+d} semitones" if match.transposed else "same key"
    ways = ", ".join(f"{way} {share:.2f}" for way, share in match.by.items())
    place = f"from {minutes}:{seconds:02d}"
    return f"  {match.score:6.1f}  {match.piece}  {place}, {key}, {match.speed:.2f} x as fast ({ways})"
