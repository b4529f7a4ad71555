"""The piano in a silent video: find the keyboard, rectify it, read the keys, write the notes."""
