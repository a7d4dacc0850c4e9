// Every page of the product, with who reads it and how one comes to it.

/** The pages by name; `open` takes a signed-in page there, `look` scrolls to what matters. */
export async function pages(product, manager) {
  const { home } = product;
  const statement = `${home}/money/2026-08`;
  await manager.goto(statement);
  const late = await manager.locator(`main a[href^="${home}/tickets/"]`).first().getAttribute("href");
  await manager.goto(`${home}/tickets?state=resolved&priority=P1`);
  const kept = await manager.locator("main a[data-item]").first().getAttribute("href");
  await manager.goto("/?show=paused");
  const paused = await manager.locator("main a[data-item]").first().getAttribute("href");
  await manager.goto(home);
  const contract = await manager.locator(`nav a[href^="${home}/contracts/"]`).getAttribute("href");
  const at = (role, path, look) => ({ role, open: (page) => page.goto(path), look });
  return {
    "sign-in": at(null, "/sign-in"),
    desk: at("technician", "/"),
    "desk-empty": at("technician", "/?q=introuvable"),
    customers: at("technician", "/c"),
    customer: at("service_manager", home),
    "customer-portal": at("customer_user", home),
    tickets: at("technician", `${home}/tickets`),
    "ticket-late": at("technician", late),
    "ticket-kept": at("technician", kept),
    "ticket-paused": at("technician", paused),
    "ticket-portal": at("customer_user", late),
    "new-ticket": at("technician", `${home}/tickets/new`),
    refusal: { role: "customer_user", open: (page) => refused(page, home) },
    contract: at("service_manager", contract),
    "contract-commitments": at("service_manager", contract, (page) => toClause(page, "delai-base")),
    money: at("service_manager", `${home}/money`),
    statement: at("service_manager", statement),
    journal: at("customer_manager", `${home}/journal`),
    help: at("technician", "/help"),
    "not-found": at("technician", `${home}/tickets/999999`),
  };
}

/** Asks for work on an item that the contract leaves out. */
export async function refused(page, home) {
  await page.goto(`${home}/tickets/new`);
  const out = page.locator("select[name=item] option").filter({ hasText: /hors périmètre|out of the perimeter/ });
  await page.selectOption("select[name=item]", await out.first().getAttribute("value"));
  await page.fill("input[name=title]", "Le copieur de l’entrée ne s’allume plus");
  await page.fill("textarea[name=description]", "Écran noir depuis ce matin.");
  await page.locator("main form[method=post] button[type=submit]").click();
}

async function toClause(page, label) {
  await page.locator(`#${label}`).evaluate((element) => element.scrollIntoView());
}
