"""docker-compose.yml against its specification, and everything it names against what is there."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.conftest import OF_MADE, ROOT

HUB = ("migrate", "ca", "keeper", "web", "trip-door", "ingest", "worker")
OURS = (*HUB, "node-files", "broker", "proxy", "prometheus", "grafana", "sim")
SAID = ("command", "environment")


def test_it_holds_to_the_compose_specification():
    command = ["check_jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"]
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_every_mounted_file_and_secret_is_there(compose: dict[str, Any], made: Path):
    volumes = [v for service in compose["services"].values() for v in service.get("volumes", ())]
    named = {v.split(":")[0] for v in volumes}
    for path in (p for p in named if p.startswith("./")):
        place = made if path.split("/")[1] in OF_MADE else ROOT
        assert (place / path).exists(), path
    assert {p for p in named if not p.startswith("./")} == set(compose["volumes"])
    for name, secret in compose["secrets"].items():
        assert (made / secret["file"]).read_text(), name


def test_every_file_that_a_program_is_told_of_is_mounted_for_it(compose: dict[str, Any]):
    for name, service in compose["services"].items():
        mounts = [v.split(":")[1] for v in service.get("volumes", ())]
        told = re.findall(r"/srv/(?!wheels)[\w-]+", str([service.get(k) for k in SAID]))
        assert {*told} <= {*mounts}, name
    conf = (ROOT / "firmware-config/broker/mosquitto.conf").read_text()
    mounts = [v.split(":")[1] for v in compose["services"]["broker"]["volumes"]]
    for path in re.findall(r"^\w+ (/\S+)$", conf, re.MULTILINE):
        assert path.rpartition("/")[0] in mounts, path


def test_what_is_copied_elsewhere_and_what_never_is_lie_apart(compose: dict[str, Any]):
    """Wrap keys: who makes or destroys them writes there; who signs only reads its keys."""
    mounts = {
        name: {v.split(":")[1]: v for v in service.get("volumes", ())}
        for name, service in compose["services"].items()
    }
    wrap = {
        name: seen["/srv/trip-wrap"] for name, seen in mounts.items() if "/srv/trip-wrap" in seen
    }
    assert set(wrap) == {"migrate", "web", "trip-door", "worker"}
    assert {mount.split(":")[0] for mount in wrap.values()} == {"./never-backed-up/trip-wrap"}
    trip = {name: seen["/srv/trip"] for name, seen in mounts.items() if "/srv/trip" in seen}
    assert {n for n, mount in trip.items() if not mount.endswith(":ro")} == {"migrate"}
    assert not [v for seen in mounts.values() for v in seen.values() if v.startswith("./secrets:")]


def test_every_secret_that_a_service_reads_is_given_to_it(compose: dict[str, Any]):
    for name, service in compose["services"].items():
        wanted = set(re.findall(r"/run/secrets/(\w+)", str(service)))
        assert wanted == set(service.get("secrets", ())), name


def test_no_password_stands_in_the_file_or_in_an_environment(compose: dict[str, Any], made: Path):
    words = [f.read_text() for f in (made / "secrets").glob("*_password")]
    allowed = {"GRAFANA_DB_PASSWORD"}  # Grafana reads its source's password there only
    for name, service in compose["services"].items():
        told = {k: v for k, v in service.get("environment", {}).items() if k not in allowed}
        assert not [word for word in words if word in str(told)], name


@pytest.mark.parametrize("name", OURS)
def test_each_has_only_what_it_needs(compose: dict[str, Any], name: str):
    service = compose["services"][name]
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert service["read_only"] is True
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert int(service["user"].split(":")[0]) > 0


def test_the_database_is_out_of_reach_of_the_proxy_and_of_the_world(compose: dict[str, Any]):
    services = compose["services"]
    assert not set(services["db"]["networks"]) & set(services["proxy"]["networks"])
    assert "ports" not in services["db"]
    assert compose["networks"]["inside"]["internal"]
    published = {name for name, service in services.items() if "ports" in service}
    assert published == {"broker", "proxy", "grafana", "trip-door"}
    assert services["trip-door"]["ports"] == ["127.0.0.1:8001:8000"]  # until somebody opens it
    assert services["grafana"]["ports"][0].startswith("127.0.0.1:")
    assert [port.rpartition(":")[2] for port in services["broker"]["ports"]] == ["8883"]


def test_doors_are_the_restricted_user_and_only_migrate_and_worker_the_owner(
    compose: dict[str, Any],
):
    dsn = {n: compose["services"][n]["environment"]["HUB_DATABASE_DSN_FILE"] for n in HUB}
    assert {n for n, file in dsn.items() if file.endswith("owner_dsn")} == {"migrate", "worker"}


def test_what_the_dockerfile_copies_is_there_and_not_ignored():
    copied = re.findall(r"^COPY (?!--)(.+) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    let_in = {
        line[1:]
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    }
    for path in " ".join(copied).split():
        assert (ROOT / path).exists(), path
        assert path in let_in, path


def test_every_program_of_the_images_is_one_of_ours(compose: dict[str, Any]):
    from hub.__main__ import _parser

    for name in (*HUB, "node-files"):
        _parser().parse_args(compose["services"][name]["command"])
