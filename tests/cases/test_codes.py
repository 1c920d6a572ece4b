"""One-time codes: good once, for a while, for who asked; and telling nothing to anybody else."""

import statistics
from collections.abc import Callable

import pytest
from sqlalchemy import event, func, select

from bot.app import Services
from bot.assistant import Effect
from bot.cases.codes import TRIES, read_code
from bot.storage.tables_cases import OneTimeCode
from bot.tickets.reference import new_reference
from tests.at_once import at_once
from tests.cases.letters import DAMAGED, KeptLetters, case_of
from tests.conftest import SetClock

HERE, ELSEWHERE = "a browser", "another browser"


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_a_code_goes_to_the_address_of_the_case_and_opens_it(
    services: Services, letters: KeptLetters, case: str
) -> None:
    services.codes.ask(HERE, case)
    (letter,) = letters.kept
    assert (letter.to, letter.template) == ("Alice@example.com", "one_time_code")
    assert letter.values["reference"] == case
    assert services.codes.is_asked(HERE, case)
    assert not services.codes.is_proved(HERE, case)
    assert services.codes.prove(HERE, case, letters.code)
    assert services.codes.is_proved(HERE, case)
    assert not services.codes.is_asked(HERE, case)


@pytest.mark.parametrize(
    "typed", ["{a} {b}", "{a}-{b}", " {a}{b}\n", "{a}\u2011{b}", "{a}\u00a0{b}"]
)
def test_a_code_may_be_pasted_with_blanks_and_hyphens(
    services: Services, letters: KeptLetters, case: str, typed: str
) -> None:
    services.codes.ask(HERE, case)
    a, b = letters.code[:3], letters.code[3:]
    assert services.codes.prove(HERE, case, typed.format(a=a, b=b))


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12345a", "½23456", "\ud800"])
def test_anything_else_is_no_code(typed: str) -> None:
    assert read_code(typed) is None


def test_digits_of_other_widths_are_digits() -> None:
    assert read_code("１２３ ４５６") == "123456"


def test_a_code_is_good_only_where_it_was_asked_for(
    services: Services, letters: KeptLetters, case: str
) -> None:
    services.codes.ask(HERE, case)
    assert not services.codes.prove(ELSEWHERE, case, letters.code)
    assert services.codes.prove(HERE, case, letters.code)
    assert not services.codes.is_proved(ELSEWHERE, case)


def test_a_code_is_good_only_for_its_case(
    services: Services, letters: KeptLetters, case: str
) -> None:
    services.codes.ask(HERE, case)
    other = case_of(services, services.intake.start(time_zone=None))
    assert not services.codes.prove(HERE, other, letters.code)


def test_a_code_ends_after_ten_minutes(
    services: Services, letters: KeptLetters, case: str, clock: SetClock
) -> None:
    services.codes.ask(HERE, case)
    clock.pass_time(minutes=10)
    assert not services.codes.prove(HERE, case, letters.code)
    assert not services.codes.is_asked(HERE, case)


def test_what_a_code_opened_closes_after_half_an_hour(
    services: Services, letters: KeptLetters, case: str, clock: SetClock
) -> None:
    services.codes.ask(HERE, case)
    assert services.codes.prove(HERE, case, letters.code)
    clock.pass_time(minutes=29)
    assert services.codes.is_proved(HERE, case)
    clock.pass_time(minutes=1)
    assert not services.codes.is_proved(HERE, case)
    assert not services.codes.prove(HERE, case, letters.code)


def test_five_wrong_tries_end_a_code(services: Services, letters: KeptLetters, case: str) -> None:
    services.codes.ask(HERE, case)
    for _ in range(TRIES):
        assert not services.codes.prove(HERE, case, wrong(letters.code))
    assert not services.codes.prove(HERE, case, letters.code)


def test_the_fifth_try_may_be_right(services: Services, letters: KeptLetters, case: str) -> None:
    services.codes.ask(HERE, case)
    for _ in range(TRIES - 1):
        assert not services.codes.prove(HERE, case, wrong(letters.code))
    assert services.codes.prove(HERE, case, letters.code)


def test_tries_at_once_are_counted_too(services: Services, letters: KeptLetters, case: str) -> None:
    services.codes.ask(HERE, case)
    code = letters.code
    at_once(*[lambda: services.codes.prove(HERE, case, wrong(code))] * 8)
    assert not services.codes.prove(HERE, case, code)
    with services.database.read() as session:
        assert session.scalars(select(OneTimeCode.tries)).one() == TRIES


def test_nobody_elses_wrong_tries_count(
    services: Services, letters: KeptLetters, case: str
) -> None:
    services.codes.ask(HERE, case)
    code = letters.code
    services.codes.ask(ELSEWHERE, case)
    for _ in range(TRIES):
        services.codes.prove(ELSEWHERE, case, "000000")
    assert services.codes.prove(HERE, case, code)


def test_a_new_code_replaces_the_old(services: Services, letters: KeptLetters, case: str) -> None:
    services.codes.ask(HERE, case)
    old = letters.code
    services.codes.ask(HERE, case)
    if old != letters.code:  # they are alike once in a million
        assert not services.codes.prove(HERE, case, old)
    assert services.codes.prove(HERE, case, letters.code)


def test_the_same_right_code_again_is_right_again(
    services: Services, letters: KeptLetters, case: str
) -> None:
    services.codes.ask(HERE, case)
    assert services.codes.prove(HERE, case, letters.code)
    assert services.codes.prove(HERE, case, letters.code)
    assert not services.codes.prove(HERE, case, wrong(letters.code))


def test_an_address_gets_five_codes_an_hour_for_all_of_its_cases(
    services: Services, letters: KeptLetters, case: str, clock: SetClock
) -> None:
    other = case_of(services, services.intake.start(time_zone=None))
    for number in range(8):
        services.codes.ask(f"browser {number}", (case, other)[number % 2])
    assert len(letters.kept) == 5
    clock.pass_time(hours=1)
    services.codes.ask(HERE, case)
    assert len(letters.kept) == 6


def test_beyond_them_the_newest_one_stays_good(
    services: Services, letters: KeptLetters, case: str
) -> None:
    for _ in range(7):
        services.codes.ask(HERE, case)
    assert len(letters.kept) == 5
    assert services.codes.prove(HERE, case, letters.code)


def test_neither_the_code_nor_who_asked_nor_the_address_is_stored_in_plain_words(
    services: Services, letters: KeptLetters, case: str
) -> None:
    services.codes.ask(HERE, case)
    with services.database.read() as session:
        row = session.scalars(select(OneTimeCode)).one()
        stored = " ".join(str(v) for v in (row.code_hash, row.asker, row.address_hash))
    assert letters.code not in row.code_hash[:6]
    assert HERE not in stored
    assert "example.com" not in stored


def statements(services: Services, act: Callable[[], object]) -> list[str]:
    """The database's work for this."""
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(services.database.engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(services.database.engine, "before_cursor_execute", note)
    return seen


def test_an_unknown_reference_costs_the_same_work_and_gets_the_same_refusal(
    services: Services, letters: KeptLetters, case: str
) -> None:
    unknown = new_reference()
    assert statements(services, lambda: services.codes.ask(HERE, case)) == statements(
        services, lambda: services.codes.ask(HERE, unknown)
    )
    assert len(letters.kept) == 1
    assert services.codes.is_asked(HERE, unknown)
    guess = wrong(letters.code)
    refused = statements(services, lambda: services.codes.prove(HERE, case, guess))
    assert refused == statements(services, lambda: services.codes.prove(HERE, unknown, guess))
    for _ in range(TRIES):
        assert not services.codes.prove(HERE, unknown, letters.code)


def test_a_case_without_an_address_is_like_an_unknown_one(
    services: Services, letters: KeptLetters
) -> None:
    nameless = Effect(kind="open_ticket", category="damaged", description="it broke")
    reference = case_of(services, services.intake.start(time_zone=None), nameless)
    services.codes.ask(HERE, reference)
    assert letters.kept == []
    assert services.codes.is_asked(HERE, reference)


def test_codes_are_spread_over_all_six_digits(
    services: Services, letters: KeptLetters, clock: SetClock
) -> None:
    found = []
    for number in range(30):
        effect = DAMAGED.model_copy(update={"email": f"alice{number}@example.com"})
        reference = case_of(services, services.intake.start(time_zone=None), effect)
        services.codes.ask(HERE, reference)
        found.append(int(letters.code))
    assert len(set(found)) > 25
    assert 200_000 < statistics.mean(found) < 800_000


def test_after_a_day_codes_are_forgotten(services: Services, case: str, clock: SetClock) -> None:
    services.codes.ask(HERE, case)
    clock.pass_time(days=1, minutes=1)
    services.codes.ask(ELSEWHERE, case)
    with services.database.read() as session:
        assert session.scalar(select(func.count()).select_from(OneTimeCode)) == 1


def test_leaving_ends_a_proof_but_the_code_still_counts(
    services: Services, letters: KeptLetters, case: str
) -> None:
    services.codes.ask(HERE, case)
    services.codes.prove(HERE, case, letters.code)
    services.codes.end(HERE)
    assert not services.codes.is_proved(HERE, case)
    for number in range(6):
        services.codes.ask(f"browser {number}", case)
    assert len(letters.kept) == 5


def test_a_proof_is_handed_over_to_a_new_cookie_and_the_old_one_is_worth_nothing(
    services: Services, letters: KeptLetters, case: str
) -> None:
    services.codes.ask(HERE, case)
    services.codes.prove(HERE, case, letters.code)
    services.codes.hand_over(HERE, case, ELSEWHERE)
    assert services.codes.is_proved(ELSEWHERE, case)
    assert not services.codes.is_proved(HERE, case)
