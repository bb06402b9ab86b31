"""What operators install with and what the program does: names, commands and figures are the same."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.monitoring import Metrics
from bot.settings import Settings
from bot.vocabulary import Alarm
from tests.sources import ROOT
from tests.test_house_documents import commands

DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
UNIT = (DEPLOY / "leakbot.service").read_text(encoding="utf-8")
DASHBOARD: dict[str, Any] = json.loads((DEPLOY / "dashboard.json").read_text(encoding="utf-8"))
README = (ROOT / "README.md").read_text(encoding="utf-8")
VARIABLES = {str(field.validation_alias) for field in Settings.model_fields.values()}


def known(variable: str) -> bool:
    return variable.removesuffix("_FILE") in VARIABLES


def test_every_variable_that_is_set_is_one_the_program_reads() -> None:
    ours = r"\b((?:LEAKBOT|SLACK)_[A-Z_]+)="
    for text in (DOCKERFILE, UNIT):
        found = re.findall(ours, text)
        assert found
        assert [name for name in found if not known(name)] == []
    for service in ("leakbot", "upgrade"):
        assert [name for name in COMPOSE["services"][service]["environment"] if not known(name)] == []


def test_every_command_that_is_run_is_one_of_the_programs() -> None:
    assert re.search(r'^ENTRYPOINT \["leakbot"\]$', DOCKERFILE, re.MULTILINE), (
        "exec form: SIGTERM must arrive"
    )
    run = [re.findall(r'^CMD \["(\w+)"\]$', DOCKERFILE, re.MULTILINE)[-1]]
    run += [" ".join(COMPOSE["services"][service]["command"]) for service in ("leakbot", "upgrade")]
    run += re.findall(r"^ExecStart=\S+/leakbot (.+)$", UNIT, re.MULTILINE)
    assert len(run) == 4
    assert set(run) <= set(commands())


def test_the_image_is_made_of_what_is_locked_and_runs_as_nobody() -> None:
    assert "--require-hashes" in DOCKERFILE
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    names = [name for line in copied for name in line.split()]
    assert [name for name in names if not (ROOT / name).exists()] == []
    allowed = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert {f"!{name}" for name in names} == {line for line in allowed if line.startswith("!")}
    assert allowed[1] == "*", "neither a database nor a secret ever gets into an image"
    after = DOCKERFILE.rsplit("FROM ", 1)[1]
    assert re.search(r"^USER leakbot$", after, re.MULTILINE)
    assert "/healthz" in after


def test_the_image_carries_what_the_wheel_is_made_of() -> None:
    made_of = {
        "bot",
        *re.findall(r'^"(.+)" = "bot/_data', (ROOT / "pyproject.toml").read_text(), re.MULTILINE),
    }
    assert {
        name for name in made_of if not re.search(rf"^COPY .*\b{re.escape(name)}\b", DOCKERFILE, re.M)
    } == set()


def test_the_composition_waits_for_the_database_and_holds_no_secret() -> None:
    services = COMPOSE["services"]
    assert services["upgrade"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert services["leakbot"]["depends_on"] == {"upgrade": {"condition": "service_completed_successfully"}}
    assert "pg_isready" in services["database"]["healthcheck"]["test"]
    given = set(COMPOSE["secrets"])
    for service in services.values():
        assert set(service["secrets"]) <= given
        for name, value in service["environment"].items():
            if str(value).startswith("/run/secrets/"):
                assert name.endswith("_FILE")
                assert value.removeprefix("/run/secrets/") in service["secrets"]
        for volume in service["volumes"]:
            assert volume["type"] == "bind" or volume["source"] in COMPOSE["volumes"]
    assert services["leakbot"]["read_only"] is True
    assert services["leakbot"]["cap_drop"] == ["ALL"]


def test_the_unit_is_hardened_and_starts_again_unless_a_person_must_mend_it() -> None:
    for line in ("NoNewPrivileges=yes", "ProtectSystem=strict", "StateDirectory=leakbot", "Restart=always"):
        assert line in UNIT.splitlines()
    assert "RestartPreventExitStatus=2" in UNIT.splitlines(), (
        "2 is wrong configuration, whatever is tried again"
    )
    loaded = re.findall(r"^LoadCredential=(\w+):", UNIT, re.MULTILINE)
    assert re.findall(r"=%d/(\w+)$", UNIT, re.MULTILINE) == loaded


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not on this machine")
def test_systemd_knows_every_key_of_the_unit(tmp_path: Path) -> None:
    unit = tmp_path / "leakbot.service"
    unit.write_text(UNIT.replace("/srv/leakbot/bin/leakbot", "/bin/true"), encoding="utf-8")
    command = ["systemd-analyze", "verify", "--man=no", str(unit)]
    said = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    assert [line for line in said.stderr.splitlines() if "leakbot.service" in line] == []


def figures() -> set[str]:
    """The names of all figures as Prometheus stores them."""
    names = set()
    for family in Metrics().registry.collect():
        names.add(f"{family.name}_total" if family.type == "counter" else family.name)
    return names


def test_the_dashboard_shows_every_figure_and_no_other() -> None:
    asked = [target["expr"] for panel in DASHBOARD["panels"] for target in panel.get("targets", ())]
    shown = {name for expr in asked for name in re.findall(r"\bleakbot_\w+", expr)}
    assert shown == figures()
    assert all(re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", panel["title"]) for panel in DASHBOARD["panels"])
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])


def test_readme_says_what_each_alarm_means_and_names_every_file() -> None:
    assert [alarm.value for alarm in Alarm if f"`{alarm.value}`" not in README] == []
    names = [path.name for path in DEPLOY.iterdir() if not path.name.endswith(".dockerignore")]
    assert [name for name in names if f"deploy/{name}" not in README] == []
