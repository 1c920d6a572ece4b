"""The published policy, read once, and where its file lies."""

from pathlib import Path

import pytest

from bot.policy import Policy, load_policy


@pytest.fixture(scope="session")
def policy_file() -> Path:
    return Path(__file__).parents[2] / "data" / "policy" / "customer_service.yml"


@pytest.fixture(scope="session")
def policy(policy_file: Path) -> Policy:
    return load_policy(policy_file)
