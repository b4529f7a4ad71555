"""Scores, and their ways in and out: MIDI and MusicXML."""

from photoplayer.music.midi_read import read_melody, read_midi
from photoplayer.music.midi_write import write_midi
from photoplayer.music.musicxml import write_musicxml

__all__ = ["read_melody", "read_midi", "write_midi", "write_musicxml"]
