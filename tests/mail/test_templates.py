"""Faults in a mail's wording are told by file and line; edits are live, half-saved ones are not."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.mail.errors import MailTemplateError
from bot.mail.rendering import render
from bot.mail.templates import VALUES, MailTemplates
from bot.policy import Policy, load_policy
from bot.settings import ROOT, Settings

Edit = Callable[[str, str, str], None]


@pytest.fixture
def policy() -> Policy:
    return load_policy(Settings().policy_file)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A trainer's copy of the mails."""
    return Path(shutil.copytree(ROOT / "data" / "mail", tmp_path / "mail"))


@pytest.fixture
def edit(folder: Path) -> Edit:
    """Replace words in a mail, at a later time than the last edit."""
    times = iter(range(2_000_000_000, 2_000_000_100))

    def replace(name: str, old: str, new: str) -> None:
        file = folder / f"{name}.md"
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")
        os.utime(file, (moment := next(times), moment))

    return replace


def test_every_mail_can_be_said_with_everything_and_with_only_what_is_sure(
    folder: Path, policy: Policy
) -> None:
    templates = MailTemplates(folder, policy)
    sure = {**policy.placeholders(), "reference": "KC-1", "code": "123456", "text": "Hello."}
    for name in VALUES:
        bare = render(templates.get(name), sure, {})
        full = render(templates.get(name), {**dict.fromkeys(VALUES[name], "x"), **sure}, {})
        for mail in (bare, full):
            assert "{" not in mail.subject + mail.text
            assert mail.html is not None
            assert mail.html.count("<h1") == 1
            assert '<html lang="en">' in mail.html
            assert "<img" not in mail.html


def test_no_mail_types_a_number_that_the_policy_states() -> None:
    for file in (ROOT / "data" / "mail").glob("*.md"):
        wording = file.read_text(encoding="utf-8").partition("---")[2]
        assert not any(c.isdigit() for c in wording), file


def test_rasa_takes_no_mail_for_training_data() -> None:
    assert {path.suffix for path in (ROOT / "data" / "mail").iterdir()} == {".md"}


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("{due}", "{deu}", "acknowledgement.md:10: asks for {deu}, which nobody fills in"),
        ("{due}", "{due", "acknowledgement.md:10: has a brace that belongs to no placeholder"),
        ("4.1.reference", "4.9.x", "acknowledgement.md:1: cites '4.9.x', no policy clause"),
        ("subject:", "betreff:", "acknowledgement.md:1: the head has each of"),
        ("---", "", "acknowledgement.md:1: a line `---` should end the head"),
        ("# Thank", "Thank", "acknowledgement.md:1: the text should begin with a heading"),
        (
            "request {reference}\n",
            "{name}\n",
            "acknowledgement.md:1: the subject may not say {name}",
        ),
    ],
)
def test_a_fault_is_told_by_file_and_line(
    folder: Path, policy: Policy, edit: Edit, old: str, new: str, fault: str
) -> None:
    edit("acknowledgement", old, new)
    with pytest.raises(MailTemplateError) as told:
        MailTemplates(folder, policy)
    assert fault in str(told.value)


def test_a_missing_mail_and_one_that_nobody_sends_are_told(folder: Path, policy: Policy) -> None:
    (folder / "follow_up.md").rename(folder / "folow_up.md")
    with pytest.raises(MailTemplateError) as told:
        MailTemplates(folder, policy)
    assert "follow_up.md: cannot be read: No such file or directory" in str(told.value)
    assert "no mail is called folow_up" in str(told.value)


def test_an_edit_is_live_and_a_half_saved_one_is_passed_over(
    folder: Path, policy: Policy, edit: Edit
) -> None:
    templates = MailTemplates(folder, policy)
    edit("acknowledgement", "Thank you for writing", "Thanks for writing")
    assert "Thanks for writing" in templates.get("acknowledgement").blocks[0].text
    edit("acknowledgement", "---", "")
    assert "Thanks for writing" in templates.get("acknowledgement").blocks[0].text


def test_a_value_is_never_read_as_wording(folder: Path, policy: Policy) -> None:
    template = MailTemplates(folder, policy).get("agent_reply")
    text = '{code} [here](http://evil.example) <img src=x onerror=alert(1)> "quoted"'
    values = {
        **policy.placeholders(),
        "reference": "KC-1",
        "text": text,
        "case_url": "javascript:x",
    }
    mail = render(template, values, {})
    assert mail.html is not None
    assert "<a " not in mail.html
    assert "<img" not in mail.html
    assert "{code} [here](http://evil.example)" in mail.html
