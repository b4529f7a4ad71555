"""What ``-o`` names: a file, or a folder that need not be there yet."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

_SLASHES = tuple(filter(None, (os.sep, os.altsep)))


@dataclass(frozen=True)
class Output:
    """A place for results. A folder is one that is there, or whose name was given with a slash behind it."""

    path: Path
    is_folder: bool = False

    @classmethod
    def named(cls, text: str) -> Output:
        """What a person wrote; a ``Path`` alone would forget the slash."""
        path = Path(text)
        return cls(path, text.endswith(_SLASHES) or path.is_dir())


_WRITTEN = tyro.constructors.PrimitiveConstructorSpec(
    nargs=1,
    metavar="PATH",
    instance_from_str=lambda words: Output.named(words[0]),
    is_instance=lambda value: isinstance(value, Output),
    str_from_instance=lambda output: [str(output.path)],
)

OutputOption = Annotated[Annotated[Output, _WRITTEN] | None, tyro.conf.arg(aliases=("-o",))]
"""``--output``, ``-o``, of every command that has it."""


def placed(output: Output | None, usual: Path) -> Path:
    """Where a result goes that lies at ``usual`` if nothing is said: there, under that name in another
    folder, or under another name."""
    if output is None:
        return usual
    return output.path / usual.name if output.is_folder else output.path
