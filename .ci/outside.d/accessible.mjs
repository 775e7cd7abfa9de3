// Opens pages in a headless browser and runs axe-core over each. Prints every violation; exit code 1 where there is one.
// BROWSER: the browser; MODULES: the folder that holds node_modules.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import process from "node:process";
import path from "node:path";

const require = createRequire(path.join(process.env.MODULES, "package.json"));
const puppeteer = require("puppeteer-core");
const axe = require.resolve("axe-core/axe.min.js");

// a browser started by root refuses its sandbox
const root = process.getuid?.() === 0;
const browser = await puppeteer.launch({
  executablePath: process.env.BROWSER,
  args: ["--disable-gpu", "--disable-dev-shm-usage", ...(root ? ["--no-sandbox"] : [])],
});
let violations = 0;
try {
  for (const file of process.argv.slice(2)) {
    const page = await browser.newPage();
    await page.goto(pathToFileURL(path.resolve(file)).href);
    await page.addScriptTag({ path: axe });
    // what axe cannot decide by itself counts as a violation for contrast: there is nothing behind our text but the page
    const found = await page.evaluate(() =>
      window.axe.run(document, { resultTypes: ["violations", "incomplete"] }).then((result) => [
        ...result.violations,
        ...result.incomplete.filter((rule) => rule.id === "color-contrast"),
      ]),
    );
    for (const rule of found) {
      violations += 1;
      console.error(`${path.basename(file)}: ${rule.id}: ${rule.help}`);
      for (const node of rule.nodes.slice(0, 5)) {
        console.error(`  ${node.html.slice(0, 200)}`);
      }
    }
    await page.close();
  }
} finally {
  await browser.close();
}
process.exit(violations === 0 ? 0 : 1);
