// Checkstyle's XML as a plugin of Danger reads it, and what the formats say of one run against each other.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { strict as assert } from "node:assert";

const require = createRequire(`${process.env.MODULES}/node_modules/`);
const { xml2js } = require("xml-js");
const { parseCheckstyle } = require("danger-plugin-lint-report/dist/parse/checkstyle_parser.js");

const work = process.argv[2];
const read = (name) => readFileSync(`${work}/${name}`, "utf8");
const report = JSON.parse(read("report.json"));
const findings = report.articles.flatMap((article) =>
  [...article.issues, ...article.checks.flatMap((check) => check.findings)].map((finding) => ({ path: article.path, ...finding })),
);
assert(findings.length > 1000, "the fixtures have findings");

const checkstyle = xml2js(read("checkstyle.xml"));
const files = checkstyle.elements[0].elements;
assert.deepEqual(files.map((file) => file.attributes.name), report.articles.map((article) => article.path));
// the plugin takes a file without an element in it for one that it cannot read
checkstyle.elements[0].elements = files.filter((file) => file.elements);
const violations = parseCheckstyle(checkstyle, "");
const told = new Set(violations.map((one) => `${one.file}:${one.line}:${one.column}: ${one.message}`));
for (const finding of findings) {
  assert(told.has(`${finding.path}:${finding.line}:${finding.column}: ${finding.message}`), `checkstyle does not tell ${JSON.stringify(finding)}`);
}

const lines = read("report.jsonl").trimEnd().split("\n").map((line) => JSON.parse(line));
assert.equal(lines.filter((line) => line.type === "finding").length, findings.length);
const sarif = JSON.parse(read("report.sarif")).runs[0];
assert.deepEqual(sarif.results.map((result) => result.ruleId), findings.map((finding) => finding.rule));
const gitlab = JSON.parse(read("gitlab.json"));
assert(gitlab.length >= findings.length);
assert.equal(new Set(gitlab.map((one) => one.fingerprint)).size, gitlab.length);
console.log(`${findings.length} findings are told alike by json, jsonl, sarif, checkstyle and gitlab`);
