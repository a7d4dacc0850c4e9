// The editor's help; every page works without this file.
// Lines are numbered and marked behind the text, each pause of typing asks for the same checks as the
// button, and what is not saved is not left without a word.
(() => {
  "use strict";
  const bench = document.getElementById("workbench");
  const text = document.getElementById("text");
  const form = document.getElementById("draft");
  if (!bench || !text || !form) return;
  const french = document.documentElement.lang === "fr";
  const say = (fr, en) => (french ? fr : en);
  const state = document.getElementById("save-state");
  const caretRemark = document.getElementById("caret-remark");
  const PAUSE = 300;

  // Behind the text, one block per line: same font, same width, so the browser folds both alike.
  const frame = document.getElementById("editor");
  const page = document.createElement("div");
  const lines = document.createElement("div");
  page.className = "page";
  lines.className = "lines";
  lines.setAttribute("aria-hidden", "true");
  frame.classList.add("live");
  page.append(lines, text);
  frame.append(page);

  let shown = [];
  const build = (line) => {
    const block = document.createElement("div");
    block.textContent = line;
    return block;
  };
  // Only the lines that changed are drawn again: a contract has thousands.
  const draw = () => {
    const next = text.value.split("\n");
    let from = 0;
    const least = Math.min(next.length, shown.length);
    while (from < least && next[from] === shown[from]) from += 1;
    let until = 0;
    while (until < least - from && next[next.length - 1 - until] === shown[shown.length - 1 - until]) until += 1;
    const old = lines.children;
    for (let left = shown.length - from - until; left > 0; left -= 1) old[from].remove();
    const fresh = document.createDocumentFragment();
    for (const line of next.slice(from, next.length - until)) fresh.append(build(line));
    lines.insertBefore(fresh, lines.children[from] ?? null);
    shown = next;
    tint(from, next.length - until);
  };
  // Rules stand on another ground, as far as the change reaches.
  const tint = (from, until) => {
    let inside = from > 0 && lines.children[from - 1].classList.contains("rule") && shown[from - 1].trimEnd() !== "```";
    for (let at = from; at < shown.length; at += 1) {
      const line = shown[at];
      const block = lines.children[at];
      const opens = !inside && line.startsWith("```toml");
      const was = block.className;
      block.classList.toggle("rule", inside || opens);
      block.classList.toggle("heading", !inside && !opens && /^#{1,6} /.test(line));
      if (inside && line.startsWith("```")) inside = false;
      else if (opens) inside = true;
      if (at >= until && was === block.className) break;
    }
  };

  const lineOf = (offset) => text.value.slice(0, offset).split("\n").length;
  const startOf = (line) => shown.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const reveal = (line) => lines.children[line - 1]?.scrollIntoView({ block: "center" });
  const go = (line) => {
    const at = startOf(line);
    text.focus({ preventScroll: true });
    text.setSelectionRange(at, at + (shown[line - 1] ?? "").length);
    reveal(line);
    frame.scrollIntoView({ block: "nearest" });
    here();
  };

  // The remarks of the page put in the margin, and beside the caret.
  let marks = new Map();
  const mark = () => {
    for (const line of marks.keys()) lines.children[line - 1]?.removeAttribute("data-mark");
    marks = new Map();
    const rank = { error: 0, warning: 1, advice: 2 };
    for (const remark of document.querySelectorAll("#checked [data-line][data-severity]")) {
      const line = Number(remark.dataset.line);
      const known = marks.get(line);
      if (!known || rank[remark.dataset.severity] < rank[known.severity]) {
        marks.set(line, { severity: remark.dataset.severity, message: remark.dataset.message });
      }
    }
    for (const [line, { severity }] of marks) lines.children[line - 1]?.setAttribute("data-mark", severity);
    here();
  };
  let current = null;
  const here = () => {
    const line = lineOf(text.selectionStart);
    current?.classList.remove("here");
    current = lines.children[line - 1] ?? null;
    current?.classList.add("here");
    const found = marks.get(line);
    const said = found ? `${say("Ligne", "Line")} ${line}${say("\u00a0", "")}: ${found.message}` : "";
    if (caretRemark.textContent !== said) {
      caretRemark.textContent = said;
      caretRemark.className = `caret-remark ${found ? `${found.severity}-line` : ""}`;
    }
    let clause = null;
    for (const one of document.querySelectorAll(".outline-clause")) {
      one.classList.remove("here");
      if (Number(one.dataset.line) <= line) clause = one;
    }
    clause?.classList.add("here");
  };

  const checks = window.freshPages();
  const saves = window.freshPages();
  let asked = 0;
  let waiting = null;
  const check = async (act = "check") => {
    clearTimeout(waiting);
    waiting = null;
    asked += 1;
    const mine = asked;
    const body = new URLSearchParams(new FormData(form));
    body.set("act", act);
    try {
      const answer = await checks(bench.dataset.check, { method: "POST", body });
      if (!answer) return;
      if (answer.redirected) throw new Error(answer.url);
      place(answer.page);
      bench.dataset.checked = String(mine);
    } catch {
      tell(say("Vérification impossible : rechargez la page après avoir copié votre texte.", "Cannot check: copy your text, then reload the page."));
    }
  };
  const place = (answer) => {
    for (const part of answer.querySelectorAll("[data-into]")) {
      const target = document.getElementById(part.dataset.into);
      // A field in use is not taken from under the hand that fills it in.
      if (!target || target.contains(document.activeElement)) continue;
      const count = target.querySelector("#remark-count");
      const fresh = part.querySelector("#remark-count");
      target.replaceChildren(...part.childNodes);
      // A status that says the same again is not said again.
      if (count && fresh && count.textContent === fresh.textContent) fresh.replaceWith(count);
    }
    mark();
  };
  const later = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => check(), PAUSE);
  };

  // What is saved, and what is not.
  const others = ["title", "preparation"].map((id) => document.getElementById(id));
  const fields = () => [...others, text].map((field) => field.value).join("\n");
  let saved = bench.dataset.unsaved === "true" ? null : fields();
  let leaving = false;
  const dirty = () => saved === null || fields() !== saved;
  const tell = (words) => {
    if (state.textContent !== words) state.textContent = words;
  };
  const told = () => {
    const changed = dirty();
    tell(changed ? say("Modifications non enregistrées (Ctrl+S enregistre)", "Unsaved changes (Ctrl+S saves)") : say("Tout est enregistré", "Everything is saved"));
    for (const note of document.querySelectorAll(".unsaved-note")) note.hidden = !changed;
    for (const button of document.querySelectorAll(".sign-form button")) button.disabled = changed;
  };
  const writes = bench.dataset.writes === "true";
  addEventListener("beforeunload", (event) => {
    if (writes && dirty() && !leaving) event.preventDefault();
  });
  addEventListener("submit", (event) => {
    // Every button of the editor's form carries the text with it; the others leave it behind.
    if (event.target === form) leaving = true;
  });

  // Saves without leaving the line; what the server refuses is shown as its own page shows it.
  let keeping = false;
  const keep = async (button) => {
    if (keeping || !form.reportValidity()) return;
    keeping = true;
    tell(say("Enregistrement…", "Saving…"));
    const sent = fields();
    const body = new URLSearchParams(new FormData(form));
    body.set("act", "save");
    try {
      const answer = await saves(form.action, { method: "POST", body });
      if (!answer?.redirected || new URL(answer.url).pathname !== new URL(form.action).pathname) throw new Error();
      const fresh = answer.page;
      for (const name of ["version", "key"]) {
        const value = fresh.querySelector(`#draft input[name=${name}]`).value;
        for (const input of document.querySelectorAll(`input[name=${name}]`)) input.value = value;
      }
      for (const part of [".signature", "main > .ticket-line", "h1"]) {
        document.querySelector(part)?.replaceWith(fresh.querySelector(part));
      }
      saved = sent;
      told();
      mark();
    } catch {
      leaving = true;
      form.requestSubmit(button);
    } finally {
      keeping = false;
    }
  };

  text.addEventListener("input", () => {
    draw();
    if (writes) told();
    here();
    later();
  });
  for (const field of others) field.addEventListener("input", () => writes && told());
  for (const event of ["keyup", "click", "focus"]) text.addEventListener(event, here);
  document.getElementById("simulation-fields").addEventListener("change", later);

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-go]");
    if (!link) return;
    event.preventDefault();
    go(Number(link.dataset.go));
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "s") return;
    const save = form.querySelector("button[value=save]");
    if (!save) return;
    event.preventDefault();
    keep(save);
  });
  form.querySelector("button[value=save]")?.addEventListener("click", (event) => {
    event.preventDefault();
    keep(event.currentTarget);
  });
  // Checking, trying a case and comparing a month stay where one is.
  for (const button of form.querySelectorAll("button[value=check], button[value=simulate], button[value^=try-], button[value=month]")) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      check(button.value);
    });
  }

  // An example of the kind chosen, where the caret is; the browser's own undo takes it back.
  const insert = document.getElementById("insert");
  if (insert && writes) {
    insert.hidden = false;
    insert.addEventListener("click", () => {
      const block = document.getElementById("kind").selectedOptions[0]?.dataset.snippet;
      if (!block) return;
      const line = lineOf(text.selectionEnd);
      const end = startOf(line) + shown[line - 1].length;
      text.focus();
      text.setSelectionRange(end, end);
      const words = `\n\n${block}`;
      if (!document.execCommand("insertText", false, words)) {
        text.setRangeText(words, end, end, "end");
        text.dispatchEvent(new Event("input"));
      }
      reveal(line + 3);
    });
  }

  draw();
  mark();
  if (writes) told();

  // A file chosen is read into the field that is sent, where it can be seen and changed.
  const file = document.getElementById("subcontract-file");
  const bought = document.getElementById("subcontract_text");
  const boughtName = document.getElementById("subcontract_name");
  if (file && bought && boughtName) {
    document.getElementById("subcontract-file-field").hidden = false;
    file.addEventListener("change", async () => {
      const chosen = file.files[0];
      if (!chosen) return;
      bought.value = await chosen.text();
      if (!boughtName.value) boughtName.value = chosen.name.slice(0, 120);
    });
  }
})();
