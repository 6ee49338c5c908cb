"""Files that hold secrets: only their owner may read them."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from hub.watch.doctor.finding import Finding, found

OTHERS: Final = 0o077
MOUNTED: Final = Path("/run/secrets")  # Docker's: inside the container, with modes of its own


def look(env: Mapping[str, str]) -> Iterator[Finding]:
    """Every file that a variable names as a secret's, and the folder of `make run`."""
    wrong = list(_open_to_others(env))
    for path, mode in wrong:
        yield found("files.open", path=path, mode=f"{mode:04o}")
    if not wrong:
        yield found("files.ok")


def _open_to_others(env: Mapping[str, str]) -> Iterator[tuple[Path, int]]:
    named = [Path(env[name]) for name in sorted(env) if _names_a_secret(name)]
    if data_dir := env.get("CHEONGSA_DATA_DIR"):
        servers = Path(data_dir) / "servers"
        named += [
            servers,
            Path(data_dir) / "running.json",
            *sorted(servers.glob("*password*")),
            *sorted(servers.glob("*.acl")),
        ]
    for path in named:
        if path.exists() and MOUNTED not in path.parents:
            mode = path.stat().st_mode & 0o7777
            if mode & OTHERS:
                yield path, mode


def _names_a_secret(name: str) -> bool:
    return name.startswith("HUB_") and name.endswith(("_PASSWORD_FILE", "_DSN_FILE", "_KEY_FILE"))
