"""`python -m hub trip`: the hub's keys of the trip proof, made and rotated beside the server."""

import argparse
import sys

from hub.kit import clock
from hub.kit.settings import Settings, SettingsError
from hub.tripproof import office
from hub.tripproof.errors import MalformedProof
from hub.tripproof.refusals import TripNotReady


def run(told: argparse.Namespace, settings: Settings) -> int:
    """One act; its exit status. Raises SettingsError."""
    folder, now = settings.trip_dir, clock.now()
    if folder is None:
        raise SettingsError("HUB_TRIP_DIR: name the folder of the trip proof's keys.")
    try:
        if told.act == "keys":
            made = office.make(folder, told.office, told.origin, now)
        else:
            made = office.rotate(folder, now)
    except office.KeysThere as error:
        print(f"{error}: {error.__doc__}", file=sys.stderr)  # noqa: T201
        return 2
    except (MalformedProof, TripNotReady) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    print(f"{made.origin} signs with {made.signer.public.kid.hex()}, in {folder}")  # noqa: T201
    print("Keep a copy of the .pem files and trip.json where the server is not;")  # noqa: T201
    print("never one of wrap/: what is destroyed there must be gone.")  # noqa: T201
    return 0
