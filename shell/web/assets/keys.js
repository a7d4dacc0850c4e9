// Keyboard help for those who like it; every page works without this file.
// "/" goes to the search box, "j" and "k" move along a list, "n" opens a ticket, "a" records a call, "?" opens the help.
// On a ticket, a key goes to an act: nothing is sent before it is read. "t" does so in a list too, in the row it is pressed on.
(() => {
  "use strict";
  const typing = (element) =>
    element.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(element.tagName);

  const move = (step) => {
    const links = [...document.querySelectorAll("[data-list] a[data-item]")];
    if (links.length === 0) return;
    const here = links.findIndex((link) => (link.closest("tr") ?? link).contains(document.activeElement));
    const next = here < 0 ? (step > 0 ? 0 : links.length - 1) : here + step;
    links[Math.max(0, Math.min(links.length - 1, next))].focus();
  };

  const acts = {
    r: "#reply-text",
    i: "#note-text",
    t: 'form[action$="/take-over"] button, button[form=take]',
    c: "#assign-to",
    s: 'form[action$="/restore"] :is(textarea, select, button)',
    f: 'form[action$="/resolve"] :is(textarea, select, button)',
    h: "#time-minutes",
  };
  const reach = (selector) => {
    const row = document.activeElement?.closest("[data-list] tr");
    const there = row?.querySelector(selector) ?? document.querySelector(selector);
    const folded = there?.closest("details");
    if (folded) folded.open = true;
    there?.focus();
    return there !== null;
  };

  // WCAG 2.1.4: single keys can be turned off, on the help page, for this browser.
  const wanted = () => localStorage.getItem("single-keys") !== "off";
  const box = document.querySelector("[data-single-keys]");
  if (box) {
    box.checked = wanted();
    box.addEventListener("change", () => localStorage.setItem("single-keys", box.checked ? "on" : "off"));
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || !wanted()) return;
    const search = document.querySelector("input[type=search]");
    if (event.key === "/" && search) search.focus();
    else if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (event.key === "n") location.assign(document.querySelector('main a[href$="/tickets/new"]')?.href ?? "/tickets/new");
    else if (event.key === "a" && document.querySelector('nav a[href="/c"]')) location.assign("/calls/new");
    else if (event.key === "?") location.assign("/help");
    else if (Object.hasOwn(acts, event.key) && reach(acts[event.key])) {
      // Reached.
    }
    else return;
    event.preventDefault();
  });
})();
