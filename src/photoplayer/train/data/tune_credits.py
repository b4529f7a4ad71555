"""Who wrote a MIDI file: from the credits beside it, and from what the file says of itself.

Read is the format of Freedoom's CREDITS-MUSIC: a line a tune, ``E1M1: "Title" by Name, remix of …``, under
headings for the parts of the game. Of several composers the first counts, of a remix the one who made it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import mido

_CREDITS = "SOURCE_CREDITS-MUSIC"
_LINE = re.compile(r"""^\s*(?P<slot>[^:]+):\s+(?:".*?"|\S+\.mid)\s+by\s+(?P<name>.+?)\s*$""")
_SEVERAL = re.compile(r",| and | & |\(moved| based on | remix of ")
_NICKNAME = re.compile(r'"([^"]+)"')
_SLOT = re.compile(r"(E\dM\d|MAP\d\d|DM\d\d)")
_HISTORY = re.compile(r"^--Previously")
_SECTION = re.compile(r"^--(?P<part>[^-]+)--")
_TITLES = {
    ("Phase 1", "Title"): ("d_intro", "d_introa"),
    ("Phase 1", "Intermission"): ("d_inter",),
    ("Phase 1", "Victory"): ("d_victor",),
    ("Phase 1", "Bunny"): ("d_bunny",),
    ("Phase 2", "Title"): ("d_dm2ttl",),
    ("Phase 2", "Intermission"): ("d_dm2int",),
    ("Phase 2", "Story"): ("d_read_m",),
    ("FreeDM", "Title"): ("d_fdmttl",),
    ("FreeDM", "Intermission"): ("d_fdmint",),
    ("FreeDM", "Story"): ("d_fdmrdm",),
}
_SHORTEST_HANDLE = 5
"""Letters; a shorter name is found in texts by accident."""

_ALSO_KNOWN = {
    "dave3d": "jute",
    "tyler pantella": 'Tyler "Picklehammer" P.',
    "mogul": "Mogul",
    "ghostlydeath": "GhostlyDeath",
}
"""What names a composer in a file's name or text, where the credits write it otherwise or not at all."""

_GENERIC = re.compile(
    r"^(midi\s?(track|out)|track|percussion|staff|drums?|untitled|composer|remarks)\W*\d*\W*$", re.I
)
_FEWEST_TAGS = 3


@dataclass(frozen=True)
class Credits:
    """Composers by file name, and by words (lower case) that give them away."""

    by_file: dict[tuple[str, str], str] = field(default_factory=dict)
    handles: dict[str, str] = field(default_factory=dict)

    @classmethod
    def joined(cls, several: Iterable[Credits]) -> Credits:
        """All of several folders as one."""
        by_file: dict[tuple[str, str], str] = {}
        handles = dict(_ALSO_KNOWN)
        for each in several:
            by_file |= each.by_file
            handles |= each.handles
        return cls(by_file, handles)

    def of_file(self, path: Path) -> str | None:
        """The composer that the credits in the file's own folder give it."""
        return self.by_file.get((path.parent.name, path.stem))

    def named_in(self, texts: Sequence[str]) -> str | None:
        """The first composer whose handle stands in one of ``texts``."""
        whole = " ; ".join(texts).lower()
        return next((name for handle, name in self.handles.items() if handle in whole), None)


def read_credits(folder: Path) -> Credits:
    """The credits in a folder; without any, nobody is known."""
    source = folder / _CREDITS
    if not source.is_file():
        return Credits()
    by_file: dict[tuple[str, str], str] = {}
    handles: dict[str, str] = {}
    part, is_old = "", False
    for line in source.read_text(encoding="utf-8", errors="replace").splitlines():
        is_old = is_old or bool(_HISTORY.match(line))
        if heading := _SECTION.match(line):
            part = heading["part"]
        found = _LINE.match(line)
        if not found:
            continue
        name = _SEVERAL.split(found["name"])[0].strip()
        name = next((handles[h] for h in _handles(name) if h in handles), name)
        handles |= dict.fromkeys(_handles(name), name)
        if not is_old:
            by_file.update({(folder.name, stem): name for stem in _stems(part, found["slot"].strip())})
    return Credits(by_file, handles)


def tags_of(data: bytes) -> tuple[str, ...]:
    """What the file says in track names and texts, without what any sequencer writes."""
    try:
        tracks = mido.MidiFile(file=io.BytesIO(data), clip=True).tracks
    except (OSError, ValueError, EOFError, KeyError, IndexError):
        return ()  # the reader of notes forgives more than mido does
    said = (
        (message.name if message.type == "track_name" else message.text).strip()
        for track in tracks
        for message in track
        if message.type in ("track_name", "text", "copyright", "marker")
    )
    tags = tuple(dict.fromkeys(text for text in said if text and not _GENERIC.match(text)))
    return tags if len(tags) >= _FEWEST_TAGS else ()


def _stems(part: str, slot: str) -> tuple[str, ...]:
    if level := _SLOT.fullmatch(slot):
        return (f"d_{level[1].lower()}",)
    return _TITLES.get((part, slot), ())


def _handles(name: str) -> list[str]:
    """What of a name may stand in a file: the nickname and the whole."""
    whole = " ".join(_NICKNAME.sub("", name).split()).lower()
    nick = _NICKNAME.findall(name)
    return [h for h in (*(n.lower() for n in nick), whole) if len(h) >= _SHORTEST_HANDLE]
