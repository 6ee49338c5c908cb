"""Tables of meals as offices keep them: what is read, and what is said where nothing can be."""

import io
import random
import zipfile
from contextlib import suppress
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.devices import meal_sheet, meals
from hub.devices.meals import MealDay, MealsUnreadable

MONDAY = date(2026, 11, 23)

WEEK = """\
구내식당 주간 식단표\t\t\t
구분\t11/23(월)\t11월 24일 (화)\t2026-11-25
중식\t쌀밥\t잡곡밥\t카레라이스
\t미역국\t된장국\t-
\t제육볶음\t"고등어구이
샐러드"\t깍두기
B코스\t비빔밥\t\t
석식\t라면\t김밥\t
"""


def served(found: meals.Found) -> dict[str, dict[str, tuple[str, ...]]]:
    return {str(d.day): {c.name: c.dishes for c in d.courses} for d in found.days}


def test_a_week_across_is_read_with_its_courses_and_cells_of_many_lines():
    found = meals.read(meals.grid_of(WEEK), MONDAY)
    assert served(found) == {
        "2026-11-23": {
            "중식": ("쌀밥", "미역국", "제육볶음"), "B코스": ("비빔밥",), "석식": ("라면",),
        },
        "2026-11-24": {"중식": ("잡곡밥", "된장국", "고등어구이", "샐러드"), "석식": ("김밥",)},
        "2026-11-25": {"중식": ("카레라이스", "깍두기")},
    }  # fmt: skip
    assert found.notes == ()


def test_weekdays_alone_are_those_of_the_week_that_is_asked_for():
    found = meals.read(meals.grid_of("월\t화요일\t(수)\n국밥\t냉면\t찌개"), MONDAY)
    assert served(found) == {
        "2026-11-23": {"": ("국밥",)},
        "2026-11-24": {"": ("냉면",)},
        "2026-11-25": {"": ("찌개",)},
    }


def test_days_down_are_read_with_the_titles_of_their_columns():
    text = "날짜\t중식\t석식\n11.23\t쌀밥, 미역국\t라면\n\t김치\t\n11.24\t국수\t김밥"
    assert served(meals.read(meals.grid_of(text), MONDAY)) == {
        "2026-11-23": {"중식": ("쌀밥", "미역국", "김치"), "석식": ("라면",)},
        "2026-11-24": {"중식": ("국수",), "석식": ("김밥",)},
    }


def test_a_message_with_days_and_courses_on_lines_of_their_own_is_read():
    text = "11월 23일(월)\n[중식]\n쌀밥\n미역국\n[석식]\n라면\n11월 24일(화)\n점심:\n국수"
    assert served(meals.read(meals.grid_of(text), MONDAY)) == {
        "2026-11-23": {"중식": ("쌀밥", "미역국"), "석식": ("라면",)},
        "2026-11-24": {"점심": ("국수",)},
    }


def test_lines_without_a_date_are_the_day_that_was_chosen():
    found = meals.read(meals.grid_of("쌀밥\n미역국\n김치"), MONDAY)
    assert served(found) == {"2026-11-23": {"": ("쌀밥", "미역국", "김치")}}


def test_the_year_that_is_not_written_is_the_nearest():
    found = meals.read(meals.grid_of("12/31\t1/1\n떡국\t만두"), date(2026, 12, 28))
    assert list(served(found)) == ["2026-12-31", "2027-01-01"]


def test_a_weekday_that_is_not_the_dates_is_told():
    found = meals.read(meals.grid_of("11/23(화)\t11/24(화)\n국\t밥"), MONDAY)
    assert found.notes == (("wrong-weekday", "11/23(화)"),)


def test_what_is_too_much_for_a_day_is_left_out_and_told():
    text = "11/23\t11/24\n" + "\n".join(f"반찬 {n}\t국" for n in range(40))
    found = meals.read(meals.grid_of(text), MONDAY)
    assert len(found.days[0].courses[0].dishes) == meals.DISHES_MOST
    assert ("too-much", "2026-11-23") in found.notes


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "음식 이름"),
        ("11/23\t11/24\n-\t", "음식 이름"),
        ("밥\t국\n김치\t나물", "날짜를 찾지"),
    ],
)
def test_where_nothing_can_be_read_the_person_is_told_what_to_give(text: str, words: str):
    with pytest.raises(MealsUnreadable) as told:
        meals.read(meals.grid_of(text), MONDAY)
    assert words in told.value.ko


cells = st.text(max_size=40) | st.sampled_from(["11/23(월)", "월", "2026-11-24", "[중식]", "중식"])


@given(st.lists(st.lists(cells | st.dates(), max_size=8), max_size=20), st.dates(date(2000, 1, 10)))
def test_any_table_gives_days_that_can_be_saved_or_a_reason(grid, near):
    near = min(near, date(2099, 12, 20))
    try:
        found = meals.read(grid, near)
    except MealsUnreadable:
        return
    for day in found.days:
        assert MealDay.model_validate_json(day.model_dump_json()) == day


@given(st.text(alphabet=st.sampled_from('ab"\t\n'), max_size=60))
def test_any_pasted_text_becomes_cells(text):
    assert meals.grid_of(text)


@given(st.lists(st.lists(st.text(max_size=10), min_size=1, max_size=4), min_size=1, max_size=5))
def test_cells_are_pasted_as_spreadsheets_copy_them(grid):
    said = ["\t".join('"' + c.replace('"', '""') + '"' for c in row) for row in grid]
    assert meals.grid_of("\n".join(said)) == grid


def workbook(*rows: list[object], also_empty: bool = True) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    if also_empty:
        sheet = book.create_sheet("식단")
    for row in rows:
        sheet.append(row)
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def test_a_workbook_is_read_like_the_same_table_pasted():
    body = workbook(
        ["주간 식단", None, None],
        [
            "구분",
            datetime(2026, 11, 23),  # noqa: DTZ001  a workbook knows no zones
            "11/24(화)",
        ],
        ["중식", "쌀밥\n미역국", 2],
        [None, "김치", None],
    )
    assert meal_sheet.is_workbook(body)
    assert served(meals.read(meal_sheet.grid_of(body), MONDAY)) == {
        "2026-11-23": {"중식": ("쌀밥", "미역국", "김치")},
        "2026-11-24": {"중식": ("2",)},
    }


def test_merged_labels_and_formulas_do_no_harm():
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["구분", "월", "화"], ["점심", "밥", "=1+1"], [None, "국", "면"]):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    body = io.BytesIO()
    book.save(body)
    found = meals.read(meal_sheet.grid_of(body.getvalue()), MONDAY)
    assert served(found)["2026-11-23"] == {"점심": ("밥", "국")}
    assert served(found)["2026-11-24"] == {"점심": ("면",)}


def test_old_and_locked_workbooks_are_told_apart_from_broken_ones():
    with pytest.raises(MealsUnreadable, match="old workbook"):
        meal_sheet.grid_of(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    with pytest.raises(MealsUnreadable, match="cannot be read"):
        meal_sheet.grid_of(workbook(["밥"])[:400])


def test_a_bomb_is_refused_before_it_is_unpacked():
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", bytes(meal_sheet.UNPACKED_MOST_BYTES + 1))
    with pytest.raises(MealsUnreadable, match="too large"):
        meal_sheet.grid_of(body.getvalue())


def test_entities_in_a_sheet_are_not_expanded():
    entity = b'<!DOCTYPE a [<!ENTITY x "xxxxxxxx">]>'
    made = workbook(["월", "화"], ["밥", "국"], also_empty=False)
    body = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as parts, zipfile.ZipFile(body, "w") as out:
        for name in parts.namelist():
            text = parts.read(name)
            if name.endswith("sheet1.xml"):
                text = entity + text.replace(b"<worksheet", b"<worksheet", 1)
            out.writestr(name, text)
    with pytest.raises(MealsUnreadable):
        meal_sheet.grid_of(body.getvalue())


def test_workbooks_with_flipped_bytes_are_read_or_refused_in_words():
    chance = random.Random(7)
    whole = workbook(["월", "화"], ["밥", "국"], also_empty=False)
    for _ in range(150):
        broken = bytearray(whole)
        for _ in range(chance.randrange(1, 6)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        with suppress(MealsUnreadable):
            meals.read(meal_sheet.grid_of(bytes(broken)), MONDAY)
