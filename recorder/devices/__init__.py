"""What keyboards and mice say, exactly and with its time: one source per system behind one interface."""
