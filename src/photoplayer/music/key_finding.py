"""Which key music is in, heard from how long each pitch class sounds.

The key is the best of 24 by correlation with the profiles of Krumhansl & Kessler (1982); signatures in
files from anywhere are mostly missing or C. A tune by itself says more by how it ends: for one line
:func:`photoplayer.compose.band.melody_seed.find_key` hears that too, with other profiles. The two stay apart,
since the trio codes were learned and the tables of :mod:`photoplayer.evaluate.windows` made with this one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from photoplayer.music.theory import Key

_PROFILES = np.array(
    [
        (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88),
        (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17),
    ]
)
"""Of C major and C minor, from C up."""

_ROLLED = np.array([[np.roll(profile, tonic) for tonic in range(12)] for profile in _PROFILES])
_CENTRED = (_ROLLED - _ROLLED.mean(-1, keepdims=True)) / _ROLLED.std(-1, keepdims=True) / 12


def find_key(weights: NDArray[np.float64]) -> tuple[Key, float, float]:
    """The key of ``(12,)`` pitch-class weights; its correlation -1..1; and the correlation of the best
    major key less that of the best minor one. C major and zeros where no pitch class stands out."""
    spread = float(weights.std())
    if spread == 0:
        return Key(0), 0.0, 0.0
    fits = _CENTRED @ ((weights - weights.mean()) / spread)
    mode, tonic = divmod(int(fits.argmax()), 12)
    gain = float(fits[0].max() - fits[1].max())
    return Key(tonic, "minor" if mode else "major"), float(fits.max()), gain
