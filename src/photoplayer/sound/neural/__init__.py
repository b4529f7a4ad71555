"""A piano whose sound was learned: notes → spectrogram → refined → samples."""
