/** The page where numbers are made: pictures of MNIST's digits, strokes of a hand's. */
import { Maker } from "./maker.js";
import { showTabs } from "./tabs.js";
import { Pads } from "./pads.js";
import { fit, pathOf } from "./vectors.js";

const PADDING = 0.4; // x-heights around strokes

const byId = (id) => document.getElementById(id);
const pictures = byId("picture");
const strokes = byId("strokes");
const pictureForm = pictures.querySelector("form");
const strokesForm = strokes.querySelector("form");
const pads = new Pads(strokes.querySelectorAll(".pad"), () => maker.strokes.makeSoon());

const maker = {
  picture: new Maker(pictures, {
    path: "/generate",
    ask() {
      const { number, augment, ...sizes } = Object.fromEntries(new FormData(pictureForm));
      delete sizes.distortions;
      const body = { number, augment: augment !== "no", format: "png" };
      for (const name in sizes) body[name] = Number(sizes[name] || NaN);
      if (augment === "these") body.distortions = new FormData(pictureForm).getAll("distortions");
      return body;
    },
    show({ generatedImage }, { number }) {
      const picture = pictures.querySelector("[data-field=picture]");
      Object.assign(picture, { src: generatedImage, alt: `${number}, in scanned digits`, hidden: false });
      return { url: generatedImage, name: `${number.slice(0, 20)}.png`, wire: { image: generatedImage } };
    },
  }),
  strokes: new Maker(strokes, {
    path: "/api/compose",
    ask() {
      const { number, gap } = Object.fromEntries(new FormData(strokesForm));
      return { number, gap: Number(gap), digits: pads.digits };
    },
    show({ strokes: written }, { number }) {
      const drawing = strokes.querySelector("[data-field=strokes]");
      fit(drawing, written, PADDING);
      drawing.replaceChildren(pathOf(written, 0.12));
      drawing.setAttribute("aria-label", `${number}, in pen strokes`);
      const file = new Blob([JSON.stringify({ label: number, strokes: written })], { type: "application/json" });
      return { url: URL.createObjectURL(file), name: `${number}.json`, wire: { strokes: written } };
    },
  }),
};

function showDistortions() {
  pictures.querySelector("[data-field=distortions]").hidden = pictureForm.elements.augment.value !== "these";
}

pictureForm.addEventListener("change", showDistortions);
showTabs(document.querySelector("[role=tablist]"), (name) => maker[name].makeSoon());
strokes.querySelector("[data-action=forget]").addEventListener("click", () => pads.forget());
showDistortions();
