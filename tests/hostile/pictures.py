"""Five hundred hostile pictures, the same at every run. Each is read rightly or refused."""

import random
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from PIL import Image, ImageOps

from ..inks import picture, png
from .files import (
    PNG_MAGIC,
    UNDONE,
    deep_png,
    exif,
    grey_png,
    interlaced,
    on_a_strip,
    png_of,
    split_idat,
    srgb,
    unbounded,
    with_chunk,
    without,
)

DIGIT = "7"


@dataclass(frozen=True)
class Case:
    """expected: the digit that must be read, "" for refused, None where either is right."""

    name: str
    content: bytes
    expected: str | None


@cache
def pictures() -> tuple[Case, ...]:
    luck = random.Random(2)
    made = [*_legitimate(), *_sizes(), *_bombs(), *_renamed(), *_polyglots(), *_cut(), *_crcs()]
    return (*made, *_mutated([case for case in made if case.expected], luck))


def _legitimate() -> Iterator[Case]:
    for digit in "23578":
        yield from (Case(f"{name} of {digit}", content, digit) for name, content in _pngs(digit))
        yield from (Case(f"{name} of {digit}", content, digit) for name, content in _jpegs(digit))


def _pngs(digit: str) -> Iterator[tuple[str, bytes]]:
    drawn = picture(digit)
    grey = np.asarray(drawn.convert("L"))
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA"):
        yield f"PNG {mode}", png(drawn.convert(mode))
        yield f"inverted PNG {mode}", png(ImageOps.invert(drawn).convert(mode))
    for bits in (1, 2, 4):
        yield f"PNG P of {bits} bits", png(drawn.quantize(2**bits), bits=bits)
        yield f"PNG grey of {bits} bits", grey_png(grey >> (8 - bits), bits)
    for low, high in ((0, 65_535), (0, 40_000), (300, 9_000), (256, 25_000), (60_000, 20_000)):
        deep = (low + grey / 255 * (high - low)).astype(np.uint16)
        yield f"PNG of 16 bits, {low} to {high}", png(Image.fromarray(deep))
    for colour, channels in ((2, 3), (6, 4), (4, 2)):
        yield f"PNG of 16 bits and {channels} channels", deep_png(grey, colour, channels)
    clear = Image.new("LA", drawn.size)
    clear.putalpha(Image.fromarray(255 - grey))
    yield "PNG black on transparent black", png(clear)
    yield "PNG RGBA on transparent black", png(clear.convert("RGBA"))
    palette = drawn.quantize(8)
    yield "PNG palette with transparent paper", png(palette, transparency=palette.getpixel((2, 2)))
    yield "PNG grey with transparent paper", png(drawn.convert("L"), transparency=255)
    yield "PNG interlaced", interlaced(grey)
    frames = [drawn, picture("1")]
    yield "PNG animated", png(drawn, save_all=True, append_images=frames, duration=50)
    yield "PNG with ICC", png(drawn, icc_profile=srgb())
    yield "PNG with a damaged ICC", png(drawn, icc_profile=b"\x00" * 3_000)
    yield "PNG of many IDATs", split_idat(png(drawn), 40)
    yield "PNG with a chunk of its own", with_chunk(png(drawn), b"prVt", b"x" * 500_000)
    for turn, undone in UNDONE.items():
        turned = drawn if undone is None else drawn.transpose(undone)
        yield f"PNG turned {turn}", png(turned, exif=exif(turn))


def _jpegs(digit: str) -> Iterator[tuple[str, bytes]]:
    drawn = picture(digit)
    for name, options in {"": {}, "progressive": {"progressive": True}, "of quality 30": {"quality": 30},
                          "4:4:4": {"subsampling": 0}, "with restarts": {"restart_marker_blocks": 2},
                          "with ICC": {"icc_profile": srgb()}, "with a damaged ICC": {"icc_profile": b"x" * 3_000}}.items():  # fmt: skip
        yield f"JPEG {name}", png(drawn, "JPEG", **options)
        yield f"grey JPEG {name}", png(drawn.convert("L"), "JPEG", **options)
        yield f"CMYK JPEG {name}", png(drawn.convert("CMYK"), "JPEG", **options)
    adobe = png(drawn.convert("CMYK"), "JPEG")
    yield "CMYK JPEG without Adobe's marker", without(adobe, 0xEE)
    yield "MPO", png(drawn, "MPO", save_all=True, append_images=[picture("1")])
    yield "large JPEG", png(drawn.resize((4_900, 4_890)), "JPEG")
    yield "wide JPEG", png(on_a_strip(drawn), "JPEG")
    for turn, undone in UNDONE.items():
        turned = drawn if undone is None else drawn.transpose(undone)
        yield f"JPEG turned {turn}", png(turned, "JPEG", exif=exif(turn))
    yield "JPEG with damaged EXIF", png(drawn, "JPEG", exif=b"Exif\x00\x00II*\x00\xff\xff\xff\xff")
    yield (
        "JPEG with EXIF without end",
        png(drawn, "JPEG", exif=b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\xff\xff" + b"\x01" * 900),
    )


def _sizes() -> Iterator[Case]:
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA"):
        large = picture(DIGIT, width=30).resize((2_820, 2_830)).convert(mode)
        yield Case(f"8 megapixels PNG {mode}", png(large, compress_level=1), DIGIT)
        yield Case(f"a pixel PNG {mode}", png(Image.new(mode, (1, 1))), None)
    deep = np.asarray(picture(DIGIT, width=30).convert("L").resize((2_820, 2_830)))
    yield Case(
        "8 megapixels PNG of 16 bits", png(Image.fromarray(deep.astype(np.uint16) * 257)), DIGIT
    )
    yield Case("8 megapixels PNG of 16 bits RGBA", deep_png(deep, 6, 4, level=1), DIGIT)
    yield Case("8 megapixels PNG interlaced", interlaced(deep), DIGIT)
    noise = np.random.default_rng(3).integers(0, 256, (1_300, 2_000, 3), dtype=np.uint8)
    yield Case("noise PNG", png(Image.fromarray(noise), compress_level=0), None)
    yield Case("noise JPEG", png(Image.fromarray(noise), "JPEG", quality=95), None)
    for size in ((1, 65_500), (65_500, 1), (1, 1), (8, 8), (65_500, 366)):
        yield Case(f"JPEG {size}", png(Image.new("L", size, 255), "JPEG"), None)
    for size in ((1, 8_000_000), (8_000_000, 1), (2, 4_000_000), (1, 100_000), (100_000, 1)):
        yield Case(f"PNG {size}", png(Image.new("L", size, 255)), None)
    for size in ((6_000, 4_100), (65_000, 400)):
        yield Case(f"JPEG {size}", png(Image.new("L", size), "JPEG", quality=20), "")
    photo = picture(DIGIT, width=30).resize((4_890, 4_890))
    yield Case("progressive JPEG of 24 megapixels", unbounded(photo, progressive=True), "")
    yield Case(
        "progressive JPEG of 9 megapixels",
        png(photo.resize((3_000, 3_000)), "JPEG", progressive=True),
        DIGIT,
    )
    scans = png(photo.resize((2_000, 2_000)), "JPEG", progressive=True)
    at = scans.rindex(b"\xff\xda")
    yield Case("JPEG of endless scans", scans[:at] + scans[at:-2] * 300 + b"\xff\xd9", "")


def _bombs() -> Iterator[Case]:
    for width, height in (
        (60_000, 60_000),
        (2**31 - 1, 1),
        (1, 2**31 - 1),
        (2**31 - 1, 2**31 - 1),
        (0, 0),
        (0, 5),
        (5, 0),
        (2**32 - 1, 1),
        (2_829, 2_829),
        (9_400, 9_400),
    ):
        for colour, depth in ((0, 1), (6, 16), (3, 8), (2, 8)):
            head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
            chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\x00" * 1_000)), (b"IEND", b"")]
            yield Case(f"PNG header {width}×{height} {colour}", png_of(chunks), "")
    flat = zlib.compress(b"\x00" * (60 << 20), 6)
    head = struct.pack(">IIBBBBB", 100, 100, 8, 0, 0, 0, 0)
    yield Case(
        "PNG with more data than pixels",
        png_of([(b"IHDR", head), (b"IDAT", flat), (b"IEND", b"")]),
        None,
    )
    drawn = png(picture(DIGIT))
    big = zlib.compress(b"a" * (80 << 20), 6)
    for name, chunk, body in (("zTXt", b"zTXt", b"k\x00\x00" + big), ("iTXt", b"iTXt", b"k\x00\x01\x00\x00\x00" + big), ("iCCP", b"iCCP", b"k\x00\x00" + big),
                              ("tEXt", b"tEXt", b"k\x00" + b"a" * (5 << 20)), ("eXIf", b"eXIf", b"MM\x00*" + b"\xff" * (1 << 20))):  # fmt: skip
        yield Case(f"PNG with a huge {name}", with_chunk(drawn, chunk, body), None)
    many = drawn
    text = b"k\x00\x00" + zlib.compress(b"a" * 250_000, 9)
    for _ in range(100):
        many = with_chunk(many, b"zTXt", text)
    yield Case("PNG with many texts", many, None)
    yield Case("PNG of a thousand IDATs", split_idat(drawn, 1), DIGIT)
    empty = drawn
    for _ in range(3_000):
        empty = with_chunk(empty, b"teSt", b"")
    yield Case("PNG with thousands of chunks", empty, DIGIT)
    for frames in (1, 2**31 - 1, 2**32 - 1, 0):
        yield Case(
            f"PNG animated {frames} times",
            with_chunk(drawn, b"acTL", struct.pack(">II", frames, 0)),
            None,
        )
    for depth, colour in ((3, 0), (16, 3), (1, 2), (4, 6), (8, 1), (8, 7), (0, 0), (255, 255)):
        head = struct.pack(">IIBBBBB", 9, 9, depth, colour, 0, 0, 0)
        yield Case(
            f"PNG of {depth} bits, colour {colour}",
            png_of([(b"IHDR", head), (b"IDAT", zlib.compress(b"\x00" * 999)), (b"IEND", b"")]),
            "",
        )
    jpeg = png(picture(DIGIT), "JPEG")
    frame = jpeg.index(b"\xff\xc0")
    for width, height in ((65_535, 65_535), (0, 100), (100, 0), (65_535, 366), (5_000, 5_000)):
        sized = jpeg[: frame + 5] + struct.pack(">HH", height, width) + jpeg[frame + 9 :]
        yield Case(
            f"JPEG header {width}×{height}",
            sized,
            "" if width * height > 24e6 or not width * height else None,
        )
    for marker in range(0xC0, 0xD0):
        changed = jpeg[: frame + 1] + bytes([marker]) + jpeg[frame + 2 :]
        yield Case(f"JPEG with SOF {marker:x}", changed, None)
    yield Case("JPEG of 12 bits", jpeg[: frame + 4] + b"\x0c" + jpeg[frame + 5 :], "")
    yield Case("JPEG of 255 channels", jpeg[: frame + 9] + b"\xff" + jpeg[frame + 10 :], "")


def _renamed() -> Iterator[Case]:
    drawn = picture(DIGIT)
    for name in (
        "GIF",
        "BMP",
        "TIFF",
        "WEBP",
        "ICO",
        "PPM",
        "PCX",
        "TGA",
        "JPEG2000",
        "AVIF",
        "EPS",
        "PDF",
        "SGI",
        "DDS",
        "ICNS",
        "XBM",
        "MSP",
        "SPIDER",
    ):
        image = {
            "XBM": drawn.convert("1"),
            "MSP": drawn.convert("1"),
            "SPIDER": drawn.convert("F"),
        }.get(name, drawn)
        yield Case(f"{name} as a PNG", png(image, name), "")
    for magic in (b"8BPS\x00\x01", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<?xml version='1.0'?><svg/>", b"\x00\x00\x00\x18ftypheic", b"%!PS-Adobe-3.0 EPSF",
                  b"\xd7\xcd\xc6\x9a", b"SIMPLE  =", b"\x89HDF", b"BLP2", b"FLIF", b"gimp xcf", b"#!/bin/sh", b"PK\x03\x04", b"\x7fELF", b"MZ", b"#?RADIANCE", b"P6 9 9 255 ", b"II*\x00", b"\xff\xd8\xff",
                  b"\xff\xd8", PNG_MAGIC, PNG_MAGIC[:4], b"\x8aMNG\r\n\x1a\n", b"\x8bJNG\r\n\x1a\n", b"RIFF\x00\x00\x00\x00WEBP", b"", b"\x00"):  # fmt: skip
        yield Case(f"magic {magic[:9]!r}", magic + b"\x00" * 200 * bool(len(magic) > 2), "")


def _polyglots() -> Iterator[Case]:
    html = b"<html><script>alert(1)</script></html>"
    for name, content in (("PNG", png(picture(DIGIT))), ("JPEG", png(picture(DIGIT), "JPEG"))):
        for tail in (
            b"PK\x03\x04" + b"zip" * 99,
            html,
            b"%PDF-1.4",
            b"GIF89a",
            b"\x00" * 100_000,
            content,
        ):
            yield Case(f"{name} and {tail[:9]!r}", content + tail, DIGIT)
            yield Case(f"{tail[:9]!r} and {name}", b"\n" + tail + content, "")
    yield Case(
        "PNG and HTML inside", with_chunk(png(picture(DIGIT)), b"tEXt", b"k\x00" + html), DIGIT
    )
    yield Case("JPEG and HTML inside", png(picture(DIGIT), "JPEG", comment=html), DIGIT)
    yield Case("GIF and a PNG", b"GIF89a" + png(picture(DIGIT)), "")


def _cut() -> Iterator[Case]:
    for name in ("PNG", "JPEG"):
        content = png(picture(DIGIT), name)
        for share in range(40):
            yield Case(
                f"{name} cut at {share}/40",
                content[: len(content) * share // 40],
                None if share > 36 else "",
            )


def _crcs() -> Iterator[Case]:
    content = png(picture(DIGIT))
    for name in (b"IHDR", b"IDAT", b"IEND"):
        at = content.index(name)
        (length,) = struct.unpack(">I", content[at - 4 : at])
        end = at + 4 + length
        yield Case(
            f"PNG with a wrong CRC of {name.decode()}",
            content[:end] + b"\x00\x00\x00\x00" + content[end + 4 :],
            None,
        )
        for claimed in (0, 2**31, 2**32 - 1, length + 1, length - 1):
            if 0 <= claimed != length:
                yield Case(
                    f"PNG whose {name.decode()} claims {claimed}",
                    content[: at - 4] + struct.pack(">I", claimed) + content[at:],
                    None,
                )


def _mutated(cases: list[Case], luck: random.Random) -> Iterator[Case]:
    small = [case for case in cases if len(case.content) < 60_000]
    for number in range(160):
        base = luck.choice(small)
        content = bytearray(base.content)
        for _ in range(luck.choice((1, 1, 3, 20))):
            content[luck.randrange(len(content))] = luck.randrange(256)
        yield Case(f"mutated {number}: {base.name}", bytes(content), None)
