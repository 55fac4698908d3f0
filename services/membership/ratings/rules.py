"""The rules of annual ratings, read from their data (`rules.toml`)."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from contracts.membership import DocumentRef
from contracts.ratings import Grade
from services.membership.ratings.versions import Cap, CapBase, GradeBound, PointScale, RatingRule, Rules
from services.membership.thresholds import Threshold

_HUNDREDTHS: Final = 100


@cache
def rating_rules() -> Rules:
    """Return the rules that the service comes with."""
    return parse_rules(files(__package__).joinpath("rules.toml").read_text(encoding="utf-8"))


def parse_rules(text: str) -> Rules:
    """Return the rules in a TOML text.

    Raises ValueError where it is no TOML, a value is outside its type, or versions are not in the order of years;
    KeyError where something is missing.
    """
    data = tomllib.loads(text)
    versions = tuple(_version(one) for one in data["version"])
    years = [version.first_year for version in versions]
    if years != sorted(set(years)):
        raise ValueError(f"versions are not in the order of their years: {years}")
    return Rules(
        versions=versions,
        newly_formed=Threshold(data["newly_formed"]["months"], data["newly_formed"]["source"]),
        set_aside=data["set_aside"]["source"],
        flag_years=Threshold(data["five_year_flag"]["years"], data["five_year_flag"]["source"]),
    )


def _version(data: Mapping[str, Any]) -> RatingRule:
    points = data.get("points")
    return RatingRule(
        first_year=data["first_year"],
        document=DocumentRef(number=data["number"], date=data["date"]),
        title=f"{data['kind']} {data['number']} ({data['date'].day}/{data['date'].month}/{data['date'].year})",
        members=_cap(data["members"]),
        units=_cap(data["units"]),
        points=None if points is None else _scale(points),
    )


def _cap(data: Mapping[str, Any]) -> Cap:
    return Cap(percent=data["percent"], base=CapBase(data["base"]), provisional=data["provisional"])


def _scale(data: Mapping[str, Any]) -> PointScale:
    return PointScale(
        common=data["common"] * _HUNDREDTHS,
        results=data["results"] * _HUNDREDTHS,
        bounds=tuple(
            GradeBound(
                grade=Grade(one["grade"]),
                points=one["points"] * _HUNDREDTHS,
                done=one.get("done", 0),
                exceeded=one.get("exceeded", 0),
                late=one.get("late", 100),
                undisciplined=one.get("undisciplined", False),
            )
            for one in data["grades"]
        ),
    )
