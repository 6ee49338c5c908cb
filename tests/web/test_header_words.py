"""Headers are text of strangers: whatever they hold, each reader answers and none raises."""

from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers
from starlette.requests import Request

from hub.density.routes import _has_already
from hub.identity import access, provider, sessions
from hub.web import app, errors, pages

HEADER = st.text(
    st.characters(max_codepoint=255), max_size=120
)  # as latin-1, what a server hands on
ODD = st.sampled_from(
    ["http://[", "http://[::1", "https://a:b:c", "*", "W/", ";q=nan", "en;q=inf,ko;q=-inf", "null"]
)
TEXT = HEADER | ODD


def request(**headers: str) -> Request:
    named = [
        (name.replace("_", "-").encode(), value.encode("latin-1"))
        for name, value in headers.items()
    ]
    return Request({"type": "http", "method": "POST", "path": "/", "headers": named})


@given(TEXT)
def test_any_accept_language_is_a_language(text: str):
    assert errors.language(text) in ("ko", "en")


@given(TEXT)
def test_any_accept_encoding_is_a_set_of_words(text: str):
    assert all(word == word.strip().lower() for word in pages._accepted(text))


@given(TEXT)
def test_only_our_own_tag_or_a_star_means_it_is_there_already(text: str):
    if _has_already(text, '"ours"'):
        assert '"ours"' in text or "*" in text


@given(TEXT, TEXT)
def test_only_a_page_of_the_host_itself_is_from_us(origin: str, host: str):
    if access.is_from_us(request(origin=origin, host=host)):
        assert origin in (f"https://{host}", f"http://{host}")


@given(TEXT)
def test_only_a_browser_s_own_word_makes_a_site_ours(site: str):
    assert access.is_from_us(request(sec_fetch_site=site)) == (site == "same-origin")


@given(TEXT)
def test_any_announced_length_is_a_number_of_bytes(text: str):
    length = app._body_bytes(Headers({"content-length": text}))
    assert length >= 0
    assert length == 0 or text.isascii()


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_token_but_its_own_is_a_session_s(token: str, given_token: str):
    token = token.encode("utf-8", "replace").decode()
    own = sessions.csrf_token(token)
    assert sessions.is_csrf_token(token, own)
    assert not sessions.is_csrf_token(token, given_token.encode("utf-8", "replace").decode())


@given(st.text(max_size=80) | st.text("/\\.:@ae?#%\t\n ", max_size=20).map(lambda s: "/" + s))
def test_the_way_back_never_leads_to_another_host(asked: str):
    back = provider.own_path(asked)
    assert back == provider.HOME or back == asked
    assert back.startswith("/")
    assert not back.startswith(("//", "/\\"))
    assert back.isprintable()
    assert " " not in back
