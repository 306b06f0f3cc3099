import { isLine } from "./kinds.js";

/** What is said of the label of a drawing once it is no longer "open". */
const PHASES = {
  busy: "One moment…",
  kept: "Thank you. Kept for the next model.",
  withdrawn: "Taken back. It is not kept.",
};

/** A share of 1 as a percentage that claims neither certainty nor impossibility. */
export function percent(share) {
  if (share > 0.999) return "over 99.9\u00a0%";
  return share < 0.001 ? "under 0.1\u00a0%" : `${(Math.floor(share * 1000) / 10).toFixed(1)}\u00a0%`;
}

export const confidenceOf = ({ sure, confidence }) => (sure ? `${percent(confidence)} sure` : `Not sure, ${percent(confidence)}`);

/** What to do about ink that is hard to read. */
function advice({ strokes, image }, sheet, kind) {
  if (image) return "Take it from closer, in even light";
  const [width, height] = [0, 1].map((axis) => strokes.flat().reduce((most, point) => Math.max(most, point[axis]), 0));
  if (Math.max(width, height) < Math.min(sheet.width, sheet.height) / 6) return "Write a little larger";
  return !isLine(kind) && width > 1.6 * height ? `Write one ${kind} only, switch to Auto` : "Write it once more";
}

/** The one line under the reading. */
export function lineFor({ phase, notice, reading, hasInk, isLive, wire, sheet, kind, picked }) {
  if (notice || phase in PHASES) return notice || PHASES[phase];
  if (picked >= 0) return `What else is this ${reading.characters[picked].text}?`;
  if (reading?.sure) return "Something else? Touch it or type it.";
  if (reading?.result) return `${advice(wire, sheet, kind)}, or touch what it is.`;
  if (reading) return `Not readable. ${advice(wire, sheet, kind)}.`;
  const what = kind === "auto" ? "writing" : kind;
  if (isLive) return `Your ${what} is read while you write.`;
  return hasInk ? "Press Read when you are done." : `Write your ${what}, then press Read.`;
}
