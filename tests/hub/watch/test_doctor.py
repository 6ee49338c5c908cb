"""The doctor, with each thing really broken: it finds it and says what to do."""

import http.server
import json
import os
import re
import ssl
import string
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from psycopg.conninfo import make_conninfo

from hub.kit import db, jobs
from hub.kit.embedded import place as places
from hub.kit.embedded.broker import Broker
from hub.kit.settings import Settings
from hub.watch import doctor
from hub.watch.doctor import broker as broker_check
from hub.watch.doctor import certificates, clocks, disk, files, web
from hub.watch.doctor import database as database_check
from hub.watch.doctor import office as office_check
from hub.watch.doctor.finding import Finding
from hub.watch.doctor.words import CHECKS, SENTENCES, language, said
from hub.watch.store.server import Extension
from tests.conftest import Database, Server
from tests.disks import small_disk
from tests.hub.watch import office
from tests.web.conftest import free_port, web_process

SOURCE = Path(doctor.__file__).parent


def codes(findings: Any) -> list[str]:
    return [finding.code for finding in findings]


def looked(
    check: doctor.Check, dsn: str = "postgresql:///?host=/nowhere", **told: Any
) -> list[Finding]:
    return list(check(Settings.model_validate({"database_dsn": dsn} | told), datetime.now(UTC)))


# -- the words


def test_every_code_that_is_found_has_its_sentences_and_none_is_left_over():
    source = "".join(file.read_text() for file in SOURCE.glob("*.py"))
    used = set(re.findall(r'"([a-z]+\.[a-z_]+)"', source)) - {"words.toml", "running.json"}
    assert used == set(SENTENCES)
    assert {code.partition(".")[0] for code in SENTENCES} == set(CHECKS)


@pytest.mark.parametrize("code", SENTENCES)
def test_both_languages_say_the_same_and_what_is_wrong_says_what_to_do(code: str):
    told = SENTENCES[code]
    facts = [
        {name for _, name, _, _ in string.Formatter().parse(text) if name} for text in told[1:]
    ]
    assert facts[0] | facts[2] == facts[1] | facts[3]
    assert bool(told.ko_do) == bool(told.en_do) == (told.verdict != "ok")
    assert re.search(r"[가-힣]", told.ko)
    assert not re.search(r"[가-힣]", told.en + told.en_do)
    if told.verdict != "ok":
        assert re.search(r"(요|다)\.$", told.ko_do)


@pytest.mark.parametrize(
    ("env", "lang"),
    [
        ({"LANG": "ko_KR.UTF-8"}, "ko"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "ko_KR.UTF-8", "LC_ALL": "C"}, "en"),
        ({}, "en"),
    ],
)
def test_the_terminal_s_language_is_spoken(env: dict[str, str], lang: str):
    assert language(env) == lang


# -- the database


def test_a_whole_database_is_well(database: Database):
    jobs.apply_schema(database.dsn)
    found = codes(looked(database_check.look, database.dsn))
    of_timescale = ["timescale.ok"] if database.kind == "timescale" else []
    assert found == ["database.ok", *of_timescale, "schema.ok", "connections.ok"]


def test_a_database_that_is_away_is_named_and_the_rest_is_not_guessed():
    (found,) = looked(database_check.look, f"postgresql://u:secret@127.0.0.1:{free_port()}/x")
    assert found.code == "database.away"
    assert "refused" in said(found, "en").found
    assert "secret" not in said(found, "en").line


def test_a_stranger_and_a_missing_database_are_told_apart(server: Server):
    (found,) = looked(database_check.look, make_conninfo(server.admin_dsn, dbname="nowhere"))
    assert found.code == "database.missing"
    (found,) = looked(database_check.look, make_conninfo(server.admin_dsn, user="stranger"))
    assert found.code in ("database.refused", "database.missing")


def test_a_dsn_that_cannot_be_read_is_not_repeated():
    (found,) = looked(database_check.look, "postgresql://u:secret@h:port/x?")
    assert found.code in ("database.malformed", "database.away")
    assert "secret" not in said(found, "ko").line


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("DROP TABLE procrastinate_jobs CASCADE", "schema.no_queue"),
        ("DELETE FROM schema_version WHERE name = '0003_pre_outlook'", "schema.pending"),
        ("INSERT INTO schema_version VALUES ('9999_pre_later', 'x')", "schema.newer"),
        ("UPDATE schema_version SET sha256 = 'x' WHERE name = '0001_pre_core'", "schema.changed"),
        ("DROP TABLE schema_version", "schema.none"),
    ],
)
def test_a_schema_that_is_not_ours_is_named(change: str, code: str, database: Database):
    jobs.apply_schema(database.dsn)
    with db.connect_sync(database.dsn, autocommit=True) as conn:
        conn.execute(change.encode())
    found = looked(database_check.look, database.dsn)
    assert [one.code for one in found if one.check == "schema"] == [code]
    assert doctor.status(found) == (1 if code == "schema.newer" else 2)


@pytest.mark.parametrize(
    ("seen", "code"),
    [
        (Extension("2.28.3", "2.28.3", "timescale"), ["timescale.ok"]),
        (Extension("2.28.3", None, "timescale"), ["timescale.ok"]),
        (Extension("2.28.3", "2.28.3", "apache"), ["timescale.apache"]),
        (Extension("2.28.3", None, None), ["timescale.not_loaded"]),
        (Extension("2.29.2", "2.28.3", "timescale"), ["timescale.behind"]),
        (Extension(None, None, None), []),
    ],
)
def test_timescale_is_judged_by_what_the_server_says(seen: Extension, code: list[str]):
    assert codes(database_check.judge_extension(seen)) == code


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (140012, "database.old"),
        (150020, "database.ok"),
        (180004, "database.ok"),
        (190000, "database.new"),
    ],
)
def test_versions_of_postgresql(number: int, code: str):
    assert database_check.judge_version(number).code == code


# -- the broker


def asked(broker: Broker, user: str = "hub", **told: Any) -> list[str]:
    word = broker.passwords[user]
    given = {"broker_url": broker.url(user), "broker_password": word} | told
    return codes(looked(broker_check.look, **given))


def test_a_broker_that_fits_is_well_and_says_whether_it_shares(each_broker: Broker):
    shares = "sharing.ok" if each_broker.kind == "mosquitto" else "sharing.none"
    assert asked(each_broker) == ["broker.ok", shares, "acl.ok"]


def test_a_wrong_password_is_refused(each_broker: Broker):
    assert asked(each_broker, broker_password="wrong") == ["broker.refused"]


def test_a_broker_that_is_away_is_named(broker: Broker):
    broker.stop()
    assert asked(broker) == ["broker.away"]


def test_a_user_without_the_hub_s_rights_is_found_out(each_broker: Broker):
    """A node's user: it may neither hear the others nor say what is committed."""
    assert asked(each_broker, "demo/cam-1")[-1] == "acl.cannot_commit"


def test_a_hub_that_may_not_hear_counts_is_found_out(broker: Broker):
    if broker.kind != "mosquitto":
        pytest.skip("mosquitto 2 is not installed: apt-get install mosquitto")
    rights = "user hub\ntopic write cheongsa/v1/#\ntopic read cheongsa/v1/+/+/committed\n"
    places.write(broker.place.files / "mosquitto.acl", rights, broker.place)
    broker.stop()
    broker.restart()
    assert asked(broker)[-1] == "acl.cannot_hear"


def test_the_doctor_leaves_nothing_behind_for_ingest(broker: Broker, database: Database):
    """What it says to try the broker is nothing to the door: no dead letter, no node."""
    from hub.ingest import door as ingest_door

    told = {
        "database_dsn": database.dsn,
        "broker_url": broker.url(),
        "broker_password": broker.passwords["hub"],
    }
    office.settle(database.dsn)
    stop = threading.Event()
    door = threading.Thread(target=ingest_door.run, args=(Settings.model_validate(told), stop))
    door.start()
    try:
        wait_until(lambda: ingest_door.CONNECTED._value.get() == 1)
        assert asked(broker)[-1] == "acl.ok"
        office_says(broker)
        wait_for_row(database.dsn, "SELECT FROM sample")
    finally:
        stop.set()
        door.join(15)
    with db.connect_sync(database.dsn) as conn:
        assert conn.execute("SELECT count(*) FROM dead_letter").fetchone() == (0,)


def office_says(broker: Broker) -> None:
    """One count, after the doctor's: once it is stored, the doctor's was heard before it."""
    from paho.mqtt.client import Client
    from paho.mqtt.enums import CallbackAPIVersion

    node = Client(CallbackAPIVersion.VERSION2)
    node.username_pw_set("demo/cam-1", broker.passwords["demo/cam-1"])
    node.connect(broker.host, broker.port)
    node.loop_start()
    node.publish(*office.count(1), qos=1).wait_for_publish(20)
    node.disconnect()
    node.loop_stop()
    node.on_message = node.on_connect = None


def wait_for_row(dsn: str, query: str) -> None:
    end_s = time.monotonic() + 30
    with db.connect_sync(dsn, autocommit=True) as conn:
        while conn.execute(query.encode()).fetchone() is None:
            assert time.monotonic() < end_s, query
            time.sleep(0.1)


# -- certificates


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CA, and a server's certificate that is good for 90 days."""
    folder = tmp_path_factory.mktemp("ca")
    for command in (
        "req -x509 -newkey rsa:2048 -nodes -days 3650 -keyout ca.key -out ca.pem -subj /CN=office",
        "req -newkey rsa:2048 -nodes -keyout server.key -out server.csr -subj /CN=127.0.0.1",
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -days 90 -out server.pem -extfile san",
    ):
        (folder / "san").write_text("subjectAltName=IP:127.0.0.1\n")
        subprocess.run(["openssl", *command.split()], cwd=folder, check=True, capture_output=True)
    return folder


@contextmanager
def secure_server(authority: Path) -> Iterator[int]:
    """Something that shows the certificate, as a proxy does."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority / "server.pem", authority / "server.key")
    server = http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(("after", "code"), [(0, "ok"), (80, "soon"), (100, "expired")])
def test_a_certificate_is_told_before_it_ends(authority: Path, after: int, code: str):
    with secure_server(authority) as port:
        settings = Settings.model_validate(
            {
                "database_dsn": "x",
                "public_url": f"https://127.0.0.1:{port}",
                "public_ca_file": authority / "ca.pem",
            }
        )
        (found,) = certificates.look(settings, datetime.now(UTC) + timedelta(days=after))
    assert found.code == f"certificate.{code}"


def test_a_certificate_of_another_authority_is_not_believed(authority: Path):
    with secure_server(authority) as port:
        (found,) = looked(certificates.look, "x", public_url=f"https://127.0.0.1:{port}")
    assert found.code == "certificate.untrusted"


def test_an_address_where_nobody_answers_is_named():
    (found,) = looked(certificates.look, "x", public_url=f"https://127.0.0.1:{free_port()}")
    assert found.code == "certificate.unseen"


def test_a_ca_file_that_is_none_is_named(tmp_path: Path):
    (tmp_path / "ca.pem").write_text("not a certificate")
    for name in ("ca.pem", "missing.pem"):
        (found,) = looked(certificates.look, "x", broker_ca_file=tmp_path / name)
        assert found.code == "certificate.unreadable"


def test_a_broker_with_tls_is_looked_at_with_the_office_s_ca(authority: Path, broker: Broker):
    if broker.kind != "mosquitto":
        pytest.skip("mosquitto 2 is not installed: apt-get install mosquitto")
    files, port = broker.place.files, free_port()
    for name in ("server.pem", "server.key"):
        places.write(files / name, (authority / name).read_text(), broker.place)
    conf = files / "mosquitto.conf"
    tls = f"listener {port} 127.0.0.1\ncertfile {files}/server.pem\nkeyfile {files}/server.key\n"
    places.write(conf, conf.read_text() + tls, broker.place)
    broker.stop()
    broker.restart()
    url = f"mqtts://hub@127.0.0.1:{port}"
    ours, theirs = authority / "ca.pem", None
    assert asked(broker, broker_url=url, broker_ca_file=ours)[0] == "broker.ok"
    assert asked(broker, broker_url=url, broker_ca_file=theirs) == ["broker.untrusted"]
    assert codes(looked(certificates.look, "x", broker_url=url, broker_ca_file=ours)) == [
        "certificate.ok",
        "certificate.ok",
    ]


# -- clock, disk, files


@pytest.mark.parametrize(
    ("off_s", "code"), [(0.3, "ok"), (-5.0, "off"), (5.0, "off"), (3600.0, "wrong")]
)
def test_a_clock_is_judged_by_how_far_it_is_off(off_s: float, code: str):
    assert clocks.judge(off_s).code == f"clock.{code}"


def test_a_clock_beside_its_database_is_well(database: Database):
    assert codes(looked(clocks.look, database.dsn))[0] == "clock.ok"


@pytest.mark.parametrize(
    ("size_gb", "free_gb", "code"),
    [(64, 30, "ok"), (64, 5, "low"), (64, 0.5, "full"), (8000, 15, "low"), (8000, 100, "ok")],
)
def test_a_disk_is_judged_by_share_and_by_bytes(size_gb: float, free_gb: float, code: str):
    size, free = int(size_gb * disk.GB), int(free_gb * disk.GB)
    assert disk.judge(Path("/"), size, size - free, free).code == f"disk.{code}"


def test_a_disk_that_is_full_is_named(tmp_path: Path):
    with small_disk(tmp_path / "small", 4) as small:
        small.fill()
        found = looked(disk.look, web_dir=small.at)
    assert "disk.full" in codes(found)
    assert any(str(small.at) in said(one, "ko").line for one in found)


@pytest.mark.parametrize(("mode", "code"), [(0o600, "ok"), (0o640, "open"), (0o644, "open")])
def test_a_secret_that_others_may_read_is_named(tmp_path: Path, mode: int, code: str):
    secret = tmp_path / "word"
    secret.write_text("hunter22")
    secret.chmod(mode)
    (found,) = files.look({"HUB_BROKER_PASSWORD_FILE": str(secret)})
    assert found.code == f"files.{code}"
    assert "hunter22" not in said(found, "ko").line


# -- the board, the nodes, the jobs


def test_a_board_of_now_a_late_one_and_an_empty_one(database: Database):
    with web_process(database.dsn) as running:
        assert codes(looked(web.look, port=running.port)) == ["web.empty"]
        office.settle(database.dsn)
        office.hear(database.dsn, office.count(1))
        wait_until(lambda: codes(looked(web.look, port=running.port)) == ["web.stale"])
        one = office.count(2)
        office.hear(database.dsn, one, (one[0].replace("cam-1", "cam-2"), as_of_cam_2(one[1])))
        wait_until(lambda: codes(looked(web.look, port=running.port)) == ["web.ok"])


def as_of_cam_2(payload: bytes) -> bytes:
    told = json.loads(payload)
    told["node"] = "demo/cam-2"
    told["zones"][0]["zone"] = "all"
    return json.dumps(told).encode()


def wait_until(true: Callable[[], bool]) -> None:
    end_s = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end_s
        time.sleep(0.2)


def test_a_board_without_its_database_is_not_ready():
    with web_process("postgresql:///x?host=/nowhere") as running:
        assert codes(looked(web.look, port=running.port)) == ["web.not_ready"]


def test_a_board_that_is_away_and_one_that_is_somebody_else():
    assert codes(looked(web.look, port=free_port())) == ["web.away"]
    server = http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        assert codes(looked(web.look, port=server.server_port)) == ["web.strange"]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_what_is_wrong_with_nodes_is_named_one_by_one(database: Database):
    jobs.apply_schema(database.dsn)
    assert codes(looked(office_check.look, database.dsn))[0] == "nodes.none"
    office.live(database.dsn)
    found = looked(office_check.look, database.dsn)
    assert codes(found)[:2] == ["nodes.lost", "nodes.never"]
    assert "demo/cam-2" in said(found[1], "ko").found
    assert found[0].facts["count"] == 2
    office.hear(database.dsn, office.health(outbox_oldest_age_s=9_000.0, outbox_set_aside=4))
    office.hear(database.dsn, office.birth(observing="fault", fault="no camera", session=2))
    refused = b'{"revision": 1, "sha256": "x", "refused": "a zone is missing"}'
    office.hear(database.dsn, (office.CAM_1.topic("config/reported"), refused))
    with db.connect_sync(database.dsn, autocommit=True) as conn:
        conn.execute("UPDATE node SET twin_at = now() WHERE node = 'cam-1'")
    assert codes(looked(office_check.look, database.dsn))[:7] == [
        "nodes.fault", "nodes.config", "nodes.twin", "nodes.outbox", "nodes.aside", "nodes.lost",
        "nodes.never",
    ]  # fmt: skip
    with db.connect_sync(database.dsn, autocommit=True) as conn:
        conn.execute("UPDATE node SET health_at = now() - interval '9 minutes'")
    assert codes(looked(office_check.look, database.dsn))[0] == "nodes.silent"


def test_jobs_without_a_worker_and_jobs_that_failed(database: Database):
    office.settle(database.dsn)
    jobs.apply_schema(database.dsn)
    assert codes(looked(office_check.look, database.dsn))[-1] == "jobs.no_worker"
    with db.connect_sync(database.dsn, autocommit=True) as conn:
        conn.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
        assert codes(looked(office_check.look, database.dsn))[-1] == "jobs.ok"
        conn.execute(
            """
            INSERT INTO procrastinate_jobs (queue_name, task_name, status)
            VALUES ('default', 'density.learn', 'failed')
            """
        )
    (found,) = looked(office_check.look, database.dsn)[-1:]
    assert (found.code, found.facts) == ("jobs.failed", {"tasks": "density.learn"})


# -- the command


def command(*more: str, **env: str) -> subprocess.CompletedProcess[str]:
    bare = {"PATH": os.environ["PATH"], "CHEONGSA_DATA_DIR": "/nowhere/at/all"}
    return subprocess.run(
        [sys.executable, "-m", "hub", "doctor", *more],
        env=bare | env,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_command_says_it_in_korean_and_never_a_secret(broker: Broker):
    done = command(
        LANG="ko_KR.UTF-8",
        HUB_DATABASE_DSN=f"postgresql://u:databaseword@127.0.0.1:{free_port()}/x",
        HUB_BROKER_URL=broker.url(),
        HUB_BROKER_PASSWORD="brokerword",
        HUB_PORT=str(free_port()),
    )
    assert done.returncode == 2
    assert "[고장] 데이터베이스: " in done.stdout
    assert "[고장] 브로커: " in done.stdout
    assert "→" in done.stdout
    assert not re.search("databaseword|brokerword|Traceback", done.stdout + done.stderr)


def test_the_command_tells_a_program_as_json(database: Database, broker: Broker):
    jobs.apply_schema(database.dsn)
    with db.connect_sync(database.dsn, autocommit=True) as conn:
        conn.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    office.settle(database.dsn)
    with web_process(database.dsn) as running:
        done = command(
            "--json",
            HUB_DATABASE_DSN=database.dsn,
            HUB_BROKER_URL=broker.url(),
            HUB_BROKER_PASSWORD=broker.passwords["hub"],
            HUB_PORT=str(running.port),
        )
    told = json.loads(done.stdout)
    assert (done.returncode, told["status"]) == (1, "attention")
    assert {one["verdict"] for one in told["findings"]} == {"ok", "attention"}
    assert {"schema", "broker", "acl", "web", "nodes"} <= {one["check"] for one in told["findings"]}


def test_without_settings_and_without_an_office_it_says_what_is_missing(tmp_path: Path):
    done = command(CHEONGSA_DATA_DIR=str(tmp_path))
    assert done.returncode == 2
    assert "HUB_DATABASE_DSN" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_reader_of_findings_is_told_the_worst():
    assert doctor.status([]) == 0
    assert doctor.status([Finding("files.ok"), Finding("ntp.none")]) == 1
    assert doctor.status([Finding("schema.none"), Finding("ntp.none")]) == 2
