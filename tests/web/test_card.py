"""The card of a node over HTTP, and the shelf that nodes fetch from."""

import hashlib
import zipfile
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg import AsyncConnection

from hub.devices import enrol_code, node_files, pki_files
from hub.kit import clock
from hub.web import app
from tests.conftest import Database
from tests.hub.density.offices import open_office
from tests.web.conftest import settings_for
from tests.web.people import Somebody, add, browser

CARD: Final = "/api/v1/nodes/demo/cam-1/card"
WIFI: Final = {"ssid": "청사", "password": "correct horse", "country": "KR"}


@pytest.fixture
def shelves(tmp_path: Path) -> Path:
    for name, text in (
        ("trixie/a-1.0-py3-none-any.whl", b"wheel"),
        ("bookworm/a-1.0-py3-none-any.whl", b"wheel"),
        ("models/yolo.tar", b"model"),
    ):
        path = tmp_path / "shelves" / name
        path.parent.mkdir(parents=True)
        path.write_bytes(text)
    return tmp_path / "shelves"


@pytest.fixture
async def facilities(
    database: Database, conn: AsyncConnection[Any], tmp_path: Path, shelves: Path
) -> AsyncIterator[Somebody]:
    pki_files.make(tmp_path / "ca", "Test CA", clock.now())
    settings = settings_for(
        database,
        ca_dir=tmp_path / "ca",
        public_url="https://localhost:8443",
        node_broker_url="mqtts://127.0.0.1",
        node_files_dir=shelves,
    )
    await open_office(conn)
    await add(conn, "lee", "facilities")
    door = app.create_app(settings)
    async with door.api.router.lifespan_context(door.api), browser(door) as somebody:
        assert (await somebody.sign_in("lee")).status_code == 200
        yield somebody


async def test_a_card_holds_a_new_code_and_what_a_node_needs(
    facilities: Somebody, conn: AsyncConnection[Any]
):
    answer = await facilities.does("POST", CARD, json={"release": "trixie", "wifi": WIFI})
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert 'filename="cheongsa-demo-cam-1.zip"' in answer.headers["content-disposition"]
    with zipfile.ZipFile(BytesIO(answer.content)) as card:
        code = card.read("cheongsa/code").decode().strip()
        hub = card.read("cheongsa/hub.nft").decode()
        conf = card.read("cheongsa/node.conf").decode()
        assert "correct horse" in card.read("network-config").decode()
    assert "ip daddr 127.0.0.1 tcp dport 8443 accept" in hub
    assert "ip daddr 127.0.0.1 tcp dport 8883 accept" in hub
    assert f"MODEL_SHA256={hashlib.sha256(b'model').hexdigest()}" in conf
    kept = await (await conn.execute("SELECT sha256 FROM enrol_code")).fetchall()
    assert kept == [(enrol_code.digest(code),)]
    told = await (await conn.execute("SELECT actor, action, subject FROM audit_entry")).fetchall()
    assert ("lee", "node.card", "demo/cam-1") in told
    assert "correct horse" not in str(
        await (await conn.execute("SELECT * FROM audit_entry")).fetchall()
    )


async def test_without_wheels_a_model_or_a_name_that_is_known_no_code_is_made(
    facilities: Somebody, conn: AsyncConnection[Any], shelves: Path
):
    (shelves / "models" / "yolo.tar").unlink()
    answer = await facilities.does("POST", CARD, json={"release": "trixie"})
    assert answer.status_code == 409
    assert "HUB_NODE_FILES_DIR" in answer.json()["detail"]
    assert await (await conn.execute("SELECT FROM enrol_code")).fetchall() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"release": "buster"},
        {"release": "trixie", "ssh_key": "ssh-ed25519 AAAA\nroot ALL"},
        {"release": "trixie", "wifi": WIFI | {"password": "short"}},
        {"release": "trixie", "wifi": WIFI | {"ssid": "a\nb"}},
        {"release": "trixie", "wifi": WIFI | {"country": "kr; reboot"}},
        {"release": "trixie", "root_password": "x"},
    ],
)
async def test_what_does_not_belong_on_a_card_is_refused(facilities: Somebody, wrong: Any):
    assert (await facilities.does("POST", CARD, json=wrong)).status_code == 422


async def test_pip_and_nodes_take_what_lies_on_the_shelf_and_nothing_beside_it(
    facilities: Somebody, shelves: Path
):
    (shelves / "secret.txt").write_text("secret")
    page = (await facilities.does("GET", "/api/v1/node-files/trixie/")).text
    sha256 = hashlib.sha256(b"wheel").hexdigest()
    assert f'href="a-1.0-py3-none-any.whl#sha256={sha256}"' in page
    path = "/api/v1/node-files/trixie/"
    assert (await facilities.does("GET", path + "a-1.0-py3-none-any.whl")).content == b"wheel"
    for beside in ("..%2Fsecret.txt", "%2e%2e/secret.txt", "b.whl", ".hidden"):
        assert (await facilities.does("GET", path + beside)).status_code in (404, 422)
    assert (await facilities.does("GET", "/api/v1/node-files/etc/passwd")).status_code == 422


@given(st.text(max_size=60))
def test_no_name_leads_off_the_shelf(name: str):
    with pytest.raises(node_files.NoNodeFiles):
        node_files.named(Path(__file__).parent.parent, "models", name)
