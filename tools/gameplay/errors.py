"""What can go wrong while recording, in one sentence for the person at the keyboard."""

from __future__ import annotations


class RecordError(Exception):
    """Recording cannot go on; the message names the cause and the remedy."""
