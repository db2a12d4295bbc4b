"""Which file system a folder is on, and whether SQLite can be trusted there."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath, PureWindowsPath

import psutil

# In write-ahead mode SQLite's processes share memory through a mapped file; between machines, and on
# file systems that only pretend to map, there is no such memory (https://www.sqlite.org/wal.html).
_SHARED_TYPES = frozenset(
    {
        "9p", "acfs", "afpfs", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "drvfs", "fhgfs", "gfs",
        "gfs2", "glusterfs", "gpfs", "lustre", "ncpfs", "nfs", "nfs3", "nfs4", "ocfs2", "orangefs", "panfs",
        "prl_fs", "pvfs2", "smb", "smb2", "smb3", "smbfs", "sshfs", "vboxsf", "vmhgfs", "webdav", "weka",
        "wekafs",
    }
)  # fmt: skip
_SHARED_FUSE = frozenset(
    {
        "alluxio", "beegfs", "ceph", "cephfs", "curlftpfs", "davfs", "davfs2", "gcsfuse", "glusterfs",
        "google-drive-ocamlfuse", "goofys", "gvfsd-fuse", "juicefs", "mount.davfs", "moosefs", "onedriver",
        "rclone", "s3fs", "seaweedfs", "simple-mtpfs", "smbnetfs", "sshfs", "vmhgfs-fuse", "weedfs",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Mount:
    """One line of the mount table.

    Attributes:
        point: The folder it hangs on.
        kind: The file system's type as the operating system names it, such as ``ext4`` or ``nfs4``.
        options: Comma-separated mount options.
    """

    point: str
    kind: str
    options: str = ""


def current_mounts() -> list[Mount]:
    """The mount table of this machine, later mounts after those they cover."""
    return [Mount(part.mountpoint, part.fstype, part.opts) for part in psutil.disk_partitions(all=True)]


def mount_of(path: PurePath, mounts: Sequence[Mount]) -> Mount | None:
    """The mount that `path` (absolute, links resolved) is on, or None where the table says nothing of it."""
    best: Mount | None = None
    longest = -1
    for mount in mounts:
        pure = type(path)(mount.point)
        # The same depth again is a mount on top of an earlier one, and covers it.
        if path.is_relative_to(pure) and len(pure.parts) >= longest:
            best, longest = mount, len(pure.parts)
    return best


def shared_filesystem(path: PurePath, mounts: Sequence[Mount]) -> str | None:
    r"""The type of the network or shared file system that `path` is on; None on a local disk.

    A Windows path of the form ``\\server\share`` is one without asking the table.
    """
    if (
        isinstance(path, PureWindowsPath)
        and path.drive.startswith("\\\\")
        and not path.drive.startswith("\\\\?\\")
    ):
        return "network share"
    mount = mount_of(path, mounts)
    if mount is None:
        return None
    kind = mount.kind.lower()
    base, _, helper = kind.partition(".")
    if base in ("fuse", "macfuse", "osxfuse"):
        return mount.kind if helper in _SHARED_FUSE else None
    if base in _SHARED_TYPES:
        return mount.kind
    # Windows: a drive letter standing for a share is NTFS by type and told apart by this option only.
    if "remote" in mount.options.lower().split(",") and isinstance(path, PureWindowsPath):
        return "network drive"
    return None
