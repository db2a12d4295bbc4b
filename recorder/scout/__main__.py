"""``python -m recorder.scout``."""

from recorder.scout.process import main

main()
