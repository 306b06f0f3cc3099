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
