/** Pictures coming in: chosen, taken, pasted or dropped. */
import { moduleOf } from "./api.js";

const find = (selector) => document.querySelector(selector);

/** Let bring(load, notice) have what a person brings: load resolves with ink, or null. Return the actions for it. */
export function takeIn(bring) {
  const bringFirst = ([file]) => file && bring(async () => (await moduleOf("pictures")).open(file));
  const photograph = async () => (await moduleOf("camera")).photograph(find("[data-field=finder]"));

  addEventListener("change", ({ target }) => {
    if (target.type !== "file") return;
    bringFirst([...target.files]);
    target.value = "";
  });
  // Anywhere on the page: a picture that misses the sheet must not open in place of it.
  for (const type of ["paste", "dragover", "dragleave", "drop"]) {
    addEventListener(type, (event) => {
      const { types, files } = event.clipboardData ?? event.dataTransfer;
      if (!types.includes("Files")) return;
      event.preventDefault();
      find(".sheet").classList.toggle("is-awaiting", type === "dragover");
      bringFirst(files); // none before the drop
    });
  }
  return {
    picture: () => find("[data-field=file]").click(),
    // A phone has a camera program of its own, better than any page's.
    camera: () => (matchMedia("(pointer: coarse)").matches ? find("[data-field=snapshot]").click() : bring(photograph, "Hold what you wrote before the camera.")),
  };
}
