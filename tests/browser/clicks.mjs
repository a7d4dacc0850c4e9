// What the everyday acts of an employee and of a technician cost a hand, from the first page of each, with their
// bound: two presses on the portal, three on the desk.
import { button, journeys, line } from "./counted.mjs";
import { equal, holds, matches } from "./harness.mjs";
import { enter } from "./product.mjs";

/** The customer's manager opens ten tickets that come before those of a title in the list by due instant. */
async function crowd(browser, product, title) {
  const { context, page } = await enter(browser, product, "customer_manager");
  try {
    for (let n = 1; n <= 10; n += 1) {
      await page.goto(`${product.home}/tickets/new`);
      await page.fill("#title", `Site à l’arrêt ${n}`);
      await page.selectOption("#impact", { label: "Tout un site" });
      await page.selectOption("#urgency", { label: "Bloquant" });
      await page.selectOption("#item", { index: 1 });
      await page.selectOption("#site", { label: "Toulouse" });
      await page.locator("main button", { hasText: "Enregistrer le ticket" }).first().click();
      matches(await page.locator("h1").innerText(), /Site à l’arrêt/, "the ticket");
    }
    await page.goto(`${product.home}/tickets?state=open`);
    const titles = await page.locator("main a[data-item]").allInnerTexts();
    const before = titles.findIndex((text) => text.includes(title));
    holds(before >= 10, `${before} tickets come before`);
  } finally {
    await context.close();
  }
}

export async function clicks(tally, browser, product) {
  const journey = journeys(tally, browser, product);

  for (const javaScriptEnabled of [true, false]) {
    const how = javaScriptEnabled ? "" : " without script";
    await journey(`an employee reports an incident${how}`, "customer_user", 2, async (page, hand) => {
      await hand.press(page.locator("main a", { hasText: "Nouveau ticket" }));
      await page.fill("#title", `Imprimante muette${how}`);
      await page.selectOption("#impact", { label: "Un service" });
      await page.selectOption("#urgency", { label: "Bloquant" });
      await page.selectOption("#item", { index: 1 });
      await page.setInputFiles("#files", { name: "affichage.txt", mimeType: "text/plain", buffer: Buffer.from("E-14") });
      await hand.press(button(page, "Enregistrer le ticket"));
      matches(await page.locator("h1").innerText(), /Imprimante muette/, "the ticket");
      matches(await page.locator("main").innerText(), /affichage\.txt/, "what shows the trouble");
    }, { javaScriptEnabled });

    await journey(`a technician records an incident told by telephone${how}`, "technician", 3, async (page, hand) => {
      await hand.press(page.locator("main a", { hasText: "Nouveau ticket" }));
      await hand.press(page.locator("main a", { hasText: "Ateliers Garonne" }));
      await page.fill("#title", `Écran noir à l’atelier${how}`);
      await page.selectOption("#impact", { label: "Une personne" });
      await page.selectOption("#urgency", { label: "Bloquant" });
      await page.selectOption("#item", { index: 1 });
      await hand.press(button(page, "Enregistrer le ticket"));
      matches(await page.locator("h1").innerText(), /Écran noir/, "the ticket");
      matches(await page.locator("section[aria-labelledby=facts]").innerText(), /[Tt]éléphone/, "how it was told");
    }, { javaScriptEnabled });

    await journey(`a technician takes over what waits${how}`, "technician", 2, async (page, hand) => {
      await hand.press(page.locator(".tabs a", { hasText: "À prendre" }));
      const row = page.locator("main tr", { hasText: `Écran noir à l’atelier${how}` }).last();
      const href = await row.locator("a[data-item]").getAttribute("href");
      await hand.press(row.locator("button", { hasText: "Prendre" }));
      matches(page.url(), /show=unassigned/, "the list that it was taken from");
      matches(await page.locator(".notice[role=status]").innerText(), /pris en charge/, "notice");
      equal(await page.locator(`main a[href="${href}"]`).count(), 0, "what nobody has");
      await page.goto(href);
      matches(await line(page), /Pris en charge/, "its state");
    }, { javaScriptEnabled });

    await journey(`a technician answers${how}`, "technician", 2, async (page, hand) => {
      await hand.press(page.locator("main a[data-item]", { hasText: `Écran noir à l’atelier${how}` }).last());
      await page.fill("#reply-text", "Nous arrivons.");
      await hand.press(button(page, "Envoyer la réponse"));
      matches(await page.locator("main").innerText(), /Nous arrivons/, "the conversation");
    }, { javaScriptEnabled });

    await journey(`a technician restores the service${how}`, "technician", 3, async (page, hand) => {
      await hand.press(page.locator("main a[data-item]", { hasText: `Écran noir à l’atelier${how}` }).last());
      await hand.press(page.locator("summary", { hasText: "Service rétabli" }));
      await page.fill("#restore-diagnosis", "Câble débranché.");
      await page.fill("#restore-text", "Rebranché.");
      await hand.press(button(page, "Déclarer le rétablissement"));
      matches(await line(page), /Rétabli/, "its state");
    }, { javaScriptEnabled });

    await journey(`an employee answers${how}`, "customer_user", 2, async (page, hand) => {
      await hand.press(page.locator("main a", { hasText: `Imprimante muette${how}` }).last());
      await page.fill("#reply-text", "Toujours muette.");
      await hand.press(button(page, "Envoyer la réponse"));
      matches(await page.locator("main").innerText(), /Toujours muette/, "the conversation");
    }, { javaScriptEnabled });
  }

  // Ten more of somebody else's, due sooner: an employee's own ticket must not be behind them.
  await tally.check("ten tickets of others are due sooner", () => crowd(browser, product, "Imprimante muette"));
  for (const javaScriptEnabled of [true, false]) {
    const how = javaScriptEnabled ? "" : " without script";
    await journey(`an employee answers, ten others being due sooner${how}`, "customer_user", 2, async (page, hand) => {
      await hand.press(page.locator("main a", { hasText: `Imprimante muette${how}` }).last());
      await page.fill("#reply-text", "Encore muette.");
      await hand.press(button(page, "Envoyer la réponse"));
      matches(await page.locator("main").innerText(), /Encore muette/, "the conversation");
    }, { javaScriptEnabled });
  }

  await journey("a call is recorded", "technician", 1, async (page, hand) => {
    await page.waitForLoadState();
    await page.keyboard.press("a");
    await page.fill("#call", "garonne 12");
    await hand.press(button(page, "Décompter l’appel"));
    matches(await page.locator("[role=status], main").first().innerText(), /12|décompt/i, "what it took");
  });
}
