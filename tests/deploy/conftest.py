"""What `make env` made for one test, and the compose file as Docker would read it."""

import os
import re
import ssl
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy import make_env

ROOT = Path(__file__).parents[2]
HOST = "board.city.test"
OF_MADE = ("secrets", "node-files", "never-backed-up", "checkpoints")  # what `make env` makes


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which `make env` was run."""
    folder = tmp_path_factory.mktemp("server")
    make_env.make(folder, HOST)
    return folder


@pytest.fixture(scope="session")
def compose(made: Path) -> dict[str, Any]:
    """docker-compose.yml with the variables of that folder."""
    return read_compose(made)


def read_compose(made: Path) -> dict[str, Any]:
    """docker-compose.yml with its variables filled in, for a reader of the Compose Specification.

    PyYAML merges `<<` itself; variables are `${NAME}`, `${NAME:-default}` and `${NAME:?sentence}`.
    """
    lines = (made / ".env").read_text().splitlines()
    env = dict(line.split("=", 1) for line in lines if not line.startswith("#"))
    text = (ROOT / "docker-compose.yml").read_text()
    return yaml.safe_load(re.sub(r"\$\{(\w+)(:[-?][^}]*)?\}", lambda m: _filled(m, env), text))


def _filled(found: re.Match[str], env: dict[str, str]) -> str:
    name, otherwise = found[1], found[2] or ""
    if name in env:
        return env[name]
    assert otherwise.startswith(":-"), f"{name} is neither in .env nor has it a default"
    return otherwise.removeprefix(":-")


def mounted(compose: dict[str, Any], name: str, made: Path) -> dict[str, Path]:
    """Where a container's files and folders lie here: those of `make env`, and the repository's."""
    places = {f"/run/secrets/{s}": told["file"] for s, told in compose["secrets"].items()}
    for volume in compose["services"][name].get("volumes", ()):
        here, inside, *_ = volume.split(":")
        places[inside] = here
    ours = {inside: Path(here) for inside, here in places.items() if here.startswith("./")}
    return {
        inside: (made if here.parts[0] in OF_MADE else ROOT) / here for inside, here in ours.items()
    }


def placed(text: str, places: dict[str, Path]) -> str:
    """The text with the container's paths as they are here."""
    for inside, here in sorted(places.items(), reverse=True):
        text = text.replace(inside, str(here))
    return text


def command_of(compose: dict[str, Any], name: str, made: Path) -> list[str]:
    """What a container runs, with the paths as they are here."""
    places = mounted(compose, name, made)
    return [placed(word, places) for word in compose["services"][name]["command"]]


def env_of(compose: dict[str, Any], name: str, made: Path, **more: str) -> dict[str, str]:
    """The environment of a container, with the paths as they are here."""
    places = mounted(compose, name, made)
    told = compose["services"][name].get("environment", {}).items()
    told = {key: placed(str(value), places) for key, value in told}
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("HUB_", "EDGE_"))}
    return {**kept, **told, **more}


def handshake(
    certificate: Path, key: Path, believing: ssl.SSLContext, host: str
) -> ssl.SSLError | None:
    """Somebody at a door that shows this, in memory; why he did not believe it."""
    showing = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    showing.load_cert_chain(certificate, key)
    to_door, to_caller = ssl.MemoryBIO(), ssl.MemoryBIO()
    caller = believing.wrap_bio(to_caller, to_door, server_hostname=host)
    door = showing.wrap_bio(to_door, to_caller, server_side=True)
    for side in (caller, door, caller, door):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
        except ssl.SSLError as error:
            return error
    return None
