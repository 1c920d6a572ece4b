"""`bot policy check`, `diff` and `report` as the owner calls them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.settings import Settings

POLICY = str(Settings().policy_file)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(Settings.model_config, "env_file", None)  # no .env of the developer's
    monkeypatch.setenv("BOT_DATA_DIR", str(tmp_path / "var"))


def called(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["policy", *arguments])
    return result.exit_code, result.output


def test_check_counts_what_it_looked_at_and_ends_well() -> None:
    code, told = called("check")
    assert code == 0
    assert told.startswith("Customer Service Policy 2025-08-25-")


def test_check_names_each_fault_and_ends_with_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = tmp_path / "policy.yml"
    text = Path(POLICY).read_text(encoding="utf-8")
    head, thanks, rest = text.partition("  7.thanks:\n")
    stating = rest.replace("    informational: true\n", "", 1)
    policy.write_text(head + thanks + stating, encoding="utf-8")
    monkeypatch.setenv("BOT_POLICY_FILE", str(policy))
    code, told = called("check")
    assert code == 1
    assert "policy.yml:" in told
    assert "7.thanks is said by no answer and no mail" in told
    assert "2 to mend." in told


def test_diff_tells_people_and_programs_the_same(tmp_path: Path) -> None:
    new = tmp_path / "new.yml"
    text = Path(POLICY).read_text(encoding="utf-8")
    new.write_text(text.replace("from: 5, to: 10", "from: 5, to: 12"), encoding="utf-8")
    code, told = called("diff", POLICY, str(new))
    assert code == 0
    assert "clause 4.2.refund: changed" in told
    code, told = called("diff", POLICY, str(new), "--json")
    assert code == 0
    (touched,) = json.loads(told)["touched"]
    assert touched["change"]["name"] == "4.2.refund"
    assert touched["clocks"] == ["refund"]


def test_report_writes_a_page_and_prints_where(tmp_path: Path) -> None:
    code, told = called("report")
    assert code == 0
    assert told.strip() == str(tmp_path / "var" / "policy" / "report.html")
    assert "<h1>" in Path(told.strip()).read_text(encoding="utf-8")
