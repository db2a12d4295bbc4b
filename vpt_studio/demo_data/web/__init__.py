"""Videos as people upload them, made out of recorded play, with the truth about what is clean in them."""
