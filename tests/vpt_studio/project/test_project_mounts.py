"""Network shares are told from local disks by the mount table."""

from pathlib import PurePosixPath, PureWindowsPath

import pytest

from vpt_studio.errors import StudioError
from vpt_studio.project import Project
from vpt_studio.project.mounts import Mount, current_mounts, mount_of, shared_filesystem

LAB = [
    Mount("/", "ext4"),
    Mount("/home", "xfs"),
    Mount("/home/lab", "nfs4"),
    Mount("/home/lab/scratch", "ext4"),
    Mount("/mnt/nas", "cifs"),
    Mount("/mnt/far", "fuse.sshfs"),
    Mount("/mnt/stick", "fuseblk"),
    Mount("/mnt/crypt", "fuse.gocryptfs"),
    Mount("/cluster", "lustre"),
    Mount("/mnt/c", "9p"),
    Mount("/mnt/auto", "autofs"),
    Mount("/mnt/auto", "nfs"),
]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/srv/project", None),
        ("/home/ann/project", None),
        ("/home/lab/project", "nfs4"),
        ("/home/lab", "nfs4"),
        ("/home/laboratory/project", None),
        ("/home/lab/scratch/project", None),
        ("/mnt/nas/project", "cifs"),
        ("/mnt/far/project", "fuse.sshfs"),
        ("/mnt/stick/project", None),
        ("/mnt/crypt/project", None),
        ("/cluster/project", "lustre"),
        ("/mnt/c/Users/ann/project", "9p"),
        ("/mnt/auto/project", "nfs"),
    ],
)
def test_the_longest_mount_decides(path, expected):
    assert shared_filesystem(PurePosixPath(path), LAB) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (r"C:\Users\ann\project", None),
        (r"Z:\project", "network drive"),
        (r"\\server\share\project", "network share"),
        (r"\\?\C:\project", None),
    ],
)
def test_windows_shares_are_known_by_name_or_option(path, expected):
    table = [Mount("C:\\", "NTFS", "rw,fixed"), Mount("Z:\\", "NTFS", "rw,remote")]
    assert shared_filesystem(PureWindowsPath(path), table) == expected


def test_a_table_that_says_nothing_accuses_nobody():
    assert mount_of(PurePosixPath("/srv/project"), []) is None
    assert shared_filesystem(PurePosixPath("/srv/project"), []) is None


def test_this_machine_has_a_mount_table():
    assert mount_of(PurePosixPath("/"), current_mounts()) is not None


def test_a_project_on_a_share_is_not_made(folder):
    with pytest.raises(StudioError, match=r"network or shared file system \(nfs4\).*Copy the project"):
        Project.create(folder, "Forest", mounts=[Mount(str(folder.parent), "nfs4")])
    assert not folder.exists()


def test_a_project_on_a_share_is_not_opened_and_not_touched(folder, contents):
    Project.create(folder, "Forest").close()
    before = contents(folder)
    with pytest.raises(StudioError, match=r"network or shared file system \(smbfs\)"):
        Project.open(folder, mounts=[Mount("/", "ext4"), Mount(str(folder.parent), "smbfs")])
    assert contents(folder) == before
