import { expect, test } from "vitest";
import { createGuard, WAIT_SECONDS } from "../../../src/server/guard.ts";

test("an address that sent too much waits, others do not", async () => {
  let left = 2;
  const guard = createGuard(async () => left-- > 0);
  expect(await guard.admits("192.0.2.1", 0)).toBe(true);
  expect(await guard.admits("192.0.2.1", 0)).toBe(true);
  expect(guard.isClosed("192.0.2.1", 0)).toBe(false);
  expect(await guard.admits("192.0.2.1", 0)).toBe(false);
  expect(guard.isClosed("192.0.2.1", WAIT_SECONDS * 1000 - 1)).toBe(true);
  expect(guard.isClosed("192.0.2.2", 0)).toBe(false);
  expect(guard.isClosed("192.0.2.1", WAIT_SECONDS * 1000)).toBe(false);
});

test("where no address is told nothing is counted", async () => {
  const guard = createGuard(async () => {
    throw new Error("asked");
  });
  expect(await guard.admits(null, 0)).toBe(true);
  expect(guard.isClosed(null, 0)).toBe(false);
});

test("what is remembered is bounded", async () => {
  const guard = createGuard(async () => false);
  for (let i = 0; i <= 1000; i++) await guard.admits(`a${i}`, 0);
  expect(guard.isClosed("a0", 0)).toBe(false);
  expect(guard.isClosed("a1000", 0)).toBe(true);
});
