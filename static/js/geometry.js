/** Where ink lies on the sheet. Sizes are {width, height} in CSS pixels. */

export const within = (value, limit) => Math.max(-limit, Math.min(limit, value));

/**
 * How much the ink has to shrink to be seen whole: 1 unless the sheet has become smaller than it.
 * Ink is anchored to the middle of the sheet, so a window that turns back shows it as it was.
 */
export function scaleToFit(strokes, sheet) {
  return strokes.flat().reduce(
    (scale, [x, y]) => Math.min(scale, sheet.width / 2 / Math.abs(x), sheet.height / 2 / Math.abs(y)),
    1,
  );
}

/** Add a stroke to a path as a smooth line: from middle to middle of its points, bent by the points. */
export function traceSmoothly(path, stroke) {
  path.moveTo(stroke[0][0], stroke[0][1]);
  for (let i = 1; i < stroke.length - 1; i += 1) {
    const [x, y] = stroke[i];
    const [nextX, nextY] = stroke[i + 1];
    path.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
  }
  const [endX, endY] = stroke.at(-1);
  // A line of no length is not painted: a dot needs a hair of one.
  path.lineTo(endX + (stroke.length === 1 ? 0.01 : 0), endY);
}
