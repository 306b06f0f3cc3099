/**
 * The reading on the page. It is drawn from one description, and only what differs is touched: an
 * unchanged reading does not move.
 */
import { setText, showLetters } from "./letters.js";
import { confidenceOf } from "./wording.js";

const duration = (ms) => (ms < 2 ? Math.max(0.1, ms).toFixed(1) : ms.toFixed(0));

const originOf = ({ milliseconds, model }) => `read in ${duration(milliseconds)} ms by ${model.name} ${model.version}`;

function stateOf({ reading, phase }) {
  if (phase === "kept") return "kept";
  if (!reading) return "blank";
  return reading.sure ? "sure" : "unsure";
}

function besideResult({ reading, phase, label }) {
  if (!reading?.result) return "";
  return phase === "kept" && label !== reading.result ? `read as ${reading.result}` : confidenceOf(reading);
}

export class ReadingView {
  #root;
  #letters;

  /** letters is the element under the sheet for the characters of a line. */
  constructor(root, letters) {
    this.#root = root;
    this.#letters = letters;
  }

  show(shown) {
    const { reading, phase, label } = shown;
    const result = this.#field("result");
    const text = phase === "kept" ? label : (reading?.result ?? "");
    this.#root.dataset.state = stateOf(shown);
    setText(result, text);
    result.style.setProperty("--length", text.length || 1);
    setText(this.#field("confidence"), besideResult(shown));
    this.#field("withdraw").hidden = phase !== "kept";
    showLetters(this.#letters, shown);
    this.#showChoices(shown);
    this.#showBars(shown);
    this.#showOrigin(reading);
  }

  #field(name) {
    return this.#root.querySelector(`[data-field=${name}], [data-action=${name}]`);
  }

  /** Chips offer other texts, or, where a character is picked, the text with another one in its place. */
  #showChoices({ reading, phase, hasInk, picked }) {
    const isKept = phase === "kept";
    this.#field("confirm").hidden = isKept || !reading?.result;
    this.#field("choices").hidden = isKept || !hasInk;
    const signs = reading?.characters.map(({ text }) => text);
    const others = picked >= 0 ? reading.characters[picked].alternatives : reading?.alternatives.slice(1);
    this.#root.querySelectorAll("[data-action=choose]").forEach((chip, i) => {
      const { text = "" } = others?.[i] ?? {};
      chip.value = picked >= 0 ? signs.with(picked, text).join("") : text;
      chip.hidden = !text;
      chip.ariaLabel = `It is ${chip.value}`;
      setText(chip, text);
    });
  }

  /** The ten digits in their order, or the ten likeliest characters. */
  #showBars({ reading }) {
    const guesses = reading?.alternatives ?? [];
    const texts = reading?.kind === "character" ? guesses.map(({ text }) => text) : [..."0123456789"];
    this.#field("bars").toggleAttribute("data-idle", !reading?.result || reading.kind === "word");
    this.#root.querySelectorAll(".bar").forEach((bar, i) => {
      const share = guesses.find(({ text }) => text === texts[i])?.confidence ?? 0;
      bar.toggleAttribute("data-highest", reading?.result === texts[i]);
      bar.querySelector(".bar-fill").style.setProperty("--share", share.toFixed(3));
      setText(bar.querySelector(".bar-text"), texts[i] ?? "");
      setText(bar.querySelector(".bar-share"), share < 0.01 ? "" : `${Math.floor(share * 100)}%`);
    });
  }

  #showOrigin(reading) {
    const picture = this.#field("seen");
    picture.hidden = !reading?.seen;
    if (reading?.seen && picture.src !== reading.seen) picture.src = reading.seen;
    setText(this.#field("origin"), reading ? originOf(reading) : "What the model sees");
  }
}
