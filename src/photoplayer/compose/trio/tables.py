"""Arrays that ship with the engine, read with one clear sentence where they cannot be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from photoplayer.errors import SetupError

Tables = Mapping[str, NDArray[Any]]
Made = TypeVar("Made")


def read_tables(path: Path, made_of: Callable[[Tables], Made]) -> Made:
    """What ``made_of`` makes of a file's arrays; of wrong ones it raises ``ValueError`` or ``KeyError``.

    Raises :class:`SetupError` where the file is missing or damaged.
    """
    try:
        with np.load(path, allow_pickle=False) as archive:
            return made_of({name: archive[name] for name in archive.files})
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as problem:
        raise SetupError(f"{path} is missing or damaged ({problem}); install photoplayer again.") from problem
