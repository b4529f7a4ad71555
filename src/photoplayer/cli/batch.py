"""Do the same to many inputs: progress on stderr, one JSON line each on stdout, a failure stops no other."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tqdm import tqdm

from photoplayer.cli.targets import Target
from photoplayer.errors import PhotoplayerError, told
from photoplayer.progress import Progress


@dataclass(frozen=True)
class Done:
    """What came of one input: its files, facts for the JSON line, and lines to read on stderr."""

    files: Collection[Path]
    facts: Mapping[str, Any] = field(default_factory=dict)
    table: Sequence[str] = ()


Work = Callable[[Target, Progress], Done]
"""Turns one input into result files."""


def run_batch(targets: Sequence[Target], work: Work, *, json_lines: bool) -> int:
    """Exit status: 0, or 1 if any input failed."""
    failed = False
    for target in targets:
        try:
            with _bars(target.source.name) as progress:
                done = work(target, progress)
        except (PhotoplayerError, OSError) as problem:
            failed = True
            sentence = told(problem) if isinstance(problem, OSError) else str(problem)
            print(f"photoplayer: {sentence}", file=sys.stderr)
            if json_lines:
                _tell_json(target, {"error": sentence})
        else:
            files = [str(path) for path in done.files]
            if json_lines:
                _tell_json(target, {"files": files, **done.facts})
            else:
                print(*done.table, sep="\n", end="\n" if done.table else "", file=sys.stderr, flush=True)
                print(*files, sep="\n", flush=True)
    return int(failed)


def _tell_json(target: Target, result: dict[str, Any]) -> None:
    print(json.dumps({"input": str(target.source), **result}), flush=True)


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
