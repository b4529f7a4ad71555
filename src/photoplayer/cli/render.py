"""``photoplayer render``: MIDI files to sound, on their own instruments or on others."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tyro

from photoplayer.cli.batch import Done, run_batch
from photoplayer.cli.output import OutputOption
from photoplayer.cli.targets import Target, all_there, gather, named_output, plan_targets
from photoplayer.errors import PlanError
from photoplayer.music.midi_read import MIDI_SUFFIXES
from photoplayer.performance import Performance, RenderOptions, perform_file
from photoplayer.performance_export import FORMATS, WriteOptions, export, output_files
from photoplayer.progress import Progress
from photoplayer.results import check_free

ENDING = "_rendered"


@dataclass(frozen=True)
class Render:
    """Play MIDI files: audio at an even loudness, stems, loops, and any of 128 instruments or an ensemble.

    For example:
      photoplayer render tune.mid
      photoplayer render tune.mid --instrument koto --format wav,mid
      photoplayer render tune.mid -o quartet.flac --instrument "string quartet" --stems
      photoplayer render tunes/ -o sounds/ --format ogg --loudness -18 --skip-existing
      photoplayer render tune.mid --soundfont piano.sf2 --loop
      photoplayer render sonata.mid --synth neural
    """

    inputs: tyro.conf.Positional[tuple[Path, ...]] = ()
    """MIDI files, and folders of them."""
    output: OutputOption = None
    """A file name for one input, or a folder (`name/`). Default: NAME_rendered.* beside the input."""
    options: RenderOptions = field(default_factory=RenderOptions)
    export: WriteOptions = field(default_factory=WriteOptions)
    skip_existing: bool = False
    """Leave inputs alone whose results are all there."""
    json: bool = False
    """Print one JSON line per input."""

    def run(self) -> int:
        """Play every input. Exit status 0, or 1 if any failed."""
        tunes = gather(self.inputs, MIDI_SUFFIXES, results=ENDING)
        if not tunes:
            raise PlanError("nothing to render: name a MIDI file")
        output, ending = named_output(self.output, FORMATS, inputs=len(tunes))
        options = self.export.for_ending(ending)

        def work(target: Target, progress: Progress) -> Done:
            files = output_files(target.stem, options).values()
            if self.skip_existing and all_there(files):
                return Done(files)
            check_free(files, overwrite=options.overwrite, inputs=[target.source])
            performance = perform_file(target.source, self.options)
            written = export(performance, target.stem, options, progress=progress)
            return Done(written, facts(performance), table(performance))

        return run_batch(plan_targets(tunes, output, ending=ENDING), work, json_lines=self.json)


def facts(performance: Performance) -> dict[str, Any]:
    """For scripts: how many notes of how many were played, by whom."""
    return {
        "notes": sum(1 for _ in performance.score.notes()),
        "notes_written": sum(1 for _ in performance.written.notes()),
        "parts": [part.name for part in performance.score.parts],
    }


def table(performance: Performance) -> list[str]:
    """For people: what another instrument could not play, if anything."""
    played, written = (sum(1 for _ in score.notes()) for score in (performance.score, performance.written))
    if played >= written or performance.options.choice is None:
        return []
    return [
        f"{performance.source}: {played} of {written} notes are played by {performance.options.choice.name}"
    ]
