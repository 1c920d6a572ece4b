"""The demonstration's two files as typed entries, or the file, line and field that are wrong."""

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from bot.orders.views import OrderState

File = TypeVar("File", bound=BaseModel)
Words = Annotated[str, Field(min_length=1, max_length=160)]


class DemonstrationError(Exception):
    """A demonstration file cannot be used; a line for each fault: file, line, field, reason."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ProductEntry(_Entry):
    """One product of products.yml."""

    slug: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
    name: Words
    category: Literal["necklace", "earrings", "ring", "bracelet"]
    materials: Annotated[list[Words], Field(min_length=1)]
    sizes: Annotated[list[Words], Field(min_length=1)]
    care: Words
    pieces_in_stock: Annotated[int, Field(ge=0)]
    price_usd: Annotated[Decimal, Field(gt=0, decimal_places=2)]

    @property
    def price_cents(self) -> int:
        """The price in hundredths of a dollar."""
        return int(self.price_usd * 100)


class LineEntry(_Entry):
    """One product of an order."""

    product: str
    size: str
    quantity: Annotated[int, Field(ge=1)]

    @model_validator(mode="after")
    def _is_sold(self, info: ValidationInfo) -> Self:
        product = info.context["products"].get(self.product) if info.context else None
        if product is None:
            raise ValueError(f"no product {self.product} in products.yml")
        if self.size not in product.sizes:
            raise ValueError(f"{self.product} has no size {self.size}")
        return self


class EventEntry(_Entry):
    """What happened, and the state it put the order into."""

    # From yesterday on: an event of the same day could lie in the future.
    days_ago: Annotated[int, Field(ge=1)]
    at: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
    becomes: OrderState | None = None
    text: Words


class OrderEntry(_Entry):
    """One order of orders.yml."""

    number: Annotated[str, Field(pattern=r"^[0-9]+$", max_length=32)]
    email: Annotated[str, Field(pattern=r"^[a-z.]+@example\.(com|org|net)$")]
    name: Words
    carrier: Words | None = None
    tracking_number: Words | None = None
    lines: Annotated[list[LineEntry], Field(min_length=1)]
    events: Annotated[list[EventEntry], Field(min_length=1)]

    @property
    def state(self) -> OrderState:
        """The state the events have brought the order to."""
        return [event.becomes for event in self.events if event.becomes][-1]

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.events[0].becomes is not OrderState.RECEIVED:
            raise ValueError("the first event must be the one that becomes received")
        times = [(-event.days_ago, event.at) for event in self.events]
        if times != sorted(times):
            raise ValueError("the events are not in the order of their times")
        shipped = any(event.becomes is OrderState.SHIPPED for event in self.events)
        if shipped != bool(self.carrier and self.tracking_number):
            raise ValueError("carrier and tracking_number go with an event that becomes shipped")
        return self


class _ProductsFile(_Entry):
    products: list[ProductEntry]

    @model_validator(mode="after")
    def _slugs_differ(self) -> Self:
        _refuse_repetition([product.slug for product in self.products])
        return self


class _OrdersFile(_Entry):
    orders: list[OrderEntry]

    @model_validator(mode="after")
    def _numbers_differ(self) -> Self:
        _refuse_repetition([order.number for order in self.orders])
        return self


def read_products(path: Path) -> dict[str, ProductEntry]:
    """The products of the file by slug. Raises DemonstrationError."""
    file = _read(path, _ProductsFile, {})
    return {entry.slug: entry for entry in file.products}


def read_orders(path: Path, products: dict[str, ProductEntry]) -> list[OrderEntry]:
    """The orders of the file, whose lines name these products. Raises DemonstrationError."""
    return _read(path, _OrdersFile, {"products": products}).orders


def _refuse_repetition(names: list[str]) -> None:
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise ValueError(f"stands there more than once: {', '.join(repeated)}")


def _read(path: Path, shape: type[File], context: dict[str, Any]) -> File:
    try:
        document = YAML().load(path)
        return shape.model_validate(document, context=context)
    except OSError as error:
        raise DemonstrationError(f"{path}: cannot be read: {error.strerror}") from error
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise DemonstrationError(f"{path}:{line}: not readable as YAML: {error.problem}") from error
    except YAMLError as error:
        raise DemonstrationError(f"{path}: not readable as YAML in UTF-8") from error
    except ValidationError as error:
        faults = "\n".join(f"{path}:{_fault(document, one)}" for one in error.errors())
        raise DemonstrationError(faults) from error


def _fault(document: Any, error: ErrorDetails) -> str:
    field = ".".join(str(step) for step in error["loc"]) or "the file"
    message = error["msg"].removeprefix("Value error, ")
    given = f" (found {error['input']!r})" if isinstance(error["input"], str | int | float) else ""
    return f"{_line(document, error['loc'])}: {field}: {message}{given}"


def _line(document: Any, steps: tuple[int | str, ...]) -> int:
    """The line of the place these steps lead to, or of the last one that is there."""
    node, line = document, 0
    for step in steps:
        if isinstance(node, CommentedMap) and step in node:
            line = node.lc.key(step)[0]
        elif isinstance(node, CommentedSeq) and isinstance(step, int):
            line = node.lc.item(step)[0]
        else:
            break
        node = node[step]
    return line + 1
