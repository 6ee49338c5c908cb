"""data.go.kr as its documents say, over real HTTP: 국세청, 나라장터, 공정위; and what can go wrong.

It refuses what the real one refuses: another key or one that was encoded twice (401, or XML), more
than 100 numbers (413), no numbers (411), no JSON (400).
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from hub.automation.vendors.fetch import Outside

KEY = "a+b/c=="  # what a Decoding key looks like: each of these must be encoded, once
XML = (
    "<OpenAPI_ServiceResponse><cmmMsgHeader><errMsg>SERVICE ERROR</errMsg>"
    "<returnAuthMsg>{}</returnAuthMsg><returnReasonCode>{}</returnReasonCode>"
    "</cmmMsgHeader></OpenAPI_ServiceResponse>"
)
BAD_KEY = XML.format("SERVICE_KEY_IS_NOT_REGISTERED_ERROR", 30)
QUOTA = XML.format("LIMITED_NUMBER_OF_SERVICE_REQUESTS_EXCEEDS_ERROR", 22)
TAX = {
    "01": "부가가치세 일반과세자",
    "02": "부가가치세 간이과세자",
    "04": "부가가치세 면세사업자",
    "07": "부가가치세 간이과세자(세금계산서 발급사업자)",
}
STATES = {"01": "계속사업자", "02": "휴업자", "03": "폐업자"}
ENDPOINTS = ("status", "validate", "getPrcrmntCorpBasicInfo02", "getMllBsInfoDetail_3")
Answer = tuple[int, str, bytes]


@dataclass
class Business:
    """One business as the 국세청 has it."""

    state: str = "01"
    tax: str = "01"
    ended: str = ""
    opened: str = "20000101"
    representative: str = "김사장"
    more: dict[str, str] = field(default_factory=dict)

    def row(self, number: str) -> dict[str, str]:
        return {
            "b_no": number, "b_stt": STATES[self.state], "b_stt_cd": self.state,
            "tax_type": TAX[self.tax], "tax_type_cd": self.tax, "end_dt": self.ended,
            "utcc_yn": "N", "tax_type_change_dt": "", "invoice_apply_dt": "",
            "rbf_tax_type": "해당없음", "rbf_tax_type_cd": "99", **self.more,
        }  # fmt: skip


UNKNOWN = {
    "b_stt": "", "b_stt_cd": "", "tax_type_cd": "", "end_dt": "", "utcc_yn": "",
    "tax_type": "국세청에 등록되지 않은 사업자등록번호입니다.",
    "tax_type_change_dt": "", "invoice_apply_dt": "", "rbf_tax_type": "", "rbf_tax_type_cd": "",
}  # fmt: skip


@dataclass
class Portal:
    """What it knows, what it was asked, and how it misbehaves."""

    businesses: dict[str, Business] = field(default_factory=dict)
    procurement: dict[str, dict[str, str]] = field(default_factory=dict)
    mail_order: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    wrong: dict[str, Callable[[], Answer]] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    """What every answer also has at its head."""
    asked: list[tuple[str, Any]] = field(default_factory=list)
    url: str = ""
    go_on: threading.Event = field(default_factory=threading.Event)

    def outside(self, key: str | None = KEY, **given: Any) -> Outside:
        """Patient: a busy machine is not a slow source."""
        return Outside(
            key, f"{self.url}/nts", f"{self.url}/ao/getPrcrmntCorpBasicInfo02",
            f"{self.url}/ftc/getMllBsInfoDetail_3", **{"patience_s": 90.0, "pause_s": 0.0, **given},
        )  # fmt: skip

    def settings(self) -> dict[str, str]:
        """As a hub is told of it."""
        told = self.outside()
        return {
            "data_go_kr_key": KEY, "business_status_url": told.status_url,
            "procurement_url": told.procurement_url, "mail_order_url": told.mail_order_url,
        }  # fmt: skip

    def everywhere(self, wrong: Callable[[], Answer]) -> None:
        self.wrong = dict.fromkeys(ENDPOINTS, wrong)

    def times(self, endpoint: str) -> int:
        return sum(one == endpoint for one, _ in self.asked)

    def slow(self) -> Answer:
        """Says nothing until the test is over."""
        self.go_on.wait()
        return 200, "application/json", b"{}"

    def answer(self, method: str, address: str, body: bytes) -> Answer:
        split = urlsplit(address)
        endpoint = split.path.rsplit("/", 1)[-1]
        query = parse_qs(split.query)
        given = _json(body) if method == "POST" else query
        self.asked.append((endpoint, given))
        if endpoint in self.wrong:
            return self.wrong[endpoint]()
        has_key = query.get("serviceKey") == [KEY]
        if method == "POST":
            if not has_key:
                return of({"code": -4, "msg": "등록되지 않은 인증키 입니다."}, 401)
            return self._nts(endpoint, given)
        if not has_key:
            return 200, "text/xml", BAD_KEY.encode()
        if not {"pageNo", "numOfRows"} <= query.keys():
            return of({"resultCode": "10", "resultMsg": "INVALID_REQUEST_PARAMETER_ERROR"})
        return self._one(endpoint, query)

    def _nts(self, endpoint: str, given: Any) -> Answer:
        if given is None:
            return of({"status_code": "BAD_JSON_REQUEST"}, 400)
        rows = given.get("b_no") if endpoint == "status" else given.get("businesses")
        if not rows:
            return of({"status_code": "REQUEST_DATA_MALFORMED"}, 411)
        if len(rows) > 100:
            return of({"status_code": "TOO_LARGE_REQUEST"}, 413)
        told = self._statuses(rows) if endpoint == "status" else self._validities(rows)
        return of({"status_code": "OK", "request_cnt": len(rows), "data": told})

    def _statuses(self, numbers: list[str]) -> list[dict[str, str]]:
        known = self.businesses
        return [
            known[one].row(one) if one in known else {"b_no": one, **UNKNOWN} for one in numbers
        ]

    def _validities(self, given: list[dict[str, str]]) -> list[dict[str, Any]]:
        return [self._validity(one) for one in given]

    def _validity(self, one: dict[str, str]) -> dict[str, Any]:
        known = self.businesses.get(one["b_no"])
        fits = known and (one["start_dt"], one["p_nm"]) == (known.opened, known.representative)
        told = {"b_no": one["b_no"], "valid": "01" if fits else "02", "request_param": one}
        if fits and known:
            return {**told, "status": known.row(one["b_no"])}
        return {**told, "valid_msg": "확인할 수 없습니다."}

    def _one(self, endpoint: str, query: dict[str, list[str]]) -> Answer:
        if endpoint == "getPrcrmntCorpBasicInfo02":
            if query.get("inqryDiv") != ["3"] or query.get("type") != ["json"]:
                return of({"response": {"header": {"resultCode": "10"}}})
            found = [self.procurement[n] for n in query["bizno"] if n in self.procurement]
            inner = {"items": found or "", "totalCount": len(found)}
            header = {"resultCode": "00", "resultMsg": "정상"}
            return of({"response": {"header": header, "body": inner}})
        found = self.mail_order.get(query["brno"][0], [])
        items = {"item": found[0] if len(found) == 1 else found} if found else ""
        return of({"resultCode": "00", "totalCount": len(found), "items": items})


def of(told: Any, status: int = 200) -> Answer:
    return status, "application/json", json.dumps(told, ensure_ascii=False).encode()


def says(body: bytes | str, status: int = 200, kind: str = "text/html") -> Callable[[], Answer]:
    raw = body.encode() if isinstance(body, str) else body
    return lambda: (status, kind, raw)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


@contextmanager
def running() -> Iterator[Portal]:
    """A portal that answers on a port of this machine."""
    portal = Portal()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._serve(b"")

        def do_POST(self) -> None:
            self._serve(self.rfile.read(int(self.headers.get("Content-Length", 0))))

        def _serve(self, body: bytes) -> None:
            status, kind, raw = portal.answer(self.command, self.path, body)
            if status == 0:  # it hangs up
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(raw)))
            for name, value in portal.headers.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(raw)
            except OSError:
                self.close_connection = True  # whoever asked has heard enough

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  its name there
            """Not in the output of the tests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    portal.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield portal
    finally:
        portal.go_on.set()
        server.shutdown()
        server.server_close()
        thread.join()
