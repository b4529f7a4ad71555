"""``photoplayer score``: a soundtrack for a clip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated

import tyro

from photoplayer.cli.batch import run_batch
from photoplayer.cli.targets import VIDEO_SUFFIXES, Target, gather, plan_targets
from photoplayer.errors import OutputError, PlanError
from photoplayer.export import (
    DEFAULT_FORMATS,
    ExportOptions,
    check_free,
    export,
    output_files,
    split_format,
)
from photoplayer.soundtrack import Progress, ScoreOptions, compose_soundtrack

ENDING = "_scored"


@dataclass(frozen=True)
class Score:
    """Compose a soundtrack for video clips: editable MIDI, audio, the clip with its new sound, a report.

    Examples:
      photoplayer score clip.mp4
      photoplayer score clip.mp4 -o out/music.mid --mood boss --seed 7
      photoplayer score clips/ -o scored/ --format mp4,mid --skip-existing
      photoplayer score clip.mp4 --melody tune.mid --keep-sound 0.3 --stems
      photoplayer score clip.mp4 --write-plan plan.toml   (edit it, then add --plan plan.toml)
      photoplayer score --timeline scene.json --loop --intensities 3
    """

    inputs: tyro.conf.Positional[tuple[Path, ...]] = ()
    """Video files, and folders of them."""
    output: Annotated[Path | None, tyro.conf.arg(aliases=("-o",))] = None
    """A file name for one input, a folder for many. Default: NAME_scored.* beside the input."""
    options: ScoreOptions = field(default_factory=ScoreOptions)
    export: ExportOptions = field(default_factory=ExportOptions)
    skip_existing: bool = False
    """Leave inputs alone whose results are all there."""
    json: bool = False
    """Print one JSON line per input."""

    def run(self) -> int:
        """Score every input. Exit status 0, or 1 if any failed."""
        clips = gather(self.inputs, VIDEO_SUFFIXES, results=ENDING)
        given = self.options.timeline or self.options.plan
        if not clips and given is None:
            raise PlanError("nothing to score: name a video, or give --timeline or --plan")
        if len(clips) > 1 and self.export.write_plan:
            raise PlanError("--write-plan names one file for several clips; use --format toml")
        sources = clips or [path for path in (given,) if path]
        output, options = named_output(self.output, self.export, inputs=len(sources))
        targets = plan_targets(sources, output, ending=ENDING)

        def work(target: Target, progress: Progress) -> Sequence[Path]:
            clip = target.source if clips else None
            if self.skip_existing and (done := all_there(clip, target, options)):
                return done
            check_free(output_files(clip, target.stem, options).values(), overwrite=options.overwrite)
            track = compose_soundtrack(clip, self.options, progress=progress)
            return export(track, target.stem, options, progress=progress)

        return run_batch(targets, work, json_lines=self.json)


def named_output(
    output: Path | None, options: ExportOptions, *, inputs: int
) -> tuple[Path | None, ExportOptions]:
    """``-o music.mid`` names a stem and, unless formats were chosen, the one format to write.

    Raises :class:`OutputError` where one file is named for several inputs.
    """
    if output is None or output.is_dir():
        return output, options
    stem, ending = split_format(output)
    if ending and inputs > 1:
        raise OutputError(f"{output} names one file for {inputs} inputs; name a folder with -o")
    if ending and options.format == DEFAULT_FORMATS:
        options = replace(options, format=ending)
    return stem, options


def all_there(clip: Path | None, target: Target, options: ExportOptions) -> list[Path]:
    """The results of an input if every one of them is on the disk, else nothing."""
    files = list(output_files(clip, target.stem, options).values())
    return files if files and all(path.exists() for path in files) else []
