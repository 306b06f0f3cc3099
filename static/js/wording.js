/** @typedef {"open" | "busy" | "kept" | "withdrawn"} Phase  what became of the label of a drawing */

/** A share of 1 as a percentage that claims neither certainty nor impossibility. */
export function percent(share) {
  if (share > 0.999) return "over 99.9\u00a0%";
  return share < 0.001 ? "under 0.1\u00a0%" : `${(Math.floor(share * 1000) / 10).toFixed(1)}\u00a0%`;
}

const duration = (ms) => (ms < 2 ? Math.max(0.1, ms).toFixed(1) : ms.toFixed(0));

export const originOf = ({ milliseconds, model }) => `read in ${duration(milliseconds)} ms by ${model.name} ${model.version}`;

export const confidenceOf = ({ sure, confidence }) => (sure ? `${percent(confidence)} sure` : `Not sure, ${percent(confidence)}`);

/** What to do about ink that is hard to read. */
export function advice(ink, sheet) {
  if (Math.max(ink.width, ink.height) < Math.min(sheet.width, sheet.height) / 6) return "Write a little larger";
  return ink.width > 1.6 * ink.height ? "Write one digit only" : "Write it once more";
}

/** The one line under the reading. */
export function lineFor({ phase, trouble, reading, isBlank, isLive, ink, sheet }) {
  if (trouble) return trouble;
  if (phase === "kept") return "Thank you. Kept for the next model.";
  if (phase === "busy") return "One moment…";
  if (phase === "withdrawn") return "Taken back. It is not kept.";
  if (reading?.sure) return "Something else? Touch it or type it.";
  if (reading?.result) return `${advice(ink, sheet)}, or touch what it is.`;
  if (reading) return `Not readable. ${advice(ink, sheet)}.`;
  if (isLive) return "Your digit is read while you write.";
  return isBlank ? "Write a digit, then press Read." : "Press Read when you are done.";
}
