"""The shop's own policy, answers, mails and tests agree with each other, as they are here."""

from bot.assistant import Words
from bot.audit import Audit
from bot.policy import load_policy
from bot.settings import ROOT, Settings


def test_every_clause_is_answered_and_tested_and_nothing_is_said_beside_them() -> None:
    settings = Settings()
    policy = load_policy(settings.policy_file)
    audit = Audit(
        policy,
        settings.policy_file,
        Words(settings.responses_dir, policy),
        ROOT,
        settings.mail_templates_dir,
    )
    assert [fault.below(ROOT) for fault in audit.faults()] == []
