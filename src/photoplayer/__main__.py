"""``python -m photoplayer``."""

from photoplayer.cli.main import main

main()
