"""Settings of a service process, from environment variables `CHIBO_…`."""

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from chassis.broker import MAX_RECORD_BYTES


class Settings(BaseSettings):
    """What one process of one service needs to know of its surroundings."""

    model_config = SettingsConfigDict(env_prefix="CHIBO_")

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
