"""Speak to the office's OpenID Connect provider: its description, its keys, code for token."""

import asyncio
import time
from typing import Any, Final
from urllib.parse import urlsplit

from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from httpx2 import AsyncClient, HTTPError
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from hub.identity.provider import Claimed, ProviderError, Visit, claimed

PATIENCE_S: Final = 10.0
DESCRIBED_FOR_S: Final = 600.0
ALGORITHMS: Final = ["RS256", "ES256", "PS256", "EdDSA"]  # no shared secret signs an identity
LEEWAY_S: Final = 60
SCOPE: Final = "openid profile email"


class Provider:
    """One provider, as its discovery document describes it."""

    def __init__(
        self, issuer: str, client_id: str, client_secret: str, groups_claim: str, back: str
    ) -> None:
        self._issuer, self._groups_claim, self._back = issuer.rstrip("/"), groups_claim, back
        self._client_id, self._client_secret = client_id, client_secret
        self._lock = asyncio.Lock()
        self._described: dict[str, Any] = {}
        self._described_at_s = float("-inf")

    async def address(self, visit: Visit) -> str:
        """Where to send the browser. Raises ProviderError."""
        described = await self._describe()
        async with self._client() as client:
            url, _ = client.create_authorization_url(
                described["authorization_endpoint"],
                state=visit.state,
                nonce=visit.nonce,
                code_verifier=visit.verifier,
            )
        return url

    async def who(self, visit: Visit, code: str) -> Claimed:
        """Exchange the code, verify the ID token. Raises ProviderError."""
        described = await self._describe()
        try:
            async with self._client() as client:
                token = await client.fetch_token(
                    described["token_endpoint"], code=code, code_verifier=visit.verifier
                )
                keys = KeySet.import_key_set(await _read(described["jwks_uri"]))
                claims = self._believe(token.get("id_token", ""), keys, visit)
                if more := described.get("userinfo_endpoint"):
                    client.token = token
                    claims = _told_more(claims, (await client.get(more)).raise_for_status().json())
            return claimed(claims, self._groups_claim)
        except (OAuthError, HTTPError, JoseError, KeyError, ValueError) as error:
            raise ProviderError(f"{type(error).__name__}: {error}") from error

    def _believe(self, id_token: str, keys: KeySet, visit: Visit) -> dict[str, Any]:
        claims = jwt.decode(id_token, keys, algorithms=ALGORITHMS).claims
        wanted = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_S,
            iss={"essential": True, "value": self._described["issuer"]},
            aud={"essential": True, "value": self._client_id},
            exp={"essential": True},
            nonce={"essential": True, "value": visit.nonce},
        )
        wanted.validate(claims)
        return claims

    async def _describe(self) -> dict[str, Any]:
        async with self._lock:
            if time.monotonic() - self._described_at_s > DESCRIBED_FOR_S:
                self._described = await self._discover()
                self._described_at_s = time.monotonic()
        return self._described

    async def _discover(self) -> dict[str, Any]:
        try:
            described = await _read(f"{self._issuer}/.well-known/openid-configuration")
        except (HTTPError, ValueError) as error:
            raise ProviderError(f"{self._issuer} cannot be asked: {error}") from error
        for name in ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"):
            if urlsplit(described.get(name, "")).scheme not in ("https", "http"):
                raise ProviderError(f"{self._issuer} does not say its {name}.")
        if described["issuer"].rstrip("/") != self._issuer:
            raise ProviderError(f"{self._issuer} calls itself {described['issuer']}.")
        return described

    def _client(self) -> Any:  # its base class has no types
        return AsyncOAuth2Client(
            self._client_id,
            self._client_secret,
            scope=SCOPE,
            redirect_uri=self._back,
            code_challenge_method="S256",
            timeout=PATIENCE_S,
        )


async def _read(url: str) -> Any:
    """Public JSON of the provider."""
    async with AsyncClient(timeout=PATIENCE_S) as client:
        return (await client.get(url)).raise_for_status().json()


def _told_more(claims: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """Many providers keep names and groups for the userinfo endpoint: of the same person only."""
    if more.get("sub") != claims.get("sub"):
        raise ProviderError("The provider's userinfo is about somebody else.")
    return {**more, **claims}
