"""A piano whose sound was learned: notes → spectrogram → samples."""
