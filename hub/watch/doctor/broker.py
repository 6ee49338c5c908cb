"""The MQTT broker: reachable, lets the hub in, shares subscriptions, allows what the hub does."""

import ssl
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from edge.wire.topics import NodeName, everyone
from hub.kit.broker_probe import Broker, Refused, Session
from hub.kit.settings import Settings
from hub.watch.doctor.finding import Finding, first_line, found

PROBE: Final = NodeName("hub-doctor", "probe")  # nobody's: what is said there is empty


def broker_of(settings: Settings) -> Broker:
    """The broker that the settings name."""
    password = settings.broker_password
    secret = password.get_secret_value() if password else None
    return Broker(settings.broker_url, secret, settings.broker_ca_file)


def look(settings: Settings, now: datetime) -> Iterator[Finding]:  # noqa: ARG001  every check has it
    """The broker."""
    broker = broker_of(settings)
    where = f"{broker.host}:{broker.port}"
    try:
        with Session(broker) as session:
            yield found("broker.ok", where=where, version="5" if session.is_mqtt5 else "3.1.1")
            yield _sharing(session)
            yield from _rights(session)
    except Refused as error:
        yield found("broker.refused", where=where, reason=first_line(error))
    except ssl.SSLCertVerificationError as error:
        yield found("broker.untrusted", where=where, reason=error.verify_message)
    except OSError as error:
        yield found("broker.away", where=where, reason=first_line(error))


def _sharing(session: Session) -> Finding:
    shares = session.is_mqtt5 and session.may_subscribe(f"$share/hub-doctor/{everyone('health')}")
    return found("sharing.ok" if shares else "sharing.none")


def _rights(session: Session) -> Iterator[Finding]:
    """An empty message on a topic of nobody: the hub's own door takes it for nothing."""
    marks, counts = PROBE.topic("committed"), PROBE.topic("counts")
    session.may_subscribe(everyone("counts"))
    session.may_subscribe(marks)
    wrote, echoed = session.may_publish(marks), session.hears(marks)
    if not (wrote or echoed):
        yield found("acl.cannot_commit", topic="cheongsa/v1/+/+/committed")
        return
    if session.may_publish(counts) and not session.hears(counts):
        yield found("acl.cannot_hear", topic="cheongsa/v1/+/+/counts")
        return
    yield found("acl.ok")
