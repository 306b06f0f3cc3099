"""The monthly retrainings, by GitHub and by cron: their commands exist, and none goes round the gate."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from scripts import dummy_data, prepare, retrain_model

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
CRON = ROOT / "deploy" / "retrain.cron"
SCRIPTS = (retrain_model, dummy_data, prepare)
PARSERS = {script.__name__.partition(".")[2]: script._parser() for script in SCRIPTS}


def commands(text: str) -> list[tuple[str, list[str]]]:
    """The scripts that a text runs, with their arguments."""
    joined = text.replace("\\\n", " ").replace("$source", "sheet").replace('"$COUNT"', "200")
    found = re.findall(r"-m scripts\.(\w+)([^>|;&\n]*)", joined)
    return [(name, shlex.split(arguments)) for name, arguments in found]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_are_what_github_takes(path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        "vendor.github-workflows",
        str(path),
    ]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout


def test_the_workflow_runs_what_there_is_and_promotes_nothing() -> None:
    job = yaml.safe_load((ROOT / ".github" / "workflows" / "retrain.yml").read_text())["jobs"][
        "digit"
    ]
    found = commands("\n".join(step.get("run", "") for step in job["steps"]))
    assert [name for name, _ in found] == ["prepare", "dummy_data", "retrain_model"]
    for name, arguments in found:
        options = PARSERS[name].parse_args(arguments)
        assert not getattr(options, "promote", False)


def test_the_cron_line_runs_what_there_is_and_tells_its_exit_code() -> None:
    (line,) = [line for line in CRON.read_text().splitlines() if re.match(r"\d", line)]
    *when, user, command = line.split(maxsplit=6)
    assert (len(when), user) == (5, "inkloop")
    assert "%" not in command  # cron would end the line there
    [(name, arguments)] = commands(command.replace("}", ";"))
    assert PARSERS[name].parse_args(arguments).promote
    shown = subprocess.run(
        [
            "sh",
            "-c",
            command.replace("/srv/inkloop", ".")
            .replace(".venv/bin/python -m scripts.retrain_model --kind digit --promote", "(exit 4)")
            .replace("var/retrain.log", "/dev/stdout"),
        ],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert shown.stdout == "exit 4\n"
