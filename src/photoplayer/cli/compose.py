"""``photoplayer compose``: music from a plan, with no video at all."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import tyro

from photoplayer.cli.batch import Done, run_batch
from photoplayer.cli.output import OutputOption
from photoplayer.cli.targets import Target, all_there, gather, named_output, plan_targets
from photoplayer.errors import PlanError
from photoplayer.export import FORMATS, ExportOptions, export, output_files
from photoplayer.progress import Progress
from photoplayer.results import check_free
from photoplayer.soundtrack import compose_soundtrack
from photoplayer.soundtrack_options import EngineOptions, ScoreOptions

ENDING = "_composed"
PLAN_SUFFIXES = frozenset({".toml", ".ini"})


@dataclass(frozen=True)
class Compose:
    """Compose music from plan files: TOML (docs/plan.md), or the .ini files of Watson Beat.

    For example:
      photoplayer compose plan.toml
      photoplayer compose plan.toml -o theme.wav --seed 3 --loop
      photoplayer compose Chill.ini --melody tune.mid --format mid,ogg
      photoplayer compose plan.toml --engine melody --parts trio
    """

    inputs: tyro.conf.Positional[tuple[Path, ...]]
    """Plan files, and folders of them."""
    output: OutputOption = None
    """A file name for one input, or a folder (`name/`). Default: NAME_composed.* beside the plan."""
    options: EngineOptions = field(default_factory=EngineOptions)
    export: ExportOptions = field(default_factory=ExportOptions)
    skip_existing: bool = False
    """Leave plans alone whose results are all there."""
    json: bool = False
    """Print one JSON line per input."""

    def run(self) -> int:
        """Compose every plan. Exit status 0, or 1 if any failed."""
        plans = gather(self.inputs, PLAN_SUFFIXES, results=ENDING)
        if not plans:
            raise PlanError("nothing to compose: name a plan file")
        output, ending = named_output(self.output, FORMATS, inputs=len(plans))
        options = self.export.for_ending(ending)

        def work(target: Target, progress: Progress) -> Done:
            files = output_files(None, target.stem, options).values()
            if self.skip_existing and all_there(files):
                return Done(files)
            check_free(files, overwrite=options.overwrite)
            wanted = ScoreOptions(plan=target.source, **vars(self.options))
            track = compose_soundtrack(None, wanted)
            return Done(export(track, target.stem, options, progress=progress))

        return run_batch(plan_targets(plans, output, ending=ENDING), work, json_lines=self.json)
