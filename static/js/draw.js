/**
 * The drawing page: sheet, reader, reading and feedback brought together.
 *
 * A drawing that was labelled is done. It stays on the sheet to be looked at, and the next stroke
 * starts a new one: digits can be written and confirmed one after another without clearing.
 */
import { announcerOn } from "./announcer.js";
import { predict, withdrawCorrection } from "./api.js";
import { keepCorrection } from "./feedback.js";
import { sizeOf } from "./geometry.js";
import { actionFor } from "./keys.js";
import { rememberLive, wantsLive } from "./preferences.js";
import { Reader } from "./reader.js";
import { ReadingView } from "./reading.js";
import { Sheet } from "./sheet.js";
import { BLANK, canRedo, canUndo, clear, redo, strokesOf, toWire, undo, write } from "./strokes.js";
import { confidenceOf, lineFor } from "./wording.js";

const REST_MS = 100;

const find = (selector) => document.querySelector(selector);
const desk = find(".desk");
const labelField = find("#label");
const liveSwitch = find("[data-field=live]");
const { kind } = desk.dataset;

/** What is known of the drawing on the sheet; reading.ink is the JSON of the strokes it is of. */
const newDrawing = () => ({ reading: null, phase: "open", label: "", correctionId: "", trouble: "" });

let history = BLANK;
let drawing = newDrawing();
let isWriting = false;

const strokes = () => strokesOf(history);
const isBlank = () => !strokes().length;
const isLabelled = () => drawing.phase === "busy" || drawing.phase === "kept";

const view = new ReadingView(find(".reading"));
const say = announcerOn(find("[data-field=announcement]"));

const reader = new Reader({
  ask: (wire, signal) => predict(wire, kind, signal),
  answered: (reading, ink) => update(drawing, { reading: { ...reading, ink }, trouble: "" }),
  failed: ({ message, passing }) => update(drawing, { trouble: passing ? `${message} Your ink stays here.` : message }),
});

const sheet = new Sheet(find(".sheet-ink"), {
  begin() {
    if (isLabelled()) change(clear(history));
    isWriting = true;
    render();
  },
  writing(wet) {
    if (liveSwitch.checked) reader.readAfter([...strokes(), wet], REST_MS);
  },
  finish(stroke) {
    isWriting = false;
    change(write(history, stroke));
  },
  cancel() {
    isWriting = false;
    change(history);
  },
});

function update(changed, facts) {
  Object.assign(changed, facts);
  render();
}

/** Put another step of the history on the sheet, and have it read. */
function change(next) {
  history = next;
  sheet.show(strokes());
  if (isBlank() || isLabelled()) drawing = newDrawing();
  else drawing.phase = "open";
  if (liveSwitch.checked && !isBlank()) {
    reader.read(strokes());
  } else {
    reader.forget();
    Object.assign(drawing, { reading: null, trouble: "" });
  }
  render();
}

async function keep(label) {
  if (isLabelled() || isBlank()) return;
  const labelled = drawing;
  const wire = toWire(strokes());
  const isRead = labelled.reading?.ink === JSON.stringify(wire);
  update(labelled, { phase: "busy", label, trouble: "" });
  try {
    const { id } = await keepCorrection({ strokes: wire, label, kind, ...(isRead && { id: labelled.reading.id }) });
    update(labelled, { phase: "kept", correctionId: id });
  } catch ({ message }) {
    labelled.phase = "open";
    update(drawing, { trouble: labelled === drawing ? message : `The last drawing was not kept. ${message}` });
  }
}

async function withdraw() {
  const withdrawn = drawing;
  update(withdrawn, { phase: "busy", trouble: "" });
  try {
    await withdrawCorrection(withdrawn.correctionId);
    update(withdrawn, { phase: "withdrawn" });
  } catch ({ message }) {
    update(withdrawn, { phase: "kept", trouble: message });
  }
}

function keepTyped() {
  const typed = labelField.value.trim();
  labelField.value = "";
  if (/^[0-9]$/.test(typed)) keep(typed);
  else update(drawing, { trouble: "One digit, please: 0 to 9." });
}

const actions = {
  undo: () => change(undo(history)),
  redo: () => change(redo(history)),
  clear: () => change(clear(history)),
  read: () => reader.read(strokes()),
  confirm: () => (drawing.reading?.result ? keep(drawing.reading.result) : act("read")),
  choose: (chip) => keep(chip.textContent),
  withdraw,
};

function act(name, button) {
  const isRefused = isWriting || find(`[data-action=${name}]`).ariaDisabled === "true";
  if (!isRefused) actions[name](button);
}

function render() {
  const focused = document.activeElement;
  const isLive = liveSwitch.checked;
  const line = lineFor({ ...drawing, isBlank: isBlank(), isLive, ink: sizeOf(toWire(strokes())), sheet: sheet.size });
  view.show({ ...drawing, line, isBlank: isBlank() });
  desk.classList.toggle("has-ink", isWriting || !isBlank());
  desk.classList.toggle("is-writing", isWriting);
  const possible = { undo: canUndo(history), redo: canRedo(history), clear: !isBlank(), read: !isBlank() };
  for (const name in possible) find(`[data-action=${name}]`).ariaDisabled = !possible[name];
  find("[data-action=read]").hidden = isLive;
  leaveHidden(focused);
  announce(line);
}

/** Focus on a control that has just been hidden goes to the next thing to do. */
function leaveHidden(focused) {
  if (focused?.closest("[hidden]")) find("[data-action=withdraw]:not([hidden]), [data-action=confirm]:not([hidden])")?.focus();
}

function announce(line) {
  const { reading, phase, trouble } = drawing;
  const isRead = phase === "open" && reading?.result && !trouble;
  const result = isRead ? `Read as ${reading.result}, ${confidenceOf(reading)}. ` : "";
  if (isWriting) say(null);
  else say(isBlank() && !trouble ? "" : result + line);
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-action]");
  if (button) act(button.dataset.action, button);
});
document.addEventListener("keydown", (event) => {
  const action = actionFor(event);
  // An Enter held down after "Keep" would press the Undo that has just come up.
  if (action || (event.repeat && event.key === "Enter")) event.preventDefault();
  if (action) act(action);
});
find("[data-field=choices]").addEventListener("submit", (event) => {
  event.preventDefault();
  keepTyped();
});
liveSwitch.addEventListener("change", () => {
  rememberLive(liveSwitch.checked);
  if (liveSwitch.checked && !isLabelled()) change(history);
  else render();
});

liveSwitch.checked = wantsLive();
render();
