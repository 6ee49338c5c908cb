"""A form filled in by keyboard alone: Tab to each field, and what one presses there.

What is typed comes by the names of the fields. A field for which nothing is given keeps what it
begins with; where it begins with nothing and is needed, it takes what any such field would.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from playwright.async_api import Page

STEPS_MOST = 400
AT = """() => {
    const it = document.activeElement;
    return {
        id: it.name && it.type === 'radio' ? it.name : it.id,
        kind: it.tagName === 'INPUT' ? it.type : it.tagName === 'SELECT' ? 'select'
            : it.tagName === 'SUMMARY' ? 'summary' : it.type === 'submit' ? 'submit' : 'other',
        value: it.value ?? '',
        checked: !!it.checked,
        adds: it.tagName === 'BUTTON' && it.parentElement.className.includes('lines')
            ? it.parentElement.querySelectorAll('.line').length : null,
        list: it.closest('.lines')?.dataset.name ?? '',
        isOpen: !!it.parentElement?.open,
    };
}"""
ANY = {"number": "1", "text": "다과", "date": "2026-11-21", "time": "13:00"}


async def fill(page: Page, prefix: str, fields: list[Any], given: Mapping[str, Any]) -> None:
    """From the first field of a form to its button, which then has the keyboard."""
    flat = dict(_flat(prefix, fields, given))
    lists = [one["name"] for one in fields if one["kind"] == "list"]
    lines = {name: len(given.get(name) or ()) for name in lists}
    done: set[str] = set()
    for _ in range(STEPS_MOST):
        at = await page.evaluate(AT)
        if at["kind"] == "submit":
            assert not (left := set(flat) - done), f"the keyboard never came to {left}"
            return
        if at["kind"] == "summary" and not at["isOpen"]:
            await page.keyboard.press("Enter")
        elif at["adds"] is not None and at["adds"] < lines.get(at["list"], 0):
            await page.keyboard.press("Enter")
            await page.wait_for_function("document.activeElement.tagName !== 'BUTTON'")
            continue
        elif at["id"] in flat and at["id"] not in done:
            done.add(at["id"])
            await _press(page, at, flat[at["id"]])
        await page.keyboard.press("Tab")
    raise AssertionError("the keyboard never came to the form's button")


def _flat(prefix: str, fields: list[Any], given: Mapping[str, Any]) -> Any:
    """Each field's id, and what is to stand in it."""
    for field in fields:
        name, value = f"{prefix}-{field['name']}", given.get(field["name"])
        if field["kind"] == "list":
            for nth, line in enumerate(value or ()):
                yield from _flat(f"{name}-{nth}", field["fields"], line)
        elif value is not None:
            yield name, value
        elif field["is_required"] and field["default"] is None and not field["begins_today"]:
            choices = field["choices"]
            yield name, choices[0]["value"] if choices else ANY[field["kind"]]


async def _press(page: Page, at: Any, value: Any) -> None:
    if at["kind"] == "checkbox":
        if at["checked"] != value:
            await page.keyboard.press("Space")
    elif at["kind"] == "radio":
        await _radio(page, str(value))
    elif at["kind"] == "select":
        await _select(page, str(value))
    elif at["kind"] in ("date", "time"):
        await _parts(page, at["kind"], str(value))
    else:
        await page.keyboard.press("Control+A")
        await page.keyboard.type(str(value))


async def _value(page: Page) -> Any:
    return (await page.evaluate(AT))["value"]


async def _radio(page: Page, wanted: str) -> None:
    if not (await page.evaluate(AT))["checked"]:
        await page.keyboard.press("Space")
    for _ in range(20):
        if await _value(page) == wanted:
            return
        await page.keyboard.press("ArrowRight")
    raise AssertionError(f"no choice {wanted}")


async def _select(page: Page, wanted: str) -> None:
    await page.keyboard.press("Home")
    for _ in range(60):
        if await _value(page) == wanted:
            return
        await page.keyboard.press("ArrowDown")
    raise AssertionError(f"no choice {wanted}")


async def _parts(page: Page, kind: str, wanted: str) -> None:
    """Days and times have parts in the order of the browser's own language: try the orders."""
    for keys in _days(wanted) if kind == "date" else _times(wanted):
        for _ in range(4):
            await page.keyboard.press("ArrowLeft")
        for key in keys:
            await page.keyboard.press(key)
        if await _value(page) == wanted:
            return
    raise AssertionError(f"{wanted} could not be typed")


def _days(wanted: str) -> list[list[str]]:
    day = date.fromisoformat(wanted)
    month_day, year = list(f"{day:%m%d}"), list(f"{day:%Y}")
    return [[*month_day, *year], [*year, "ArrowRight", *month_day], [*f"{day:%d%m}", *year]]


def _times(wanted: str) -> list[list[str]]:
    hour, minute = int(wanted[:2]), wanted[3:]
    twelve, half = f"{hour % 12 or 12:02}", "ArrowUp" if hour < 12 else "ArrowDown"
    later = [*twelve, *minute]
    return [
        [*later, "p" if hour >= 12 else "a"],
        list(f"{hour:02}{minute}"),
        [half, "ArrowRight", *later],
    ]
