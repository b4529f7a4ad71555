"""A performance's ways out: audio, stems, MIDI, MusicXML, a list of what was played."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from photoplayer import sound
from photoplayer.errors import PlanError
from photoplayer.music.instruments import instrument
from photoplayer.music.midi_write import to_bytes
from photoplayer.music.musicxml import to_musicxml
from photoplayer.music.score import Part, Score
from photoplayer.progress import Progress
from photoplayer.results import (
    AUDIO_FORMATS,
    Files,
    audio_ending,
    beside,
    check_free,
    chosen_formats,
    json_bytes,
    versions,
    with_ending,
    write_all,
)
from photoplayer.sound.render import sound_settings

if TYPE_CHECKING:
    from photoplayer.performance import Performance

DEFAULT_FORMATS = "wav"
_STEM = "stem "
_LONGEST_NAME = 60


@dataclass(frozen=True, kw_only=True)
class WriteOptions:
    """What to write."""

    format: str = DEFAULT_FORMATS
    """What to write, with commas between: wav, flac, ogg, mp3, mid, musicxml, json (who played what)."""
    stems: bool = False
    """Also write one audio file per track; together they are the mix."""
    overwrite: bool = False
    """Replace results that are already there."""

    def __post_init__(self) -> None:
        if not (self.formats or self.stems):
            raise PlanError(f"nothing to write: choose formats from {', '.join(FORMATS)}")

    @property
    def formats(self) -> tuple[str, ...]:
        """The formats asked for, each once."""
        return chosen_formats(self.format, FORMATS)

    def for_ending(self, ending: str | None) -> WriteOptions:
        """These options, and unless formats were chosen, the one that a file was named by."""
        return replace(self, format=ending) if ending and self.format == DEFAULT_FORMATS else self


def export(
    performance: Performance, stem: Path, options: WriteOptions, *, progress: Progress | None = None
) -> list[Path]:
    """Write everything asked for as ``stem`` + ending; returns the files.

    Raises :class:`OutputError` before any work where a result is in the way.
    """
    files = output_files(stem, options)
    if options.stems:
        performance = replace(performance, score=with_layers(performance.score))
        folder, ending = with_ending(stem, "_stems"), audio_ending(options.formats)
        for layer, name in file_names(performance.score.layers).items():
            files[_STEM + layer] = folder / f"{name}{ending}"
    made_of = [path for path in (performance.source, performance.options.soundfont) if path]
    check_free(files.values(), overwrite=options.overwrite, inputs=made_of)
    silent = {name: partial(write, performance, files) for name, write in _SILENT.items()}
    return write_all(files, silent, partial(_perform, performance, options=options, progress=progress))


def output_files(stem: Path, options: WriteOptions) -> Files:
    """The files that are known before the music is: by format, stems left out."""
    return {name: with_ending(stem, f".{name}") for name in options.formats}


def with_layers(score: Score) -> Score:
    """Every part that names no layer is one of its own, called like the part."""
    taken = set(score.layers)
    parts = []
    for part in score.parts:
        if not part.layer:
            part = replace(part, layer=_unlike(part.name, taken))
            taken.add(part.layer)
        parts.append(part)
    return replace(score, parts=tuple(parts))


def file_names(layers: Iterable[str]) -> dict[str, str]:
    """Layer → a name of its own for its file. Names come out of MIDI files: they may hold anything, paths
    among it."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for layer in layers:
        plain = re.sub(r"[^\w ()+-]", "_", layer)[:_LONGEST_NAME].strip(" _") or "part"
        names[layer] = _unlike(plain, taken)
        taken.add(names[layer].lower())  # not all systems tell A from a
    return names


def _unlike(name: str, taken: set[str]) -> str:
    """``name``, or with a number behind it where it is taken."""
    number, own = 1, name
    while own in taken or own.lower() in taken:
        number += 1
        own = f"{name} {number}"
    return own


def manifest(performance: Performance, files: Mapping[str, str]) -> dict[str, Any]:
    """Plain values: what was played on what, and what was written."""
    options, score = performance.options, performance.score
    return {
        "input": performance.source.name if performance.source else None,
        "instrument": options.choice.name if options.choice else None,
        "seed": options.seed,
        **sound_settings(options.synth, options.soundfont, options.piano),
        "loop": options.loop,
        "duration_s": round(score.duration_s, 6),
        "notes_written": sum(1 for _ in performance.written.notes()),
        "parts": [_part(part) for part in score.parts],
        "files": dict(files),
        "versions": versions(),
    }


def _part(part: Part) -> dict[str, Any]:
    pitches = [note.pitch for note in part.notes]
    return {
        "name": part.name,
        "program": part.program,
        "instrument": "drums" if part.is_drum else instrument(part.program).name,
        "notes": len(pitches),
        "lowest": min(pitches, default=None),
        "highest": max(pitches, default=None),
    }


def _manifest(performance: Performance, files: Files, path: Path) -> bytes:
    return json_bytes(manifest(performance, beside(files, path)))


_SILENT: dict[str, Callable[[Performance, Files, Path], bytes]] = {
    "mid": lambda performance, _files, _path: to_bytes(performance.score),
    "musicxml": lambda performance, _files, _path: to_musicxml(performance.score),
    "json": _manifest,
}
"""What is written without playing: the bytes of each, for its path among all files."""

FORMATS = (*AUDIO_FORMATS, *_SILENT)


def _perform(
    performance: Performance, files: Files, *, options: WriteOptions, progress: Progress | None
) -> None:
    """Play the music once and write it to all files that sound."""
    folder = next(iter(files.values())).parent
    with performance.playing(stems=options.stems, folder=folder, progress=progress) as playing:
        for name, path in files.items():
            if name.startswith(_STEM):
                sound.write_audio(path, playing.stem_blocks(name.removeprefix(_STEM)))
            else:
                sound.write_audio(path, playing.blocks())
