"""The compose file pins what it brings, and the commands it names exist."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.batch import killing

yaml = pytest.importorskip("yaml")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((killing.ROOT / "compose.yaml").read_text())
    return loaded


def test_every_image_has_a_version_and_no_host(compose: dict[str, Any]) -> None:
    images = [service["image"] for service in compose["services"].values()]
    for name in {service["build"]["dockerfile"] for service in compose["services"].values() if "build" in service}:
        lines = Path(killing.ROOT, name).read_text(encoding="utf-8").splitlines()
        images += [line.split()[1] for line in lines if line.startswith("FROM ")]
    assert len(images) > len(compose["services"])
    for image in images:
        name, _, version = image.partition(":")
        assert version[:1].isdigit(), image
        assert "/" not in name


def test_every_command_and_its_options_exist(compose: dict[str, Any]) -> None:
    commands = [service["command"] for service in compose["services"].values() if "command" in service]
    assert len(commands) == 4
    for command in commands:
        program = {"dask": "dask", "clausedex": "nlp.cli"}[command[0]]
        line = [sys.executable, "-m", program, command[1], "--help"]
        helped = subprocess.run(line, cwd=killing.ROOT, capture_output=True, text=True, check=True, timeout=120).stdout
        for option in (part for part in command if part.startswith("--")):
            assert option in helped, command


def test_workers_and_the_run_see_the_documents_at_one_path(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert services["worker"]["volumes"] == services["index"]["volumes"]
    assert services["index"]["command"][-1] == services["index"]["volumes"][0].split(":")[-2] == "/documents"
    assert services["scheduler"]["command"][5] == "8786"
    assert services["index"]["environment"]["CLAUSEDEX_CLUSTER"] == "tcp://scheduler:8786" == services["worker"]["command"][2]
    assert Path(killing.ROOT, "constraints.txt").is_file()
