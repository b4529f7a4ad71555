"""The melody engine: a network writes the tune that the picture asks for; the band arranges it.

The network is the generator of a clip-conditioned GAN (``photoplayer train melody_gan``). Each new section
gets a melody of its own; a section that comes back brings its melody with it. Another network, taught in the
same way, writes bass and drums along with the tune.
"""

from photoplayer.compose.tune.engine import arranged, bare, write_themes, write_trios

__all__ = ["arranged", "bare", "write_themes", "write_trios"]
