"""Games that we start for people who record: with settings of their own, and the keys our profiles know."""
