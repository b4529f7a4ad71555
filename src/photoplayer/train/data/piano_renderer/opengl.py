"""The process's OpenGL context, through EGL and without a window."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from photoplayer.errors import SetupError

_EGL: dict[str, Any] = {"backend": "egl"}  # moderngl's own annotation of it is wrong

Context = Any
"""A ``moderngl.Context``; moderngl is an extra and has no types."""


@lru_cache(maxsize=1)
def context() -> Context:
    """The context; what is made in it goes when nobody refers to it any more.

    Raises :class:`SetupError` where moderngl is missing or the machine has no context to give.
    """
    try:
        import moderngl
    except ImportError as problem:
        raise SetupError("the renderer needs moderngl; install 'photoplayer[render]'.") from problem
    try:
        made = moderngl.create_context(standalone=True, **_EGL)
    except Exception as problem:  # glcontext raises bare Exceptions
        raise SetupError(
            f"no OpenGL context can be made ({problem}); apt install libegl1 libgl1-mesa-dri."
        ) from problem
    made.gc_mode = "auto"
    return made


def uniform(values: npt.ArrayLike) -> bytes:
    """An array of numbers as a uniform takes it."""
    return np.ascontiguousarray(values, dtype=np.float32).tobytes()


def matrix(rows: npt.NDArray[np.float64]) -> bytes:
    """A matrix, given row by row, as a uniform takes it."""
    return uniform(rows.T)
