import fc from "fast-check";
import { expect, test } from "vitest";
import { redactBody, redactSecrets, redactUrl } from "../../../src/ocpi/redact.ts";

const canary = "c4n4ry-t0k3n-of-a-partner";

test.each([
  JSON.stringify({ token: canary, url: "https://a.test/" }),
  JSON.stringify({ status_code: 1000, data: { token: canary, roles: [] } }, null, 2),
  `{"token":"${canary}`,
  `{"t\\u006fken":"${canary}"}`,
  `{"TOKEN" : "${canary}\\"x"}`,
])("the token of a credentials body is hidden: %s", (body) => {
  for (const module of ["credentials", null]) {
    const kept = redactBody(body, module);
    expect(kept).not.toContain(canary);
    expect(kept).toContain("[redacted]");
  }
});

test("a Token object of other modules stays", () => {
  const body = JSON.stringify({ token: { uid: "012345678", type: "RFID" } });
  expect(redactBody(body, "commands")).toBe(body);
});

test("a secret that is known is hidden wherever it stands, in Base64 too", () => {
  const forms = [canary, btoa(canary), btoa(`${canary}\n`)];
  for (const form of forms) {
    expect(redactBody(`{"error":"unknown ${form}"}`, "locations", [canary])).not.toContain(form);
    expect(redactUrl(`https://a.test/versions?x=${form}`, [canary])).not.toContain(form);
  }
  expect(redactSecrets("short words stay", ["a"])).toBe("short words stay");
});

test("user information and token-like parameters of a URL are hidden", () => {
  expect(redactUrl(`https://me:${canary}@a.test/ocpi?limit=5`)).toBe("https://[redacted]@a.test/ocpi?limit=5");
  expect(redactUrl(`https://a.test/ocpi?access_token=${canary}&limit=5`)).toBe(
    "https://a.test/ocpi?access_token=[redacted]&limit=5",
  );
});

test("a body is cut at 32 kB, whole characters only, with a mark", () => {
  const property = fc.property(
    fc.constantFrom("a", "é", "€", "😀"),
    fc.integer({ min: 0, max: 3 }),
    (character, shift) => {
      const body = "x".repeat(shift) + character.repeat(33_000);
      const kept = redactBody(body, "locations") ?? "";
      const [text = "", mark] = kept.split("... [cut: ");
      expect(new TextEncoder().encode(text).length).toBeLessThanOrEqual(32_768);
      expect(body.startsWith(text)).toBe(true);
      expect(mark).toBe(`32768 of ${new TextEncoder().encode(body).length} bytes kept]`);
    },
  );
  fc.assert(property, { numRuns: 20 });
});

test("a body that fits is kept as it is; none is null", () => {
  expect(redactBody("{}", "tokens")).toBe("{}");
  expect(redactBody("x".repeat(32_768), "tokens")).toHaveLength(32_768);
  for (const none of [null, undefined, ""]) expect(redactBody(none, "tokens")).toBeNull();
});
