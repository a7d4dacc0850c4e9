// Writing a contract as a contract manager would: from a template to both signatures, with the script
// and without it; what typing shows; what two writers are told; what an amendment would have changed.
import { createHmac } from "node:crypto";
import { equal, holds, matches } from "./harness.mjs";
import { enter } from "./product.mjs";

let lastStep = 0;

/** A six-digit code of RFC 6238 that was not used yet; each is accepted once, a step early or late. */
export async function code(account) {
  if (!account.totp_secret) return "";
  for (;;) {
    const now = Math.floor(Date.now() / 30_000);
    const step = Math.max(lastStep + 1, now - 1);
    if (step <= now + 1) {
      lastStep = step;
      return codeAt(account.totp_secret, step);
    }
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

function codeAt(secret, step) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret.replace(/=+$/, "")].map((one) => alphabet.indexOf(one).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const hash = createHmac("sha1", key).update(counter).digest();
  const at = hash[19] & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

const sessions = new Map();

/** As `enter`, once per person: an account with a second factor has few codes to spend. */
export async function arrive(browser, product, role, options = {}) {
  const account = product.account(role);
  const common = { baseURL: product.url, locale: "fr-FR", viewport: { width: 1440, height: 900 }, reducedMotion: "reduce", ...options };
  const context = await browser.newContext({ ...common, storageState: sessions.get(role) });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  if (!sessions.has(role)) {
    await page.goto("/sign-in");
    await page.fill("input[name=email]", account.email);
    await page.fill("input[name=password]", account.password);
    await page.fill("input[name=code]", await code(account));
    await page.click("main button[type=submit]");
    if (new URL(page.url()).pathname === "/sign-in") throw new Error(`${account.email} cannot sign in`);
    sessions.set(role, await context.storageState());
  }
  return { context, page, account };
}

/** Counts what a hand does: each click, each field filled in. */
function counted(page) {
  const hand = { clicks: 0, fields: 0 };
  const click = async (locator) => {
    hand.clicks += 1;
    await locator.click();
  };
  const fill = async (locator, text) => {
    hand.fields += 1;
    await locator.fill(text);
  };
  return { hand, click, fill };
}

const button = (page, text) => page.locator("main button", { hasText: text }).first();
const text = (page) => page.inputValue("#text");

/** Begins a draft; gives the editor's address. */
export async function begin(page, product, start, number) {
  await page.goto(`${product.home}/drafts`);
  await page.selectOption("#start", start);
  if (number) await page.fill("#number", number);
  await button(page, "Commencer").click();
  await page.waitForURL(/\/drafts\/[0-9a-f-]{36}$/);
  return page.url();
}

/** Types over the first place of `found`, as a person would, and waits for the answer. */
async function type(page, found, typed) {
  await page.locator("#text").evaluate((area, words) => {
    const at = area.value.indexOf(words);
    area.focus();
    area.setSelectionRange(at, at + words.length);
  }, found);
  const answered = page.waitForResponse((response) => response.url().endsWith("/check") && response.ok());
  await page.keyboard.type(typed);
  const answer = await answered;
  await answer.finished();
  await page.waitForTimeout(50);
  return answer;
}

/** From a template to a contract that runs: three people, each in a session of their own. */
export async function signing(tally, browser, product, javaScriptEnabled) {
  const how = javaScriptEnabled ? "" : " without script";
  const number = javaScriptEnabled ? "CTR-2026-301" : "CTR-2026-302";
  const began = Date.now();
  const { context, page } = await enter(browser, product, "service_manager", { javaScriptEnabled });
  const { hand, click, fill } = counted(page);
  let address = "";

  await tally.check(`a contract is begun from a template, for this customer${how}`, async () => {
    await page.goto(product.home);
    await click(page.locator("main a", { hasText: "Textes en préparation" }));
    await fill(page.locator("#number"), number);
    await click(button(page, "Commencer"));
    address = page.url();
    matches(address, /\/drafts\/[0-9a-f-]{36}$/, "address");
    const words = await text(page);
    holds(words.includes(number) && words.includes("Ateliers Garonne SAS"), "the number and the customer are in the text");
    holds(words.includes("Régie Numérique Occitane"), "and the provider, as in the contract signed before");
    matches(await page.locator("#remark-count").innerText(), /Compile/, "it compiles as it is");
  });

  await tally.check(`a price is changed by the form of its clause, nothing else moves${how}`, async () => {
    const before = await text(page);
    await click(page.locator("#clause-redevance button", { hasText: "Formulaire" }));
    equal(await page.inputValue("#then-unit_price"), "46.00 EUR", "the form is filled in");
    await fill(page.locator("#then-unit_price"), "49.50 EUR");
    await click(button(page, "Vérifier"));
    matches(await page.locator("aside").innerText(), /49,50 €/, "read back");
    await click(button(page, "Enregistrer la clause"));
    equal(new URL(page.url()).hash, "#clause-redevance", "back at the clause");
    equal(await text(page), before.replace("46.00 EUR", "49.50 EUR"), "text");
  });

  await tally.check(`a clause is added by its form under an article${how}`, async () => {
    await page.selectOption("#kind", "penalty_cap");
    await page.selectOption("#under", { label: "Article 5 – Délai de rétablissement" });
    await click(button(page, "Remplir son formulaire"));
    await fill(page.locator("#label"), "plafond");
    for (const select of await page.locator("main form select").all()) {
      const values = await select.locator("option").evaluateAll((all) => all.map((one) => one.value));
      if ((await select.inputValue()) === "" && values.length > 1 && (await select.getAttribute("name")).startsWith("then.")) await select.selectOption(values[1]);
    }
    for (const input of await page.locator("main form input[name^='then.']").all()) {
      const hint = page.locator(`#${await input.getAttribute("aria-describedby")}`);
      const example = (await hint.innerText().catch(() => "")).replace(/[\u00a0\u202f]/g, " ").match(/ex\. : ([^·]+)/);
      if (example && (await input.inputValue()) === "") await fill(input, example[1].trim());
    }
    await click(button(page, "Ajouter la clause"));
    equal(new URL(page.url()).hash, "#clause-plafond", "back at the clause");
    holds((await text(page)).includes('label = "plafond"'), "the block is in the text");
  });

  await tally.check(`a Friday at 22:00 is decided by the text, with its article${how}`, async () => {
    await page.fill("#declared", "2026-03-06T22:00");
    await click(button(page, "Essayer ce cas"));
    const told = page.locator("#simulated");
    // A case is shown before this one is asked for: wait for its own answer.
    await told.getByText("9 mars 2026").first().waitFor();
    matches(await told.innerText(), /9 mars 2026/, "due on Monday");
    matches(await told.innerText(), /Compris dans le contrat/, "in the perimeter");
  });

  await tally.check(`the text is read and printed with the machine's reading beside${how}`, async () => {
    await page.goto(`${address}/read`);
    await page.emulateMedia({ media: "print" });
    const main = page.locator("main");
    matches(await main.innerText(), /Empreinte SHA-256 du texte [0-9a-f]{64}/, "the hash is printed");
    holds(await main.locator(".reading").first().isVisible(), "the reading is printed");
    holds(!(await page.locator("nav").first().isVisible()), "the navigation is not");
    await page.emulateMedia({ media: null });
    await page.goto(address);
  });

  let hash = "";
  await tally.check(`each party signs in a session of its own, on the hash it is shown${how}`, async () => {
    for (const [turn, role] of ["provider_admin", "customer_manager"].entries()) {
      const { context: other, page: theirs, account } = await arrive(browser, product, role, { javaScriptEnabled });
      await theirs.goto(address);
      const shown = await theirs.locator(".signature code", { hasText: /^[0-9a-f]{64}$/ }).first().innerText();
      matches(shown, /^[0-9a-f]{64}$/, "hash");
      if (turn === 0) hash = shown;
      equal(shown, hash, "both see the same hash");
      await fill(theirs.locator("#sign-password"), account.password);
      if (account.totp_secret) await fill(theirs.locator("#sign-code"), await code(account));
      // The shortest template comes without its preparation file: whoever signs says why they sign all the same.
      matches(await theirs.locator(".signature .remarks").innerText(), /dossier préparatoire/, "what is missing is listed");
      await fill(theirs.locator("#despite"), "Le dossier préparatoire est tenu à part, relu par les deux parties.");
      await click(theirs.locator("main button", { hasText: "Signer ce texte" }));
      if (turn === 0) {
        matches(await theirs.locator(".notice[role=status]").first().innerText(), /l’autre partie signe/, "notice");
        equal(await theirs.locator("#sign-password").count(), 0, "nobody signs twice");
      } else {
        equal(new URL(theirs.url()).pathname, `${product.home}/contracts/${number}`, "the living contract");
        matches(await theirs.locator("main").innerText(), new RegExp(hash.slice(0, 12)), "with its hash");
        const signed = await (await other.request.get(`${product.url}${product.home}/contracts/${number}/text`)).text();
        equal(signed, await page.inputValue("#text"), "byte for byte");
      }
      await other.close();
    }
  });
  const seconds = Math.round((Date.now() - began) / 1000);
  console.log(`  from a template to both signatures${how}: ${hand.clicks} clicks, ${hand.fields} fields, ${seconds} s`);
  await context.close();
}

/** What typing shows, and what is not lost. */
export async function writing(tally, browser, product) {
  const { context, page } = await enter(browser, product, "service_manager");
  const heard = [];
  page.on("pageerror", (error) => heard.push(error.message));
  page.on("console", (message) => message.type() === "error" && !/status of 409/.test(message.text()) && heard.push(message.text()));
  const address = await begin(page, product, "template:minimal", "CTR-2026-303");
  const lineOf = async (words) => (await text(page)).slice(0, (await text(page)).indexOf(words)).split("\n").length;

  await tally.check("a mistake is marked at its line when typing pauses, and told beside the caret", async () => {
    const line = await lineOf('within = "4 h"');
    await type(page, '"4 h"', '"4 heures"');
    const mark = page.locator(`.lines > div:nth-child(${line})`);
    equal(await mark.getAttribute("data-mark"), "error", "mark");
    matches(await page.locator("#caret-remark").innerText(), /« 4 heures » n'est pas une durée/, "beside the caret");
    matches(await page.locator("#remarks >> xpath=../..").innerText(), /1 erreur.*écrivez "4 h"/s, "remark and help");
    matches(await page.locator("#simulated").innerText(), /corrigez d’abord les erreurs/, "a case waits");
  });

  await tally.check("a remark leads to its line", async () => {
    await page.locator("#text").evaluate((area) => area.setSelectionRange(0, 0));
    await page.locator(".remark", { hasText: "4 heures" }).locator("a[data-go]").first().click();
    const chosen = await page.locator("#text").evaluate((area) => area.value.slice(area.selectionStart, area.selectionEnd));
    matches(chosen, /4 heures/, "the line is selected");
    const box = await page.locator(".lines > .here").boundingBox();
    const frame = await page.locator("#editor").boundingBox();
    holds(box.y >= frame.y && box.y + box.height <= frame.y + frame.height, "the line is in sight");
  });

  await tally.check("the lines behind fold as the text does", async () => {
    const heights = await page.evaluate(() => {
      const area = document.getElementById("text");
      return [area.scrollHeight, area.clientHeight, document.querySelector(".lines").offsetHeight];
    });
    equal(heights[0], heights[1], "the text area is as high as its text");
    equal(heights[0], heights[2], "and as the lines behind");
  });

  await tally.check("leaving with unsaved words asks first; Ctrl+S saves without leaving the line", async () => {
    await type(page, "4 heures", "5 h");
    const asked = new Promise((resolve, reject) => {
      setTimeout(() => reject(new Error("no question was asked")), 5_000);
      page.once("dialog", async (dialog) => {
        await dialog.dismiss();
        resolve(dialog.type());
      });
    });
    page.locator("nav a", { hasText: "Journal" }).click({ noWaitAfter: true }).catch(() => {});
    equal(await asked, "beforeunload", "question");
    equal(page.url(), address, "still there");
    await page.locator("#text").focus();
    const caret = await page.locator("#text").evaluate((area) => area.selectionStart);
    await page.keyboard.press("Control+s");
    await page.locator("#save-state", { hasText: "Tout est enregistré" }).waitFor();
    equal(await page.locator("#text").evaluate((area) => area.selectionStart), caret, "caret");
    matches(await page.locator(".ticket-line").innerText(), /version 2/, "version");
  });

  await tally.check("of two who save, the second keeps their words and is told who saved", async () => {
    const { context: other, page: theirs } = await arrive(browser, product, "provider_admin");
    await theirs.goto(address);
    await theirs.locator("#text").press("Control+End");
    await theirs.keyboard.type("\nUne phrase de plus.");
    await button(theirs, "Enregistrer").click();
    await theirs.locator("#save-state", { hasText: "Tout est enregistré" }).waitFor();
    await page.locator("#text").press("Control+End");
    await page.keyboard.type("\nUne autre phrase.");
    await page.keyboard.press("Control+s");
    await page.locator("[role=alert]", { hasText: "a enregistré entre-temps la version 3" }).waitFor();
    holds((await text(page)).includes("Une autre phrase."), "the words are still there");
    await button(page, "Garder mon texte à part").click();
    await page.waitForURL((url) => url.href !== address && /\/drafts\/[0-9a-f-]{36}$/.test(url.pathname));
    holds((await text(page)).includes("Une autre phrase."), "kept apart");
    await theirs.goto(address);
    holds((await text(theirs)).includes("Une phrase de plus."), "the other's text stays");
    await other.close();
  });

  await tally.check("the customer's manager reads, tries and does not write", async () => {
    const { context: other, page: theirs } = await enter(browser, product, "customer_manager");
    await theirs.goto(address);
    equal(await theirs.locator("#text").getAttribute("readonly"), "", "read only");
    equal(await theirs.locator("main button", { hasText: "Enregistrer" }).count(), 0, "nothing to save with");
    await other.close();
  });

  await tally.check("an amendment tells what it would have changed for a real month", async () => {
    const amendment = await begin(page, product, "amendment:CTR-2026-001");
    holds(!(await page.locator("#remarks >> xpath=../..").innerText()).includes("erreur"), "it compiles as it is");
    await page.selectOption("#month", "2026-08-01");
    const answered = page.waitForResponse((response) => response.url().endsWith("/check") && response.ok());
    await page.getByRole("button", { name: "Comparer", exact: true }).click();
    await (await answered).finished();
    await page.locator("#month-result table").first().waitFor();
    matches(await page.locator("#month-result").innerText(), /Aucun ticket de ce mois n’aurait été décidé autrement/, "it changes nothing yet");
    equal(page.url(), amendment, "still there");
  });

  await tally.check("the script raises no error", async () => equal(heard.join("\n"), "", "errors"));
  await context.close();
}

/** A long contract: contract A in the editor, checked at each pause. */
export async function long(tally, browser, product) {
  const { context, page } = await enter(browser, product, "service_manager");
  await tally.check("contract A, 80 KB, is checked at each pause without holding the hand", async () => {
    const { home } = product;
    const whole = await (await context.request.get(`${product.url}${home}/contracts/CTR-2026-001/text`)).text();
    await begin(page, product, "blank", "CTR-2026-304");
    const answered = page.waitForResponse((response) => response.url().endsWith("/check") && response.ok());
    // Set at once, as opening a file would: Chromium types a text line by line.
    await page.evaluate((words) => {
      const area = document.getElementById("text");
      area.value = words;
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }, whole);
    await answered;
    const spent = [];
    const typed = [];
    for (let turn = 0; turn < 5; turn += 1) {
      const before = Date.now();
      const answer = await type(page, "Le Prestataire rappelle", "Le Prestataire rappelle");
      typed.push(Date.now() - before);
      spent.push(Number(answer.headers()["server-timing"].match(/dur=(\d+)/)[1]));
    }
    const keys = await page.evaluate(async () => {
      const area = document.getElementById("text");
      const times = [];
      for (let turn = 0; turn < 20; turn += 1) {
        const began = performance.now();
        area.setRangeText("x", 40_000, 40_000, "end");
        area.dispatchEvent(new Event("input", { bubbles: true }));
        void area.offsetHeight;
        times.push(performance.now() - began);
        await new Promise(requestAnimationFrame);
      }
      return times.sort((a, b) => a - b)[10];
    });
    console.log(`  contract A, ${whole.length} characters: check ${spent.join(", ")} ms on the server; a key ${keys.toFixed(1)} ms`);
    matches(await page.locator("#remark-count").innerText(), /Compile/, "it compiles");
  });
  await context.close();
}
