"""The tunes of folders of MIDI files: who wrote them, which are one tune, and what may be learned from.

Corpora of game music hold old revisions beside new ones and remixes beside what they are made of, and the
pieces of one composer are alike. So a *group* is the files that share a good part of their melodies
(as :mod:`photoplayer.evaluate.copying` hears them: intervals and durations), and the split is by composer
and by group: the test split is whole composers, and no group is torn. Tunes whose composer nobody names
(about a third of the old files) are trained on, so one of them may be by a composer who is left out.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from photoplayer.errors import InputError
from photoplayer.files import finished
from photoplayer.music.melody_steps import is_telling, melody_steps, run_number, runs
from photoplayer.music.midi_read import score_from_bytes
from photoplayer.music.score import Score
from photoplayer.train.data.tune_credits import Credits, read_credits, tags_of

log = logging.getLogger(__name__)

Split = Literal["train", "val", "test"]
Tier = Literal["green", "amber", "unknown"]

RUN_STEPS = 8
"""Notes that make a run when tunes are compared: two bars of a plain melody."""

SAME_TUNE_SHARE = 0.15
"""Two files are one tune when they share this much of the runs of the shorter."""

FEWEST_SHARED = 6
"""Runs; fewer in common may be an accident of short pieces."""

TEST_SHARE, VAL_SHARE = 0.12, 0.08
"""Of the groups, at least."""

LARGEST_HELD_OUT_SHARE = 0.08
"""A composer with more of the groups than this is always trained on."""

UNKNOWN = "unknown"
"""The composer of tunes whose composer nobody names."""

_TIERS: Mapping[str, Tier] = {
    "freedoom": "green",
    "freedoom_history": "green",
    "helland": "green",
    "easyrpg": "green",
    "giantmidi": "green",
    "openscore_lieder": "green",
    "openewld": "amber",
}
"""By folder; green may go into released weights (BSD-3, CC BY, CC0)."""

_FOLDER_COMPOSERS = {"helland": "Tanner Helland", "easyrpg": "Juan Manuel Nigretti"}

_VERSION = 1
"""Of the cache; raised where what is kept changes."""


@dataclass(frozen=True, slots=True)
class Tune:
    """One MIDI file. ``group`` is the name of the first file of its tune."""

    path: Path
    group: str
    composer: str
    split: Split
    tier: Tier


def tunes(folders: Iterable[Path], *, cache: Path | None = None) -> list[Tune]:
    """The readable tunes of ``folders`` in order of path; files without a pitched note are left out.

    ``cache`` is a JSON file that keeps the answer (reading 400 files takes a minute). Raises
    :class:`InputError` where the folders hold no tune.
    """
    paths = sorted(path for folder in folders for path in folder.glob("*.mid"))
    key = f"{_VERSION} " + hashlib.sha256("\n".join(map(str, paths)).encode()).hexdigest()
    if cache is not None and (kept := _read_cache(cache, key)) is not None:
        return kept
    read = [tune for path in paths if (tune := _read(path)) is not None]
    if not read:
        raise InputError("the folders hold no MIDI file with notes; give folders of .mid files")
    found = _split(read, _groups([tune.runs for tune in read]), _composers(read))
    if cache is not None:
        content = {"key": key, "tunes": [{**asdict(tune), "path": str(tune.path)} for tune in found]}
        with finished(cache) as unfinished:
            unfinished.write_text(json.dumps(content), encoding="utf-8")
    return found


def is_shared(mine: frozenset[int], others: frozenset[int]) -> bool:
    """Whether two sets of runs belong to one tune."""
    shorter = min(len(mine), len(others))
    return len(mine & others) >= max(SAME_TUNE_SHARE * shorter, FEWEST_SHARED)


def runs_of(score: Score) -> frozenset[int]:
    """The different runs of :data:`RUN_STEPS` steps in the pitched parts, as numbers that stay the same."""
    found: set[int] = set()
    for part in score.parts:
        if not part.is_drum:
            steps = melody_steps(part.notes)
            telling = filter(is_telling, runs(steps, RUN_STEPS))
            found.update(run_number(run, size=8) for run in telling)
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class _Read:
    path: Path
    runs: frozenset[int]
    tags: tuple[str, ...]


def _read(path: Path) -> _Read | None:
    try:
        data = path.read_bytes()
        score = score_from_bytes(data, name=str(path))
    except (InputError, OSError) as problem:
        log.warning("left out: %s", problem)
        return None
    if not any(part.notes for part in score.parts if not part.is_drum):
        return None
    return _Read(path, runs_of(score), tags_of(data))


def _groups(runs: Sequence[frozenset[int]]) -> list[int]:
    """For each tune, the index of the first one of its group (single linkage)."""
    holders: defaultdict[int, list[int]] = defaultdict(list)
    first = list(range(len(runs)))

    def root(i: int) -> int:
        while first[i] != i:
            i = first[i]
        return i

    for index, mine in enumerate(runs):
        shared = Counter(other for run in mine for other in holders[run])
        for other in shared:
            if is_shared(mine, runs[other]):
                low, high = sorted((root(index), root(other)))
                first[high] = low
        for run in mine:
            holders[run].append(index)
    return [root(i) for i in range(len(runs))]


def _composers(read: Sequence[_Read]) -> list[str | None]:
    """Who wrote each file, where the credits, its own text or its folder say so."""
    folders = {tune.path.parent for tune in read}
    credits = Credits.joined(read_credits(folder) for folder in sorted(folders))
    found = [
        _FOLDER_COMPOSERS.get(tune.path.parent.name)
        or credits.of_file(tune.path)
        or credits.named_in((tune.path.stem, *tune.tags))
        for tune in read
    ]
    by_tags = {tune.tags: name for tune, name in zip(read, found, strict=True) if name and tune.tags}
    return [name or by_tags.get(tune.tags) for tune, name in zip(read, found, strict=True)]


def _split(read: Sequence[_Read], first: Sequence[int], named: Sequence[str | None]) -> list[Tune]:
    groups = [read[i].path.stem for i in first]
    of_group: dict[str, str] = {}
    for group, name in zip(groups, named, strict=True):
        if name:
            of_group.setdefault(group, name)
    composers = [name or of_group.get(g, UNKNOWN) for g, name in zip(groups, named, strict=True)]
    held = _held_out(groups, composers)
    by_group: defaultdict[str, set[Split]] = defaultdict(set)
    for group, composer in zip(groups, composers, strict=True):
        by_group[group].add(held.get(composer, "train"))
    return [
        Tune(tune.path, group, composer, _strictest(by_group[group]), _tier(tune.path))
        for tune, group, composer in zip(read, groups, composers, strict=True)
    ]


def _held_out(groups: Sequence[str], composers: Sequence[str]) -> dict[str, Split]:
    """The composers of test and validation: drawn by the hash of their names until there are enough."""
    tunes_of: defaultdict[str, set[str]] = defaultdict(set)
    for group, composer in zip(groups, composers, strict=True):
        tunes_of[composer].add(group)
    total = len(set(groups))
    drawn = sorted(tunes_of, key=lambda name: hashlib.sha256(name.encode()).digest())
    held: dict[str, Split] = {}
    filled = 0
    for composer in drawn:
        size = len(tunes_of[composer])
        if composer == UNKNOWN or size > LARGEST_HELD_OUT_SHARE * total:
            continue
        if filled >= (TEST_SHARE + VAL_SHARE) * total:
            break
        held[composer] = "test" if filled < TEST_SHARE * total else "val"
        filled += size
    return held


def _strictest(splits: set[Split]) -> Split:
    """A group with a tune of a composer of the test split is tested on, whoever wrote the others."""
    return "test" if "test" in splits else "val" if "val" in splits else "train"


def _tier(path: Path) -> Tier:
    return _TIERS.get(path.parent.name, "unknown")


def _read_cache(cache: Path, key: str) -> list[Tune] | None:
    if not cache.is_file():
        return None
    content = json.loads(cache.read_text(encoding="utf-8"))
    if content["key"] != key:
        return None
    return [Tune(**{**tune, "path": Path(tune["path"])}) for tune in content["tunes"]]
