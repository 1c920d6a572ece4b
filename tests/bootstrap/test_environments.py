"""An environment is installed once, mended after an interruption, and then left alone."""

import hashlib
import os
import shutil
import sys
import zipfile
from pathlib import Path

import pytest

from bot.bootstrap.environments import STAMP, Environment
from bot.bootstrap.installer import find_uv
from bot.bootstrap.steps import SetupFailed, Steps

ROOT = Path(__file__).resolve().parents[2]
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"


@pytest.fixture
def uv() -> Path:
    found = find_uv(ROOT, os.environ, Path.home())
    assert found, "uv is there once `make setup` has run"
    return found


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return {**os.environ, "UV_NO_INDEX": "1", "UV_FIND_LINKS": str(tmp_path / "wheels")}


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    """One that needs a single package, `ring`, which lies beside it."""
    digest = hashlib.sha256(wheel(tmp_path / "wheels").read_bytes()).hexdigest()
    requirements = tmp_path / "requirements.txt"
    requirements.write_text(f"ring==1.0 --hash=sha256:{digest}\n")
    return Environment(
        title="the test", folder=tmp_path / ".venv", versions=(VERSION,), requirements=requirements
    )


def wheel(folder: Path) -> Path:
    folder.mkdir()
    path = folder / "ring-1.0-py3-none-any.whl"
    about = "ring-1.0.dist-info"
    files = {
        "ring.py": "METAL = 'gold'\n",
        f"{about}/METADATA": "Metadata-Version: 2.1\nName: ring\nVersion: 1.0\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/RECORD": "",
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def ring_of(environment: Environment) -> Path:
    return environment.folder / "lib" / f"python{VERSION}" / "site-packages" / "ring.py"


def test_a_new_environment_is_made_and_then_is_current(
    environment: Environment, uv: Path, env: dict[str, str], tmp_path: Path
) -> None:
    assert not environment.is_current()
    environment.install(uv, env, Steps(tmp_path))
    assert environment.is_current()
    assert ring_of(environment).exists()


def test_changed_requirements_make_it_outdated(
    environment: Environment, uv: Path, env: dict[str, str], tmp_path: Path
) -> None:
    environment.install(uv, env, Steps(tmp_path))
    with environment.requirements.open("a") as file:
        file.write("# another line\n")
    assert not environment.is_current()


def test_an_interrupted_installation_is_mended_by_the_next(
    environment: Environment, uv: Path, env: dict[str, str], tmp_path: Path
) -> None:
    environment.install(uv, env, Steps(tmp_path))
    (environment.folder / STAMP).unlink()
    (environment.folder / "bin" / "python").unlink()
    environment.install(uv, env, Steps(tmp_path))
    assert environment.is_current()
    assert ring_of(environment).exists()


def test_an_environment_copied_from_elsewhere_is_made_anew(
    environment: Environment, uv: Path, env: dict[str, str], tmp_path: Path
) -> None:
    environment.install(uv, env, Steps(tmp_path))
    moved = Environment("the test", tmp_path / "b" / ".venv", (VERSION,), environment.requirements)
    shutil.copytree(environment.folder, moved.folder, symlinks=True)
    assert not moved.is_current()
    moved.install(uv, env, Steps(tmp_path))
    assert str(moved.folder) in (moved.folder / "bin" / "activate").read_text()


def test_a_file_that_is_not_the_recorded_one_is_refused(
    environment: Environment, uv: Path, env: dict[str, str], tmp_path: Path
) -> None:
    environment.requirements.write_text(f"ring==1.0 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(SetupFailed, match="not the one that was recorded"):
        environment.install(uv, env, Steps(tmp_path))
    assert not environment.is_current()
