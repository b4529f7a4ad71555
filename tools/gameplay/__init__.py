"""Recording real gameplay with ground truth: the rooms behind ``tools/record_gameplay.py``.

Nothing here is imported by the package; it needs the extra ``record`` (ViZDoom) for bots and the
Debian packages ``dsda-doom`` and ``freedoom`` for human demos.
"""
