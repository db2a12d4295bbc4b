"""A recording on disk: read, write, seek, validate, mend, import and export."""
