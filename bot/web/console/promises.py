"""What is due next, and how the promises stand: each figure leads to its tickets."""

import asyncio
from dataclasses import dataclass
from urllib.parse import quote

from sanic import Blueprint, HTTPResponse, Request, html
from sanic.exceptions import NotFound

from bot.app import Services
from bot.policy.zones import zone_label
from bot.tickets import states
from bot.tickets.clocks import DueClock
from bot.tickets.promise_counts import ClauseCounts, PromiseStanding, ToldPromise
from bot.web.console.entrance import person_of
from bot.web.console.rows import address_of, in_words
from bot.web.console.times import Times, span
from bot.web.pages import Pages

DUE_SHOWN = 100


@dataclass(frozen=True)
class DueRow:
    """A running clock; `href` is None where its ticket has no conversation."""

    reference: str
    href: str | None
    what: str
    category: str
    state: str
    name: str
    due: str
    left: str
    tone: str
    mark: str


@dataclass(frozen=True)
class FigureCell:
    """One figure of a clause; `href` leads to its tickets, None where there are none."""

    label: str
    figure: str
    href: str | None


@dataclass(frozen=True)
class ClauseRow:
    """A clause of the policy and its figures."""

    clause: str
    summary: str
    cells: tuple[FigureCell, ...]


@dataclass(frozen=True)
class PromiseRow:
    """A date as it was told, and what became of it."""

    reference: str
    href: str | None
    what: str
    told_as: str
    kept: str
    late: str


def promise_pages(routes: Blueprint, services: Services, rendering: Pages) -> None:
    """`/console/due` and `/console/promises/…`."""

    def times() -> Times:
        return Times(services.calendar.zone, services.clock())

    def show(request: Request, template: str, **values: object) -> HTTPResponse:
        zone = zone_label(services.calendar.zone.key)
        page = rendering.render(template, person=person_of(request), zone=zone, **values)
        return html(page)

    @routes.get("/due")
    async def due(request: Request) -> HTTPResponse:
        found = await asyncio.to_thread(services.clocks.due_next, DUE_SHOWN)
        return show(request, "console/due.html", rows=[_due_row(c, times()) for c in found])

    @routes.get("/promises")
    async def promises(request: Request) -> HTTPResponse:
        counts = await asyncio.to_thread(services.promise_counts.by_clause)
        rows = [_clause_row(count, _summary(count.clause)) for count in counts]
        return show(request, "console/promises.html", rows=rows)

    @routes.get("/promises/<clause:str>/<standing:str>")
    async def told(request: Request, clause: str, standing: str) -> HTTPResponse:
        if clause not in services.policy.clauses or standing not in list(PromiseStanding):
            raise NotFound
        found = await asyncio.to_thread(
            services.promise_counts.listed, clause, PromiseStanding(standing)
        )
        return show(
            request,
            "console/told.html",
            clause=clause,
            summary=_summary(clause),
            standing=in_words(standing),
            rows=[_promise_row(promise, times()) for promise in found],
        )

    def _summary(clause: str) -> str:
        known = services.policy.clauses.get(clause)
        return known.summary if known else "The policy does not have this clause any more."


def _due_row(clock: DueClock, times: Times) -> DueRow:
    left, tone = times.left(clock.due_at, None)
    return DueRow(
        reference=clock.reference,
        href=address_of(clock.conversation_id) if clock.conversation_id else None,
        what=in_words(clock.kind),
        category=in_words(clock.category),
        state=states.in_words(clock.state),
        name=clock.name or "–",
        due=times.at(clock.due_at),
        left=left,
        tone=tone,
        mark="escalated" if clock.is_escalated else "warned" if clock.is_warned else "",
    )


def _clause_row(counts: ClauseCounts, summary: str) -> ClauseRow:
    figures = [(standing, getattr(counts, standing.value)) for standing in PromiseStanding]
    return ClauseRow(
        clause=counts.clause,
        summary=summary,
        cells=tuple(
            FigureCell(
                label=in_words(standing),
                figure=f"{figure:,}",
                href=f"/console/promises/{quote(counts.clause)}/{standing}" if figure else None,
            )
            for standing, figure in figures
        ),
    )


def _promise_row(promise: ToldPromise, times: Times) -> PromiseRow:
    late = promise.late_by
    return PromiseRow(
        reference=promise.reference or "–",
        href=address_of(promise.conversation_id) if promise.conversation_id else None,
        what=in_words(promise.kind),
        told_as=promise.told_as,
        kept=times.at(promise.kept_at) or "not yet",
        late=(
            "superseded by a later date"
            if promise.is_superseded
            else "waits for the visitor"
            if promise.is_paused and promise.kept_at is None
            else f"{span(late)} late"
            if late
            else ""
        ),
    )
