// From a mail to the bill: an employee reports, a technician takes it over on the page, they write to each other,
// a price is agreed to by mail, the service is restored, and the month shows what it costs.
import { button, journeys, line } from "./counted.mjs";
import { matches } from "./harness.mjs";
import { mailbox } from "./mailbox.mjs";
import { enter, start } from "./product.mjs";
import { forgotten } from "./signin.mjs";

const REPORTER = "nadia.ferrand@ateliers-garonne.example";
const MANAGER = "helene.castaing@ateliers-garonne.example";
const TITLE = "Plus de messagerie à l’accueil";

export async function post(tally, browser, prepared) {
  const mail = await mailbox();
  let product;
  try {
    product = await start(prepared, mail);
    await walk(tally, browser, product, mail);
    for (const javaScriptEnabled of [true, false]) await forgotten(tally, browser, product, mail, javaScriptEnabled);
  } finally {
    await product?.stop();
    mail.close();
  }
}

/** Answers a letter as a mail program does: to where it asks, after the message that it was. */
function answer(mail, letter, from, text) {
  const { headers } = letter;
  const to = (headers["reply-to"] ?? headers.from).match(/[^<\s]+@[^>\s]+/)[0];
  return mail.write(from, to, `Re: ${headers.subject}`, text, { "In-Reply-To": headers["message-id"], References: headers["message-id"] });
}

async function walk(tally, browser, product, mail) {
  const journey = journeys(tally, browser, product);
  const text = (page) => page.locator("main").innerText();
  const row = (page) => page.locator("main a[data-item]", { hasText: TITLE }).first();
  let letter;

  await tally.check("an employee reports by mail, and is told the number", async () => {
    await mail.write(REPORTER, mail.desk, TITLE, "Bonjour,\nLa boîte de l’accueil ne reçoit plus rien depuis 9 h.\n");
    letter = await mail.letter(REPORTER, new RegExp(TITLE));
    matches(letter.headers.subject, /#\d+/, "its subject");
  });

  await journey("a dispatcher hands out what came by mail", "dispatcher", 3, async (page, hand) => {
    await hand.press(page.locator("nav a", { hasText: "Équipe" }));
    const one = page.locator("section[aria-labelledby=to-give] tbody tr", { hasText: TITLE });
    const roussel = await one.locator("option", { hasText: "Mehdi Roussel" }).first().getAttribute("value");
    await one.locator("select").selectOption(roussel);
    await hand.press(one.locator("button", { hasText: "Confier" }));
  });

  await journey("a technician takes over what came by mail", "technician", 3, async (page, hand) => {
    await hand.press(row(page));
    matches(await text(page), /ne reçoit plus rien depuis 9 h/, "what was written");
    await hand.press(button(page, "Prendre en charge"));
    matches(await line(page), /Pris en charge/, "its state");
  });

  await journey("a technician answers, and the employee has it by mail", "technician", 3, async (page, hand) => {
    await hand.press(row(page));
    await page.fill("#reply-text", "Le quota est atteint ; je l’étends. Depuis quel poste lisez-vous cette boîte ?");
    await hand.press(button(page, "Envoyer la réponse"));
    letter = await mail.letter(REPORTER, /Le quota est atteint/);
  });

  await tally.check("the employee answers by mail, and the technician is told", async () => {
    await answer(mail, letter, REPORTER, "Depuis PC-TLS-04.\n\nLe 3 nov. 2026, Régie Numérique a écrit :\n> Le quota est atteint\n");
    const told = await mail.letter("mehdi.roussel@regie-numerique.example", /PC-TLS-04/);
    await answer(mail, told, "mehdi.roussel@regie-numerique.example", "Merci, c’est noté.\n");
    letter = await mail.letter(REPORTER, /c’est noté/);
  });

  await journey("a technician finds both answers on the ticket", "technician", 1, async (page, hand) => {
    await hand.press(row(page));
    const words = await text(page);
    matches(words, /Depuis PC-TLS-04\./, "the employee's");
    matches(words, /Merci, c’est noté\./, "the technician's own, by mail");
  });

  await journey("a service manager asks a price, and the manager has it by mail", "service_manager", 3, async (page, hand) => {
    await hand.press(row(page));
    await hand.press(page.locator("summary", { hasText: "Établir un devis" }));
    await page.fill("#quote-price", "240,00");
    await page.fill("#quote-text", "Archivage de la boîte de l’accueil, deux heures.");
    await hand.press(button(page, "Soumettre le devis"));
    letter = await mail.letter(MANAGER, /240,00/);
    matches(letter.text.replace(/[\u00a0\u202f]/g, " "), /J'accepte 240,00 €/, "the line to answer with");
  });

  await tally.check("the manager agrees by mail, in one line", async () => {
    await answer(mail, letter, MANAGER, "J'accepte 240,00 €\n");
  });

  await journey("a technician restores the service, and the employee has it by mail", "technician", 3, async (page, hand) => {
    await hand.press(row(page));
    // The answer is on disk; the product reads it on its next turn.
    await page.locator("#live-conversation").getByText("a accepté le prix de").first().waitFor({ timeout: 20_000 });
    await hand.press(page.locator("summary", { hasText: "Service rétabli" }));
    await page.fill("#restore-diagnosis", "Boîte pleine.");
    await page.fill("#restore-text", "Boîte archivée, la messagerie reçoit de nouveau.");
    await hand.press(button(page, "Déclarer le rétablissement"));
    matches(await line(page), /Rétabli/, "its state");
    await mail.letter(REPORTER, /Boîte archivée/);
  });

  await journey("a technician closes it, and the employee has it by mail", "technician", 3, async (page, hand) => {
    await hand.press(row(page));
    await hand.press(page.locator("summary", { hasText: "Résoudre" }));
    await page.fill("#resolve-text", "Archivage fait, quota surveillé.");
    await hand.press(button(page, "Résoudre"));
    matches(await line(page), /Résolu/, "its state");
    await mail.letter(REPORTER, /Archivage fait/);
  });

  await journey("the customer's manager reads what it costs, and why", "customer_manager", 2, async (page, hand) => {
    await hand.press(page.locator("nav a", { hasText: "Argent" }));
    const billed = page.locator("tr", { hasText: /Travaux sur devis|sur devis/ }).filter({ hasText: "240,00" });
    await hand.press(billed.locator("a[href*='/tickets/']").first());
    matches(await page.locator("h1").innerText(), new RegExp(TITLE), "the ticket behind the line");
  });
}
