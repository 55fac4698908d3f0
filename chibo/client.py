"""The services' HTTP APIs as the command line calls them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO, Any, Final
from uuid import uuid4

import httpx

from chibo.console import Refused

_TIMEOUT: Final = httpx.Timeout(10.0, read=600.0)
_PAGE: Final = "500"


class ProblemAnswer(Refused):
    """A service answered with problem+json; `body` holds all that it said."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        super().__init__(f"{body.get('title')}: {body.get('detail')}")
        self.body = body


class Client:
    """One service at `url`, for instance `http://127.0.0.1:8101`."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._http = httpx.Client(base_url=self._url, timeout=_TIMEOUT, trust_env=False)

    def get(self, path: str, *, headers: Mapping[str, str] | None = None, **parameters: str | None) -> Any:
        """Return the JSON answer to a GET. Raises ProblemAnswer, or Refused where the service is away."""
        wanted = {k: v for k, v in parameters.items() if v is not None}
        return self._call("GET", path, headers=headers, params=wanted)

    def post(
        self,
        path: str,
        *,
        content: bytes = b"",
        headers: Mapping[str, str] | None = None,
        **parameters: str | None,
    ) -> Any:
        """Return the JSON answer to a POST. Raises as `get`."""
        return self._call(
            "POST",
            path,
            content=content,
            headers=dict(headers or {}),
            params={k: v for k, v in parameters.items() if v is not None},
        )

    def send(self, path: str, body: Mapping[str, Any], *, version: int | None = None) -> dict[str, Any]:
        """Send a command, without what is None in it, under a key of its own; return its answer. Raises as `get`.

        With a `version` it is refused where somebody changed the resource since.
        """
        said = {name: value for name, value in body.items() if value is not None}
        return self.send_whole(path, said, version=version)

    def send_whole(self, path: str, body: Mapping[str, Any], *, version: int | None = None) -> dict[str, Any]:
        """Send a command as `send`, but with what is None in it, which takes it back."""
        # A key for each call: a repeated request of the same call is made once.
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid4())}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        answer: dict[str, Any] = self.post(
            path, content=json.dumps(body, ensure_ascii=False).encode(), headers=headers
        )
        return answer

    def put(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Put a resource in place of what was there; return its answer. Raises as `get`."""
        answer: dict[str, Any] = self._call("PUT", path, json=dict(body))
        return answer

    def delete(self, path: str) -> None:
        """Delete a resource. Raises as `get`."""
        self._call("DELETE", path)

    def download(
        self,
        path: str,
        file: IO[bytes],
        *,
        method: str = "GET",
        content: bytes = b"",
        headers: Mapping[str, str] | None = None,
        **parameters: str | Sequence[str] | None,
    ) -> None:
        """Write the file that a call answers to `file`, block by block. Raises as `get`."""
        wanted = {k: v for k, v in parameters.items() if v is not None}
        with (
            self._reaching(),
            self._http.stream(method, path, content=content, headers=headers, params=wanted) as answer,
        ):
            if _is_json(answer):
                answer.read()
                _check(answer)
            for block in answer.iter_bytes():
                file.write(block)

    def _call(self, method: str, path: str, **rest: Any) -> Any:
        with self._reaching():
            answer = self._http.request(method, path, **rest)
        _check(answer)
        return answer.json() if answer.content else None

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        try:
            yield
        except httpx.InvalidURL as error:
            raise Refused(f"Địa chỉ dịch vụ không đúng: {self._url} ({error}).") from error
        except httpx.HTTPError as error:
            raise Refused(
                f"Không gọi được dịch vụ tại {self._url} ({type(error).__name__})."
                " Hãy kiểm tra dịch vụ đang chạy (`chibo up`) hoặc địa chỉ trong CHIBO_MEMBERSHIP_URL,"
                " CHIBO_MEETINGS_URL, CHIBO_INSPECTION_URL, CHIBO_REPORTING_URL."
            ) from error


def read_all(client: Client, path: str, *, actor: str, **parameters: Any) -> dict[str, Any]:
    """Return all pages at a path as one, read as `actor`. Raises as `Client.get`."""
    items: list[dict[str, Any]] = []
    asked: dict[str, Any] = {**parameters, "limit": _PAGE}
    while True:
        page = client.get(path, headers={"X-Chibo-Actor": actor}, **asked)
        items += page.pop("items")
        cursor = page.pop("next")
        if cursor is None:
            return {**page, "items": items}
        # With the cursor the day that the first page is of, should midnight pass meanwhile.
        asked |= {**page, "cursor": cursor}


def _is_json(answer: httpx.Response) -> bool:
    return str(answer.headers.get("content-type", "")).partition(";")[0].endswith("json")


def _check(answer: httpx.Response) -> None:
    if answer.headers.get("content-type", "").startswith("application/problem+json"):
        raise ProblemAnswer(answer.json())
    if answer.is_error:
        request = answer.request
        raise Refused(f"{request.method} {request.url.path}: HTTP {answer.status_code}")
