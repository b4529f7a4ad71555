"""``photoplayer transcribe``: the notes of a piano in a silent video."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import tyro

from photoplayer.cli.batch import Done, run_batch
from photoplayer.cli.output import OutputOption
from photoplayer.cli.targets import VIDEO_SUFFIXES, Target, all_there, gather, named_output, plan_targets
from photoplayer.errors import PlanError
from photoplayer.progress import Progress
from photoplayer.results import check_free, with_ending
from photoplayer.transcription import NoKeyboardError, transcribe_video
from photoplayer.transcription_export import FORMATS, TranscriptOptions, export, output_files
from photoplayer.transcription_options import TranscribeOptions
from photoplayer.transcription_summary import facts, table

ENDING = "_transcribed"
RESULTS = (ENDING, f"{ENDING}_overlay")


@dataclass(frozen=True)
class Transcribe:
    """Read the notes off silent videos of a piano: MIDI, audio, the clip with its sound, a report.

    For example:
      photoplayer transcribe clip.mp4
      photoplayer transcribe clip.mp4 -o out/piece.mid --hands
      photoplayer transcribe clips/ -o notes/ --format mid,json --skip-existing
      photoplayer transcribe clip.mp4 --overlay --start 0:20 --end 1:05
      photoplayer transcribe clip.mp4 --instrument "string quartet"
      photoplayer transcribe clip.mp4 --lowest-key C2
      photoplayer transcribe clip.mp4 --keyboard 102,310,1180,322,1191,505,88,492
    """

    inputs: tyro.conf.Positional[tuple[Path, ...]] = ()
    """Video files, and folders of them."""
    output: OutputOption = None
    """A file name for one input, or a folder (`name/`). Default: NAME_transcribed.* beside the input."""
    options: TranscribeOptions = field(default_factory=TranscribeOptions)
    export: TranscriptOptions = field(default_factory=TranscriptOptions)
    skip_existing: bool = False
    """Leave inputs alone whose results are all there."""
    json: bool = False
    """Print one JSON line per input."""

    def run(self) -> int:
        """Transcribe every input. Exit status 0, or 1 if any failed."""
        clips = gather(self.inputs, VIDEO_SUFFIXES, results=RESULTS)
        if not clips:
            raise PlanError("nothing to transcribe: name a video")
        output, ending = named_output(self.output, FORMATS, inputs=len(clips))
        options = self.export.for_ending(ending)

        def work(target: Target, progress: Progress) -> Done:
            files = output_files(target.source, target.stem, options).values()
            if self.skip_existing and all_there(files):
                return Done(files)
            check_free(files, overwrite=options.overwrite, inputs=[target.source])
            try:
                heard = transcribe_video(target.source, self.options, progress=progress)
            except NoKeyboardError as unsure:
                picture = with_ending(target.stem, "_keyboard.png")
                raise unsure.saved(picture, overwrite=options.overwrite) from unsure
            written = export(heard, target.stem, options, progress=progress)
            return Done(written, facts(heard), table(heard))

        return run_batch(plan_targets(clips, output, ending=ENDING), work, json_lines=self.json)
