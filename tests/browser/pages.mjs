// Every page of the product, with who reads it and how one comes to it.

/** The pages by name; `open` takes a signed-in page there, `look` scrolls to what matters. */
export async function pages(product, manager) {
  const { home } = product;
  const statement = `${home}/money/2026-08`;
  await manager.goto(statement);
  const late = await manager.locator(`main a[href^="${home}/tickets/"]`).first().getAttribute("href");
  await manager.goto(`${home}/tickets?state=resolved&priority=P2`);
  const kept = await manager.locator("main a[data-item]").first().getAttribute("href");
  await manager.goto("/?show=paused");
  const paused = await manager.locator("main a[data-item]").first().getAttribute("href");
  await manager.goto(home);
  const contract = await manager.locator(`nav a[href^="${home}/contracts/"]`).getAttribute("href");
  await manager.goto(`${home}/drafts?start=template:minimal`);
  await manager.fill("#title", "Infogérance du site de Nantes");
  await manager.locator("main button", { hasText: "Commencer" }).click();
  const draft = new URL(manager.url()).pathname;
  await manager.goto(`${home}/drafts?start=amendment:${contract.split("/").pop()}`);
  await manager.locator("main button", { hasText: "Commencer" }).click();
  const amendment = new URL(manager.url()).pathname;
  const at = (role, path, look) => ({ role, open: (page) => page.goto(path), look });
  return {
    "sign-in": at(null, "/sign-in"),
    desk: at("technician", "/?show=all"),
    "desk-empty": at("technician", "/?q=introuvable"),
    team: at("service_manager", "/team"),
    customers: at("technician", "/c"),
    customer: at("service_manager", home),
    "customer-portal": at("customer_user", home),
    tickets: at("technician", `${home}/tickets`),
    "ticket-late": at("technician", late),
    "ticket-why": at("technician", late, (page) => unfold(page, "section:has(#clocks)", 1)),
    "ticket-kept": at("technician", kept),
    "ticket-paused": at("technician", paused),
    "ticket-portal": at("customer_user", late),
    "new-ticket": at("technician", `${home}/tickets/new`),
    refusal: { role: "customer_user", open: (page) => refused(page, home) },
    contract: at("service_manager", contract),
    "contract-commitments": at("service_manager", contract, (page) => toClause(page, "retablissement")),
    drafts: at("service_manager", `${home}/drafts`),
    draft: at("service_manager", draft),
    "draft-amendment": at("service_manager", amendment),
    "draft-portal": at("customer_manager", draft),
    "draft-clause": at("service_manager", `${draft}/clauses/duree`),
    "draft-new-clause": at("service_manager", `${draft}/clause?kind=commitment&under=5`),
    "draft-read": at("customer_manager", `${draft}/read`),
    money: at("service_manager", `${home}/money`),
    statement: at("service_manager", statement),
    "statement-why": at("service_manager", statement, (page) => unfold(page, ".penalties", 0)),
    "statement-to-close": at("service_manager", `${home}/money/2026-10`),
    journal: at("customer_manager", `${home}/journal`),
    help: at("technician", "/help"),
    account: at("technician", "/account"),
    "second-factor": at("customer_user", "/account/second-factor"),
    "account-mail": at("customer_user", "/account/mail"),
    mail: at("service_manager", "/mail"),
    search: at("technician", "/search?q=imprimante"),
    "search-portal": at("customer_user", `${home}/search?q=imprimante`),
    people: at("service_manager", `${home}/people`),
    "on-call": at("service_manager", `${home}/on-call`),
    skills: at("service_manager", `${home}/skills`),
    "skill-sheet": at("service_manager", `${home}/skills/element?of=item:srv-erp`),
    plans: at("service_manager", `${home}/plans`),
    "plan-new": at("technician", `${home}/plans/new`),
    letters: at("service_manager", `${home}/letters`),
    webhooks: at("service_manager", `${home}/webhooks`),
    "webhook-new": at("customer_manager", `${home}/webhooks/new`),
    review: at("customer_manager", `${home}/review`),
    templates: at("service_manager", `${home}/templates`),
    permissions: at("service_manager", "/permissions"),
    "known-errors": at("technician", `${home}/known-errors`),
    visits: at("technician", `${home}/tickets/1/visits`),
    "knowledge": at("technician", `${home}/knowledge`),
    "knowledge-new": at("technician", `${home}/knowledge/new`),
    changes: at("technician", `${home}/changes`),
    "not-found": at("technician", `${home}/tickets/999999`),
  };
}

/** Asks for work on an item that the contract leaves out. */
export async function refused(page, home) {
  await page.goto(`${home}/tickets/new`);
  await page.selectOption("select[name=item]", "class:cnc_machine");
  await page.selectOption("select[name=impact]", "user");
  await page.selectOption("select[name=urgency]", "degraded");
  await page.fill("input[name=title]", "La fraiseuse 4 ne démarre plus");
  await page.fill("textarea[name=description]", "Écran noir depuis ce matin.");
  await page.locator("main form[method=post] button.primary[type=submit]").click();
}

/** Opens the reasons of the nth line under what `near` names, and brings them in sight. */
async function unfold(page, near, nth) {
  const why = page.locator(`${near} details.why`).filter({ hasText: /^(Pourquoi|Why)/ }).nth(nth);
  await why.evaluate((element) => {
    element.open = true;
    element.scrollIntoView({ block: "center" });
  });
}

async function toClause(page, label) {
  await page.locator(`#${label}`).evaluate((element) => element.scrollIntoView());
}
