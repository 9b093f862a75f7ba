import { expect, test } from "vitest";
import { secrets } from "../../../src/cloudflare/crypto.ts";

const key = btoa("k".repeat(32));
const other = btoa("l".repeat(32));

test("a token has one hash under a key, and another under another", async () => {
  const hash = await secrets(key).hash("token");
  expect(hash).toMatch(/^1\.[A-Za-z0-9_-]{43}$/);
  expect(await secrets(key).hash("token")).toBe(hash);
  expect(await secrets(key).hash("Token")).not.toBe(hash);
  expect(await secrets(other).hash("token")).not.toBe(hash);
});

test("a sealed text opens with its key for its partner only, and differs every time", async () => {
  const sealed = await secrets(key).seal("tök€n", "partner-1");
  expect(await secrets(key).open(sealed, "partner-1")).toBe("tök€n");
  expect(await secrets(key).seal("tök€n", "partner-1")).not.toBe(sealed);
  await expect(secrets(key).open(sealed, "partner-2")).rejects.toThrow();
  await expect(secrets(other).open(sealed, "partner-1")).rejects.toThrow();
  await expect(secrets(key).open(`${sealed.slice(0, -2)}AA`, "partner-1")).rejects.toThrow();
  await expect(secrets(key).open(sealed.replace(/^1/, "2"), "partner-1")).rejects.toThrow("form");
  await expect(secrets(key).open("", "partner-1")).rejects.toThrow("form");
});

test.each(["", "short", btoa("k".repeat(31)), "not base64 !"])("a master key must be 32 bytes: %j", (bad) => {
  expect(() => secrets(bad)).toThrow("MASTER_KEY");
});
