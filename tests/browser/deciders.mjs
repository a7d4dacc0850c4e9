// What the acts of those who decide cost a hand, from the first page of each: the service manager, the
// dispatcher, the customer's manager, the technician of a subcontractor.
import { button, journeys, line } from "./counted.mjs";
import { equal, holds, matches } from "./harness.mjs";

const QUOTED = "Double écran pour le bureau des méthodes";
const COPY = "La copie distante a deux nuits de retard";

export async function deciders(tally, browser, product) {
  const journey = journeys(tally, browser, product);
  const text = (page) => page.locator("main").innerText();
  const row = (page, words) => page.locator("main a[data-item]", { hasText: words }).first();
  const waiting = (page, words) => page.locator("section[aria-labelledby=waiting] a", { hasText: words }).first();

  for (const javaScriptEnabled of [true, false]) {
    const how = javaScriptEnabled ? "" : " without script";
    const options = { javaScriptEnabled };

    await journey(`a service manager hands over what is late${how}`, "service_manager", 3, async (page, hand) => {
      const late = page.locator("main tr.late a[data-item]").first();
      const title = await late.innerText();
      await hand.press(late);
      await hand.press(page.locator("summary", { hasText: "Confier à quelqu’un" }));
      const to = page.locator("details", { hasText: "Confier à quelqu’un" }).locator("select").first();
      await to.selectOption({ index: 1 });
      const [name] = (await to.locator("option:checked").innerText()).split(",");
      await hand.press(page.locator("details[open] button", { hasText: "Confier" }).first());
      matches(await page.locator("section[aria-labelledby=facts]").innerText(), new RegExp(name), `who has ${title}`);
    }, options);

    await journey(`a dispatcher hands out what nobody has${how}`, "dispatcher", 3, async (page, hand) => {
      await hand.press(page.locator("nav a", { hasText: "Équipe" }));
      const lines = page.locator("section[aria-labelledby=to-give] tbody tr");
      const before = await lines.count();
      await lines.first().locator("select").selectOption({ index: 1 });
      await hand.press(lines.first().locator("button", { hasText: "Confier" }));
      equal(await lines.count(), before - 1, "what is left to hand out");
    }, options);

    await journey(`a dispatcher changes a priority${how}`, "dispatcher", 3, async (page, hand) => {
      await page.fill("#q", "PC-TLS-21");
      await page.keyboard.press("Enter");
      await page.waitForURL("**/?q=*");
      await hand.press(row(page, "PC-TLS-21"));
      await hand.press(page.locator("summary", { hasText: "Changer la priorité" }));
      await page.selectOption("#priority-impact", { label: javaScriptEnabled ? "Un service" : "Une personne" });
      await page.selectOption("#priority-urgency", { label: "Bloquant" });
      await page.fill("#priority-text", "Le bureau des méthodes attend ce poste");
      await hand.press(button(page, "Changer la priorité"));
      matches(await line(page), javaScriptEnabled ? /^P2/ : /^P3/, "its priority");
    }, options);

    await journey(`a technician enters time${how}`, "technician", 3, async (page, hand) => {
      await page.fill("#q", "PC-TLS-21");
      await page.keyboard.press("Enter");
      await page.waitForURL("**/?q=*");
      await hand.press(row(page, "PC-TLS-21"));
      await hand.press(page.locator("summary", { hasText: "Saisir du temps" }));
      await page.fill("#time-minutes", "25");
      await hand.press(button(page, "Saisir le temps"));
      matches(await text(page), /Temps passé\s+(25|50) min/, "time spent");
    }, options);

    await journey(`a technician hands the week in${how}`, "technician", 3, async (page, hand) => {
      await hand.press(page.locator("nav a", { hasText: "Temps" }));
      await hand.press(button(page, "Remettre"));
      matches(await line(page), /Remise, à approuver/, "its state");
    }, options);

    // Given back once, so that there is one to approve.
    const settled = javaScriptEnabled ? ["gives a sheet back", "Rendre à son auteur", /Rendue/] : ["approves a sheet", "Approuver", /Approuvée/];
    await journey(`a service manager ${settled[0]}${how}`, "service_manager", 3, async (page, hand) => {
      await hand.press(waiting(page, "Approuver la feuille de temps de Mehdi Roussel"));
      matches(await text(page), /PC-TLS-21|Ateliers Garonne/, "the sheet");
      if (javaScriptEnabled) await hand.press(page.locator("summary", { hasText: "Rendre…" }));
      await hand.press(button(page, settled[1]));
      matches(await line(page), settled[2], "its state");
      await page.goto("/");
      equal(await waiting(page, "Mehdi Roussel").count(), 0, "sheets that wait");
    }, options);

    await journey(`a service manager goes from a month to the ticket that it bills${how}`, "service_manager", 3, async (page, hand) => {
      await hand.press(waiting(page, /Relire et clôturer octobre/));
      const billed = page.locator("#invoice tr, table tr", { has: page.locator("a[href*='/tickets/']") }).first();
      await hand.press(billed.locator("summary", { hasText: "Pourquoi" }));
      matches(await billed.innerText(), /Article \d+/, "why it is billed");
      const number = await billed.locator("a[href*='/tickets/']").first().innerText();
      await hand.press(billed.locator("a[href*='/tickets/']").first());
      equal(new URL(page.url()).pathname.split("/").pop(), number, "the ticket");
    }, options);

    await journey(`a service manager makes a quotation${how}`, "service_manager", 3, async (page, hand) => {
      await page.fill("#q", "Double écran");
      await page.keyboard.press("Enter");
      await page.waitForURL("**/?q=*");
      await hand.press(row(page, QUOTED));
      await hand.press(page.locator("summary", { hasText: "Établir un devis" }));
      await page.fill("#quote-price", "480,00");
      await page.fill("#quote-text", "Six écrans posés et réglés, une demi-journée.");
      await hand.press(page.locator("details[open] button", { hasText: "devis" }).first());
      matches(await text(page), /480,00 € HT/, "the quotation");
    }, options);

    const answered = javaScriptEnabled ? ["declines", /a refusé le prix/] : ["agrees to", /a accepté le prix de 480,00 € HT/];
    await journey(`a customer's manager ${answered[0]} a price${how}`, "customer_manager", 2, async (page, hand) => {
      await hand.press(page.locator("section[aria-labelledby=awaited] a", { hasText: QUOTED }));
      if (javaScriptEnabled) {
        await page.fill("#decline-price-text", "Trois écrans suffiront.");
        await hand.press(button(page, "Refuser"));
      } else {
        await hand.press(button(page, "Accepter"));
      }
      matches(await text(page), answered[1], "the conversation");
      await page.goto("/");
      equal(await page.locator("section[aria-labelledby=awaited] a", { hasText: QUOTED }).count(), 0, "prices that wait");
    }, options);

    await journey(`a customer's manager reads a month and its penalty${how}`, "customer_manager", 2, async (page, hand) => {
      await hand.press(page.locator("nav a", { hasText: "Argent" }));
      await hand.press(page.locator("main a", { hasText: /août 2026/i }));
      matches(await text(page), /184,00 €/, "the penalty");
      holds((await page.locator(".penalties details.why").count()) > 0, "its reasons are there to unfold");
    }, options);

    await journey(`a customer's manager reads the meter call by call${how}`, "customer_manager", 2, async (page, hand) => {
      matches(await text(page), /sur 120 tickets restants/, "the meter on the first page");
      await hand.press(page.locator("nav a", { hasText: "Compteurs" }));
      matches(await text(page), /Compteur épuisé : 1 ticket au-delà, 24,00 € HT/, "a call beyond the pack");
    }, options);

    await journey(`a subcontractor reads its own tickets and no other${how}`, "third_party_technician", 3, async (page, hand) => {
      const titles = await page.locator("main a[data-item]").allInnerTexts();
      holds(titles.some((title) => title.includes(COPY)), `its ticket is among ${titles}`);
      equal(await page.locator("a[href$='/tickets/new']").count(), 0, "ways to a form that is not theirs");
      await hand.press(page.locator("main a[data-item]").last());
      matches(await page.locator("section[aria-labelledby=facts]").innerText(), /srv-sauv|[Ss]auvegarde/, "the item");
      const links = await page.locator("a").evaluateAll((all) => all.map((one) => one.getAttribute("href")));
      holds(!links.some((href) => /\/(money|contracts|journal|drafts|people)/.test(href)), `links ${links}`);
      for (const path of ["/money", "/journal", "/contracts/CTR-2026-001", "/tickets/1"]) {
        equal((await page.request.get(`${product.url}${product.home}${path}`)).status(), 404, path);
      }
    }, options);

    await journey(`a subcontractor answers${how}`, "third_party_technician", 3, async (page, hand) => {
      await hand.press(row(page, COPY));
      await page.fill("#reply-text", `Copie relancée depuis Roubaix${how}.`);
      await hand.press(button(page, "Envoyer la réponse"));
      matches(await text(page), /Copie relancée depuis Roubaix/, "the conversation");
    }, options);

    await journey(`a subcontractor writes a note${how}`, "third_party_technician", 3, async (page, hand) => {
      await hand.press(row(page, COPY));
      await hand.press(page.locator("summary", { hasText: "Ajouter une note interne" }));
      await page.fill("#note-text", `Volume étendu${how}.`);
      await hand.press(button(page, "Enregistrer la note"));
      matches(await text(page), /Volume étendu/, "the conversation");
    }, options);
  }

  await journey("a subcontractor restores the service", "third_party_technician", 3, async (page, hand) => {
    await hand.press(row(page, COPY));
    await hand.press(page.locator("summary", { hasText: "Service rétabli" }));
    await page.fill("#restore-diagnosis", "Quota du dépôt atteint.");
    await page.fill("#restore-text", "Quota relevé, copie à jour.");
    await hand.press(button(page, "Déclarer le rétablissement"));
    matches(await line(page), /Rétabli/, "its state");
  });

  await journey("an employee says that it is not mended", "customer_user", 2, async (page, hand) => {
    await hand.press(page.locator("main a", { hasText: COPY }).first());
    await page.fill("#reopen-text", "La copie de cette nuit manque encore.");
    await hand.press(button(page, "Rouvrir"));
    matches(await line(page), /Pris en charge|À prendre en charge/, "its state");
  });

  await journey("a service manager closes a month", "service_manager", 3, async (page, hand) => {
    const months = page.locator("section[aria-labelledby=waiting] a", { hasText: "Relire et clôturer" });
    const last = months.last();
    const href = await last.getAttribute("href");
    await hand.press(last);
    await hand.press(page.locator("label", { hasText: "J’ai relu" }));
    await hand.press(button(page, "Clôturer"));
    matches(await page.locator(".notice[role=status]").innerText(), /Mois clos/, "notice");
    await page.goto("/");
    equal(await page.locator(`section[aria-labelledby=waiting] a[href="${href}"]`).count(), 0, "the month still waits");
  });
}
