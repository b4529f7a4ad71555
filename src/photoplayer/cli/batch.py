"""Do the same to many inputs: progress on stderr, one JSON line each on stdout, a failure stops no other."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tqdm import tqdm

from photoplayer.cli.targets import Target
from photoplayer.errors import PhotoplayerError, told
from photoplayer.soundtrack import Progress

Work = Callable[[Target, Progress], Sequence[Path]]
"""Turns one input into result files."""


def run_batch(targets: Sequence[Target], work: Work, *, json_lines: bool) -> int:
    """Exit status: 0, or 1 if any input failed."""
    failed = False
    for target in targets:
        try:
            with _bars(target.source.name) as progress:
                files = work(target, progress)
        except (PhotoplayerError, OSError) as problem:
            failed = True
            sentence = told(problem) if isinstance(problem, OSError) else str(problem)
            print(f"photoplayer: {sentence}", file=sys.stderr)
            _tell(target, json_lines, {"error": sentence})
        else:
            _tell(target, json_lines, {"files": [str(path) for path in files]})
    return int(failed)


def _tell(target: Target, json_lines: bool, result: dict[str, str | list[str]]) -> None:
    if json_lines:
        print(json.dumps({"input": str(target.source), **result}), flush=True)
    else:
        for path in result.get("files", ()):
            print(path, flush=True)


@contextmanager
def _bars(name: str) -> Iterator[Progress]:
    """One bar per stage, in seconds of media; nothing where stderr is no terminal."""
    bars: dict[str, tqdm[None]] = {}

    def progress(stage: str, done_s: float, total_s: float) -> None:
        if stage not in bars:
            for bar in bars.values():
                bar.close()
            bars[stage] = tqdm(
                total=round(total_s, 1),
                desc=f"{name}: {stage}",
                unit="s",
                leave=False,
                disable=not sys.stderr.isatty(),
                bar_format="{desc} {percentage:3.0f}%|{bar}| {n:.0f}/{total:.0f} s [{rate_noinv_fmt}]",
            )
        bar = bars[stage]
        bar.update(min(done_s, total_s) - bar.n)

    try:
        yield progress
    finally:
        for bar in bars.values():
            bar.close()
