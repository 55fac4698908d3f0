"""Settings of a service process, from environment variables `CHIBO_…`."""

from typing import Final, Literal

from pydantic import DirectoryPath, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from chassis.broker import MAX_RECORD_BYTES

_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
MAIL_ADDRESS: Final = rf"^{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+{_LABEL}$"
"""An e-mail address that every server takes: a dot-atom and a domain (RFC 5321), in ASCII."""


class Settings(BaseSettings):
    """What one process of one service needs to know of its surroundings."""

    model_config = SettingsConfigDict(env_prefix="CHIBO_", env_ignore_empty=True)

    database_url: str = Field(pattern=r"^postgres(ql)?://")
    """This service's own database, as its own role."""
    kafka: str
    """Bootstrap servers, `host:port[,host:port…]`."""
    host: str = "127.0.0.1"
    port: int | None = Field(default=None, ge=1, le=65535)
    """HTTP port; None takes the service's default."""
    log_level: str = Field(default="info", pattern=r"(?i)^(debug|info|warning|error)$")
    max_event_bytes: int = Field(default=MAX_RECORD_BYTES, ge=2048, le=MAX_RECORD_BYTES)
    """The largest event, headers included, that is accepted; never more than Kafka takes."""
    pool_size: int = Field(default=8, ge=2, le=100)
    """Database connections of this process, without the relay's own."""
    smtp_host: str | None = Field(default=None, min_length=1)
    """The mail server that takes this office's letters; None where there is none."""
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    """`none` only for a server on the same machine or network."""
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_from: str = Field(default="khong-tra-loi@chibo.invalid", pattern=MAIL_ADDRESS)
    """The address that letters and calendar entries come from."""
    smtp_timeout: float = Field(default=20, gt=0, le=60)
    """Seconds that the mail server may be silent."""
    templates: DirectoryPath | None = None
    """A folder with this office's own templates of papers; one that is not in it is the service's."""
    place: str | None = Field(default=None, min_length=1, max_length=100)
    """Where papers are made out, such as `Sơn La`; None leaves it to be written in."""


def read_settings() -> Settings:
    """Return the settings. Raises SystemExit that names each variable that is missing or wrong."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = "\n".join(
            f"  CHIBO_{'_'.join(str(part) for part in found['loc']).upper()}: {found['msg']}"
            for found in error.errors()
        )
        raise SystemExit(f"Biến môi trường chưa đúng (settings):\n{wrong}") from None
