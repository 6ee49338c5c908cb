"""The database comes back as it was some time ago."""

import subprocess
import time
from pathlib import Path
from random import Random

import psycopg

from hub.devices.store import nodes
from hub.kit import db
from tests.system.faults.registry import fault
from tests.system.office import Office

SINCE_S = (1.0, 8.0)


def dump(office: Office, into: Path) -> Path:
    """A backup of this moment."""
    told = ["--format=custom", f"--file={into}", office.database.dsn]
    subprocess.run([office.database.server.bin_dir / "pg_dump", *told], check=True)
    return into


def restore(office: Office, backup: Path, *, new_epoch: bool = True) -> None:
    """Put the backup in the database's place, with everything else running."""
    server = office.database.server
    admin, restored = server.dsn("postgres"), server.dsn("restored")
    with psycopg.connect(admin, autocommit=True) as conn:
        conn.execute("DROP DATABASE IF EXISTS restored")
        conn.execute("CREATE DATABASE restored")
    told = ["--exit-on-error", f"--dbname={restored}", backup]
    subprocess.run([server.bin_dir / "pg_restore", *told], check=True)
    if new_epoch:
        with db.connect_sync(restored) as conn:
            nodes.begin_epoch(conn)
    with psycopg.connect(admin, autocommit=True) as conn:
        conn.execute("DROP DATABASE cheongsa WITH (FORCE)")
        conn.execute("ALTER DATABASE restored RENAME TO cheongsa")


@fault(
    "the database restored from an older backup",
    "Nodes keep what is held for a day: a hub that lost it says so by a new epoch, and gets it "
    "again. What a node no longer has is written down as lost, with that reason.",
    at_most=10,
    at_once=1,
)
def restored(office: Office, chance: Random) -> None:
    backup = dump(office, office.folder / "backup")
    time.sleep(chance.uniform(*SINCE_S))
    restore(office, backup)
    backup.unlink()


@fault(
    "the database restored with pg_restore alone, and no new epoch",
    "Nodes that hear nothing but lower marks for 30 s believe them.",
    at_most=3,
    at_once=1,
)
def restored_by_hand(office: Office, chance: Random) -> None:
    backup = dump(office, office.folder / "backup")
    time.sleep(chance.uniform(*SINCE_S))
    restore(office, backup, new_epoch=False)
    backup.unlink()
