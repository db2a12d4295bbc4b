"""Episodes that programs play by themselves in the built-in world, and how well they do.

Policies, contractors and players who do nothing or anything at all play through the same door
(:mod:`~vpt_studio.playing.episode`), on the seeds of a suite, and are compared by the same figures.
"""
