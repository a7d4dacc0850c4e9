// The template chosen fills the answer at once, without losing the files chosen; the button beside it does
// the same by reloading the page.
(() => {
  "use strict";
  document.addEventListener("change", async (event) => {
    const chosen = event.target.closest?.("select[name=template]");
    const form = chosen?.form;
    const fill = form?.querySelector("button[value=fill]");
    const text = form?.querySelector("textarea[name=text]");
    if (!chosen?.value || !fill || !text) return;
    const said = new URLSearchParams();
    for (const name of ["csrf", "key", "text", "template"]) said.set(name, form.elements.namedItem(name)?.value ?? "");
    said.set("act", "fill");
    try {
      const answer = await fetch(fill.formAction, { method: "POST", body: said, headers: { accept: "text/html" } });
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const filled = page.getElementById(text.id);
      if (!filled) return;
      text.value = filled.value;
      chosen.value = "";
      text.focus();
    } catch {
      // The button works without us.
    }
  });
})();
