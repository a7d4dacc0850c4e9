// One's own account: a second factor added and taken away, a token made once, sessions ended.
import { createHmac } from "node:crypto";
import { equal, holds, matches } from "./harness.mjs";
import { enter } from "./product.mjs";

/** The time-based code (RFC 6238) of a base32 secret, `steps` of thirty seconds from now. */
export function totp(secret, steps = 0) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret].map((letter) => letters.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const mac = createHmac("sha1", key).update(counter).digest();
  const at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/** Somebody who forgot their password asks for a link by themselves, and comes in by it. */
export async function forgotten(tally, browser, product, mail, javaScriptEnabled) {
  const how = javaScriptEnabled ? "" : ", without script";
  const account = product.account(javaScriptEnabled ? "customer_user" : "customer_manager");
  const context = await browser.newContext({ baseURL: product.url, locale: "fr-FR", javaScriptEnabled });
  const page = await context.newPage();
  const chosen = "trois tuiles sous un prunier";
  const ask = async (email) => {
    await page.goto("/sign-in");
    await page.getByRole("link", { name: "Mot de passe oublié ?" }).click();
    await page.fill("#email", email);
    await page.getByRole("button", { name: "Envoyer le lien" }).click();
    return page.locator("main").innerText();
  };

  await tally.check(`a password forgotten is asked for on the sign-in page, with one answer for every address${how}`, async () => {
    const nobody = await ask("personne@nulle-part.example");
    equal(await ask(account.email), nobody, "the answer");
    matches(nobody, /un message lui est envoyé/, "the answer");
  });

  await tally.check(`the link of the letter takes another password, once${how}`, async () => {
    const letter = await mail.letter(account.email, /nouveau mot de passe/);
    const link = letter.text.match(/https?:\/\/\S+\/join\/\S+/)[0];
    await page.goto(new URL(link).pathname);
    await page.fill("#new", chosen);
    await page.getByRole("button", { name: "Enregistrer" }).click();
    matches(await page.locator("main").innerText(), /Ce lien n’est plus valable/, "it is taken");
    equal((await page.goto(new URL(link).pathname)).status(), 404, "the same link again");
    await page.goto("/sign-in");
    await page.fill("#email", account.email);
    await page.fill("#password", chosen);
    await page.getByRole("button", { name: "Se connecter", exact: true }).click();
    holds(new URL(page.url()).pathname !== "/sign-in", "the new password opens");
  });

  await context.close();
}

export async function signin(tally, browser, product, javaScriptEnabled) {
  const how = javaScriptEnabled ? "" : ", without script";
  const { context, page, account } = await enter(browser, product, "customer_user", { javaScriptEnabled });
  let secret, codes;

  await tally.check(`where no mail leaves, the sign-in page says whom to ask for a link${how}`, async () => {
    const outside = await browser.newContext({ baseURL: product.url, locale: "fr-FR", javaScriptEnabled });
    const form = await outside.newPage();
    await form.goto("/sign-in");
    matches(await form.locator("main").innerText(), /Demandez un lien à l’administrateur des accès/, "whom to ask");
    equal(await form.locator("a[href='/sign-in/forgotten']").count(), 0, "links to a form of no use");
    await outside.close();
  });

  await tally.check(`a person reaches their account from every page, and sees the session they use${how}`, async () => {
    await page.locator(".me a").click();
    equal(new URL(page.url()).pathname, "/account", "address");
    const current = page.locator("tr", { hasText: "Celle-ci" });
    equal(await current.count(), 1, "this session");
    matches(await current.innerText(), /Chrome/, "the device");
  });

  await tally.check(`a password that everybody tries is refused, and nothing changes${how}`, async () => {
    await page.fill("#current", account.password);
    await page.fill("#new", "motdepasse-2026-!");
    await page.getByRole("button", { name: "Changer le mot de passe" }).click();
    matches(await page.locator("[role=alert]:visible").innerText(), /que l’on essaie d’abord|que l'on essaie d'abord/, "why");
    equal(await page.inputValue("#new"), "", "no password comes back");
  });

  await tally.check(`a second factor is added by a drawing or by typing, its recovery codes shown once${how}`, async () => {
    await page.goto("/account/second-factor");
    const box = await page.locator("svg.qr").boundingBox();
    holds(box.width > 150 && Math.abs(box.width - box.height) < 2, `the drawing is ${box.width} × ${box.height}`);
    secret = (await page.locator("code.secret").innerText()).replaceAll(/\s/g, "");
    await page.fill("#code", totp(secret, -1));
    await page.getByRole("button", { name: "Confirmer" }).click();
    codes = await page.locator(".recovery-codes code").allInnerTexts();
    equal(codes.length, 10, "codes");
    await page.goto("/account");
    matches(await page.locator("section:has(#second-factor)").innerText(), /secours encore valables\s*:\s*10/, "the account");
  });

  await tally.check(`the password alone no longer opens; a recovery code does, once${how}`, async () => {
    const other = await browser.newContext({ baseURL: product.url, locale: "fr-FR", javaScriptEnabled });
    const form = await other.newPage();
    const attempt = async (code) => {
      await form.goto("/sign-in");
      await form.fill("#email", account.email);
      await form.fill("#password", account.password);
      await form.fill("#code", code);
      await form.locator("main button[type=submit]").click();
      return new URL(form.url()).pathname;
    };
    equal(await attempt(""), "/sign-in", "no code");
    holds((await attempt(codes[0].toLowerCase())) !== "/sign-in", "a recovery code");
    await form.getByRole("button", { name: "Se déconnecter" }).click();
    equal(await attempt(codes[0]), "/sign-in", "the same one again");
    await other.close();
  });

  await tally.check(`a token is shown once, opens the API, and is revoked${how}`, async () => {
    await page.goto("/account");
    await page.fill("#label", "Export de la paie");
    await page.getByRole("button", { name: "Créer un jeton" }).click();
    const token = await page.locator("code.secret").innerText();
    const ask = () => fetch(`${product.url}/api/v1${product.home.replace("/c/", "/customers/")}/tickets`, { headers: { authorization: `Bearer ${token}` } });
    equal((await ask()).status, 200, "with the token");
    await page.goto("/account");
    holds(!(await page.content()).includes(token), "the token is shown again");
    await page.getByRole("button", { name: "Révoquer Export de la paie" }).click();
    equal((await ask()).status, 401, "once revoked");
  });

  await tally.check(`the second factor is taken away with the password and a code${how}`, async () => {
    await page.locator("summary", { hasText: "Retirer le second facteur" }).click();
    await page.fill("details #password", account.password);
    await page.fill("details #code", totp(secret, 0));
    await page.getByRole("button", { name: "Retirer", exact: true }).click();
    matches(await page.locator("section:has(#second-factor)").innerText(), /Absent/, "the account");
  });

  await context.close();
}
