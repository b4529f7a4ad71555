"""From a video and its shots to notes: strips, network and decoder in one stream, on two cores."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from photoplayer.models import Model, load, open_model
from photoplayer.piano.ahead import ahead
from photoplayer.piano.audeo import AudeoNet
from photoplayer.piano.decode import Decoder
from photoplayer.piano.decoder_settings import settings_from_card
from photoplayer.piano.keyboard import Shot
from photoplayer.piano.keys import KeysNet
from photoplayer.piano.overview import Overview
from photoplayer.piano.roll import HeardNote, Roll
from photoplayer.piano.roll2midi import Roll2Midi
from photoplayer.piano.strip import Strip
from photoplayer.piano.threshold import THRESHOLD, ThresholdDecoder
from photoplayer.piano.touch import touched

DecoderName = Literal["default", "gan", "threshold"]

Read = Callable[[Iterable[Strip]], Iterator[Roll]]
"""What a network does: strips to rolls, as a stream."""

MODELS = ("keys", "audeo")
"""The networks that ship; others are folders that hold a ``keys`` network's two halves."""
_LOOK, _HEAR, _AUDEO = "keys_look", "keys_hear", "video2roll"
_MENDED_THRESHOLD = 0.5
"""A key is held from here on in what the generator gives, as in the source."""


class Decodes(Protocol):
    """Rolls in, finished notes out; then the rest."""

    def feed(self, roll: Roll) -> list[HeardNote]: ...
    def finish(self) -> list[HeardNote]: ...


@dataclass(frozen=True, eq=False)
class Heard:
    """Notes in order of onset, the roll they came from in small, and how many ``pictures`` were read for it,
    ``fps`` a second (0: fewer than two)."""

    notes: tuple[HeardNote, ...]
    overview: Overview
    pictures: int
    fps: float


def listen(
    path: Path,
    shots: Sequence[Shot],
    *,
    start_s: float,
    end_s: float,
    max_fps: float | None = None,
    model: str = "keys",
    decoder: DecoderName = "default",
    progress: Callable[[float], None] | None = None,
) -> Heard:
    """Read the keys of every shot with a keyboard. Memory does not grow with length, but for the notes.

    ``progress`` is told the seconds done since ``start_s``. Raises :class:`InputError` where the video
    cannot be read, :class:`SetupError` where a model is missing.
    """
    from photoplayer.piano.strips import strips  # SciPy takes a while to load, and other commands do without

    decode, read = decoder_for(model, decoder), reader_for(model, decoder)
    overview = Overview(start_s, end_s)
    notes: list[HeardNote] = []
    count, steps, stepped_s = 0, 0, 0.0
    with closing(ahead(strips(path, shots, start_s=start_s, end_s=end_s, max_fps=max_fps))) as pictures:
        for roll in read(pictures):
            if not len(roll.times_s):
                continue
            notes += decode.feed(roll)
            overview.add(roll)
            count += len(roll.times_s)
            steps += len(roll.times_s) - 1
            stepped_s += float(roll.times_s[-1] - roll.times_s[0])
            if progress:
                progress(float(roll.times_s[-1]) - start_s)
    played = tuple(sorted(notes + decode.finish()))
    if model != "audeo":  # the source plays all notes alike
        played = touched(played)
    return Heard(played, overview, count, fps=steps / stepped_s if stepped_s else 0.0)


def reader_for(model: str, decoder: DecoderName) -> Read:
    """A network, with Roll2Midi behind it where that is asked for. Raises :class:`SetupError`."""
    read: Read
    if model == "audeo":
        read = AudeoNet().read
    else:
        read = KeysNet(look=_part(model, _LOOK), hear=_part(model, _HEAR)).read
    if decoder != "gan":
        return read
    mend = Roll2Midi().mend
    return lambda pictures: mend(read(pictures))


def decoder_for(model: str, decoder: DecoderName) -> Decodes:
    """What reads notes from that network's rolls. Raises :class:`SetupError`."""
    if decoder == "gan":
        return ThresholdDecoder(_MENDED_THRESHOLD)
    card = _part(model, _AUDEO if model == "audeo" else _HEAR).card
    if decoder == "threshold":
        return ThresholdDecoder(float(card.get("threshold", THRESHOLD)))
    return Decoder(settings_from_card(card))


def _part(model: str, name: str) -> Model:
    """A shipped network's part, or that of one in a folder; the part that hears knows how to decode."""
    return load(name) if model in MODELS else open_model(Path(model) / f"{name}.onnx")
