"""Material made on the spot: demonstrations by scripted contractors and web-like videos of their play."""
