"""An X server: the connection to it, its keys, and what XInput 2.2 says on the wire."""
