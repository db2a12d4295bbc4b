"""What learns: runs in processes of their own, and the stages they carry out. Knows no Qt."""
