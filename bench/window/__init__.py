"""How quick the window is: started, scrolled through, playing, sought in. Run ``python -m bench.window``."""
