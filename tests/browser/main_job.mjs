// The newcomer's main job, end to end, by clicking; the same with scripts turned off.
import { equal, holds, matches } from "./harness.mjs";
import { enter } from "./product.mjs";

const TITLE = "La saisie des heures ne répond plus";

/** The acts of a ticket and the closing of a month, in the browser's language of the demonstration. */
export async function mainJob(tally, browser, product, javaScriptEnabled) {
  const how = javaScriptEnabled ? "" : " without script";
  const check = (name, test) => tally.check(`${name}${how}`, test);
  const title = `${TITLE}${how}`;
  const { context, page } = await enter(browser, product, "technician", { javaScriptEnabled });
  const line = () => page.locator(".ticket-line").innerText();
  const main = () => page.locator("main").innerText();
  let address = "";

  await check("a technician opens a ticket from the list of customers", async () => {
    equal(new URL(page.url()).pathname, "/", "first page");
    await page.locator("nav a", { hasText: "Clients" }).click();
    await page.locator("main a", { hasText: "Ateliers Garonne" }).click();
    await page.locator("main a", { hasText: "Nouveau ticket" }).click();
    await page.locator("label", { hasText: "Titre" }).click();
    await page.fill("#title", title);
    await page.fill("#description", "Depuis 9 h 45, pour tout l’atelier : « délai dépassé ».");
    await page.selectOption("#impact", { label: "Un service" });
    await page.selectOption("#urgency", { label: "Bloquant" });
    await page.selectOption("#item", "item:srv-erp");
    await page.selectOption("#channel", { label: "Téléphone" });
    await page.locator("button", { hasText: "Enregistrer le ticket" }).click();
    address = page.url();
    matches(address, /\/tickets\/\d+$/, "address");
    equal(await page.locator("h1").innerText(), title, "title");
    matches(await line(), /^P2\s+À prendre en charge/, "line under the title");
    matches(await page.locator(".notice[role=status]").innerText(), /ses délais courent/, "notice");
  });

  await check("the due instant cites clauses that lead into the living contract", async () => {
    matches(await page.locator("#clocks >> xpath=..").innerText(), /Échéance/, "clocks");
    const why = page.locator("details.why", { hasText: "Pourquoi cette échéance ?" }).first();
    await why.locator("summary").click();
    const cited = why.locator("ol.reasons a");
    holds((await cited.count()) >= 2, "two cited articles at least");
    const href = await cited.first().getAttribute("href");
    const label = href.split("#")[1];
    await cited.first().click();
    equal(new URL(page.url()).hash, `#${label}`, "anchor");
    const clause = page.locator(`#${label}`);
    holds(await clause.isVisible(), `clause ${label} is on the page`);
    const box = await clause.boundingBox();
    holds(box.y >= 0 && box.y < 900, `clause ${label} is in the window, at ${box.y}`);
    matches(await clause.innerText(), new RegExp(label), "clause");
    await page.goBack();
    equal(page.url(), address, "back on the ticket");
  });

  await check("it is taken over, answered and noted", async () => {
    await page.locator("button", { hasText: "Prendre en charge" }).click();
    matches(await line(), /Pris en charge/, "line under the title");
    await page.fill("#reply-text", "Nous regardons le service de saisie.");
    await page.locator("button", { hasText: "Envoyer la réponse" }).click();
    matches(await main(), /Nous regardons le service de saisie/, "conversation");
    await page.locator("summary", { hasText: "Ajouter une note interne" }).click();
    await page.fill("#note-text", "Confidence entre techniciens.");
    await page.locator("button", { hasText: "Enregistrer la note" }).click();
    matches(await main(), /Confidence entre techniciens/, "conversation");
  });

  await check("its clock is suspended for a listed reason, and runs again", async () => {
    await page.locator("summary", { hasText: "Suspendre" }).click();
    const reasons = await page.locator("#pause-reason option").allInnerTexts();
    holds(reasons.length >= 2, `reasons of the contract: ${reasons}`);
    await page.selectOption("#pause-reason", { index: 0 });
    await page.fill("#pause-text", "Accord du service comptable, demandé par téléphone");
    await page.locator("button", { hasText: "Suspendre l’horloge" }).click();
    matches(await line(), /Suspendu/, "line under the title");
    matches(await main(), /a suspendu le délai/, "conversation");
    await page.locator("button", { hasText: "Reprendre l’horloge" }).click();
    matches(await line(), /Pris en charge/, "line under the title");
  });

  await check("its priority changes by the contract's matrix", async () => {
    await page.locator("summary", { hasText: "Changer la priorité" }).click();
    await page.selectOption("#priority-impact", { label: "Tout un site" });
    await page.selectOption("#priority-urgency", { label: "Bloquant" });
    await page.fill("#priority-text", "Strasbourg est touché aussi");
    await page.locator("button", { hasText: "Changer la priorité" }).click();
    matches(await line(), /^P1/, "line under the title");
  });

  await check("it is restored, resolved and reopened", async () => {
    await page.locator("summary", { hasText: "Service rétabli" }).click();
    await page.fill("#restore-diagnosis", "Volume du journal saturé.");
    await page.fill("#restore-text", "Service relancé sur le second nœud.");
    await page.locator("button", { hasText: "Déclarer le rétablissement" }).click();
    matches(await line(), /Rétabli/, "line under the title");
    await page.locator("summary", { hasText: "Résoudre" }).click();
    await page.fill("#resolve-text", "Journal plein : purgé, surveillé.");
    await page.locator("button", { hasText: "Résoudre" }).click();
    matches(await line(), /Résolu/, "line under the title");
    await page.locator("summary", { hasText: "Rouvrir" }).click();
    await page.fill("#reopen-text", "La saisie bloque à nouveau.");
    await page.locator("button", { hasText: "Rouvrir le ticket" }).click();
    matches(await line(), /Pris en charge|À prendre en charge/, "line under the title");
    matches(await main(), /La saisie bloque à nouveau/, "conversation");
  });

  await context.close();
  return address;
}

/** Closing October, and reading August's penalty. */
export async function closing(tally, browser, product, javaScriptEnabled) {
  const { context, page } = await enter(browser, product, "service_manager", { javaScriptEnabled });
  const main = () => page.locator("main").innerText();

  await tally.check("the service manager reads October, then closes it", async () => {
    await page.locator("nav a", { hasText: "Clients" }).click();
    await page.locator("main a", { hasText: "Ateliers Garonne" }).click();
    await page.locator("nav a", { hasText: "Argent" }).click();
    await page.locator("a", { hasText: "Relire et clôturer" }).click();
    matches(await page.locator("h1").innerText(), /octobre 2026/i, "title");
    matches(await main(), /provisoire/, "state");
    await page.locator("label", { hasText: "J’ai relu" }).click();
    await page.locator("button", { hasText: "Clôturer" }).click();
    matches(await page.locator(".notice[role=status]").innerText(), /Mois clos/, "notice");
    matches(await main(), /Clôturé le/, "state");
    const why = page.locator("details.why").first();
    await why.locator("summary").click();
    matches(await why.innerText(), /Article \d+/, "reasons of the first line");
  });

  await tally.check("August's penalty is read with its reasons", async () => {
    await page.goto(`${product.home}/money`);
    await page.locator("main a", { hasText: /août 2026/i }).click();
    matches(await main(), /184,00 €/, "statement");
    const why = page.locator(".penalties details.why").first();
    await why.locator("summary").click();
    matches(await why.innerText(), /Article 23/, "reasons of the penalty");
    matches(await why.innerText(), /2 %|2 300,00 €/, "arithmetic of the penalty");
    await page.locator(".penalties a").first().click();
    matches(await page.locator("h1").innerText(), /Serveur de fichiers arrêté à la reprise/, "the late ticket");
    matches(await main(), /manqué de 3 h 20/, "its clock");
  });

  await tally.check("the journal holds the closing, and says how to verify it", async () => {
    await page.goto(`${product.home}/journal`);
    matches(await page.locator(".entries").innerText(), /month\.closed/, "entries");
    matches(await main(), /regisseur journal verify/, "command");
  });

  await context.close();
}

/** What an employee of the customer sees, and what the contract refuses him. */
export async function portal(tally, browser, product, ticket, javaScriptEnabled) {
  const { context, page } = await enter(browser, product, "customer_user", { javaScriptEnabled });

  await tally.check("an employee is offered neither money, contract nor journal", async () => {
    equal(new URL(page.url()).pathname, product.home, "first page");
    const nav = await page.locator("header nav").innerText();
    matches(nav, /Tickets/, "navigation");
    holds(!/Argent|Contrat|Journal|Clients|bureau/.test(nav), `navigation shows ${nav}`);
    const links = await page.locator("a").evaluateAll((all) => all.map((one) => one.getAttribute("href")));
    holds(!links.some((href) => /money|contracts|journal/.test(href)), `links ${links}`);
    holds(!/€/.test(await page.locator("main").innerText()), "an amount is shown");
  });

  await tally.check("an employee gets no such page by its address either", async () => {
    for (const path of ["/money", "/money/2026-08", "/journal", "/contracts/CTR-2026-001", "/contracts/CTR-2026-001/text"]) {
      const answer = await page.goto(`${product.home}${path}`);
      equal(answer.status(), 404, path);
    }
    equal((await page.goto("/c")).status(), 404, "/c");
  });

  await tally.check("an employee follows the ticket without the internal notes", async () => {
    await page.goto(ticket);
    const text = await page.locator("main").innerText();
    matches(text, /Nous regardons le service de saisie/, "conversation");
    holds(!/Confidence entre techniciens/.test(text), "the internal note is shown");
    holds(!/Confidence entre techniciens/.test(await page.content()), "the internal note is in the page");
    equal(await page.locator("button", { hasText: /Prendre en charge|Suspendre/ }).count(), 0, "acts of technicians");
    await page.fill("#reply-text", "Merci, toujours bloqué ici.");
    await page.locator("button", { hasText: "Envoyer la réponse" }).click();
    matches(await page.locator("main").innerText(), /Merci, toujours bloqué ici/, "conversation");
  });

  await tally.check("work outside the perimeter is refused with its article and journal entry", async () => {
    await page.goto(`${product.home}/tickets/new`);
    await page.selectOption("#impact", { label: "Une personne" });
    await page.selectOption("#urgency", { label: "Dégradé" });
    await page.selectOption("#item", "class:cnc_machine");
    await page.fill("#title", "La fraiseuse 4 ne démarre plus");
    const [answer] = await Promise.all([
      page.waitForResponse((one) => one.request().method() === "POST"),
      page.locator("button", { hasText: "Enregistrer le ticket" }).click(),
    ]);
    equal(answer.status(), 409, "status");
    const alert = await page.locator("[role=alert]").innerText();
    matches(alert, /Article 6/, "refusal");
    matches(alert, /inscrite au journal, entrée [\d ]+/, "refusal");
    equal(await page.inputValue("#title"), "La fraiseuse 4 ne démarre plus", "what was typed");
  });

  await context.close();
}
