import numpy as np
import pytest
from PIL import Image

from app.errors import InkError
from app.ink.paper import separate_ink
from app.ink.pictures import Picture, decode_picture, encode_png, parse_data_url

from ..inks import data_url, noise, picture, png


def test_dark_on_light_and_light_on_dark_come_out_alike() -> None:
    dark = decode_picture(png(picture("7")))
    light = decode_picture(png(picture("7", ink="white", paper="black")))
    np.testing.assert_allclose(dark.pixels, light.pixels, atol=1e-6)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "RGB"])
def test_every_common_mode_is_read(mode: str) -> None:
    ink = decode_picture(png(picture("7").convert("L").convert(mode)))
    assert ink.pixels.max() == 1
    assert 0.02 < ink.pixels.mean() < 0.3


def test_transparent_paper_is_white() -> None:
    drawn = picture("7").convert("L")
    image = Image.new("LA", drawn.size)
    image.putalpha(Image.eval(drawn, lambda grey: 255 - grey))
    ink = decode_picture(png(image))
    assert ink.pixels[0, 0] == 0
    assert ink.pixels.max() == 1


def test_exif_orientation_is_applied() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees
    wide = Image.new("L", (40, 20), "white")
    assert decode_picture(png(wide, "JPEG", exif=exif)).pixels.shape == (40, 20)


@pytest.mark.parametrize("grey", [0, 128, 255])
def test_an_even_picture_is_blank(grey: int) -> None:
    assert decode_picture(png(Image.new("L", (30, 30), grey))).is_blank()


@pytest.mark.parametrize("side", [(400, 300), (2_400, 1_800)])
def test_where_ink_lies_is_told_in_shares_of_the_picture(side: tuple[int, int]) -> None:
    image = Image.new("L", (400, 300), "white")
    image.paste("black", (100, 60, 300, 75))
    extent = decode_picture(png(image.resize(side))).extent()
    assert extent is not None
    np.testing.assert_allclose(extent, (0.25, 0.2, 0.75, 0.25), atol=0.01)
    assert decode_picture(png(Image.new("L", (30, 30)))).extent() is None


def test_large_pictures_are_reduced() -> None:
    jpeg = png(picture("7").resize((3000, 3000)), "JPEG")
    assert max(decode_picture(jpeg).pixels.shape) <= 1_024


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no PNG or JPEG"),
        (b"hello", "no PNG or JPEG"),
        (png(picture("7"), "GIF"), "no PNG or JPEG"),
        (png(picture("7"))[:300], "damaged"),
        (png(picture("7"), "JPEG")[:200], "damaged"),
        (png(Image.new("1", (4_000, 3_000))), "megapixels"),
    ],
)
def test_other_bytes_are_refused_with_a_reason(content: bytes, reason: str) -> None:
    with pytest.raises(InkError, match=reason):
        decode_picture(content)


@pytest.mark.parametrize(
    "url", ["", "http://example.org/7.png", "data:text/html;base64,AAAA", "data:image/png;base64,*"]
)
def test_other_urls_are_refused(url: str) -> None:
    with pytest.raises(InkError, match="picture"):
        parse_data_url(url)


def test_digest_tells_pictures_apart() -> None:
    one, other = (decode_picture(png(picture(digit))) for digit in "17")
    assert one.digest() != other.digest()
    assert one.digest() == parse_data_url(data_url(png(picture("1")))).digest()


def test_a_stored_picture_fits_its_limit() -> None:
    busy = Picture(separate_ink((noise((900, 900)) * 255).astype(np.uint8)))
    content = encode_png(busy, max_bytes=36_000)
    assert len(content) <= 36_000
    assert decode_picture(content).pixels.shape[0] >= 100
