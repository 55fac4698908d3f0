"""The catalogue of topics for thematic meetings, read from its data (`data/topics.toml`)."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, TypeAdapter


class Topic(BaseModel):
    """A topic of a year that cells may choose for a thematic meeting."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    year: int
    name: str


@cache
def topics() -> Mapping[str, Topic]:
    """Return the topics that the service comes with, by their codes."""
    text = files("services.meetings.data").joinpath("topics.toml").read_text(encoding="utf-8")
    return parse_topics(text)


def parse_topics(text: str) -> Mapping[str, Topic]:
    """Return the topics in a TOML text, by their codes. Raises ValueError where it is not one, or a code is twice."""
    listed = TypeAdapter(list[Topic]).validate_python(tomllib.loads(text)["topic"])
    found = {topic.code: topic for topic in listed}
    if len(found) < len(listed):
        raise ValueError("a code stands for two topics")
    return found
