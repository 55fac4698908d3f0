"""A database and a login role for each service, on a server of ours or somebody else's."""

from __future__ import annotations

import asyncio
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

from deploy.local.errors import StackError
from deploy.local.passwords import Passwords

_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")
_LOCK = 0x6368_6962_6F  # "chibo": serialises those who create databases on the same server
_CONNECT_SECONDS = 10


def service_url(admin_url: str, name: str, password: str) -> str:
    """Return the admin's URL with the role, password and database of a service in place of the admin's."""
    parts = urlsplit(admin_url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{name}:{quote(password, safe='')}@{host}", path=f"/{name}"))


class Databases:
    """Creates what a service needs on the server behind `admin_url`, whose role may create roles and databases.

    On a server of `ours`, the databases that came with it are closed to the services too.
    """

    def __init__(self, admin_url: str, passwords: Passwords, *, ours: bool) -> None:
        self._ours = ours
        self._admin_url = admin_url
        self._passwords = passwords
        self._urls: dict[str, str] = {}
        self._lock = threading.Lock()

    def url(self, service: str) -> str:
        """Return the URL of role and database `chibo_<service>`, created if absent.

        The role owns its database and may connect to no other that this class made. Its password is set to
        the one we keep.

        Raises:
            ValueError: the service's name is not lower-case letters, digits and underscores.
            StackError: the server cannot be reached, or the admin may not create roles and databases.
        """
        if _NAME.fullmatch(service) is None:
            raise ValueError(f"not a service name: {service!r}")
        with self._lock:
            if service not in self._urls:
                name = f"chibo_{service}"
                password = self._passwords.get(name)
                # In a thread of its own: the caller may be inside a running event loop.
                with ThreadPoolExecutor(1) as thread:
                    thread.submit(asyncio.run, self._create(name, password)).result()
                self._urls[service] = service_url(self._admin_url, name, password)
            return self._urls[service]

    async def _create(self, name: str, password: str) -> None:
        try:
            admin = await asyncpg.connect(self._admin_url, timeout=_CONNECT_SECONDS)
            try:
                await _create(admin, name, password)
                if self._ours:  # on somebody else's server, its other databases are no business of ours
                    await admin.execute("REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC")
            finally:
                await admin.close()
        except asyncpg.InsufficientPrivilegeError as error:
            raise StackError(
                "Tài khoản trong CHIBO_DATABASE_URL không được phép tạo cơ sở dữ liệu và vai trò.", str(error)
            ) from error
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
            raise StackError(
                "Không kết nối được máy chủ PostgreSQL. Hãy kiểm tra CHIBO_DATABASE_URL nếu có đặt.",
                f"{type(error).__name__}: {error}",
            ) from error


async def _create(admin: asyncpg.Connection, name: str, password: str) -> None:
    # Names and passwords are of our own making, without a character that needs escaping.
    await admin.execute("SELECT pg_advisory_lock($1)", _LOCK)
    if await admin.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", name):
        await admin.execute(f"ALTER ROLE {name} LOGIN PASSWORD '{password}'")
    else:
        await admin.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{password}'")
    if not await admin.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
        # Only a member of a role may give it a database; a superuser needs no membership.
        if not await admin.fetchval("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"):
            await admin.execute(f"GRANT {name} TO CURRENT_USER")
        await admin.execute(
            f"CREATE DATABASE {name} OWNER {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"
        )
    await admin.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
