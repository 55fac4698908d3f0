"""Ways in which a letter reaches somebody: by e-mail, or into the log where an office has no mail server."""

import asyncio
import contextlib
import smtplib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Final, Protocol

from chassis.letters.letter import Letter, written
from chassis.logs import logger
from chassis.settings import Settings

_FOR_GOOD: Final = 500
"""From this reply code on the server will never take it (RFC 5321, section 4.2.1)."""


class Undeliverable(Exception):  # noqa: N818 - an outcome, not a defect
    """It will never reach this recipient; `reason` is a code, never the server's words: they may hold an address."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TryLater(Exception):  # noqa: N818 - an outcome, not a defect
    """The server does not take this letter now."""


class ServerAway(TryLater):
    """The server takes no letter now: it is away, or does not let this office in."""


class Notifier(Protocol):
    """Gives out letters."""

    only_logs: bool
    """Whether somebody has to tell people by other means."""

    async def give(self, letter: Letter) -> None:
        """Give out one letter; the same may come twice. Raises Undeliverable, TryLater, ServerAway."""


def notifier_of(settings: Settings) -> Notifier:
    """Return the way that an office's settings name."""
    return LogNotifier() if settings.smtp_host is None else SmtpNotifier(settings.smtp_host, settings)


class LogNotifier:
    """Writes which letter was due, without its words or who it is for."""

    only_logs = True

    async def give(self, letter: Letter) -> None:
        """Log a letter by the ids in it."""
        logger().info("notice-due", **letter.about)


@dataclass(frozen=True, slots=True)
class SmtpNotifier:
    """Sends e-mail (RFC 5321), one connection a letter. Blocking work is done in a thread."""

    host: str
    settings: Settings

    only_logs = False

    async def give(self, letter: Letter) -> None:
        """Send a letter."""
        if letter.address is None:
            raise Undeliverable("no-address")
        message = written(letter, sender=self.settings.smtp_from)
        await asyncio.to_thread(self._send, message, letter.address)

    def _send(self, message: EmailMessage, address: str) -> None:
        with self._connected() as server:
            try:
                server.send_message(message, self.settings.smtp_from, [address])
            except smtplib.SMTPRecipientsRefused as error:
                [(code, _)] = error.recipients.values()
                raise _outcome(code, "address-refused") from None
            except smtplib.SMTPDataError as error:
                raise _outcome(error.smtp_code, "message-refused") from None
            except OSError as error:  # smtplib's own are of this kind
                raise ServerAway(type(error).__name__) from None

    @contextlib.contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        settings = self.settings
        where = (self.host, settings.smtp_port)
        try:
            if settings.smtp_security == "tls":
                context = ssl.create_default_context()
                server: smtplib.SMTP = smtplib.SMTP_SSL(
                    *where, timeout=settings.smtp_timeout, context=context
                )
            else:
                server = smtplib.SMTP(*where, timeout=settings.smtp_timeout)
        except OSError as error:
            raise ServerAway(type(error).__name__) from None
        try:
            self._let_in(server)
            yield server
            with contextlib.suppress(OSError):  # it has the letter by now
                server.quit()
        finally:
            server.close()

    def _let_in(self, server: smtplib.SMTP) -> None:
        settings = self.settings
        try:
            if settings.smtp_security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if settings.smtp_user is not None:
                password = settings.smtp_password
                server.login(settings.smtp_user, password.get_secret_value() if password else "")
        except OSError as error:
            raise ServerAway(type(error).__name__) from None


def _outcome(code: int, reason: str) -> Exception:
    return Undeliverable(reason) if code >= _FOR_GOOD else TryLater(reason)
