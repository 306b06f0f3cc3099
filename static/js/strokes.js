/**
 * The strokes on the sheet and their history, never changed in place. Clearing is a step like any
 * other: a sheet wiped by mistake comes back.
 *
 * @typedef {[x: number, y: number, t: number]} Point  CSS pixels from the sheet's middle, milliseconds
 * @typedef {Point[]} Stroke
 * @typedef {{steps: Stroke[][], at: number}} History
 */

export const BLANK = { steps: [[]], at: 0 };

export const strokesOf = (history) => history.steps[history.at];
export const canUndo = (history) => history.at > 0;
export const canRedo = (history) => history.at < history.steps.length - 1;

const step = ({ steps, at }, strokes) => ({ steps: [...steps.slice(0, at + 1), strokes], at: at + 1 });

export const write = (history, stroke) => step(history, [...strokesOf(history), stroke]);
export const clear = (history) => (strokesOf(history).length ? step(history, []) : history);
export const undo = (history) => (canUndo(history) ? { ...history, at: history.at - 1 } : history);
export const redo = (history) => (canRedo(history) ? { ...history, at: history.at + 1 } : history);

const toHundredths = (value) => Math.round(value * 100) / 100;

/**
 * The strokes as they are sent: from the top left corner of the ink, in milliseconds since the
 * first pen-down. The same strokes always give the same numbers, wherever the sheet is by now.
 */
export function toWire(strokes) {
  const points = strokes.flat();
  const least = (axis) => points.reduce((least, point) => Math.min(least, point[axis]), Infinity);
  const [left, top, start] = [least(0), least(1), least(2)];
  return strokes.map((stroke) =>
    stroke.map(([x, y, t]) => [toHundredths(x - left), toHundredths(y - top), Math.round(t - start)]),
  );
}
