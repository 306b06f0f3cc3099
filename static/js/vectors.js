/** Strokes as SVG. */

const SVG = "http://www.w3.org/2000/svg";

/** The data of a path through all strokes; a dot is a line of no length. */
export const dOf = (strokes) =>
  strokes.map(([first, ...rest]) => `M${first.slice(0, 2)}${(rest.length ? rest : [first]).map((point) => `L${point.slice(0, 2)}`).join("")}`).join("");

/** A path element through all strokes, drawn with a pen so wide. */
export function pathOf(strokes, width) {
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", dOf(strokes));
  path.setAttribute("stroke-width", width);
  return path;
}

/** Let a drawing show all of the strokes, and so much around them. */
export function fit(drawing, strokes, padding) {
  const points = strokes.flat();
  const [left, top] = [0, 1].map((axis) => points.reduce((least, point) => Math.min(least, point[axis]), Infinity) - padding);
  const [right, bottom] = [0, 1].map((axis) => points.reduce((most, point) => Math.max(most, point[axis]), -Infinity) + padding);
  drawing.setAttribute("viewBox", `${left} ${top} ${right - left} ${bottom - top}`);
}
