"""Idempotency keys: the same command sent again has the same answer and no second effect.

After the IETF draft "The Idempotency-Key HTTP Header Field" (draft-ietf-httpapi-idempotency-key-header).
"""

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Header

from chassis.database import Connection
from chassis.problems import Problem


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command answers: an HTTP status and a JSON object."""

    status: int
    body: dict[str, Any]


def fingerprint(*parts: str | bytes) -> bytes:
    """Return the SHA-256 of what is asked: method, path, query and body, each with its length."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(b"%d:" % len(data))
        digest.update(data)
    return digest.digest()


async def once(
    connection: Connection, key: str | None, asked: bytes, command: Callable[[], Awaitable[Answer]]
) -> Answer:
    """Run `command` in the transaction of `connection`, or give the answer that `key` has already.

    Two calls with one key at the same time: the second waits for the first's commit. A command that fails is
    rolled back together with its key, so it may be tried again. Without a key the command just runs.
    Raises Problem `idempotency-key-reused` (422) where the key was used for something else, and
    `idempotency-key-invalid` (400) where it is longer than 200 characters.
    """
    if key is None:
        return await command()
    if not connection.is_in_transaction():
        raise RuntimeError("a command and its key are written in one transaction")
    if not 1 <= len(key) <= 200 or "\0" in key:
        raise key_invalid()
    mine = await connection.fetchval(
        "INSERT INTO idempotency_keys (key, fingerprint) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING true",
        key,
        asked,
    )
    if mine:
        answer = await command()
        await connection.execute(
            "UPDATE idempotency_keys SET status = $2, body = $3 WHERE key = $1",
            key,
            answer.status,
            json.dumps(answer.body, ensure_ascii=False),
        )
        return answer
    given = await connection.fetchrow(
        "SELECT fingerprint, status, body FROM idempotency_keys WHERE key = $1", key
    )
    if given is None or given["fingerprint"] != asked:
        raise key_reused()
    return Answer(given["status"], json.loads(given["body"]))


def key_invalid() -> Problem:
    """Return the problem of a key that is empty or too long."""
    return Problem(
        "idempotency-key-invalid", 400, title="Khóa Idempotency-Key không hợp lệ",
        title_en="Invalid idempotency key", detail="Khóa dài từ 1 đến 200 ký tự.",
    )  # fmt: skip


def key_reused() -> Problem:
    """Return the problem of a key that another command has used."""
    return Problem(
        "idempotency-key-reused", 422, title="Khóa Idempotency-Key đã dùng cho lệnh khác",
        title_en="Idempotency key reused", detail="Hãy dùng một khóa mới cho mỗi lệnh.",
    )  # fmt: skip


def documented_key(
    idempotency_key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            description="A name of the caller's choice for this command, 1 to 200 characters. The same command sent"
            " again with it has the same answer and no second effect.",
            examples=["8e03978e-40d5-43e8-bc93-6894a57f9324"],
        ),
    ] = None,
) -> None:
    """Describe `Idempotency-Key` in the OpenAPI document of the routes that depend on this; `once` judges it."""
