"""Finds the products that a wish means, with how sure that is."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from bot.orders.catalogue_sizes import Sizes
from bot.orders.catalogue_wish import Meanings, Vocabulary, Wish, read_wish
from bot.orders.catalogue_words import KINDS, singular, words_in
from bot.orders.views import ProductView

SURE = 0.75  # of 1; below it one product is not taken as the one that is meant
_FIRST_MATERIAL, _OTHER_MATERIAL = 1.0, 0.9  # a silver piece before one with some silver
_PARTS = frozenset({"post", "clasp", "closure", "hook", "back", "backing", "fastening", "lining"})
_OF_ANOTHER_KIND = 0.9  # "the Maren ring", where Maren is a necklace


@dataclass(frozen=True)
class Match:
    """A product that fits, and how sure it is that it was meant (of 1)."""

    product: ProductView
    sureness: float


@dataclass(frozen=True)
class Found:
    """The products that fit a wish, the likeliest first."""

    wish: Wish
    matches: tuple[Match, ...]
    nearest_category: str | None = None  # to a kind that the catalogue lacks
    # What would fit but for its size, the nearest size first.
    of_other_sizes: tuple[ProductView, ...] = ()
    # All of the kind that was said, whatever it is made of; empty where no kind was said.
    of_kind: tuple[ProductView, ...] = ()

    @classmethod
    def only(cls, product: ProductView, sizes: Sizes | None = None) -> "Found":
        """This product and no other, asked for in these sizes."""
        fitting = _of_size([Match(product, 1.0)], sizes)
        return cls(Wish(sizes=sizes), tuple(fitting), of_other_sizes=() if fitting else (product,))

    @property
    def products(self) -> tuple[ProductView, ...]:
        """All that fit."""
        return tuple(match.product for match in self.matches)

    @property
    def one(self) -> ProductView | None:
        """The one product that was clearly meant, None where there is none or a choice."""
        superlative = self.wish.order and not self.wish.names
        alone = len(self.matches) == 1 and self.matches[0].sureness >= SURE
        return self.matches[0].product if self.matches and (alone or superlative) else None


def search(products: Sequence[ProductView], text: str) -> Found:
    """What this text looks for among these products; nothing where it names nothing of theirs.

    Names come first: who says one means it, whatever kind or metal is said beside it.
    """
    entries = [_Entry(product) for product in products]
    wish = read_wish(text, _vocabulary(entries))
    matches = _by_name(entries, wish) if wish.names else _by_traits(entries, wish)
    ranked = _ranked(matches, wish)
    fitting = _of_size(ranked, wish.sizes)
    return Found(
        wish,
        tuple(fitting),
        _nearest(products, wish),
        of_other_sizes=_of_other_sizes(ranked, fitting, wish.sizes),
        of_kind=_of_kind(entries, wish),
    )


class _Entry:
    """A product with the words by which it is found."""

    def __init__(self, product: ProductView) -> None:
        self.product = product

    @cached_property
    def name(self) -> frozenset[str]:
        return frozenset(words_in(self.product.name))

    @cached_property
    def kinds(self) -> frozenset[str]:
        return self.name | {singular(self.product.category)}

    @cached_property
    def materials(self) -> tuple[frozenset[str], ...]:
        return tuple(frozenset(words_in(material)) for material in self.product.materials)

    def is_of(self, kind: Meanings) -> float:
        """How sure it is that this kind is the product's."""
        return max((sure for word, sure in kind.items() if word in self.kinds), default=0.0)

    def has(self, material: frozenset[str]) -> float:
        """How sure it is that the product was meant by this material.

        Silver posts do not make silver earrings: a part counts only where it is named.
        """
        if any(material <= each for each in self.materials[:1]):
            return _FIRST_MATERIAL
        named = material <= self.name or any(
            material <= each and (not each & _PARTS or material & _PARTS) for each in self.materials
        )
        return _OTHER_MATERIAL if named else 0.0

    def costs(self, wish: Wish) -> bool:
        """Whether its price is within the wish's limits."""
        cents = self.product.price_cents
        most = cents if wish.most_cents is None else wish.most_cents
        return (wish.least_cents or 0) <= cents <= most


def _vocabulary(entries: Iterable[_Entry]) -> Vocabulary:
    entries = list(entries)
    in_names = Counter(word for entry in entries for word in entry.name)
    phrases = frozenset(phrase for entry in entries for phrase in entry.materials)
    materials = frozenset().union(*phrases)
    categories = {singular(entry.product.category) for entry in entries}
    names = {word for word, count in in_names.items() if count == 1} - materials - categories
    kinds = (in_names.keys() | categories) - names - materials
    return Vocabulary(names, kinds, materials, phrases)


def _by_name(entries: Sequence[_Entry], wish: Wish) -> list[Match]:
    found: dict[str, Match] = {}
    for meanings in wish.names:
        called = [
            (entry, sure)
            for entry in entries
            for word, sure in meanings.items()
            if word in entry.name
        ]
        # Of the names that a slip may stand for, those of the kind that was said.
        fitting = [each for each in called if any(each[0].is_of(kind) for kind in wish.kinds)]
        for entry, sure in fitting or called:
            sureness = sure if fitting or not wish.kinds else sure * _OF_ANOTHER_KIND
            known = found.get(entry.product.slug)
            if known is None or known.sureness < sureness:
                found[entry.product.slug] = Match(entry.product, sureness)
    return list(found.values())


def _by_traits(entries: Sequence[_Entry], wish: Wish) -> list[Match]:
    """Those with everything that was said; else with one of the kinds, or of the materials."""
    if wish.is_empty and not wish.sizes:
        return []
    for kinds, materials in ((_every, _every), (_some, _every), (_some, _some)):
        found = [
            Match(entry.product, sureness)
            for entry in entries
            if entry.costs(wish)
            and (
                sureness := min(
                    kinds([entry.is_of(kind) for kind in wish.kinds]),
                    materials([entry.has(material) for material in wish.materials]),
                )
            )
        ]
        if found:
            return found
    return []


def _of_size(matches: Sequence[Match], sizes: Sizes | None) -> list[Match]:
    """Those that come in a size that was asked for. "Size 7" is 7 inches only where no 7 is."""
    if sizes is None:
        return list(matches)
    fitting = [match for match in matches if sizes.distance(match.product.sizes) == 0]
    exact = [match for match in fitting if sizes.without_unit(match.product.sizes)]
    return exact or fitting


def _of_other_sizes(
    ranked: Sequence[Match], fitting: Sequence[Match], sizes: Sizes | None
) -> tuple[ProductView, ...]:
    others = [match.product for match in ranked if match not in fitting]
    return tuple(sorted(others, key=lambda p: sizes.distance(p.sizes))) if sizes else ()


def _of_kind(entries: Sequence[_Entry], wish: Wish) -> tuple[ProductView, ...]:
    """All of the kind, narrowed down by what stands before it: "gold" in "the gold rings"."""
    if wish.names or not wish.kinds:
        return ()
    asked = replace(wish, materials=wish.attributes)
    matches = _of_size(_ranked(_by_traits(entries, asked), asked), wish.sizes)
    return tuple(match.product for match in matches)


def _every(sures: Iterable[float]) -> float:
    return min(sures, default=1.0)


def _some(sures: Iterable[float]) -> float:
    return max(sures, default=1.0)


def _ranked(matches: Iterable[Match], wish: Wish) -> list[Match]:
    if wish.order:
        sign = 1 if wish.order == "cheapest" else -1
        return sorted(matches, key=lambda match: sign * match.product.price_cents)
    return sorted(matches, key=lambda match: (-match.sureness, not match.product.in_stock))


def _nearest(products: Iterable[ProductView], wish: Wish) -> str | None:
    nearest = KINDS[wish.lacking] if wish.lacking else None
    return nearest if nearest in {product.category for product in products} else None
