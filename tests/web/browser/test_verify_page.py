"""`verify.html` from a USB stick: no hub, no network, real Chromium, a real hub's files."""

import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, FilePayload, Page, expect
from psycopg import AsyncConnection

from hub.kit import clock
from hub.tripproof import auditor_key, codes, leaf, office, tree
from hub.tripproof.bundle import Entry, Header, ProofBundle, export, read_export
from hub.tripproof.checkpoint import Checkpoint
from hub.tripproof.keys import keyset
from hub.tripproof.office import Office
from tests.conftest import Database
from tests.web.browser.looks import SIZES, is_clean, picture
from tests.web.trips import World, opened

pytestmark = pytest.mark.timeout(1_800)  # the page does work of its own; machines are busy
PASSPHRASE = "군산시 감사관실 2026 겨울 열쇠"


@dataclass
class Carried:
    """What an auditor has on the stick: a hub's real files."""

    world: World
    office: Office
    bundle: bytes
    log: bytes
    jwks: bytes
    checkpoint: str
    text: str

    @property
    def key_file(self) -> bytes:
        rounds = auditor_key.ITERATIONS_LOW
        return auditor_key.locked(self.world.auditor, PASSPHRASE, iterations=rounds).encode()

    @property
    def entries(self) -> list[Entry]:
        parts = read_export(BytesIO(self.log))[1]
        return [part for part in parts if isinstance(part, Entry)]

    def exported(self, entries: list[Entry], notes: list[str] | None = None) -> bytes:
        """The export again, over other entries."""
        header, parts = read_export(BytesIO(self.log))
        told = [part for part in parts if isinstance(part, str)] if notes is None else notes
        size = header.size if notes is None else len(entries)
        return b"".join(export(Header(header.origin, size, header.keys), told, entries))


@pytest.fixture
async def carried(
    database: Database, conn: AsyncConnection[Any], tmp_path: Path
) -> AsyncIterator[Carried]:
    async with opened(database, conn, tmp_path) as world:
        await world.phone.enrol(world.han)
        told = [(await world.phone.touches())[1].json() for _ in range(4)]
        first, last = told[0], told[-1]
        size = int(first["checkpoint"].split("\n")[1])
        path = f"/api/v1/trips/proofs/{last['cti']}/bundle"
        why = {"held": size, "why": "2026년 4분기 복무 점검"}
        bundle = (await world.gam.does("GET", path, params=why)).content
        log = (await world.gam.does("GET", "/api/v1/log/export")).content
        jwks = (await world.phone.client.get("/.well-known/cheongsa/keys")).content
        upload, _ = await world.phone.touches()
        text = codes.text(codes.Code.SEALED, upload.sealed)
        held = office.load(tmp_path / "trip", clock.now())
        yield Carried(world, held, bundle, log, jwks, first["checkpoint"], text)


@pytest.fixture
def stick(build: Path, tmp_path: Path) -> str:
    """The one file, alone in a folder."""
    if not (build / "verify.html").is_file():
        pytest.fail("the verifier's page is not built: run `make web`")
    folder = tmp_path / "usb"
    folder.mkdir()
    shutil.copy(build / "verify.html", folder)
    return (folder / "verify.html").as_uri()


@dataclass
class Seen:
    """The page, and all that it asked for and complained of."""

    page: Page
    asked: list[str]
    complaints: list[str]

    async def bring(self, **files: bytes) -> None:
        """Put files in; their names end as `_` says: `log_tpl`."""
        payload: list[FilePayload] = [
            {"name": name.replace("_", "."), "mimeType": "", "buffer": told}
            for name, told in files.items()
        ]
        await self.page.locator("input[type=file]").set_input_files(payload)

    async def says(self, answer: str) -> None:
        await expect(self.page.locator("[data-answer]")).to_have_attribute("data-answer", answer)

    async def finds(self, check: str, outcome: str) -> None:
        found = f"[data-check={check}][data-outcome={outcome}]"
        await expect(self.page.locator(found).first).to_be_visible()


@pytest.fixture
async def seen(browser: Browser, stick: str) -> Seen:
    context = await browser.new_context(locale="ko-KR", timezone_id="Asia/Seoul", offline=True)
    seen = Seen(await context.new_page(), [], [])
    seen.page.on("request", lambda request: seen.asked.append(request.url))
    seen.page.on("console", lambda said: seen.complaints.append(said.text))
    seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    await seen.page.goto(stick)
    return seen


async def test_untouched_files_of_a_hub_are_genuine_without_hub_or_network(
    seen: Seen, carried: Carried, stick: str
):
    assert await seen.page.evaluate("isSecureContext && !!crypto.subtle")
    await seen.bring(keys_json=carried.jwks, held_txt=carried.checkpoint.encode())
    await seen.bring(proof_tpb=carried.bundle)
    await seen.says("genuine")
    await seen.bring(auditor_json=carried.key_file)
    await seen.page.get_by_label("열쇠 파일의 암호").fill(PASSPHRASE)
    await seen.page.get_by_role("button", name="열기").click()
    await seen.finds("statement_fits", "passed")
    await seen.says("genuine")
    await expect(seen.page.get_by_text("35.227900, 128.681100 ± 18 m")).to_be_visible()
    await seen.bring(whole_tpl=carried.log)
    await seen.finds("roots", "passed")
    await seen.says("genuine")
    await expect(seen.page.get_by_text("좌표 열람")).to_be_visible()
    assert seen.asked == [stick]
    assert seen.complaints == []


def edited(carried: Carried) -> bytes:
    at = carried.log.rindex(carried.entries[-1].leaf) + 40
    return carried.log[:at] + bytes([carried.log[at] ^ 1]) + carried.log[at + 1 :]


def deleted(carried: Carried) -> bytes:
    return carried.exported(carried.entries[:4] + carried.entries[5:])


def closed_up(carried: Carried) -> bytes:
    rest = carried.entries[:4] + carried.entries[5:]
    return carried.exported([replace(one, index=index) for index, one in enumerate(rest)])


def swapped(carried: Carried) -> bytes:
    entries = carried.entries
    entries[4], entries[5] = replace(entries[5], index=4), replace(entries[4], index=5)
    return carried.exported(entries)


def forked(carried: Carried) -> bytes:
    """Another history, signed by the hub's own key: only what is held beside shows it."""
    entries = carried.entries
    one = leaf.decoded(entries[0].leaf)
    entries[0] = replace(entries[0], leaf=replace(one, at=one.at - 1).encoded)
    edge = tree.Frontier()
    notes = []
    for entry in entries:
        edge.append(tree.leaf_hash(entry.leaf))
        at = int(clock.now().timestamp())
        made = Checkpoint(carried.office.origin, edge.size, edge.root, at)
        notes.append(made.signed(carried.office.signer).note)
    return carried.exported(entries, notes)


WRONG: dict[str, tuple[Callable[[Carried], bytes], str]] = {
    "a bit edited": (edited, "roots"),
    "an entry deleted": (deleted, "complete"),
    "an entry deleted, the rest closed up": (closed_up, "roots"),
    "two entries swapped": (swapped, "roots"),
    "another history": (forked, "fork"),
}


async def test_a_browser_without_cryptography_says_so_and_nothing_of_any_proof(
    browser: Browser, stick: str
):
    page = await browser.new_page(locale="ko-KR")
    await page.add_init_script("Object.defineProperty(crypto, 'subtle', {value: undefined})")
    await page.goto(stick)
    await expect(page.get_by_role("alert")).to_contain_text("확인할 수 없습니다")
    assert await page.locator("input").count() == 0


async def test_whatever_was_done_to_the_log_or_a_proof_shows_and_is_named(
    seen: Seen, carried: Carried
):
    await seen.bring(keys_json=carried.jwks, held_txt=carried.checkpoint.encode())
    for change, check in WRONG.values():
        await seen.bring(whole_tpl=change(carried))
        await seen.finds(check, "failed")
        await seen.says("changed")
        await seen.bring(whole_tpl=carried.log)
        await seen.says("genuine")
    told, one = carried.bundle, ProofBundle.decoded(carried.bundle)
    for part in (one.leaf, one.receipt, one.sealed or b"", one.verdict, one.checkpoint.encode()):
        at = told.index(part) + len(part) // 2
        await seen.bring(proof_tpb=told[:at] + bytes([told[at] ^ 4]) + told[at + 1 :])
        await seen.says("changed")
        await seen.bring(proof_tpb=told)
        await seen.says("genuine")


async def test_what_is_missing_is_said_instead_of_genuine(
    seen: Seen, carried: Carried, tmp_path: Path
):
    await seen.bring(proof_tpb=carried.bundle)
    await seen.finds("keys_held", "missing")
    await seen.says("unknown")
    other = keyset(office.make(tmp_path / "other", "5670000", "other.example", clock.now()).keys)
    await seen.bring(other_cose=other.encoded, held_txt=carried.checkpoint.encode())
    await seen.finds("checkpoint", "missing")
    await seen.says("unknown")


async def test_a_code_s_text_a_dropped_file_and_a_wrong_passphrase(seen: Seen, carried: Carried):
    await seen.page.get_by_label("QR에서 읽은").fill(carried.text)
    await seen.page.get_by_role("button", name="이 글자 확인").click()
    await seen.finds("in_log", "missing")
    await seen.says("unknown")
    await seen.bring(auditor_json=carried.key_file)
    await seen.page.get_by_label("열쇠 파일의 암호").fill("다른 암호문이지만 길이는 넉넉함")
    await seen.page.get_by_role("button", name="열기").click()
    await expect(seen.page.get_by_role("alert")).to_contain_text("열리지 않습니다")
    await seen.bring(letter_txt=b"something else")
    await expect(seen.page.get_by_role("alert")).to_contain_text("letter.txt")
    dropped = await seen.page.evaluate_handle(
        """(octets) => {
            const carried = new DataTransfer();
            carried.items.add(new File([Uint8Array.from(octets)], 'dropped.tpb'));
            return carried;
        }""",
        list(carried.bundle),
    )
    await seen.page.dispatch_event("main", "drop", {"dataTransfer": dropped})
    await seen.finds("verdict_fits", "passed")
    await seen.page.get_by_role("button", name="English").click()
    await expect(seen.page.get_by_text("Unknown", exact=True)).to_be_visible()


async def test_it_looks_well_on_every_screen_and_axe_finds_nothing(seen: Seen, carried: Carried):
    await is_clean(seen.page)
    await picture(seen.page, "verify-empty")
    for name in ("English", "파일 고르기"):
        await seen.page.keyboard.press("Tab")
        focused = await seen.page.evaluate(
            "document.activeElement.closest('label, button').textContent"
        )
        assert name in focused
    await seen.bring(keys_json=carried.jwks, held_txt=carried.checkpoint.encode())
    for scheme in ("light", "dark"):
        await seen.page.emulate_media(color_scheme=scheme)
        for width, height in SIZES:
            await seen.page.set_viewport_size({"width": width, "height": height})
            told, answer = LOOKS[width]
            await seen.bring(**told(carried))
            await seen.says(answer)
            await is_clean(seen.page)
            await picture(seen.page, f"verify-{answer}-{width}-{scheme}")


LOOKS: dict[int, tuple[Callable[[Carried], dict[str, bytes]], str]] = {
    360: (lambda carried: {"proof_tpb": carried.bundle}, "genuine"),
    768: (lambda carried: {"whole_tpl": closed_up(carried)}, "changed"),
    1920: (lambda carried: {"whole_tpl": carried.log}, "genuine"),
}
