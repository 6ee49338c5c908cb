"""Whatever may be stated, judged, logged: for property tests."""

import unicodedata

from hypothesis import strategies as st

from hub.tripproof.ask import Ask, Purpose
from hub.tripproof.challenge import Challenges
from hub.tripproof.leaf import HELD, NAMES, POLICY, QUARTER, REASON, REF, Leaf, LeafType, Revoked
from hub.tripproof.pointer import Pointer
from hub.tripproof.reasons import Reason
from hub.tripproof.record import Record
from hub.tripproof.statement import Fix, Kind, Search, Statement
from hub.tripproof.verdict import Grade, Place, Verdict

UINT = st.integers(0, 2**32 - 1)
SMALL = st.integers(0, 65_535)


def octets(length: int) -> st.SearchStrategy[bytes]:
    return st.binary(min_size=length, max_size=length)


def texts(shortest: int, longest: int) -> st.SearchStrategy[str]:
    """Texts of so many UTF-8 bytes, in NFC, that can be shown."""

    def fitted(text: str) -> str:
        normal = unicodedata.normalize("NFC", text)
        while len(normal.encode()) > longest:
            normal = normal[:-1]
        return normal

    letters = st.sampled_from("abcXYZ019-_ 출장군산시청기획예산é漢")
    made = st.text(letters, min_size=shortest, max_size=longest).map(fitted)
    return made.filter(lambda text: len(text.encode()) >= shortest)


fixes = st.builds(
    Fix, st.integers(-900_000_000, 900_000_000), st.integers(-1_800_000_000, 1_800_000_000),
    SMALL, UINT,
)  # fmt: skip
statements = st.builds(
    Statement, office=texts(1, 10), signed_at=UINT, cti=octets(8), who=texts(1, 12),
    department=texts(0, 10), trip=texts(0, 16), fix=st.none() | fixes,
    counter=st.integers(1, 2**32 - 1), challenge=octets(16), before=octets(16),
    kind=st.sampled_from(Kind), queued=st.booleans(), photo=st.none() | octets(32),
    search=st.none() | st.builds(Search, SMALL, SMALL, SMALL, SMALL),
    note=st.none() | texts(1, 120),
)  # fmt: skip
reasons = st.sets(st.sampled_from(Reason)).map(lambda found: tuple(sorted(map(int, found))))
verdicts = st.builds(
    Verdict, cti=octets(8), trip=texts(0, 30), kind=st.sampled_from(Kind), minute=UINT,
    place=st.sampled_from(Place), band=st.integers(0, 5), grade=st.sampled_from(Grade),
    reasons=reasons, policy=UINT, received_at=UINT,
)  # fmt: skip
pointers = st.builds(
    Pointer, texts(1, 30), st.integers(1, 999), st.sampled_from(Grade), octets(16), UINT
)
asks = st.builds(Ask, st.sampled_from(Purpose), UINT, octets(8), st.integers(0, 2**53))
challenges = st.builds(
    lambda device, at, held, values: Challenges(device, at, at + held, tuple(values)),
    octets(8), st.integers(0, 2**31), st.integers(0, 2**31 - 1),
    st.lists(octets(16), min_size=1, max_size=10),
)  # fmt: skip
scalars = st.integers(-(2**53), 2**53) | texts(0, 40) | st.binary(min_size=1, max_size=40)
records = st.builds(
    Record, st.sampled_from(LeafType),
    st.dictionaries(
        st.text("abcxyz_019", min_size=1, max_size=24), scalars | st.lists(scalars, max_size=6),
        max_size=8,
    ),
)  # fmt: skip


@st.composite
def leaves(draw: st.DrawFn) -> Leaf:
    kind = draw(st.sampled_from(LeafType))
    fields = {
        REF: octets(8), POLICY: st.integers(1, 2**32 - 1), REASON: st.sampled_from(Revoked),
        QUARTER: st.builds(lambda year, q: year * 10 + q, st.integers(2021, 9998),
                           st.integers(1, 4)),
    }  # fmt: skip
    told = {NAMES[key]: draw(fields.get(key, octets(32))) for key in sorted(HELD[kind])}
    return Leaf(kind, draw(UINT), **told)
