"""Ask data.go.kr over HTTP: 국세청, 나라장터, 공정위. Bounded in time, size and tries.

Nothing that a source does gets out of here but its bytes or `NotTold` with the reason. The key goes
into the address, encoded once; addresses are in no log (`hub.kit.logs`) and in no message.
"""

import asyncio
import hashlib
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import quote, unquote

from httpx2 import AsyncClient, HTTPError, Timeout, TimeoutException

from hub.automation.vendors.allowance import OF, Allow, uncounted
from hub.automation.vendors.told import Source, Trouble
from hub.kit.settings import Settings

ANSWER_MOST_BYTES: Final = 1024 * 1024  # a hundred standings are some 40 KiB
WAIT_MOST_S: Final = 5  # somebody waits for the answer
_TRIES: Final = 3
_REFUSED: Final = {
    401: Trouble.KEY_REFUSED, 403: Trouble.KEY_REFUSED, 429: Trouble.QUOTA,
    400: Trouble.REFUSED, 404: Trouble.REFUSED, 411: Trouble.REFUSED, 413: Trouble.REFUSED,
}  # fmt: skip
_PASSES: Final = frozenset({Trouble.AWAY, Trouble.BROKEN, Trouble.TOO_OFTEN})
"""What may be over in a moment; a slow source is not asked again, somebody waits."""


@dataclass(frozen=True, slots=True)
class Outside:
    """Where the sources are, and the office's key. Offices without internet name a relay."""

    key: str | None
    status_url: str
    procurement_url: str
    mail_order_url: str
    patience_s: float = 8.0
    pause_s: float = 0.4

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """As the office has set it."""
        secret = settings.data_go_kr_key
        return cls(
            secret.get_secret_value() if secret else None,
            settings.business_status_url,
            settings.procurement_url,
            settings.mail_order_url,
        )

    @property
    def encoded_key(self) -> str:
        """For an address. A portal also shows the key encoded: that is not encoded twice."""
        key = (self.key or "").strip()
        is_encoded = bool(re.search("%[0-9A-Fa-f]{2}", key))
        return quote(unquote(key) if is_encoded else key, safe="")

    @property
    def key_hash(self) -> bytes:
        """By which its use is counted: the same for both ways a key is written."""
        return hashlib.sha256(self.encoded_key.encode()).digest()


class NotTold(Exception):
    """A source could not say. `wait_s`: how long it wants to be left alone, where it says."""

    def __init__(self, trouble: Trouble, wait_s: float | None = None) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble
        self.wait_s = wait_s


class Sources:
    """The sources, while somebody asks. Use as an async context manager."""

    def __init__(self, outside: Outside, allow: Allow = uncounted) -> None:
        self._outside, self._allow = outside, allow
        self._client = AsyncClient(
            timeout=Timeout(outside.patience_s), headers={"Accept": "application/json"}
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._client.aclose()

    async def status(self, numbers: Sequence[str]) -> bytes:
        """Up to 100 numbers in one call. Raises NotTold."""
        return await self._post(Source.STATUS, "status", {"b_no": list(numbers)})

    async def validity(self, businesses: Sequence[Mapping[str, str]]) -> bytes:
        """Up to 100 of `b_no`, `start_dt`, `p_nm`. Raises NotTold."""
        return await self._post(Source.VALIDITY, "validate", {"businesses": list(businesses)})

    async def procurement(self, number: str) -> bytes:
        """What the 나라장터 has of a number. Raises NotTold."""
        query = f"inqryDiv=3&bizno={number}&type=json"
        return await self._get(Source.PROCUREMENT, self._outside.procurement_url, query)

    async def mail_order(self, number: str) -> bytes:
        """What the 공정위 has of a number. Raises NotTold."""
        query = f"resultType=json&brno={number}"
        return await self._get(Source.MAIL_ORDER, self._outside.mail_order_url, query)

    async def _post(self, source: Source, act: str, body: Mapping[str, Any]) -> bytes:
        address = f"{self._outside.status_url.rstrip('/')}/{act}?serviceKey={{key}}&returnType=JSON"
        return await self._ask(source, "POST", address, body)

    async def _get(self, source: Source, url: str, query: str) -> bytes:
        address = f"{url}?serviceKey={{key}}&pageNo=1&numOfRows=10&{query}"
        return await self._ask(source, "GET", address)

    async def _ask(self, source: Source, method: str, address: str, body: Any = None) -> bytes:
        if not self._outside.key:
            raise NotTold(Trouble.NO_KEY)
        whole = address.replace("{key}", self._outside.encoded_key)
        for tries_left in range(_TRIES - 1, -1, -1):
            if not await self._allow(OF[source]):
                raise NotTold(Trouble.SPENT)
            try:
                async with asyncio.timeout(self._outside.patience_s):
                    return await self._once(method, whole, body)
            except TimeoutError as error:
                raise NotTold(Trouble.SLOW) from error
            except NotTold as error:
                if not tries_left or error.trouble not in _PASSES:
                    raise
                wait_s = error.wait_s
            await asyncio.sleep(self._pause_s(tries_left) if wait_s is None else wait_s)
        raise AssertionError("the last try returns or raises")

    def _pause_s(self, tries_left: int) -> float:
        """Longer before each further try, and never all at the same moment."""
        grown = self._outside.pause_s * 2 ** (_TRIES - 1 - tries_left)
        return grown * random.uniform(0.5, 1.0)  # noqa: S311  no secret hangs on it

    async def _once(self, method: str, address: str, body: Any) -> bytes:
        try:
            async with self._client.stream(method, address, json=body) as answer:
                if answer.status_code == 429 and (wait_s := _wait_s(answer)) is not None:
                    raise NotTold(Trouble.TOO_OFTEN, wait_s)
                if answer.status_code != 200:
                    raise NotTold(_REFUSED.get(answer.status_code, Trouble.BROKEN))
                return await _bounded(answer.aiter_bytes())
        except TimeoutException as error:
            raise NotTold(Trouble.SLOW) from error
        except (HTTPError, ValueError) as error:  # ValueError: of an answer that is no HTTP
            raise NotTold(Trouble.AWAY) from error


def _wait_s(answer: Any) -> float | None:
    """How long a source wants to be left alone; None: it does not say, or longer than one waits."""
    told = answer.headers.get("Retry-After", "")
    is_short = re.fullmatch("[0-9]{1,2}", told) and int(told) <= WAIT_MOST_S
    return float(told) if is_short else None


async def _bounded(parts: Any) -> bytes:
    """All of an answer, unless it is too large: then nothing of it."""
    found = bytearray()
    async for part in parts:
        found += part
        if len(found) > ANSWER_MOST_BYTES:
            raise NotTold(Trouble.TOO_LARGE)
    return bytes(found)
