/**
 * The drawing page: kinds, sheet, reader, reading and feedback brought together.
 *
 * A drawing that was labelled is done. It stays on the sheet to be looked at, and the next stroke
 * starts a new one: inks can be written and confirmed one after another. A stroke leaves a picture
 * too, since the two together are no ink that could be read; Undo brings it back.
 */
import { announcerOn } from "./announcer.js";
import { moduleOf } from "./api.js";
import { BLANK, canRedo, canUndo, clear, inkOf, isBlank, lay, redo, toWire, undo, write } from "./ink.js";
import { takeIn } from "./intake.js";
import { actionFor } from "./keys.js";
import { fits, isLine } from "./kinds.js";
import { rememberKind, rememberLive, wantedKind, wantsLive } from "./preferences.js";
import { Reader } from "./reader.js";
import { Sheet } from "./sheet.js";
import { confidenceOf, lineFor } from "./wording.js";

const REST_MS = 100;

const find = (selector) => document.querySelector(selector);
const desk = find(".desk");
const liveSwitch = find("[data-field=live]");
const labelField = find(".label");

/** What is known of the ink. reading.of: the JSON of what was read; picked: a character's index; notice: said first. */
const newDrawing = () => ({ reading: null, phase: "open", label: "", correctionId: "", notice: "", picked: -1 });

let history = BLANK;
let historyBeforePen = BLANK;
let drawing = newDrawing();
let isWriting = false;
let acts = 0;
let kind = "auto";
let view = null;

const isLabelled = () => ["busy", "kept"].includes(drawing.phase);

const say = announcerOn(find("[data-field=announcement]"));

const reader = new Reader({
  async ask(wire, signal) {
    if (!view) await prepareView();
    return (await moduleOf("asking")).predict(wire, kind, signal);
  },
  answered(reading, json) {
    update(drawing, { reading: { ...reading, of: json }, notice: "", picked: -1 });
    moduleOf("feedback").catch(() => {}); // the next thing to be needed
  },
  failed: ({ message, retryAfterS }) => update(drawing, { notice: retryAfterS ? `${message} Your ink stays here.` : message }),
});

const sheet = new Sheet(find(".sheet"), {
  begin() {
    historyBeforePen = isLabelled() ? clear(history) : history;
    if (isLabelled() || inkOf(history).image) change(clear(history));
    isWriting = true;
    drawing.picked = -1;
    prepareView().catch(() => {}); // asked for again with the reading
    render();
  },
  writing(wet) {
    if (liveSwitch.checked) reader.readAfter({ strokes: [...inkOf(history).strokes, wet] }, REST_MS);
  },
  finish: (stroke) => change(write(history, stroke)),
  cancel: () => change(historyBeforePen),
});

/** Fetch what asks and shows: needed once somebody writes. */
async function prepareView() {
  const [{ ReadingView }] = await Promise.all(["reading", "asking"].map(moduleOf));
  view ??= new ReadingView(find(".reading"), find("[data-field=letters]"));
}

function update(changed, facts) {
  Object.assign(changed, facts);
  render();
}

/** Put another step of the history on the sheet, and have it read. */
function change(next) {
  const isMore = liveSwitch.checked && !isLabelled() && !isBlank(next) && !inkOf(history).image && !inkOf(next).image;
  acts += 1;
  isWriting = false;
  history = next;
  sheet.show(inkOf(history));
  if (!isMore) {
    drawing = newDrawing();
    reader.forget();
  }
  drawing.phase = "open";
  if (liveSwitch.checked && !isBlank(history)) reader.read(inkOf(history));
  render();
}

/** Lay a picture on the sheet once it has loaded, unless the person has gone on meanwhile. */
async function bring(load, notice = "One moment…") {
  const act = (acts += 1);
  update(drawing, { notice });
  const { picture, message = "" } = await load().then((picture) => ({ picture }), (trouble) => trouble);
  if (act !== acts || isWriting) return;
  if (picture) {
    change(lay(history, picture));
    document.activeElement?.blur(); // Enter now means "right"
  } else {
    update(drawing, { notice: message });
  }
}

/** Have the label of a drawing kept or withdrawn: work(feedback, drawing) resolves with what became of it. */
async function settle(settled, label, work) {
  const { phase } = settled;
  update(settled, { phase: "busy", label, notice: "" });
  try {
    update(settled, await work(await moduleOf("feedback"), settled));
    find(".sheet").scrollIntoView({ block: "nearest" });
  } catch ({ message }) {
    settled.phase = phase;
    const hoped = phase === "kept" ? "taken back" : "kept";
    update(drawing, { notice: settled === drawing ? message : `The last drawing was not ${hoped}. ${message}` });
  }
}

function keep(label) {
  if (isLabelled() || isBlank(history)) return;
  const wire = toWire(inkOf(history));
  const id = drawing.reading?.of === JSON.stringify(wire) ? drawing.reading.id : undefined;
  const holder = fits(kind, label) ? kind : "auto"; // the first kind that can
  settle(drawing, label, (feedback) => feedback.keep({ ...wire, label, kind: holder, id }));
}

function keepTyped(event) {
  event.preventDefault();
  const typed = labelField.value.trim();
  labelField.value = "";
  if (kind === "digit" && !fits(kind, typed)) update(drawing, { notice: "One digit, please: 0 to 9." });
  else if (typed) keep(typed);
}

/** Take what is written for a kind of ink from now on, and read the sheet anew. */
function choose(next) {
  kind = next;
  find(`[name=kind][data-action=${kind}]`).checked = true;
  desk.classList.toggle("takes-lines", isLine(kind));
  labelField.maxLength = isLine(kind) ? 64 : 1;
  labelField.inputMode = kind === "digit" ? "numeric" : "text";
  rememberKind(kind);
  if (!isLabelled()) {
    drawing = newDrawing();
    reader.forget();
    if (liveSwitch.checked && !isBlank(history)) reader.read(inkOf(history));
  }
  render();
}

const actions = {
  undo: () => change(undo(history)),
  redo: () => change(redo(history)),
  clear: () => change(clear(history)),
  ...takeIn(bring),
  read: () => reader.read(inkOf(history)),
  confirm: () => (drawing.reading?.result ? keep(drawing.reading.result) : act("read")),
  choose: (chip) => keep(chip.value),
  pick: ({ value }) => update(drawing, { picked: drawing.picked === Number(value) ? -1 : Number(value) }),
  withdraw: () => settle(drawing, drawing.label, (feedback, { correctionId, label }) => feedback.withdraw(correctionId, label)),
};

const kinds = [...document.querySelectorAll("[name=kind]")].map(({ dataset }) => dataset.action);
for (const name of kinds) actions[name] = () => choose(name);

function act(name, button = find(`[data-action=${name}]`)) {
  if (button && !isWriting && button.ariaDisabled !== "true") actions[name](button);
}

function render() {
  const focused = document.activeElement;
  const isLive = liveSwitch.checked;
  const hasInk = !isBlank(history);
  const ink = inkOf(history);
  const shown = { ...drawing, kind, isLive, hasInk, ink, wire: toWire(ink), sheet: sheet.size };
  const line = lineFor(shown);
  if (find("[data-field=line]").textContent !== line) find("[data-field=line]").textContent = line;
  find("[data-action=read]").hidden = drawing.phase === "kept" || isLive || drawing.reading !== null;
  view?.show(shown);
  desk.classList.toggle("has-ink", isWriting || hasInk);
  desk.classList.toggle("is-writing", isWriting);
  const possible = { undo: canUndo(history), redo: canRedo(history), clear: hasInk, read: hasInk };
  for (const name in possible) find(`[data-action=${name}]`).ariaDisabled = !possible[name];
  leaveHidden(focused);
  announce(line);
}

/** Focus on a control that has just been hidden goes to the next thing to do. */
function leaveHidden(focused) {
  if (focused?.closest("[hidden]")) find(":is([data-action=withdraw], [data-action=confirm]):not([hidden])")?.focus();
}

function announce(line) {
  const { reading, phase, notice } = drawing;
  const isRead = phase === "open" && reading?.result && !notice;
  const result = isRead ? `Read as ${reading.result}, ${confidenceOf(reading)}. ` : "";
  if (isWriting) say(null);
  else say(isBlank(history) && !notice ? "" : result + line);
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
find("[data-field=choices]").addEventListener("submit", keepTyped);
addEventListener("resize", render); // letters stay under their strokes
liveSwitch.addEventListener("change", () => {
  rememberLive(liveSwitch.checked);
  if (liveSwitch.checked && !isLabelled()) change(history);
  else render();
});

liveSwitch.checked = wantsLive();
choose(kinds.includes(wantedKind()) ? wantedKind() : "auto"); // models come and go
