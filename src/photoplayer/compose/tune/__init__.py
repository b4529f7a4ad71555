"""The melody engine: a network writes the tune, asked for by the picture; the band arranges it."""
