// Pictures of every page in both languages and themes, at both widths, and their index.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LOOKS, SIZES } from "./everywhere.mjs";
import { prefer } from "./product.mjs";

const TITLES = {
  "sign-in": "Sign-in",
  desk: "Desk: open work by time left",
  customers: "Customers",
  customer: "A customer at a glance",
  "customer-portal": "The same, for an employee of the customer",
  tickets: "Tickets of a customer",
  "new-ticket": "New ticket",
  refusal: "Work outside the perimeter, refused with its article",
  "ticket-late": "A ticket restored late",
  "ticket-why": "« Pourquoi cette échéance ? »",
  "ticket-kept": "A ticket whose promises were kept",
  "ticket-paused": "A suspended ticket",
  contract: "The living contract",
  "contract-commitments": "The living contract, at a commitment",
  money: "Money: the month as it would close today",
  statement: "A closed month, with its penalty",
  "statement-why": "Why this penalty",
  journal: "Journal",
};

/** Writes `name.lang.theme.width.png` for every page that has a title, then README.md. */
export async function shots(people, product, pages, folder) {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) if (name.endsWith(".png")) rmSync(join(folder, name));
  for (const name of Object.keys(TITLES)) {
    const one = pages[name];
    const { context, page } = people[one.role];
    for (const { lang, theme } of LOOKS) {
      await prefer(context, product, lang, theme);
      for (const size of SIZES) {
        await page.setViewportSize(size);
        await one.open(page);
        await one.look?.(page);
        await page.evaluate(() => document.fonts.ready);
        await page.screenshot({ path: join(folder, `${name}.${lang}.${theme}.${size.width}.png`), animations: "disabled" });
      }
    }
  }
  // A third of the weight for no visible difference; the pictures are good without it.
  const files = readdirSync(folder).filter((name) => name.endsWith(".png")).map((name) => join(folder, name));
  const reduced = spawnSync("pngquant", ["--force", "--ext", ".png", "--speed", "3", "--strip", "128", "--", ...files]);
  if (reduced.error) console.log("pngquant is not here: the pictures keep all their colours");
  writeFileSync(join(folder, "README.md"), index());
  console.log(`${files.length} pictures in ${folder}`);
}

function index() {
  const link = (name, rest) => `[${rest}](${name}.${rest.replaceAll(" ", ".")}.png)`;
  const rows = Object.entries(TITLES).map(([name, title]) => {
    const looks = LOOKS.map(({ lang, theme }) => SIZES.map(({ width }) => link(name, `${lang} ${theme} ${width}`)).join("<br>"));
    return `| ${title} | ${looks.join(" | ")} |`;
  });
  return `# Pages of the demonstration

Made by \`node tests/browser/run.mjs --screenshots docs/screenshots\` from the program itself.

| Page | French, light | French, dark | English, light | English, dark |
| --- | --- | --- | --- | --- |
${rows.join("\n")}
`;
}
