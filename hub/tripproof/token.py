"""The hub's keys in a PKCS#11 token, as `trip.json` names it: one session for each process.

A session that was lost (the module was restarted, the token pulled) is opened anew at the next try.
`hub.tripproof.pkcs11` is loaded only where an office has a token: `pip install cheongsa[hsm]`.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from hub.tripproof.errors import UnknownKey
from hub.tripproof.keys import PublicKey


class TokenAway(ValueError):
    """The token cannot be used. The message says why."""


class TokenKey(Protocol):
    """A key in a token, which signs and opens."""

    public: PublicKey

    def sign(self, message: bytes) -> bytes:
        """ES256 over `message`."""
        ...

    def open(self, box: bytes, info: bytes) -> bytes:
        """The plaintext of an HPKE box."""
        ...


@dataclass(frozen=True, slots=True)
class Token:
    """Where the keys are: the module's library, the token's label, the file with its PIN."""

    module: str
    label: str
    pin_file: str

    def key(self, label: str) -> TokenKey:
        """The key of this label. Raises TokenAway."""
        with _opened(self) as held:
            return held.key(label)

    def make(self, label: str, *, opens: bool) -> TokenKey:
        """A fresh key, which never leaves the token. Raises TokenAway."""
        with _opened(self) as held:
            return held.make(label, opens=opens)


class _Held:
    """An open session with the keys that were looked up in it."""

    def __init__(self, token: Token) -> None:
        from hub.tripproof import pkcs11

        self._pkcs11 = pkcs11
        self._keys: dict[str, TokenKey] = {}
        self._stack = ExitStack()
        pin = Path(token.pin_file).read_text().strip()
        self._session: Any = self._stack.enter_context(
            pkcs11.session(token.module, token.label, pin)
        )

    def key(self, label: str) -> TokenKey:
        if label not in self._keys:
            self._keys[label] = self._pkcs11.Pkcs11Key(self._session, label)
        return self._keys[label]

    def make(self, label: str, *, opens: bool) -> TokenKey:
        return self._pkcs11.make(self._session, label, opens=opens)


_HELD: dict[Token, _Held] = {}


@contextmanager
def _opened(token: Token) -> Iterator[_Held]:
    """The session of this process. What fails in it ends it."""
    try:
        if token not in _HELD:
            _HELD[token] = _Held(token)
        yield _HELD[token]
    except ImportError as error:
        raise TokenAway("python-pkcs11 is not installed: pip install cheongsa[hsm]") from error
    except Exception as error:
        if not _is_of_token(error):
            raise
        _HELD.pop(token, None)
        raise TokenAway(f"the token {token.label}: {type(error).__name__} {error}") from error


def _is_of_token(error: Exception) -> bool:
    import pkcs11

    return isinstance(error, (pkcs11.PKCS11Error, UnknownKey, OSError, RuntimeError))
