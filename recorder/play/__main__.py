"""``python -m recorder.play``."""

from recorder.play.process import main

main()
