/** The characters of a line, each under its strokes; touched, one asks what else it might be. */
import { scaleToFit } from "./geometry.js";
import { percent } from "./wording.js";

const DOUBTFUL = 0.8;
const LEAST_WIDTH_PX = 28;

export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function newLetter() {
  const letter = document.createElement("button");
  letter.className = "letter";
  letter.type = "button";
  letter.dataset.action = "pick";
  return letter;
}

/** From where to where a picture's ink reaches across the sheet, in pixels from its left. */
function reachInPicture({ left, right }) {
  const { offsetLeft: start, offsetWidth: width } = document.querySelector("[data-field=picture]");
  return [start + left * width, start + right * width];
}

/** The same of strokes; null without any. */
function reachOfStrokes(strokes, sheet) {
  const xs = strokes.flat().map(([x]) => x);
  if (!xs.length) return null;
  const scale = scaleToFit(strokes, sheet);
  const [least, most] = [Math.min, Math.max].map((choose) => xs.reduce((a, b) => choose(a, b)));
  return [sheet.width / 2 + least * scale, sheet.width / 2 + most * scale];
}

/** As wide as the ink, or as all letters need to be touched. */
function place(root, count, reach, sheet) {
  const [left, right] = reach ?? [0, sheet.width];
  const width = Math.min(sheet.width, Math.max(right - left, count * LEAST_WIDTH_PX));
  const start = Math.max(0, Math.min(sheet.width - width, (left + right - width) / 2));
  root.style.setProperty("--start", `${start}px`);
  root.style.setProperty("--width", `${width}px`);
}

/** A single character has no need of it: it is the reading itself. */
export function showLetters(root, { reading, phase, picked, ink, sheet }) {
  const characters = phase === "open" && reading?.characters.length > 1 ? reading.characters : [];
  while (root.children.length > characters.length) root.lastChild.remove();
  while (root.children.length < characters.length) root.append(newLetter());
  characters.forEach(({ text, confidence, start, end }, i) => {
    const letter = root.children[i];
    setText(letter, text);
    letter.value = i;
    letter.ariaPressed = i === picked;
    letter.ariaLabel = `${text === " " ? "space" : text}, ${percent(confidence)} sure`;
    letter.classList.toggle("is-doubtful", confidence < DOUBTFUL);
    letter.style.setProperty("--share", (end - start).toFixed(3));
  });
  const reach = reading?.extent ? reachInPicture(reading.extent) : reachOfStrokes(ink.strokes, sheet);
  place(root, characters.length, reach, sheet);
}
