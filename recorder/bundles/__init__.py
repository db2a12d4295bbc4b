"""Takes on their way from whoever played to whoever trains."""
