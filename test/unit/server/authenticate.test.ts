import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Partner, TokenKind } from "../../../src/ports/partners.ts";
import { authenticate, type CallerCache, candidates } from "../../../src/server/authenticate.ts";

const token = fc.stringMatching(/^[\x21-\x7e]{1,64}$/);

describe("what Authorization may mean", () => {
  test("a token is found however it is written", () => {
    const write = fc.constantFrom(
      (text: string) => `Token ${text}`,
      (text: string) => `token ${btoa(text)}`,
      (text: string) => `TOKEN ${btoa(`${text}\n`)}`,
      (text: string) => `Token ${btoa(`${text}\r\n`)}`,
      (text: string) => `Token   ${btoa(text).replace(/=+$/, "")}`,
    );
    fc.assert(
      fc.property(token, write, (text, written) => {
        expect(candidates(written(text)).map((candidate) => candidate.token)).toContain(text);
      }),
    );
  });

  test.each(["", "Token", "Token ", "Basic abc", "Token a b", "Tokenabc", `Token ${"x".repeat(513)}`, "Token é"])(
    "%.20j means nothing",
    (text) => expect(candidates(text)).toEqual([]),
  );

  test("any text is taken without harm", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(candidates(`Token ${text}`).length).toBeLessThanOrEqual(2);
      }),
    );
  });
});

describe("the cache", () => {
  const partner = (status: Partner["status"]): Partner => ({
    id: "p",
    name: "P",
    status,
    side: null,
    version: null,
    versions_url: null,
    roles: [],
    endpoints: [],
    token_encoding: "raw",
    outbound_token: null,
    allow: {},
    settings: { token_encoding: "auto", push: true, retry: true, initial: "none" },
    epoch: 1,
    created_at: 0,
    last_seen_at: null,
  });

  /** Ports over a fixed set of tokens; counts the look-ups. */
  function world(kind: TokenKind, status: Partner["status"] = "REGISTERED") {
    const seen = { lookups: 0 };
    const ports = {
      secrets: { hash: async (text: string) => `#${text}` },
      partners: {
        byTokenHashes: async (hashes: string[]) => {
          seen.lookups++;
          const hash = hashes.find((one) => one.startsWith("#good"));
          return hash === undefined ? null : { partner: partner(status), kind, hash };
        },
        confirmToken: async () => {},
        get: async () => partner(status),
      },
      background: { run: () => {} },
    } as unknown as Parameters<typeof authenticate>[0];
    return { ports, seen };
  }

  const twice = async (kind: TokenKind, status?: Partner["status"]): Promise<number> => {
    const { ports, seen } = world(kind, status);
    const cache: CallerCache = new Map();
    for (let i = 0; i < 2; i++) expect((await authenticate(ports, "Token good", cache)).ok).toBe(true);
    return seen.lookups;
  };

  test("keeps who is registered and presents a current token", async () => {
    expect(await twice("CURRENT")).toBe(1);
    expect(await twice("PREVIOUS")).toBe(2);
    expect(await twice("INVITE")).toBe(2);
    expect(await twice("CURRENT", "SUSPENDED")).toBe(2);
    expect(await twice("CURRENT", "INVITED")).toBe(2);
  });

  test("never keeps a miss, and is bounded", async () => {
    const { ports } = world("CURRENT");
    const cache: CallerCache = new Map();
    expect(await authenticate(ports, "Token bad", cache)).toMatchObject({ ok: false });
    expect(cache.size).toBe(0);
    for (let i = 0; i < 1100; i++) await authenticate(ports, `Token good${i}`, cache);
    expect(cache.size).toBe(1000);
    expect(cache.has("Token good1099")).toBe(true);
  });

  test("without one everything is asked of the store", async () => {
    const { ports, seen } = world("CURRENT");
    for (let i = 0; i < 2; i++) await authenticate(ports, "Token good", null);
    expect(seen.lookups).toBe(2);
  });
});
