"""The trio engine: melody, bass and drums from codes of a variational autoencoder (MusicVAE's idea).

:mod:`.codec` turns trios into codes and back, :mod:`.space` knows where in the space of codes music lies and
which way is more of what, :mod:`.style` is one person's corner of it, and :mod:`.engine` composes to a plan.
"""

from photoplayer.compose.trio.engine import compose

__all__ = ["compose"]
