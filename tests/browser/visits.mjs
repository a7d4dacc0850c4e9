// A technician on site, with a telephone: the menu, the report of the visit, the signature of whoever is met,
// and the paper that is handed over.
import { equal, holds, matches } from "./harness.mjs";
import { enter } from "./product.mjs";

const PHONE = { width: 390, height: 844 };

export async function visits(tally, browser, product, javaScriptEnabled) {
  const how = javaScriptEnabled ? "" : " without script";
  const check = (name, test) => tally.check(`${name}${how}`, test);
  const { context, page } = await enter(browser, product, "technician", { javaScriptEnabled, viewport: PHONE });

  await check("on a telephone the menu unfolds and leads on", async () => {
    equal(await page.locator(".side nav ul a", { hasText: "Clients" }).isVisible(), false, "entries before");
    holds(await page.locator(".side nav a", { hasText: "Notifications" }).isVisible(), "notifications stay in sight");
    await page.locator("a.menu-open").click();
    await page.locator(".side nav ul a", { hasText: "Clients" }).click();
    equal(new URL(page.url()).pathname, "/c", "address");
    equal(await page.locator("a.menu-close").isVisible(), false, "folded again on the next page");
  });

  await check("a visit is reported and signed on the screen", async () => {
    await page.goto("/c/ateliers-garonne/tickets?q=agrafeuse");
    await page.locator("main a", { hasText: "Agrafeuse" }).first().click();
    await page.locator("main a", { hasText: "Visites sur site" }).click();
    const day = (await page.locator(".demo-clock time").getAttribute("datetime")).slice(0, 10);
    await page.fill("#visit-arrived", `${day}T08:10`);
    await page.fill("#visit-left", `${day}T08:40`);
    await page.fill("#visit-work", "Agrafes remises, bac nettoyé.");
    await page.locator("button", { hasText: "Enregistrer le compte rendu" }).click();
    const visit = page.locator("section.panel", { hasText: "À signer" }).last();
    await visit.locator("summary", { hasText: "Faire signer sur cet écran" }).click();
    await visit.locator("[name=name]").fill("Nadia Ferrand");
    const pad = visit.locator("[data-pad]");
    equal(await pad.isVisible(), javaScriptEnabled, "the frame to sign in");
    if (javaScriptEnabled) {
      const frame = pad.locator("svg");
      const stroke = async () => {
        const box = await frame.boundingBox();
        await page.mouse.move(box.x + 30, box.y + 40);
        await page.mouse.down();
        for (const [x, y] of [[60, 70], [90, 30], [120, 75], [150, 35]]) await page.mouse.move(box.x + x, box.y + y);
        await page.mouse.up();
      };
      await frame.scrollIntoViewIfNeeded();
      await stroke();
      await pad.locator("button", { hasText: "Effacer" }).click();
      equal(await pad.locator("input").inputValue(), "", "cleared");
      await stroke();
      matches(await pad.locator("input").inputValue(), /^600x200 \d+,\d+(,\d+,\d+){4}$/, "five points");
    }
    await visit.locator("button", { hasText: "Je signe ce compte rendu" }).click();
    const signed = page.locator("section.panel", { hasText: "Nadia Ferrand" }).last();
    matches(await signed.innerText(), /Signé par Nadia Ferrand/, "the report");
    equal(await signed.locator("svg.signature path").count(), javaScriptEnabled ? 1 : 0, "the signature as drawn");
    const href = await signed.locator("a", { hasText: "PDF" }).getAttribute("href");
    const paper = await page.request.get(new URL(href, page.url()).href);
    equal(paper.headers()["content-type"], "application/pdf", "type");
    equal((await paper.body()).subarray(0, 5).toString(), "%PDF-", "first bytes");
  });
  await context.close();
}
