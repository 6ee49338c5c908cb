"""The MQTT door: parse, store, commit, acknowledge."""

from hub.ingest.door import Door, run

__all__ = ["Door", "run"]
