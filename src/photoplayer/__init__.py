"""Silent video in, music out."""
