"""pip's settings reach uv, and what uv was told itself stays."""

import sys
from pathlib import Path

import pytest

from bot.bootstrap.package_index import parse_pip_settings, uv_environment

PYTHON_WITH_PIP = sys.base_prefix  # the environment under test has no pip of its own


def test_the_index_of_pips_variables_is_handed_on() -> None:
    env = uv_environment(
        {
            "PATH": "",
            "PIP_CONFIG_FILE": "/dev/null",
            "PIP_INDEX_URL": "https://index.example/simple",
            "PIP_EXTRA_INDEX_URL": "https://one.example/simple https://two.example/simple",
            "PIP_FIND_LINKS": "/wheels /more",
            "PIP_CERT": "/certificates.pem",
            "PIP_PROXY": "http://proxy.example:3128",
        }
    )
    assert env["UV_DEFAULT_INDEX"] == "https://index.example/simple"
    assert env["UV_INDEX"] == "https://one.example/simple https://two.example/simple"
    assert env["UV_FIND_LINKS"] == "/wheels,/more"
    assert env["SSL_CERT_FILE"] == "/certificates.pem"
    assert env["HTTPS_PROXY"] == "http://proxy.example:3128"


def test_what_uv_was_told_itself_stays() -> None:
    env = uv_environment(
        {
            "PATH": "",
            "PIP_CONFIG_FILE": "/dev/null",
            "PIP_INDEX_URL": "https://pip.example/simple",
            "UV_INDEX_URL": "https://uv.example/simple",
        }
    )
    assert "UV_DEFAULT_INDEX" not in env
    assert env["UV_INDEX_URL"] == "https://uv.example/simple"


@pytest.mark.parametrize(
    ("listing", "expected"),
    [
        ("global.index-url='https://a.example'", "https://a.example"),
        (
            "global.index-url='https://a.example'\ninstall.index-url='https://b.example'",
            "https://b.example",
        ),
        (
            ":env:.index-url='https://c.example'\nglobal.index-url='https://a.example'",
            "https://c.example",
        ),
    ],
)
def test_the_nearest_of_pips_settings_counts(listing: str, expected: str) -> None:
    assert parse_pip_settings(listing)["index-url"] == expected


def test_a_pip_configuration_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = Path(PYTHON_WITH_PIP) / "bin" / "python3"
    monkeypatch.setattr(sys, "executable", str(python))
    file = tmp_path / "pip.conf"
    file.write_text("[global]\nindex-url = https://file.example/simple\n")
    env = uv_environment({"PATH": "", "HOME": str(tmp_path), "PIP_CONFIG_FILE": str(file)})
    assert env["UV_DEFAULT_INDEX"] == "https://file.example/simple"
