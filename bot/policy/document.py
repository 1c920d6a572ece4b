"""The shop's published policy as typed data: clauses, facts, categories and readings."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    model_validator,
)

TicketClass = Literal["urgent", "general"]

FIRST_REPLY_FACTS: Mapping[TicketClass, str] = {
    "urgent": "urgent_reply",
    "general": "general_reply",
}
REQUIRED_FACTS = (
    "general_reply",
    "urgent_reply",
    "peak_extension",
    "acknowledgement",
    "refund",
    "carrier_trace",
)
REQUIRED_READINGS = ("business_hours", "peak", "later_bound", "opening_hours", "clock_start")


def _written_date(value: Any) -> date:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise ValueError(f"is not a date: {error}") from None
    raise ValueError("should be a date such as 2025-08-25")


WrittenDate = Annotated[date, BeforeValidator(_written_date)]
Text = Annotated[StrictStr, Field(min_length=1)]
Name = Annotated[StrictStr, Field(pattern=r"^[a-z][a-z_]*$")]
Positive = Annotated[StrictInt, Field(gt=0)]


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Quantity(_Written):
    """A time as the policy states it: one amount or a span, in hours or days, business or not."""

    amount: Positive | None = None
    from_: Annotated[Positive | None, Field(alias="from")] = None
    to: Positive | None = None
    unit: Literal["hours", "days"]
    business: StrictBool
    printed_as: Text | None = None

    @property
    def lower(self) -> int:
        """The earlier bound, in `unit`."""
        return self.amount or self.from_ or 0

    @property
    def upper(self) -> int:
        """The later bound, in `unit`; the one that is promised (reading 3)."""
        return self.amount or self.to or 0

    @property
    def is_span(self) -> bool:
        """Whether the policy gives two bounds."""
        return self.amount is None

    @property
    def counts_business_days(self) -> bool:
        """Whether it is whole business days: said in days, or in hours by the 24 (reading 1)."""
        return self.business and (self.unit == "days" or (self.lower % 24 == self.upper % 24 == 0))

    @property
    def business_days(self) -> int:
        """The later bound in business days; a day's worth of hours is one (readings 1 and 3)."""
        return self.upper if self.unit == "days" else self.upper // 24

    def phrase(self, additional: bool = False) -> str:
        """In figures and the policy's own unit; a span has a dash between its bounds."""
        if self.printed_as:
            return self.printed_as
        words = [f"{self.from_}–{self.to}" if self.is_span else str(self.amount)]
        words += ["additional"] if additional else []
        words += ["business"] if self.business else []
        words.append(self.unit.removesuffix("s") if self.upper == 1 else self.unit)
        return " ".join(words)

    @model_validator(mode="after")
    def _one_way_of_counting(self) -> Self:
        span = (self.from_, self.to)
        if self.amount is None:
            if None in span:
                raise ValueError("needs either `amount`, or both `from` and `to`")
        elif span != (None, None):
            raise ValueError("has `amount` and a span: one of them is too many")
        if self.is_span and self.lower >= self.upper:
            raise ValueError("`from` should be smaller than `to`")
        figures = [self.lower, self.upper] if self.is_span else [self.lower]
        if self.printed_as and [int(n) for n in re.findall(r"\d+", self.printed_as)] != figures:
            raise ValueError("`printed_as` says another number than the fields beside it")
        return self


class Clause(_Written):
    """One numbered statement of the policy, in our own words, with its time if it has one."""

    section: Text
    summary: Text
    informational: StrictBool = False  # opens, frames or closes the document: no answer rests on it
    fact: Name | None = None
    within: Quantity | None = None
    adds: Quantity | None = None

    @property
    def quantity(self) -> Quantity | None:
        """The time the clause states, promised or added."""
        return self.within or self.adds

    @model_validator(mode="after")
    def _a_time_has_one_name(self) -> Self:
        if self.within and self.adds:
            raise ValueError("has both `within` and `adds`: a clause states one time")
        if (self.fact is None) != (self.quantity is None):
            raise ValueError("needs `fact` and a time (`within` or `adds`) together, or neither")
        return self


class Reading(_Written):
    """How an open place of the policy is read, until the owner confirms it (`assumed` false)."""

    number: Positive
    question: Text
    read_as: Text
    settings: tuple[Annotated[StrictStr, Field(pattern=r"^BOT_[A-Z_]+$")], ...]
    clauses: tuple[Text, ...]
    assumed: StrictBool


class NamedDocument(_Written):
    """Another document that the policy names; `link` is None while nobody has given it."""

    title: Text
    link: Annotated[StrictStr, Field(pattern=r"^https?://\S+$")] | None
    clauses: tuple[Text, ...]


@dataclass(frozen=True)
class Fact:
    """A number of the policy under the name that answers use, with the clause it comes from."""

    name: str
    clause: str
    quantity: Quantity
    phrase: str


@dataclass(frozen=True)
class Source:
    """Where a statement is published: the document, the section as printed and its title."""

    document: str
    section: str
    title: str


class Policy(_Written):
    """The whole document; clauses by id, sections by number, readings and documents by name."""

    document: Text
    shop: Text
    site: Text
    last_updated: WrittenDate
    sections: dict[Text, Text]
    clauses: dict[Text, Clause]
    categories: dict[Name, TicketClass]
    readings: dict[Name, Reading]
    documents: dict[Name, NamedDocument]

    @cached_property
    def version(self) -> str:
        """The date of the document and a mark that changes with anything written in the file."""
        digest = hashlib.sha256(self.model_dump_json(by_alias=True).encode()).hexdigest()
        return f"{self.last_updated.isoformat()}-{digest[:8]}"

    @cached_property
    def facts(self) -> Mapping[str, Fact]:
        """Every number of the policy by its name."""
        return {
            clause.fact: Fact(
                clause.fact, clause_id, clause.quantity, clause.quantity.phrase(bool(clause.adds))
            )
            for clause_id, clause in self.clauses.items()
            if clause.fact and clause.quantity
        }

    def placeholders(self) -> dict[str, str]:
        """What answers may say, by placeholder: the facts' phrases, shop, site and date."""
        phrases = {name: fact.phrase for name, fact in self.facts.items()}
        updated = f"{self.last_updated.day} {self.last_updated:%B %Y}"
        return phrases | {"shop": self.shop, "site": self.site, "last_updated": updated}

    def source(self, clause_id: str) -> Source:
        """Where a clause is published. Raises KeyError for a clause the policy does not have."""
        section = self.clauses[clause_id].section
        return Source(self.document, section, self.sections[section])

    def ticket_class(self, category: str) -> TicketClass:
        """The class of a ticket's category (§3). Raises KeyError for an unknown category."""
        return self.categories[category]
