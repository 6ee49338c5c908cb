import datetime as dt

import pydantic
import pytest

from hub.document import flow, model, plain
from hub.document.forms import trip_report
from tests.hub.document import samples


def _lines(**changed):
    return plain.drawn(trip_report.filled(samples.report(**changed))).split("\n")


def test_the_period_names_the_day_again_only_where_it_is_another():
    assert "출장기간  2026. 11. 20. 09:00~18:00" in _lines()
    ends = dt.datetime(2026, 11, 21, 12, 0, tzinfo=samples.KST)
    assert "출장기간  2026. 11. 20. 09:00~2026. 11. 21. 12:00" in _lines(ends=ends)


def test_times_are_those_of_seoul_whatever_zone_they_came_in():
    begins = dt.datetime(2026, 11, 19, 23, 30, tzinfo=dt.UTC)
    assert "출장기간  2026. 11. 20. 08:30~18:00" in _lines(begins=begins)


def test_a_time_without_zone_is_refused():
    with pytest.raises(pydantic.ValidationError):
        samples.report(begins=dt.datetime(2026, 11, 20, 9))  # noqa: DTZ001


def test_a_trip_cannot_end_before_it_begins():
    with pytest.raises(pydantic.ValidationError, match="앞섭니다"):
        samples.report(ends=dt.datetime(2026, 11, 19, tzinfo=samples.KST))


def test_paper_and_photo_stand_in_the_same_table_as_a_touch():
    text = "\n".join(_lines())
    assert "2공구 현장사무소\t보상 지연 구간 확인\t최민수 소장\t종이 확인\t-" in text


def test_without_a_code_the_report_is_signed_all_the_same():
    pieces = flow.pieces(trip_report.filled(samples.report(qr=None)))
    assert isinstance(pieces[-1], flow.Closing)
    assert not any(isinstance(piece, flow.Code) for piece in pieces)


def test_what_is_left_out_leaves_no_empty_heading():
    lines = _lines(requests=(), visits=(), attachments=(), transport="")
    assert not [line for line in lines if "건의" in line or "방문" in line or "교통편" in line]
    assert "  나. 설계 변경 도면은 2026. 12. 4.까지 받기로 함.  끝." in lines


def test_a_report_is_a_document_that_can_be_kept_as_json():
    document = trip_report.filled(samples.report())
    assert model.read(document.model_dump_json()) == document


def test_a_full_report_still_fits_the_limits():
    people = [{"department": "가" * 200, "post": "나" * 200, "name": "다" * 200}] * 8
    document = trip_report.filled(samples.report(travellers=people, destination="라" * 200))
    assert len(document.fields[0].value) == model.MAX_LINE
