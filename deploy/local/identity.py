"""As whom PostgreSQL runs: it refuses to be root, and everybody else runs it as themselves."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from deploy.local.errors import StackError

_NOBODY = 65534


@dataclass(frozen=True)
class Identity:
    """A way to run a program: words put before its command line, or the user and group it is run as.

    `user` is None when the files stay ours, else the user id that must own PostgreSQL's data.
    """

    name: str
    prefix: tuple[str, ...] = ()
    user: int | None = None
    group: int | None = None

    @property
    def popen(self) -> dict[str, object]:
        """Further arguments of `subprocess.Popen`."""
        return {} if self.user is None else {"user": self.user, "group": self.group, "extra_groups": []}

    def give(self, path: Path) -> None:
        """Make a file or folder of ours belong to the user it runs as."""
        if self.user is not None and self.group is not None:
            os.chown(path, self.user, self.group)


MYSELF = Identity("this user")
NAMESPACE = Identity(
    "root in a user namespace",
    prefix=("unshare", "--user", f"--map-user={_NOBODY}", f"--map-group={_NOBODY}", "--"),
)


def _other_user(uid: int) -> Identity:
    try:
        group = pwd.getpwuid(uid).pw_gid
    except KeyError:
        group = uid
    return Identity(f"user {uid}", user=uid, group=group)


def _nobody() -> Identity:
    try:
        return _other_user(pwd.getpwnam("nobody").pw_uid)
    except KeyError:
        return _other_user(_NOBODY)


def candidates(data: Path, *, effective_user: int) -> list[Identity]:
    """Return the identities to try, best first, for data that may exist already and then keeps its owner.

    In a user namespace root is seen as somebody else, yet still reaches folders that only root may enter.
    Where the system forbids such namespaces, `nobody` does, if all folders on the way let it through.
    """
    if effective_user != 0:
        return [MYSELF]
    if data.exists() and (owner := data.stat().st_uid) != 0:
        return [_other_user(owner)]
    if data.exists():
        return [NAMESPACE]
    return [NAMESPACE, _nobody()]


def runs(identity: Identity, program: Path, folder: Path) -> bool:
    """Tell whether the program starts and the folder can be entered under this identity."""
    if identity.prefix and shutil.which(identity.prefix[0]) is None:
        return False
    for argv in ([str(program), "--version"], ["test", "-x", str(folder)]):
        try:
            done = subprocess.run(
                [*identity.prefix, *argv],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=False,
                cwd="/",
                **identity.popen,  # type: ignore[call-overload]
            )
        except OSError:
            return False
        if done.returncode != 0:
            return False
    return True


def choose(
    data: Path,
    program: Path,
    *,
    usable: Callable[[Identity, Path, Path], bool] = runs,
    effective_user: int | None = None,
) -> Identity:
    """Return the first identity under which `program` runs and reaches the folder of `data`.

    Raises:
        StackError: there is none (root, without user namespaces, in folders that others may not enter).
    """
    uid = os.geteuid() if effective_user is None else effective_user
    tried = candidates(data, effective_user=uid)
    for identity in tried:
        if identity.user is not None:
            data.parent.chmod(0o711)  # it may pass through to its data, and list nothing
        if usable(identity, program, data.parent):
            return identity
    raise StackError(
        "PostgreSQL không chạy được dưới quyền root trên máy này. Hãy chạy bằng người dùng thường, "
        "hoặc đặt CHIBO_DATABASE_URL để dùng máy chủ PostgreSQL có sẵn.",
        f"postgres refuses to run as root; tried: {', '.join(identity.name for identity in tried)}",
    )
