/**
 * The reading on the page. It is drawn from one description, and only what differs is touched: an
 * unchanged reading does not move.
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

  constructor(root) {
    this.#root = root;
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

  #showChoices({ reading, phase, isLive, hasInk }) {
    const isKept = phase === "kept";
    this.#field("read").hidden = isKept || isLive || reading !== null;
    this.#field("confirm").hidden = isKept || !reading?.result;
    this.#field("choices").hidden = isKept || !hasInk;
    this.#root.querySelectorAll("[data-action=choose]").forEach((chip, i) => {
      const { text = "" } = reading?.alternatives[i + 1] ?? {};
      chip.hidden = !text;
      chip.ariaLabel = `It is ${text}`;
      setText(chip, text);
    });
  }

  #showBars(reading) {
    for (const bar of this.#root.querySelectorAll("[data-text]")) {
      const { text } = bar.dataset;
      const share = reading?.alternatives.find((candidate) => candidate.text === text)?.confidence ?? 0;
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
