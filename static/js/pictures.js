/**
 * Pictures made ready to be read: decoded by the browser, which knows more formats than the server,
 * turned upright, made smaller, and encoded anew, so that no more is sent than is read, and nothing
 * of what a camera notes beside its pixels.
 */
import { Trouble } from "./api.js";

const MAX_FILE_BYTES = 50_000_000;
const MAX_SIDE_PX = 1024;
const SMALL_SIDE_PX = 256;
const JPEG_QUALITY = 0.9;

async function decode(file) {
  if (file.size > MAX_FILE_BYTES) throw new Trouble("This file is larger than 50 MB. Please choose a smaller picture.");
  try {
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    throw new Trouble("This file does not open as a picture. Please try a PNG or a JPEG.");
  }
}

function isSeeThrough(brush, { width, height }) {
  return brush.getImageData(0, 0, width, height).data.some((value, i) => i % 4 === 3 && value < 255);
}

/** JPEG would smear the few pixels of a small picture, and has no room for transparency. */
function encode(canvas, brush) {
  const isExact = Math.max(canvas.width, canvas.height) <= SMALL_SIDE_PX || isSeeThrough(brush, canvas);
  return canvas.toDataURL(isExact ? "image/png" : "image/jpeg", JPEG_QUALITY);
}

/** Turn a part {x, y, width, height} of something that can be painted into ink for the sheet. */
export function toPicture(source, { x, y, width, height }) {
  const scale = Math.min(1, MAX_SIDE_PX / Math.max(width, height));
  const [across, down] = [width, height].map((side) => Math.max(1, Math.round(side * scale)));
  const canvas = Object.assign(document.createElement("canvas"), { width: across, height: down });
  const brush = canvas.getContext("2d");
  brush.imageSmoothingQuality = "high";
  brush.drawImage(source, x, y, width, height, 0, 0, across, down);
  return { strokes: [], image: encode(canvas, brush), ratio: across / down };
}

/** Turn a file into ink for the sheet, or throw a Trouble. */
export async function open(file) {
  const bitmap = await decode(file);
  const { width, height } = bitmap;
  const picture = toPicture(bitmap, { x: 0, y: 0, width, height });
  bitmap.close();
  return picture;
}
