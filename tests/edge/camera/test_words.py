"""Any word for a camera is one, or is refused in a sentence; nothing else is raised."""

from hypothesis import given
from hypothesis import strategies as st

from edge.camera import CameraFailed
from edge.camera.capture import camera_name
from edge.camera.open import open_camera

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
NO_CAMERA = TEXT.filter(lambda text: not text.strip().isdecimal() and text.strip() != "scene")
ADDRESSES = st.builds("{}://{}".format, st.sampled_from(["ftp", "file", "RTSPX", "a+b"]), TEXT)


@given(NO_CAMERA | ADDRESSES)
def test_any_word_that_is_no_camera_is_refused_in_a_sentence(spec: str):
    try:
        camera = open_camera(spec, frames_per_s=4)
    except CameraFailed as error:
        assert str(error).strip().endswith(".")  # noqa: PT017
    else:
        camera.close()


@given(TEXT, st.sampled_from(["rtsp", "http", "https"]))
def test_no_part_of_the_user_of_any_address_is_repeated(user: str, scheme: str):
    spec = f"{scheme}://{user}:s3cret@host[:554/live?token=s3cret"
    assert "s3cret" not in camera_name(spec)
