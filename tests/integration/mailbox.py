"""A real mail server on this machine, under the tests' control."""

import asyncio
import email
import email.policy
from datetime import UTC, datetime
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, AuthResult


class Mailbox:
    """What a real mail server does with letters, under the tests' control."""

    def __init__(self):
        self.letters: list[tuple[str, EmailMessage]] = []
        self.refused: set[str] = set()
        self.busy = False
        self.open = asyncio.Event()
        self.open.set()
        self.port = 0
        self.password: bytes | None = None
        self._server = None

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return f"550 no such user {address}"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.busy:
            return "451 try again later"
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        [address] = envelope.rcpt_tos
        self.letters.append((address, letter))
        await self.open.wait()
        return "250 OK"

    async def up(self):
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: SMTP(
                self,
                hostname="mail.example",
                loop=loop,
                authenticator=self._let_in,
                auth_required=self.password is not None,
                auth_require_tls=False,
            ),
            "127.0.0.1",
            self.port,
        )
        self.port = self._server.sockets[0].getsockname()[1]

    def _let_in(self, server, session, envelope, mechanism, given):
        return AuthResult(success=given.password == self.password)

    async def down(self):
        self._server.close()
        await self._server.wait_closed()

    @property
    def addresses(self):
        return sorted(address for address, _ in self.letters)

    def taken(self):
        letters, self.letters = dict(self.letters), []
        return letters


async def empty(sender, resources, now=None):
    """Send what is due, as the job does turn by turn; return how many turns there were."""
    turns, more = 0, True
    while more:
        async with resources.pool.acquire() as connection, connection.transaction():
            more = await sender.send_next(connection, resources, now or datetime.now(UTC))
        turns += more
    return turns


def plain(letter):
    return letter.get_body(("plain",)).get_content().replace("\r\n", "\n")
