"""What learns: runs in processes of their own, and the stages they carry out. Knows no Qt."""

import os

# Read when torch is loaded, so it stands here, before anything that loads it. By default torch's threads
# spin while they wait for one another, which beside another busy process costs most of the speed.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
