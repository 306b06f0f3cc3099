"""Pictures of every size come through a form."""

import numpy as np
import pytest
from flask.testing import FlaskClient
from PIL import Image

from ..inks import noise, png

HEAD = b'--b\r\nContent-Disposition: form-data; name="file"; filename="x.png"\r\n\r\n'
FORM = "multipart/form-data; boundary=b"


@pytest.mark.parametrize("side", [100, 150, 200, 400, 1500])
def test_a_picture_that_does_not_compress_is_read(client: FlaskClient, side: int) -> None:
    content = png(Image.fromarray((255 * noise((side, side, 3))).astype(np.uint8)))
    assert len(content) > 3 * side**2
    body = HEAD + content + b"\r\n--b--\r\n"
    assert client.post("/api/predict", data=body, content_type=FORM).status_code == 200


@pytest.mark.parametrize("field", ["top", "kind", "file"])
def test_a_field_named_twice_is_refused(client: FlaskClient, field: str) -> None:
    picture_part = HEAD + png(Image.new("L", (20, 20), "white"))
    name = f'\r\n--b\r\nContent-Disposition: form-data; name="{field}"'.encode()
    filename = b'; filename="y.png"' if field == "file" else b""
    twice = (name + filename + b"\r\n\r\n1") * 2
    body = picture_part + twice + b"\r\n--b--\r\n"
    answer = client.post("/api/predict", data=body, content_type=FORM)
    assert answer.status_code == 400
    assert "twice" in answer.get_json()["detail"]
