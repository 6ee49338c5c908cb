"""What `make env` made for one test, and the compose file as Docker would read it."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy import make_env

ROOT = Path(__file__).parents[2]
HOST = "board.city.test"


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which `make env` was run."""
    folder = tmp_path_factory.mktemp("server")
    make_env.make(folder, HOST)
    return folder


@pytest.fixture(scope="session")
def env(made: Path) -> dict[str, str]:
    """The .env file as compose reads it."""
    lines = (made / ".env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if not line.startswith("#"))


@pytest.fixture(scope="session")
def compose(env: dict[str, str]) -> dict[str, Any]:
    """docker-compose.yml with its variables filled in, for a reader of the Compose Specification.

    PyYAML merges `<<` itself; variables are `${NAME}`, `${NAME:-default}` and `${NAME:?sentence}`.
    """
    text = (ROOT / "docker-compose.yml").read_text()
    return yaml.safe_load(re.sub(r"\$\{(\w+)(:[-?][^}]*)?\}", lambda m: _filled(m, env), text))


def _filled(found: re.Match[str], env: dict[str, str]) -> str:
    name, otherwise = found[1], found[2] or ""
    if name in env:
        return env[name]
    assert otherwise.startswith(":-"), f"{name} is neither in .env nor has it a default"
    return otherwise.removeprefix(":-")


def as_container(service: dict[str, Any], made: Path, **more: str) -> dict[str, str]:
    """The environment of a container, its secrets where `make env` put them."""
    told = {name: str(value) for name, value in service["environment"].items()}
    for name, value in told.items():
        told[name] = value.replace("/run/secrets/", f"{made / 'secrets'}/")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("HUB_", "EDGE_"))}
    return {**kept, **told, **more}
