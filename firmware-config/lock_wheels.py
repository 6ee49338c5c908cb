"""`make lock`: which wheels a node gets, for each Raspberry Pi OS, with their hashes.

pip resolves for the Pi on any machine; what it would install is written down.
"""

import json
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from hub.devices.node_files_command import RELEASES, platform_options  # noqa: E402


def asked() -> list[str]:
    """What a node asks for, as pyproject says it."""
    project = tomllib.loads((HERE.parent / "pyproject.toml").read_text())["project"]
    return [*project["dependencies"], *project["optional-dependencies"]["edge"]]


def resolved(release: str) -> list[dict[str, dict[str, object]]]:
    """What pip would install on a Pi with this release."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [
            sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", "--target", folder,
            "--disable-pip-version-check", "--ignore-installed", "--report", str(report),
            "--constraint", str(HERE / f"constraints-{release}.txt"),
            *platform_options(release), *asked(),
        ]  # fmt: skip
        subprocess.run(command, check=True)  # noqa: S603
        return json.loads(report.read_text())["install"]


def lock(release: str) -> str:
    """One line a wheel, by name."""
    lines = []
    for one in resolved(release):
        about, sha256 = one["metadata"], one["download_info"]["archive_info"]["hashes"]["sha256"]  # type: ignore[index]
        lines.append(f"{about['name']}=={about['version']} --hash=sha256:{sha256}\n")
    return "".join(sorted(lines, key=str.lower))


for name in RELEASES:
    (HERE / f"wheels-{name}.txt").write_text(
        f"# Made by `make lock`: the wheels of a node with Raspberry Pi OS {name.title()}.\n"
        + lock(name)
    )
