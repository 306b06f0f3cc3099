/** What screen readers hear: the last thing said, once the page has come to rest. */

const SETTLED_MS = 700;

/** Give a function that says a text through an element with role=status; null takes back what was not said yet. */
export function announcerOn(element) {
  let timer;
  return (text) => {
    clearTimeout(timer);
    if (text === null || text === element.textContent) return;
    timer = setTimeout(() => (element.textContent = text), SETTLED_MS);
  };
}
