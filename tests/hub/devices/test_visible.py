"""What strangers say is shown as text in which nothing acts and nothing hides."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from hub.devices import visible

MAY_BE_SEEN = ("L", "M", "N", "P", "S")


@given(st.binary(max_size=400))
def test_whatever_the_bytes_are_nothing_in_the_text_acts(raw: bytes):
    for c in visible.of_bytes(raw):
        assert c == " " or unicodedata.category(c)[0] in MAY_BE_SEEN


@given(st.text(st.characters(exclude_categories=()), max_size=200))
def test_whatever_the_text_is_it_can_be_sent_and_nothing_in_it_acts(text: str):
    shown = visible.of_text(text)
    shown.encode("utf-8")
    assert all(c == " " or unicodedata.category(c)[0] in MAY_BE_SEEN for c in shown)


@given(st.text(st.sampled_from("가나 azAZ09{}[]:,.\"'\\/-_é점심")))
def test_plain_text_is_left_as_it_is(text: str):
    assert visible.of_bytes(text.encode()) == visible.of_text(text) == text


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_two_messages_that_differ_are_shown_differently(one: bytes, other: bytes):
    assert (visible.of_bytes(one) == visible.of_bytes(other)) == (one == other)


def test_what_turns_hides_or_towers_is_written_out():
    said = "a\u202eb\u200bc\nd\u3164e⟨f\u0300\u0300\u0300"
    assert visible.of_text(said) == (
        "a⟨U+202E⟩b⟨U+200B⟩c⟨U+000A⟩d⟨U+3164⟩e⟨U+27E8⟩f\u0300\u0300⟨U+0300⟩"
    )
    assert visible.of_bytes(b"\xff\x00a\xed\xa0\x80") == "⟨FF⟩⟨U+0000⟩a⟨ED⟩⟨A0⟩⟨80⟩"
