"""What can go wrong, in sentences for people.

Every error a user can cause is a :class:`PhotoplayerError` whose message names the file
and the remedy in one sentence. The command line prints the message alone; the API lets
the exception through. Anything else that escapes is a bug of ours.
"""

from __future__ import annotations


class PhotoplayerError(Exception):
    """Base of all errors that a person can mend."""


class InputError(PhotoplayerError):
    """A file given to us cannot be used: missing, damaged, empty or of the wrong kind."""


class OutputError(PhotoplayerError):
    """A result cannot be written: no permission, no space, or a file is in the way."""


class SetupError(PhotoplayerError):
    """Something the machine should have is missing: FluidSynth, a soundfont, an extra."""


class PlanError(PhotoplayerError):
    """A plan or an option asks for something that cannot be played."""


def told(problem: OSError) -> str:
    """What the system refused, as a sentence: the file and its reason."""
    return f"{problem.filename or 'a file'} cannot be used: {problem.strerror or problem}; choose another"
