"""A Python is found where version managers keep it, and only if it runs."""

from pathlib import Path

from bot.bootstrap.pythons import find_python


def program(path: Path, *lines: str) -> Path:
    path.parent.mkdir(parents=True)
    path.write_text("\n".join(("#!/bin/sh", *lines)))
    path.chmod(0o755)
    return path


def test_a_version_managers_newest_patch_comes_before_the_path(tmp_path: Path) -> None:
    for patch in ("9", "13"):
        program(tmp_path / f".pyenv/versions/3.10.{patch}/bin/python3.10", "echo 3.10")
    shim = program(tmp_path / "shims/python3.10", "echo 3.10")
    found = find_python("3.10", {"PATH": str(shim.parent)}, tmp_path)
    assert found == tmp_path / ".pyenv/versions/3.10.13/bin/python3.10"


def test_a_shim_that_does_not_run_is_passed_over(tmp_path: Path) -> None:
    shim = program(tmp_path / "shims/python3.10", "echo 'command not found' >&2", "exit 127")
    real = program(tmp_path / "bin/python3.10", "echo 3.10")
    found = find_python("3.10", {"PATH": f"{shim.parent}:{real.parent}"}, tmp_path)
    assert found == real


def test_a_python_of_another_version_is_not_taken(tmp_path: Path) -> None:
    other = program(tmp_path / "bin/python3.10", "echo 3.12")
    assert find_python("3.10", {"PATH": str(other.parent)}, tmp_path) is None


def test_a_version_managers_folder_may_be_named_by_its_own_variable(tmp_path: Path) -> None:
    kept = program(tmp_path / "kept/versions/3.10.1/bin/python3.10", "echo 3.10")
    environ = {"PATH": "", "PYENV_ROOT": str(tmp_path / "kept")}
    assert find_python("3.10", environ, tmp_path / "home") == kept
