"""What cameras see: photographs, and films for a fake camera, of which the streams are watched."""

from pathlib import Path

from PIL import Image

from ..inks import picture

WIDTH, HEIGHT = 640, 480
RECORD_STREAMS = """
  window.streams = [];
  const devices = navigator.mediaDevices, lend = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (wanted) => {
    const stream = await lend(wanted);
    streams.push(stream);
    return stream;
  };
"""
STATES = "streams.flatMap((stream) => stream.getTracks()).map((track) => track.readyState)"


def film(digit: str, path: Path) -> Path:
    """Write a film of a digit on paper, with a dark table left and right of it."""
    frame = Image.new("L", (WIDTH, HEIGHT), 30)
    paper = picture(digit, "#222", "#ddd").resize((HEIGHT, HEIGHT)).convert("L")
    frame.paste(paper, ((WIDTH - HEIGHT) // 2, 0))
    colourless = bytes([128]) * (WIDTH * HEIGHT // 2)
    header = f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F30:1 Ip A1:1 C420mpeg2\n".encode()
    path.write_bytes(header + 2 * (b"FRAME\n" + frame.tobytes() + colourless))
    return path


def photograph(digit: str, width: int, height: int) -> Image.Image:
    """A digit in the middle of a sheet of yellowish paper."""
    paper = Image.new("RGB", (width, height), "#e3dcc8")
    side = min(width, height) * 2 // 3
    ink = picture(digit, "#1b2a4d", "#e3dcc8").resize((side, side))
    paper.paste(ink, ((width - side) // 2, (height - side) // 2))
    return paper
