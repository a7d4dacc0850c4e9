// Results as one types; the form works without this file, and asks for the very same pages.
(() => {
  "use strict";
  const form = document.querySelector("form[data-as-typed]");
  const box = form?.querySelector("input[type=search]");
  if (!box) return;
  const PAUSE = 120;
  let underway = null;
  let waiting = 0;
  const ask = async () => {
    const address = `${form.getAttribute("action")}?${new URLSearchParams(new FormData(form))}`;
    underway?.abort();
    underway = new AbortController();
    try {
      const answer = await fetch(address, { signal: underway.signal, headers: { accept: "text/html" } });
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("results");
      if (!fresh) return;
      document.getElementById("results").replaceChildren(...fresh.childNodes);
      // Said by a screen reader: this element stays, its words change.
      document.getElementById("found").textContent = page.getElementById("found").textContent;
      history.replaceState(null, "", address);
    } catch (error) {
      if (error.name !== "AbortError") form.removeAttribute("data-as-typed");
    }
  };
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    if (form.hasAttribute("data-as-typed")) waiting = setTimeout(ask, PAUSE);
  });
})();
