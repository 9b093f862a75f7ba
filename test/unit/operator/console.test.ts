import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const folder = join(import.meta.dirname, "../../../src/operator/console");
const files = readdirSync(folder).map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));
const pages = files.filter(({ name }) => name.endsWith(".html"));

test("the policy of the console allows nothing unsafe", () => {
  const headers = files.find(({ name }) => name === "_headers")?.text ?? "";
  const policy = /Content-Security-Policy: (.*)/.exec(headers)?.[1] ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/unsafe|\*|https?:|data:/);
});

test.each(pages)("$name has no inline script or style, and loads nothing from elsewhere", ({ text }) => {
  expect(text).not.toMatch(/<script(?![^>]*\bsrc=)/i);
  expect(text).not.toMatch(/<style|\sstyle=|\son[a-z]+=|javascript:/i);
  for (const [, url] of text.matchAll(/\b(?:src|href)="([^"]*)"/g)) {
    expect(url).toMatch(/^[/#]/);
    expect(url).not.toMatch(/^\/\//);
  }
});

test.each(files.filter(({ name }) => /\.(js|css)$/.test(name)))(
  "$name makes no markup from text, and calls nobody else",
  ({ text }) => {
    expect(text).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function/);
    expect(text).not.toMatch(/https?:\/\/|@import|\burl\(/);
  },
);

test("every file a page names is there", () => {
  const names = new Set(files.map(({ name }) => `/${name}`));
  for (const { text } of pages) {
    for (const [, url] of text.matchAll(/<(?:link|script)[^>]*\b(?:src|href)="([^"]*)"/g)) expect(names).toContain(url);
  }
});
