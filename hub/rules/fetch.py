"""Ask the open API of the Ministry of Government Legislation for the texts of a law.

The key goes into the address, as the API wants it: so no address is ever told to anybody.
"""

import json
from collections.abc import AsyncIterator
from typing import Any, Final

from httpx2 import AsyncClient, HTTPError, InvalidURL

from hub.rules import law_api
from hub.rules.law_api import LawNotFetched
from hub.rules.law_text import LawText

PATIENCE_S: Final = 30.0
BYTES_MOST: Final = 16 * 1024 * 1024
_NOW_AND_SOON: Final = "2,3"  # nw: 2 not in force yet, 3 in force


async def texts(url: str, key: str, title: str) -> AsyncIterator[LawText]:
    """The text in force and those to come of one law, the oldest first. Raises LawNotFetched."""
    async with AsyncClient(timeout=PATIENCE_S) as client:
        asked = {"query": title, "display": "100", "search": "1", "nw": _NOW_AND_SOON}
        answer = await _ask(client, f"{url.rstrip('/')}/lawSearch.do", key, asked)
        for version in law_api.versions(answer, title):
            of = {"MST": version.mst, "efYd": f"{version.since:%Y%m%d}"}
            told = await _ask(client, f"{url.rstrip('/')}/lawService.do", key, of)
            yield law_api.law(told, version)


async def _ask(client: AsyncClient, url: str, key: str, asked: dict[str, str]) -> Any:
    params = {"OC": key, "target": "eflaw", "type": "JSON", **asked}
    try:
        async with client.stream("GET", url, params=params) as answer:
            if answer.status_code != 200:
                raise LawNotFetched(f"법제처가 {answer.status_code}(으)로 답했습니다. {_LATER}")
            body = await _all_of(answer)
    except (HTTPError, InvalidURL) as error:  # its message holds the address, and so the key
        raise LawNotFetched(f"법제처에 닿지 않습니다 ({type(error).__name__}). {_LATER}") from None
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise LawNotFetched(
            "JSON이 아닌 답이 왔습니다. 열쇠(HUB_LAW_KEY)와 등록한 주소를 보십시오."
        ) from None


async def _all_of(answer: Any) -> bytes:
    body = bytearray()
    async for part in answer.aiter_bytes():
        body += part
        if len(body) > BYTES_MOST:
            raise LawNotFetched(f"답이 {BYTES_MOST // 1024 // 1024} MiB보다 큽니다.")
    return bytes(body)


_LATER: Final = "잠시 뒤 다시 하거나, 법령 파일을 load-law로 실으십시오."
