"""What the hub wants of this node: checked, kept over a restart, and answered.

The newest accepted configuration lies in the data folder as the very bytes received, so its hash
can be reported again after a restart. Which moment it takes hold is the loop's business.
"""

import hashlib
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field, ValidationError

from edge.wire.messages import (
    MAX_PAYLOAD_BYTES,
    MAX_SEQ,
    ConfigReported,
    Message,
    NodeConfig,
)

log = logging.getLogger(__name__)

FILE_NAME: Final = "config.json"
_REASON_CHARS: Final = 200  # what the contract's Text carries


class _OnlyRevision(Message):
    revision: Annotated[int, Field(ge=0, le=MAX_SEQ)]


class RefusedConfigError(ValueError):
    """The wanted configuration cannot run here. The message says which part and what to change."""


@dataclass(frozen=True, slots=True)
class InForce:
    """A configuration and the hash over the bytes it came in; None where nobody sent it."""

    config: NodeConfig
    sha256: str | None


class Configuration:
    """The configuration in force, and what to answer to a wanted one.

    `check` raises ValueError with one sentence for a drawing that cannot be counted with.
    """

    def __init__(
        self, folder: Path, first: NodeConfig, check: Callable[[NodeConfig], object]
    ) -> None:
        self._path = folder / FILE_NAME
        self._check = check
        self.in_force = self._stored() or InForce(first, None)

    def want(self, payload: bytes) -> ConfigReported | None:
        """Take in what the hub wants.

        Returns what to report, or None where it is older than what runs (or was removed). After
        an accepted one `in_force` is new.
        """
        if not payload:
            return None
        sha256 = hashlib.sha256(payload).hexdigest()
        try:
            config = self._parse(payload)
            if not self._is_newer(config, sha256):
                return None
            self._check(config)
        except ValueError as error:
            return self._refuse(payload, sha256, error)
        self._keep(payload)
        self.in_force = InForce(config, sha256)
        log.info("configuration accepted", extra={"revision": config.revision, "sha256": sha256})
        return ConfigReported(revision=config.revision, sha256=sha256)

    def _is_newer(self, config: NodeConfig, sha256: str) -> bool:
        """Whether to look at it at all; the one in force is reported again."""
        now = self.in_force
        if now.sha256 is None or config.revision > now.config.revision or sha256 == now.sha256:
            return True
        if config.revision == now.config.revision:
            raise RefusedConfigError(
                f"Revision {config.revision} runs here with other contents. Give a higher revision."
            )
        log.info("older configuration ignored", extra={"revision": config.revision})
        return False

    def _parse(self, payload: bytes) -> NodeConfig:
        if len(payload) > MAX_PAYLOAD_BYTES:
            raise RefusedConfigError(f"It is over {MAX_PAYLOAD_BYTES} bytes. Draw fewer corners.")
        try:
            return NodeConfig.model_validate_json(payload)
        except ValidationError as error:
            raise RefusedConfigError(first_reason(error)) from error

    def _refuse(self, payload: bytes, sha256: str, error: ValueError) -> ConfigReported:
        reason = str(error)[:_REASON_CHARS]
        log.warning("configuration refused", extra={"reason": reason, "sha256": sha256})
        return ConfigReported(revision=_revision(payload), sha256=sha256, refused=reason)

    def _stored(self) -> InForce | None:
        try:
            payload = self._path.read_bytes()
            config = self._parse(payload)
            self._check(config)
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            log.error("stored configuration unusable", extra={"reason": str(error)})  # noqa: TRY400
            return None
        return InForce(config, hashlib.sha256(payload).hexdigest())

    def _keep(self, payload: bytes) -> None:
        """Write beside and rename: a power cut leaves the old bytes or the new ones."""
        beside = self._path.with_suffix(".new")
        try:
            with beside.open("wb") as file:
                file.write(payload)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self._path)
        except OSError as error:
            # the hub's copy is retained: it comes again with the next connection
            log.error("configuration not kept", extra={"error": str(error)})  # noqa: TRY400


def first_reason(error: ValidationError) -> str:
    """The first thing wrong, with its place: `zones.0.polygon: ...`."""
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['msg']}" if place else first["msg"]


def _revision(payload: bytes) -> int:
    """The revision of a refused payload as far as it can be read, else 0."""
    try:
        return _OnlyRevision.model_validate_json(payload).revision
    except ValidationError:
        return 0
