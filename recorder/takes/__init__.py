"""Takes once they are played: those that wait, what is to be said of them, and what mends them."""
