"""The project's tables, as an ordered list of migrations."""

from sqlite_utils import Database, Migrations

APPLICATION_ID = 0x56505453  # "VPTS", in the SQLite header: tells a project from any other project.db

# Append, never edit: a migration that has run on someone's disk is history. All pending ones run in one
# transaction with foreign keys off (and checked before the commit), so tables may be transformed; what
# cannot run in a transaction (VACUUM) cannot be a migration.
MIGRATIONS = Migrations("vpt_studio")

_LISTED_COLUMNS = (
    "source",
    "health",
    "problems",
    "duration_ticks",
    "frames",
    "width",
    "height",
    "person",
    "version",
    "imported_at",
)


def migration_names() -> list[str]:
    """The names of all migrations this version knows, in order; their number is the project format."""
    with Database(memory=True, execute_plugins=False) as nothing_applied:
        return [migration.name for migration in MIGRATIONS.pending(nothing_applied)]


@MIGRATIONS()
def m001_project_and_recordings(db: Database) -> None:
    """The project's name; recordings with their tags; ids promised to recordings on their way in."""
    db.execute(
        """
        CREATE TABLE project (
            only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
            name TEXT NOT NULL CHECK (name <> ''),
            created_at TEXT NOT NULL
        ) STRICT
        """
    )
    # Ids are file names too, and "Take" and "take" are one file on Windows and macOS: hence NOCASE.
    # The sidecar stands last, so that sorting and filtering need not read past it.
    db.execute(
        """
        CREATE TABLE recordings (
            id TEXT NOT NULL PRIMARY KEY COLLATE NOCASE CHECK (id <> ''),
            video_path TEXT NOT NULL CHECK (video_path <> '' AND substr(video_path, 1, 1) <> '/'),
            actions_path TEXT CHECK (actions_path <> '' AND substr(actions_path, 1, 1) <> '/'),
            source TEXT NOT NULL CHECK (source IN ('human', 'script', 'agent', 'idm', 'unknown')),
            duration_ticks INTEGER NOT NULL CHECK (duration_ticks >= 0),
            frames INTEGER NOT NULL CHECK (frames >= 0),
            width INTEGER NOT NULL CHECK (width > 0),
            height INTEGER NOT NULL CHECK (height > 0),
            health TEXT NOT NULL CHECK (health IN ('unchecked', 'healthy', 'flawed', 'broken')),
            health_reason TEXT NOT NULL,
            problems INTEGER NOT NULL CHECK (problems >= 0),
            person TEXT NOT NULL COLLATE NOCASE,
            version TEXT NOT NULL COLLATE NOCASE,
            imported_at TEXT NOT NULL,
            deleted_at TEXT,
            video_sha256 TEXT CHECK (length(video_sha256) = 64),
            actions_sha256 TEXT CHECK (length(actions_sha256) = 64),
            video_bytes INTEGER NOT NULL CHECK (video_bytes >= 0),
            actions_bytes INTEGER CHECK (actions_bytes >= 0),
            sidecar TEXT NOT NULL CHECK (json_type(sidecar) = 'object'),
            CHECK ((actions_path IS NULL) = (actions_bytes IS NULL)),
            -- a file outside the project is found again by its content only
            CHECK (video_path NOT LIKE '../%' OR video_sha256 IS NOT NULL),
            CHECK (actions_path IS NULL OR actions_path NOT LIKE '../%' OR actions_sha256 IS NOT NULL)
        ) STRICT
        """
    )
    for column in _LISTED_COLUMNS:
        db.execute(
            f"CREATE INDEX recordings_by_{column} ON recordings ({column}, id) WHERE deleted_at IS NULL"
        )
    db.execute("CREATE INDEX recordings_by_id ON recordings (id) WHERE deleted_at IS NULL")
    db.execute(
        """
        CREATE UNIQUE INDEX recordings_by_files ON recordings (video_path, coalesce(actions_path, ''))
        WHERE deleted_at IS NULL
        """
    )
    db.execute("CREATE INDEX recordings_by_actions ON recordings (actions_path) WHERE deleted_at IS NULL")
    db.execute("CREATE INDEX recordings_by_content ON recordings (video_sha256) WHERE deleted_at IS NULL")
    db.execute("CREATE INDEX recordings_removed ON recordings (deleted_at) WHERE deleted_at IS NOT NULL")
    db.execute(
        """
        CREATE TABLE recording_tags (
            recording_id TEXT NOT NULL COLLATE NOCASE REFERENCES recordings (id),
            tag TEXT NOT NULL COLLATE NOCASE CHECK (tag <> ''),
            PRIMARY KEY (recording_id, tag)
        ) STRICT, WITHOUT ROWID
        """
    )
    db.execute("CREATE INDEX recording_tags_by_tag ON recording_tags (tag, recording_id)")
    db.execute(
        """
        CREATE TABLE reserved_ids (
            id TEXT NOT NULL PRIMARY KEY COLLATE NOCASE CHECK (id <> ''),
            reserved_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID
        """
    )
