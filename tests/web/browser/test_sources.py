"""What needs node but no browser: the app's own tests, and types that are the hub's."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

WEB = Path("dashboards/web").resolve()
HOW = "python -m hub openapi > dashboards/web/openapi.json; cd dashboards/web; npm run types\n"
NODE_ENV = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


def node(*command: str) -> subprocess.CompletedProcess[str]:
    if not (WEB / "node_modules").is_dir():
        pytest.fail("the web app's packages are not here: run `make web`")
    return subprocess.run(
        command, cwd=WEB, env=NODE_ENV, capture_output=True, text=True, check=False
    )


def test_the_apps_own_tests_pass():
    done = node("npm", "test", "--silent")
    assert done.returncode == 0, done.stdout[-4000:]


def test_the_committed_types_are_those_of_the_hubs_openapi(tmp_path: Path):
    openapi = tmp_path / "openapi.json"
    told = subprocess.run([sys.executable, "-m", "hub", "openapi"], capture_output=True, check=True)
    openapi.write_bytes(told.stdout)
    types = WEB / "src/lib/api/schema.d.ts"
    done = node(
        str(WEB / "node_modules/.bin/openapi-typescript"), str(openapi), "-o", str(types), "--check"
    )
    assert done.returncode == 0, HOW + done.stdout + done.stderr
