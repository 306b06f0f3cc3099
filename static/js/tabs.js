/** Tabs as the ARIA practices have them: arrows move, the chosen one alone takes focus. */

/** Show the first tab's panel, and those chosen from now on; shown(name) is told of each. */
export function showTabs(list, shown) {
  const tabs = [...list.querySelectorAll("[role=tab]")];

  function choose(chosen) {
    for (const tab of tabs) {
      tab.ariaSelected = String(tab === chosen);
      tab.tabIndex = tab === chosen ? 0 : -1;
      document.getElementById(tab.getAttribute("aria-controls")).hidden = tab !== chosen;
    }
    shown(chosen.getAttribute("aria-controls"));
  }

  list.addEventListener("click", ({ target }) => {
    if (target.role === "tab") choose(target);
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    const next = tabs.at((tabs.indexOf(event.target) + step) % tabs.length);
    next.focus();
    choose(next);
  });
  choose(tabs[0]);
}
