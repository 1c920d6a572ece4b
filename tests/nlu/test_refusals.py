"""Which words refuse a request, take it back or tell that it was done; and which only sound so."""

from __future__ import annotations

import pytest

from bot.nlu.refusals import is_refused


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("cancel_order", "Can you NOT cancel my order please"),
        ("cancel_order", "I no longer want to cancel my order"),
        ("cancel_order", "cancel nothing"),
        ("cancel_order", "I never asked you to cancel my order"),
        ("cancel_order", "stop cancelling my orders"),
        ("cancel_order", "I'm not sure I want to cancel"),
        ("cancel_order", "I don’t think I want to cancel"),
        ("cancel_order", "undo my cancellation"),
        ("cancel_order", "I decided against cancelling"),
        ("cancel_order", "I was going to cancel but changed my mind"),
        ("cancel_order", "please ignore my cancellation request"),
        ("cancel_order", "There's no need to cancel anything"),
        ("cancel_order", "I cancelled my order yesterday"),
        ("cancel_order", "thanks for cancelling my order"),
        ("cancel_order", "Who cancelled my order?"),
        ("cancel_order", "I already cancelled order 1040, why was I charged"),
        ("request_return", "I am not returning it"),
        ("request_return", "I don't want to return it, I want to exchange it"),
        ("request_refund", "i dont want a refund, i want an exchange"),
        ("request_refund", "not a refund please"),
        ("talk_to_human", "no human please"),
        ("talk_to_human", "I don't want to talk to a human"),
        ("change_address", "no need to change the address"),
        ("report_damaged", "the ring is not damaged"),
        ("report_damaged", "nothing is broken"),
    ],
)
def test_a_refused_wish_is_none(label: str, text: str) -> None:
    assert is_refused(label, text)


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("cancel_order", "I don't want it any more, cancel it"),
        ("cancel_order", "never got my order, cancel it"),
        ("cancel_order", "I want to cancel, not exchange"),
        ("cancel_order", "why can't i cancel my order"),
        ("request_return", "I don't like it and want to return it"),
        ("request_return", "don't want this anymore want to return"),
        ("request_refund", "you never sent it, refund me"),
        ("request_refund", "I have not received my refund"),
        ("talk_to_human", "no, I want a human"),
        ("talk_to_human", "i dont want to talk to a bot"),
        ("talk_to_human", "nobody answers, can someone call me"),
        ("report_damaged", "it is not what I ordered, it came broken"),
        ("faq/returns", "I don't want to return it"),
    ],
)
def test_what_only_has_a_no_in_it_is_a_wish(label: str, text: str) -> None:
    assert not is_refused(label, text)
