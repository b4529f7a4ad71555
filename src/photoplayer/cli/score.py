"""``photoplayer score``: a soundtrack for a clip."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import tyro

from photoplayer.cli.batch import Done, run_batch
from photoplayer.cli.output import OutputOption
from photoplayer.cli.targets import VIDEO_SUFFIXES, Target, all_there, gather, named_output, plan_targets
from photoplayer.errors import PlanError
from photoplayer.export import FORMATS, ExportOptions, export, output_files
from photoplayer.progress import Progress
from photoplayer.results import check_free
from photoplayer.soundtrack import compose_soundtrack
from photoplayer.soundtrack_options import ScoreOptions

ENDING = "_scored"


@dataclass(frozen=True)
class Score:
    """Compose a soundtrack for video clips: editable MIDI, audio, the clip with its new sound, a report.

    For example:
      photoplayer score clip.mp4
      photoplayer score clip.mp4 -o out/music.mid --mood boss --seed 7
      photoplayer score clips/ -o scored/ --format mp4,mid --skip-existing
      photoplayer score clip.mp4 --melody tune.mid --keep-sound 0.3 --stems
      photoplayer score clip.mp4 --write-plan plan.toml   (edit it, then add --plan plan.toml)
      photoplayer score --timeline scene.json --loop --intensities 3
      photoplayer score clip.mp4 --engine trio --thicken --more speed=1.5 --more density=-1
      photoplayer score clip.mp4 --engine trio --style my.style --style-axes 0.5,-1,0,0
      photoplayer score clip.mp4 --engine melody --bare -o tune.mid
      photoplayer score clip.mp4 --engine melody --parts trio --thicken
    """

    inputs: tyro.conf.Positional[tuple[Path, ...]] = ()
    """Video files, and folders of them."""
    output: OutputOption = None
    """A file name for one input, or a folder (`name/`). Default: NAME_scored.* beside the input."""
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
        output, ending = named_output(self.output, FORMATS, inputs=len(sources))
        options = self.export.for_ending(ending)
        targets = plan_targets(sources, output, ending=ENDING)

        def work(target: Target, progress: Progress) -> Done:
            clip = target.source if clips else None
            files = output_files(clip, target.stem, options).values()
            if self.skip_existing and all_there(files):
                return Done(files)
            check_free(files, overwrite=options.overwrite)
            track = compose_soundtrack(clip, self.options, progress=progress)
            return Done(export(track, target.stem, options, progress=progress))

        return run_batch(targets, work, json_lines=self.json)
