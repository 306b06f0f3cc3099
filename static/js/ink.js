/**
 * The ink on the sheet, strokes or a picture, and its history, never changed in place. Clearing is
 * a step like any other: a sheet wiped by mistake comes back.
 *
 * @typedef {[x: number, y: number, t: number][]} Stroke  CSS pixels from the sheet's middle, milliseconds
 * @typedef {{strokes: Stroke[], image?: string, ratio?: number}} Ink  image is a data URL, ratio its width / height
 * @typedef {{steps: Ink[], at: number}} History
 */

const NO_INK = { strokes: [] };

export const BLANK = { steps: [NO_INK], at: 0 };

export const inkOf = (history) => history.steps[history.at];
export const isBlank = (history) => !inkOf(history).image && !inkOf(history).strokes.length;
export const canUndo = (history) => history.at > 0;
export const canRedo = (history) => history.at < history.steps.length - 1;

export const lay = ({ steps, at }, ink) => ({ steps: [...steps.slice(0, at + 1), ink], at: at + 1 });
export const write = (history, stroke) => lay(history, { strokes: [...inkOf(history).strokes, stroke] });
export const clear = (history) => lay(history, NO_INK);
export const undo = ({ steps, at }) => ({ steps, at: at - 1 });
export const redo = ({ steps, at }) => ({ steps, at: at + 1 });

const toHundredths = (value) => Math.round(value * 100) / 100;

/**
 * The ink as it is sent. Strokes go from the top left corner of the ink, in milliseconds since the
 * first pen-down: the same strokes always give the same numbers, wherever the sheet is by now.
 */
export function toWire({ strokes, image }) {
  if (image) return { image };
  const points = strokes.flat();
  const least = (axis) => points.reduce((least, point) => Math.min(least, point[axis]), Infinity);
  const [left, top, start] = [least(0), least(1), least(2)];
  const place = ([x, y, t]) => [toHundredths(x - left), toHundredths(y - top), Math.round(t - start)];
  return { strokes: strokes.map((stroke) => stroke.map(place)) };
}
