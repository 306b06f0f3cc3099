const TYPING = "input:not([type=checkbox], [type=radio])";
const ANSWERS_ENTER = "button, a, input";
const KINDS_BY_KEY = { 1: "auto", 2: "digit", 3: "character", 4: "word" };

/** What a key means on the page: the name of an action, or nothing. */
export function actionFor(event) {
  const { target, altKey, shiftKey } = event;
  if (target.matches(TYPING) || altKey) return null;
  const key = event.key.toLowerCase();
  if (event.ctrlKey || event.metaKey) {
    if (key === "z") return shiftKey ? "redo" : "undo";
    if (key === "o") return shiftKey ? "camera" : "picture";
    return key === "y" ? "redo" : null;
  }
  if (key === "escape") return "clear";
  if (key in KINDS_BY_KEY) return KINDS_BY_KEY[key];
  return key === "enter" && !target.matches(ANSWERS_ENTER) ? "confirm" : null;
}
