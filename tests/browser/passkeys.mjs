// Passkeys, with the browser's own authenticator in software (WebAuthn, over the debugging protocol).
import { faults } from "./everywhere.mjs";
import { equal, holds, matches } from "./harness.mjs";
import { enter } from "./product.mjs";

async function authenticator(context, page) {
  const session = await context.newCDPSession(page);
  await session.send("WebAuthn.enable");
  const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    keys: async () => (await session.send("WebAuthn.getCredentials", { authenticatorId })).credentials,
    recognises: (isUserVerified) => session.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified }),
    forget: () => session.send("WebAuthn.clearCredentials", { authenticatorId }),
    restore: (credential) => session.send("WebAuthn.addCredential", { authenticatorId, credential }),
  };
}

const use = (page) => page.getByRole("button", { name: "Utiliser une clé d’accès" });
const path = (page) => new URL(page.url()).pathname;

export async function passkeys(tally, browser, product) {
  const { context, page, account } = await enter(browser, product, "technician");
  const device = await authenticator(context, page);
  const leave = async () => {
    await page.getByRole("button", { name: "Se déconnecter" }).click();
    await page.waitForURL("**/sign-in");
  };
  const add = async (name) => {
    await page.goto("/account");
    await page.fill("#passkey-name", name);
    await page.getByRole("button", { name: "Ajouter une clé d’accès" }).click();
  };
  let first;

  await tally.check("a passkey is made for this site, discoverable, and listed under its name", async () => {
    await add("Portable d’atelier");
    await page.locator(".notice.good", { hasText: "Clé d’accès ajoutée" }).waitFor();
    matches(await page.locator("section:has(#passkeys-title) table").innerText(), /Portable d’atelier/, "the list");
    const keys = await device.keys();
    equal(keys.length, 1, "keys held by the authenticator");
    first = keys[0];
    equal(first.rpId, "localhost", "the site");
    holds(first.isResidentCredential, "not discoverable");
    const wrong = await faults(page);
    equal(wrong.join("; "), "", "the account's page");
  });

  await tally.check("the authenticator that holds one makes no other", async () => {
    await add("La même");
    await page.locator("section:has(#passkeys-title) [data-passkey-failed]").waitFor();
    equal((await device.keys()).length, 1, "keys");
  });

  await tally.check("nobody is named, no password is typed, and the passkey opens", async () => {
    await leave();
    await use(page).click();
    await page.waitForURL((url) => url.pathname !== "/sign-in" && url.pathname !== "/sign-in/passkey");
    await page.goto("/account");
    matches(await page.locator("main").innerText(), new RegExp(account.email), "whose account");
    matches(await page.locator("#security-acts, section:has(#acts)").first().innerText(), /Connexion\s+Portable d’atelier · Chrome/, "the act");
    const counted = (await device.keys())[0].signCount;
    holds(counted > first.signCount, `the counter is ${counted}`);
  });

  await tally.check("an authenticator that does not recognise its owner opens nothing, and the page says it", async () => {
    await leave();
    await device.recognises(false);
    await use(page).click();
    await page.locator("[data-passkey-failed]:not([hidden])").waitFor();
    equal(path(page), "/sign-in", "address");
    equal((await faults(page)).join("; "), "", "the page with its failure");
    await device.recognises(true);
  });

  await tally.check("a copy whose counter is behind opens nothing", async () => {
    await device.forget();
    await device.restore({ ...first, signCount: 0 });
    await page.goto("/sign-in");
    await use(page).click();
    await page.waitForURL("**/sign-in/passkey");
    matches(await page.locator("[role=alert]:not([hidden])").innerText(), /n’ouvre pas de compte ici/, "the page");
    await device.forget();
    await device.restore({ ...first, signCount: 100 });
    await use(page).click();
    await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
    await page.goto("/account");
    matches(await page.locator("section:has(#acts)").innerText(), /refusée\s*: elle a pu être copiée/, "its owner is told");
  });

  await tally.check("a passkey that was removed opens nothing any more", async () => {
    await page.getByRole("button", { name: "Retirer Portable d’atelier" }).click();
    await page.locator(".notice.good", { hasText: "Clé d’accès retirée" }).waitFor();
    await leave();
    await use(page).click();
    await page.waitForURL("**/sign-in/passkey");
    matches(await page.locator("[role=alert]:not([hidden])").innerText(), /n’ouvre pas de compte ici/, "the page");
  });

  await tally.check("without script, nothing is offered that would not work", async () => {
    const { context: plain, page: bare } = await enter(browser, product, "technician", { javaScriptEnabled: false });
    await bare.goto("/account");
    equal(await bare.locator("[data-passkey]").isVisible(), false, "the form that makes one");
    equal(await bare.locator("[data-without-passkeys]").isVisible(), true, "why");
    await bare.getByRole("button", { name: "Se déconnecter" }).click();
    equal(await use(bare).isVisible(), false, "the button of the sign-in page");
    await plain.close();
  });

  await context.close();
}
