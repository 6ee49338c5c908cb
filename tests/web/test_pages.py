"""The built web app, served as files."""

import gzip
from pathlib import Path

import httpx
import pytest
from pydantic import ValidationError

from hub.kit.settings import Settings
from hub.web import app

HTML = "<!doctype html><title>board</title>" + " " * 500


@pytest.fixture
def build(settings: Settings) -> Path:
    """What the static build looks like."""
    root = settings.web_dir
    for name in ("index.html", "wall.html", "embed/density.html", "404.html"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(HTML + name)
        (root / f"{name}.gz").write_bytes(gzip.compress((HTML + name).encode()))
    code = root / "_app/immutable/start.a1b2.js"
    code.parent.mkdir(parents=True)
    code.write_text("let a")
    code.with_name("start.a1b2.js.br").write_bytes(b"not really brotli")
    (root / ".secret").write_text("no")
    (root.parent / "outside.html").write_text("outside")
    (root / "link.html").symlink_to(root.parent / "outside.html")
    return root


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("/", "index.html"),
        ("/wall", "wall.html"),
        ("/wall/", "wall.html"),
        ("/embed/density", "embed/density.html"),
        ("/embed/density.html", "embed/density.html"),
    ],
)
async def test_a_page_is_found_by_its_plain_address(client: httpx.AsyncClient, build, path, file):
    answer = await client.get(path, headers={"Accept-Encoding": "identity"})
    assert (answer.status_code, answer.text) == (200, HTML + file)
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


async def test_a_page_comes_small_where_the_browser_can_read_that(client: httpx.AsyncClient, build):
    small = await client.get("/", headers={"Accept-Encoding": "gzip"})
    assert small.headers["content-encoding"] == "gzip"
    assert small.text == HTML + "index.html"
    assert int(small.headers["content-length"]) < 200
    plain = await client.get("/", headers={"Accept-Encoding": "gzip;q=0"})
    assert "content-encoding" not in plain.headers
    assert plain.headers["etag"] != small.headers["etag"]
    assert plain.headers["vary"] == "Accept-Encoding"


async def test_hashed_files_are_kept_for_good_and_pages_are_asked_again(
    client: httpx.AsyncClient, build
):
    code = await client.head("/_app/immutable/start.a1b2.js", headers={"Accept-Encoding": "br"})
    assert code.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert code.headers["content-encoding"] == "br"
    assert code.headers["content-type"] == "text/javascript; charset=utf-8"
    etag = (await client.get("/")).headers["etag"]
    again = await client.get("/", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/nothing", "/.secret", "/link", "/link.html", "/../outside.html", "/%2e%2e/outside.html",
        "//etc/passwd", "/wall.html/x", "/%00", "/" + "x" * 5000, "/_app/immutable",
    ],
)  # fmt: skip
async def test_what_is_not_in_the_build_is_a_friendly_404(client: httpx.AsyncClient, build, path):
    answer = await client.get(path)
    assert (answer.status_code, answer.text) == (404, HTML + "404.html")


async def test_only_the_embedded_board_may_be_framed_by_the_offices_pages(
    client: httpx.AsyncClient, build
):
    embedded = await client.get("/embed/density")
    assert "frame-ancestors https://work.test" in embedded.headers["content-security-policy"]
    assert "x-frame-options" not in embedded.headers
    for path in ("/", "/wall", "/embed", "/nothing"):
        page = await client.get(path)
        assert "frame-ancestors 'self'" in page.headers["content-security-policy"]
        assert page.headers["x-frame-options"] == "SAMEORIGIN"


@pytest.mark.parametrize("path", ["/", "/api/v1/density", "/nothing", "/healthz", "/api/nothing"])
async def test_every_answer_says_what_a_browser_may_do(client: httpx.AsyncClient, path):
    answer = await client.get(path)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "frame-ancestors" in answer.headers["content-security-policy"]
    where = "(self)" if path in ("/", "/nothing") else "()"  # a trip is proved on a page of ours
    for feature in ("geolocation", "camera"):  # and its code is read by the camera
        assert f"{feature}={where}" in answer.headers["permissions-policy"]


async def test_only_what_reads_codes_may_compile_webassembly(client: httpx.AsyncClient, build):
    page = await client.get("/")
    assert "wasm" not in page.headers["content-security-policy"]
    assert "img-src 'self' data:" in page.headers["content-security-policy"].split("; ")
    worker = await client.get("/_app/immutable/workers/scan.a1.js")
    assert worker.headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; "
        "frame-ancestors 'none'"
    )


async def test_pages_show_images_of_the_tile_server_that_the_office_named(settings: Settings):
    tiles = "https://tiles.city.test:8443/{z}/{x}/{y}.png"
    door = app.create_app(settings.model_copy(update={"trip_tiles": tiles}))
    transport = httpx.ASGITransport(door)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://hub.test") as client:
        shown = (await client.get("/")).headers["content-security-policy"].split("; ")
        embedded = (await client.get("/embed/density")).headers["content-security-policy"]
    assert "img-src 'self' data: https://tiles.city.test:8443" in shown
    assert "tiles.city.test" not in embedded


@pytest.mark.parametrize(
    "tiles", ["javascript:alert(1)", "https://a b/", "https://x/; script-src *"]
)
def test_an_address_of_tiles_cannot_widen_what_a_page_may_do(tiles: str):
    with pytest.raises(ValidationError):
        Settings.model_validate({"database_dsn": "postgresql:///x", "trip_tiles": tiles})


async def test_before_the_app_is_built_a_page_says_how_to_build_it(client: httpx.AsyncClient):
    answer = await client.get("/")
    assert answer.status_code == 503
    assert "make web" in answer.text


async def test_pages_cannot_be_written(client: httpx.AsyncClient, build):
    answer = await client.post("/")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
