import { expect, test } from "vitest";
import { createProbeWatch } from "../../../src/server/probing.ts";

const MINUTE_MS = 60_000;

test("one too many in ten minutes is told, once, and every partner counts for itself", () => {
  const watch = createProbeWatch();
  const told = Array.from({ length: 30 }, (_, n) => watch.isProbing("a", n));
  expect(told.flatMap((isProbing, n) => (isProbing ? [n] : []))).toEqual([20]);
  expect(watch.isProbing("b", 30)).toBe(false);
});

test("after ten minutes it begins anew", () => {
  const watch = createProbeWatch();
  for (let n = 0; n < 20; n++) watch.isProbing("a", 0);
  expect(watch.isProbing("a", 10 * MINUTE_MS)).toBe(false);
  for (let n = 0; n < 19; n++) expect(watch.isProbing("a", 11 * MINUTE_MS)).toBe(false);
  expect(watch.isProbing("a", 12 * MINUTE_MS)).toBe(true);
});

test("what it remembers is bounded", () => {
  const watch = createProbeWatch();
  for (let n = 0; n < 20; n++) watch.isProbing("first", 0);
  for (let n = 0; n < 1_000; n++) watch.isProbing(`other ${n}`, 1);
  expect(watch.isProbing("first", 2)).toBe(false);
});
