// Results as one types; the form works without this file, and asks for the very same pages.
(() => {
  "use strict";
  const form = document.querySelector("form[data-as-typed]");
  const box = form?.querySelector("input[type=search]");
  if (!box) return;
  const PAUSE = 120;
  const pages = window.freshPages();
  let waiting = 0;
  const ask = async () => {
    const address = `${form.getAttribute("action")}?${new URLSearchParams(new FormData(form))}`;
    const answer = await pages(address);
    const fresh = answer?.redirected ? null : answer?.page.getElementById("results");
    if (!fresh) return;
    document.getElementById("results").replaceChildren(...fresh.childNodes);
    // Said by a screen reader: this element stays, its words change.
    const [found, count] = [document.getElementById("found"), answer.page.getElementById("found").textContent];
    if (found.textContent !== count) found.textContent = count;
    history.replaceState(null, "", address);
  };
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    // An answer that did not come is asked for again with the next letter, or by the button.
    waiting = setTimeout(() => ask().catch(() => {}), PAUSE);
  });
})();
