"""The words of `python -m hub trip`. Light: every command of the hub reads this."""

import argparse

BY = "login of whoever answers for it, for the audit trail"


def add_to(parser: argparse.ArgumentParser) -> None:
    """The acts and what each is told."""
    acts = parser.add_subparsers(required=True, metavar="ACT", dest="act")
    keys = acts.add_parser("keys", help="make the hub's keys in HUB_TRIP_DIR, once")
    keys.add_argument("--office", required=True, help="code of the office, as 5670000")
    keys.add_argument("--origin", required=True, help="name of its log, as trip.city.go.kr")
    keys.add_argument("--module", help="library of a PKCS#11 module: the keys stay in its token")
    keys.add_argument("--token", help="label of the token, which is there already")
    keys.add_argument("--pin-file", help="file with the token's PIN; every program reads it")
    acts.add_parser("rotate", help="a new signing key; what the old one signed still verifies")
    cosigner = acts.add_parser("cosigner", help="know a second office that signs checkpoints")
    cosigner.add_argument("--name", required=True, help="of its line, as gam.other.kr")
    cosigner.add_argument("--key", required=True, help="what its own --begin printed")
    cosign = acts.add_parser("cosign", help="at the second office: sign that the log only grew")
    cosign.add_argument("told", nargs=argparse.REMAINDER, help="as python -m hub.tripproof.cosign")
    acts.add_parser("quarters", help="coordinates by quarter: until when needed, held, destroyed")
    destroy = acts.add_parser("destroy", help="destroy a quarter's coordinates, for good")
    _quarter(destroy)
    destroy.add_argument("--early", metavar="WHY", help="although consents of it still last")
    for name, about in (
        ("hold", "nobody destroys this quarter while it is held"),
        ("release", "it is no longer held under this name"),
    ):
        one = acts.add_parser(name, help=about)
        _quarter(one)
        one.add_argument("--name", required=True, help="of what needs it, as 감사-2026-3")


def _quarter(act: argparse.ArgumentParser) -> None:
    act.add_argument("--quarter", type=int, required=True, help="as 20261: year and 1 to 4")
    act.add_argument("--by", required=True, help=BY)
