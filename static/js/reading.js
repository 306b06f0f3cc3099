/**
 * The reading on the page. It is drawn from one description, {reading, phase, label, line, isBlank},
 * and only what differs is touched: an unchanged reading does not move.
 */
import { confidenceOf, originOf } from "./wording.js";

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

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
  #chips;
  #bars;

  constructor(root) {
    this.#root = root;
    this.#chips = [...root.querySelectorAll("[data-action=choose]")];
    this.#bars = [...root.querySelectorAll("[data-text]")];
  }

  show(shown) {
    const { reading, phase, label } = shown;
    this.#root.dataset.state = stateOf(shown);
    setText(this.#field("result"), phase === "kept" ? label : (reading?.result ?? ""));
    setText(this.#field("confidence"), besideResult(shown));
    setText(this.#field("line"), shown.line);
    this.#field("withdraw").hidden = phase !== "kept";
    this.#showChoices(shown);
    this.#showBars(reading);
    this.#showOrigin(reading);
  }

  #field(name) {
    return this.#root.querySelector(`[data-field=${name}], [data-action=${name}]`);
  }

  #showChoices({ reading, phase, isBlank }) {
    const isKept = phase === "kept";
    this.#field("confirm").hidden = isKept || !reading?.result;
    this.#field("choices").hidden = isKept || isBlank;
    this.#chips.forEach((chip, i) => {
      const { text = "" } = reading?.alternatives[i + 1] ?? {};
      chip.hidden = !text;
      setText(chip, text);
      chip.setAttribute("aria-label", `It is ${text}`);
    });
  }

  #showBars(reading) {
    const shares = new Map(reading?.alternatives.map(({ text, confidence }) => [text, confidence]));
    for (const bar of this.#bars) {
      const { text } = bar.dataset;
      const share = shares.get(text) ?? 0;
      bar.toggleAttribute("data-highest", text === reading?.result);
      bar.querySelector(".bar-fill").style.setProperty("--share", share.toFixed(3));
      setText(bar.querySelector(".bar-share"), share < 0.01 ? "" : `${Math.floor(share * 100)}%`);
    }
  }

  #showOrigin(reading) {
    const picture = this.#field("seen");
    picture.hidden = !reading?.seen;
    if (reading?.seen && picture.src !== reading.seen) picture.src = reading.seen;
    setText(this.#field("origin"), reading ? originOf(reading) : "What the model sees");
  }
}
