"""Text as a document may hold it: what a person could have typed and an office can print.

Left out: whether the words are good Korean; that is the linter's.
"""

import unicodedata
from typing import Final

KEPT_JOINERS: Final = "\u200c\u200d"  # they hold old letters and families of emoji together
SPACES: Final = str.maketrans({"\r": "\n", "\u2028": "\n", "\u2029": "\n", "\t": " "})
DROPPED: Final = {"Cc", "Cf", "Cs", "Cn"}  # Co stays: older HWP files keep old Hangul there


def cleaned(text: str) -> str:
    """Return `text` composed (NFC), with one kind of line break and nothing invisible.

    Control characters, lone surrogates, noncharacters and signs that turn the direction of text
    are dropped: nobody sees them, XML forbids half of them, and the rest make a page read
    differently from what is stored. Cleaning twice changes nothing more.
    """
    lines = text.replace("\r\n", "\n").translate(SPACES)
    return unicodedata.normalize("NFC", "".join(one for one in lines if _is_kept(one)))


def _is_kept(one: str) -> bool:
    return one == "\n" or one in KEPT_JOINERS or unicodedata.category(one) not in DROPPED


def one_line(text: str) -> str:
    """Return `text` cleaned, on one line, without spaces at its ends."""
    return " ".join(cleaned(text).split("\n")).strip()
