// What a contract asks of whoever asks for an operation: drawn as it is chosen, kept as something else is, named
// when it is missing; and asked by the server where no script runs.
import { arrive, begin, code } from "./drafts.mjs";
import { button } from "./counted.mjs";
import { equal, holds, matches } from "./harness.mjs";
import { enter } from "./product.mjs";

const NUMBER = "CTR-2026-310";

/** A contract whose arrivals have a form, signed by both parties. */
async function sign(browser, product) {
  const { context, page } = await enter(browser, product, "service_manager");
  const address = await begin(page, product, "template:infogerance", NUMBER);
  matches(await page.inputValue("#text"), /then\.ask = \[/, "a clause asks");
  await context.close();
  for (const role of ["provider_admin", "customer_manager"]) {
    const { context: other, page: theirs, account } = await arrive(browser, product, role);
    await theirs.goto(address);
    await theirs.fill("#sign-password", account.password);
    if (account.totp_secret) await theirs.fill("#sign-code", await code(account));
    if (await theirs.locator("#despite").count()) await theirs.fill("#despite", "Le dossier préparatoire est tenu à part.");
    // A context that is closed while its page goes elsewhere may never say that it is.
    await Promise.all([theirs.waitForEvent("domcontentloaded"), button(theirs, "Signer ce texte").click()]);
    await other.close();
  }
}

/** Comes to the form of a new ticket under that contract, with all but what its clause asks. */
async function begun(page, product, title) {
  await page.goto(`${product.home}/tickets/new?contract=${NUMBER}`);
  await page.selectOption("#kind", { label: "Demande de service" });
  await page.fill("#title", title);
  await page.selectOption("#impact", { index: 1 });
  await page.selectOption("#urgency", { index: 1 });
}

export async function questions(tally, browser, product) {
  await tally.check("a contract with a form is signed", () => sign(browser, product));

  const scripted = await enter(browser, product, "customer_manager");
  await tally.check("choosing an operation draws its questions, and what was answered stays", async () => {
    const { page } = scripted;
    await begun(page, product, "Arrivée d’Anne Legrand");
    equal(await page.locator("#questions [name]").count(), 0, "questions before");
    await page.selectOption("#operation", { label: "Arrivée d'un salarié" });
    const name = page.getByLabel(/Nom et prénom/);
    await name.fill("Anne Legrand");
    equal(await page.locator("#questions [name]").count(), 4, "questions of the clause");
    equal(await page.locator("#questions [required]").count(), 3, "those that must be answered");
    await page.selectOption("#kind", { label: "Incident" });
    await name.waitFor({ state: "detached" });
    await page.selectOption("#kind", { label: "Demande de service" });
    await name.waitFor();
    await name.fill("Anne Legrand");
    // The same questions again, for another reason: the answer is still there.
    await Promise.all([
      page.waitForResponse((one) => one.url().includes("/tickets/new?") && one.ok()),
      page.locator("#operation").dispatchEvent("change"),
    ]);
    await page.waitForTimeout(100);
    equal(await name.inputValue(), "Anne Legrand", "what was typed");
  });

  await tally.check("the browser stops at the answers that are missing, and the ticket shows those given", async () => {
    const { page } = scripted;
    await button(page, "Enregistrer le ticket").click();
    matches(page.url(), /\/tickets\/new/, "address");
    equal(await page.evaluate(() => document.querySelectorAll("#questions :invalid").length), 3, "fieldset and missing answers");
    await answerRest(page);
    await button(page, "Enregistrer le ticket").click();
    await answers(page, "Anne Legrand");
  });
  await scripted.context.close();

  const plain = await enter(browser, product, "customer_manager", { javaScriptEnabled: false });
  await tally.check("without script the refusal names what is missing, and keeps what was typed", async () => {
    const { page } = plain;
    await begun(page, product, "Arrivée de Paul Roux");
    await page.selectOption("#operation", { label: "Arrivée d'un salarié" });
    equal(await page.locator("#questions [name]").count(), 0, "questions before");
    const [answer] = await Promise.all([
      page.waitForResponse((one) => one.request().method() === "POST"),
      button(page, "Enregistrer le ticket").click(),
    ]);
    equal(answer.status(), 422, "status");
    const alert = await page.locator("[role=alert]").innerText();
    for (const missing of [/Nom et prénom/, /Date d’arrivée|Date d'arrivée/, /Matériel/]) matches(alert, missing, "the refusal");
    holds(!/Applications et droits/.test(alert), "it names what need not be answered");
    equal(await page.inputValue("#title"), "Arrivée de Paul Roux", "the title");
    await page.getByLabel(/Nom et prénom/).fill("Paul Roux");
    await answerRest(page);
    await button(page, "Enregistrer le ticket").click();
    await answers(page, "Paul Roux");
  });
  await plain.context.close();
}

async function answerRest(page) {
  await page.getByLabel(/Date d.arrivée/).fill("2026-11-16");
  await page.getByLabel(/Matériel/).selectOption({ label: "Portable" });
}

/** The ticket was opened, and says what was answered. */
async function answers(page, name) {
  matches(new URL(page.url()).pathname, /\/tickets\/\d+$/, "address");
  const shown = await page.locator("dl.answers").innerText();
  matches(shown, new RegExp(name), "the name");
  matches(shown, /16 nov(embre|\.) 2026/, "the date");
  matches(shown, /Portable/, "the equipment");
}
