// Opens the page of a comparison in a headless browser without script: nothing may be fetched, every slot must be coloured and every table whole.
// Arguments: the page, its JSON twin, and where the screenshot goes. BROWSER: the browser; MODULES: the folder that holds node_modules.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import fs from "node:fs";
import process from "node:process";
import path from "node:path";

const require = createRequire(path.join(process.env.MODULES, "package.json"));
const puppeteer = require("puppeteer-core");
const [file, twin, screenshot] = process.argv.slice(2);
const report = JSON.parse(fs.readFileSync(twin, "utf8"));
const root = process.getuid?.() === 0;
const browser = await puppeteer.launch({
  executablePath: process.env.BROWSER,
  args: ["--disable-gpu", "--disable-dev-shm-usage", ...(root ? ["--no-sandbox"] : [])],
});
const wrong = [];
try {
  const page = await browser.newPage();
  await page.setJavaScriptEnabled(false);
  await page.setViewport({ width: 1200, height: 900 });
  const address = pathToFileURL(path.resolve(file)).href;
  page.on("request", (request) => {
    if (request.url() !== address) wrong.push(`the page asks for ${request.url()}`);
  });
  page.on("pageerror", (error) => wrong.push(`the page fails: ${error}`));
  await page.goto(address, { waitUntil: "networkidle0" });
  const seen = await page.evaluate(() => ({
    sections: document.querySelectorAll("section").length,
    tables: [...document.querySelectorAll("section table")].map((table) => [table.tBodies[0].rows.length, table.tHead.rows[0].cells.length]),
    plain: [...document.querySelectorAll("mark")].filter((mark) => ["rgba(0, 0, 0, 0)", "transparent"].includes(getComputedStyle(mark).backgroundColor)).length,
    marks: document.querySelectorAll("div.template mark").length,
    texts: [...document.querySelectorAll("details .text")].filter((text) => text.textContent.length > 100).length,
    details: document.querySelectorAll("details").length,
  }));
  const tables = report.clusters.filter((cluster) => cluster.slots.length > 0).map((cluster) => [cluster.articles.length, cluster.slots.length + 1]);
  if (seen.sections !== report.clusters.length) wrong.push(`${seen.sections} sections for ${report.clusters.length} groups`);
  if (JSON.stringify(seen.tables) !== JSON.stringify(tables)) wrong.push(`tables ${JSON.stringify(seen.tables)}, not ${JSON.stringify(tables)}`);
  if (seen.plain > 0 || seen.marks === 0) wrong.push(`${seen.plain} of the marks have no colour, ${seen.marks} stand in templates`);
  if (seen.texts !== seen.details) wrong.push(`${seen.details - seen.texts} articles lack their text`);
  await page.screenshot({ path: screenshot, fullPage: true });
} finally {
  await browser.close();
}
wrong.forEach((line) => console.error(line));
process.exit(wrong.length === 0 ? 0 : 1);
