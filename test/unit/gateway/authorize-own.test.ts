import { describe, expect, test } from "vitest";
import { type AuthorizePorts, type AuthorizeRequest, authorizeOwn } from "../../../src/gateway/authorize.ts";
import type { JsonObject } from "../../../src/lib/json.ts";
import { newest, versionByNumber } from "../../../src/ocpi/versions.ts";
import type { ObjectRef } from "../../../src/ports/objects.ts";
import type { OutboundOutcome } from "../../../src/ports/world.ts";
import { answer, countingIds, openSecrets, scriptedFetcher, standingClock } from "../../support/fake-ports.ts";
import { partnerOf } from "./world.ts";

const token = (party_id: string, uid: string, more: JsonObject = {}): JsonObject => ({
  country_code: "NL",
  party_id,
  uid,
  type: "RFID",
  contract_id: `${party_id}-${uid}`,
  issuer: party_id,
  valid: true,
  whitelist: "ALLOWED",
  last_updated: "2026-01-01T00:00:00Z",
  ...more,
});

/** Our eMSP parties, their tokens, and what the back office answers; without `reply` it is not asked. */
function stage(options: { parties?: string[]; tokens?: JsonObject[]; reply?: OutboundOutcome }) {
  const { parties = ["TNA", "TNB"], tokens = [], reply } = options;
  const logs: string[] = [];
  const fetcher = scriptedFetcher(() => reply ?? answer("", 500));
  const partner = partnerOf("p1", "CPO DE CPO");
  const load = async (_: unknown, refs: ObjectRef[]) => ({
    ok: true,
    value: refs.map(({ party_id, id_key }) => {
      const body = tokens.find(
        (one) => one.party_id === party_id && `${one.type}/${String(one.uid).toUpperCase()}` === id_key,
      );
      return { object: body ? { body, partner: null, deleted: false } : null };
    }),
  });
  const authorize = { webhook: reply ? "https://office.test/" : null, secret: "sealed(authorize.webhook|whsec_AA==)" };
  const ports = {
    clock: standingClock(),
    ids: countingIds(),
    secrets: { ...openSecrets, open: async () => "whsec_AA==" },
    fetcher,
    objects: { load },
    parties: {
      list: async () => [
        { country_code: "NL", party_id: "CPO", roles: ["CPO"], business_details: { name: "Cpo" } },
        ...parties.map((party_id) => {
          const roles = [party_id === "HUB" ? "HUB" : "EMSP"];
          return { country_code: "NL", party_id, roles, business_details: { name: `Name ${party_id}` } };
        }),
      ],
    },
    settings: { get: async () => ({ authorize: { ...authorize, timeout_ms: 1000 } }) },
    log: { write: (_: string, __: string, { error }: { error: string }) => void logs.push(error) },
  } as unknown as AuthorizePorts;
  const ask = (uid: string, more: Partial<AuthorizeRequest> & { number?: string } = {}) =>
    authorizeOwn(ports, {
      actor: { kind: "partner", id: "p1", epoch: 1 },
      partner,
      version: versionByNumber(more.number ?? "2.2.1") ?? newest,
      to: null,
      uid,
      type: "RFID",
      references: null,
      ...more,
    });
  return {
    ask,
    logs,
    fetcher,
    asked: () => fetcher.requests.length,
    sent: () => JSON.parse(fetcher.requests[0]?.body as string),
  };
}

describe("the addressee", () => {
  const tokens = [token("TNA", "CARD"), token("TNB", "CARD", { valid: false }), token("TNA", "ONLY")];
  const to = (party_id: string) => ({ to: { country_code: "NL", party_id } });

  test("decides whose token is meant", async () => {
    const { ask } = stage({ tokens });
    expect(await ask("CARD", to("TNA"))).toMatchObject({ value: { allowed: "ALLOWED", token: { party_id: "TNA" } } });
    expect(await ask("CARD", to("TNB"))).toMatchObject({ value: { allowed: "BLOCKED", token: { party_id: "TNB" } } });
    expect(await ask("CARD")).toMatchObject({ value: { token: { party_id: "TNA" } } });
  });

  test("has no token of another party of ours; one that is not ours decides nothing", async () => {
    const { ask } = stage({ tokens });
    expect(await ask("ONLY", to("TNB"))).toMatchObject({ error: { kind: "unknown_token" } });
    expect(await ask("ONLY", to("CPO"))).toMatchObject({ error: { kind: "unknown_token" } });
    expect(await ask("ONLY", to("ZZZ"))).toMatchObject({ value: { token: { party_id: "TNA" } } });
  });

  test("that is our hub speaks for all of ours", async () => {
    const { ask } = stage({ tokens, parties: ["TNA", "HUB"] });
    expect(await ask("ONLY", to("HUB"))).toMatchObject({ value: { token: { party_id: "TNA" } } });
  });

  test("that is not shared with the partner has no token for it, and nobody is asked", async () => {
    const { ask, asked } = stage({ tokens, reply: answer({ allowed: "ALLOWED", token: token("TNB", "CARD") }) });
    const partner = partnerOf("p1", "CPO DE CPO");
    const shared = { ...partner, settings: { ...partner.settings, share: { parties: ["NL*TNA"] } } };
    expect(await ask("CARD", { ...to("TNB"), partner: shared })).toMatchObject({ error: { kind: "unknown_token" } });
    expect(asked()).toBe(0);
  });

  test("is told to the back office with a token nobody knows", async () => {
    const { ask, sent } = stage({ reply: answer({ allowed: "ALLOWED" }) });
    await ask("NEW", to("TNB"));
    expect(sent().data.token).toEqual({ country_code: "NL", party_id: "TNB", uid: "NEW", type: "RFID" });
    const hub = stage({ reply: answer({ allowed: "ALLOWED" }), parties: ["TNA", "HUB"] });
    await hub.ask("NEW", to("HUB"));
    expect(hub.sent().data.token).toEqual({ uid: "NEW", type: "RFID" });
  });
});

test.each(["NL-TNA-C12345678-S", "NLTNAC12345678", "nltnac12345678s"])(
  "contract %s is found however it is kept",
  async (uid) => {
    for (const kept of ["NL-TNA-C12345678", "NLTNAC12345678"]) {
      const { ask } = stage({ tokens: [token("TNA", kept, { type: "EMAID" })] });
      const found = { value: { allowed: "ALLOWED", token: { uid: kept } } };
      expect(await ask(uid, { type: "EMAID", number: "2.3.0" })).toMatchObject(found);
      expect(await ask(uid, { type: "OTHER", number: "2.2.1" })).toMatchObject(found);
      expect(await ask(uid)).toMatchObject({ error: { kind: "unknown_token" } });
    }
  },
);

describe("our own list", () => {
  test.each(["ALWAYS", "ALLOWED", "ALLOWED_OFFLINE", "NEVER"])(
    "allows a token that is valid and blocks one that is not, when its whitelist is %s: that is for the CPO to read",
    async (whitelist) => {
      for (const [valid, allowed] of [
        [true, "ALLOWED"],
        [false, "BLOCKED"],
      ] as const) {
        const { ask } = stage({ tokens: [token("TNA", "CARD", { whitelist, valid, group_id: "G" })] });
        expect(await ask("CARD")).toMatchObject({ value: { allowed, token: { whitelist, valid, group_id: "G" } } });
      }
    },
  );
});

describe("the back office's answer", () => {
  const known = [token("TNA", "CARD")];

  test("is waited for as long as the settings say", async () => {
    const { ask, fetcher } = stage({ tokens: known, reply: { kind: "timeout", detail: "late" } });
    expect(await ask("CARD")).toMatchObject({ value: { allowed: "ALLOWED" } });
    expect(fetcher.requests[0]).toMatchObject({ timeoutMs: 1000 });
  });

  test("for an unknown token is completed with one made from the question", async () => {
    const { ask } = stage({ parties: ["TNA"], reply: answer({ allowed: "ALLOWED" }) });
    expect(await ask("NEW")).toMatchObject({
      value: {
        allowed: "ALLOWED",
        token: {
          country_code: "NL",
          party_id: "TNA",
          uid: "NEW",
          type: "RFID",
          contract_id: "NEW",
          issuer: "Name TNA",
          valid: true,
          whitelist: "NEVER",
        },
      },
    });
  });

  test("for an unknown token of who knows which party holds only where no token is said", async () => {
    const { ask, logs } = stage({ reply: answer({ allowed: "ALLOWED" }) });
    expect(await ask("NEW", { number: "2.1.1" })).toMatchObject({ value: { allowed: "ALLOWED" } });
    expect(await ask("NEW")).toMatchObject({ error: { kind: "unknown_token" } });
    expect(logs[0]).toContain("/token");
  });

  test("need not say whose the token is, nor when it was told", async () => {
    const { last_updated: _, country_code: __, party_id: ___, ...bare } = token("TNA", "CARD", { issuer: "Other" });
    const said = answer({ allowed: "ALLOWED", token: bare });
    expect(await stage({ tokens: known, reply: said }).ask("CARD")).toMatchObject({
      value: { token: { party_id: "TNA", issuer: "Other", last_updated: "2026-01-01T00:00:00Z" } },
    });
    expect(await stage({ parties: ["TNB"], reply: said }).ask("CARD")).toMatchObject({
      value: { token: { country_code: "NL", party_id: "TNB", issuer: "Other" } },
    });
  });

  test("with a reference or an id that is too long is none", async () => {
    const long = "x".repeat(37);
    for (const more of [{ authorization_reference: long }, { location: { location_id: long } }]) {
      const { ask, logs } = stage({
        tokens: known,
        reply: answer({ allowed: "ALLOWED", ...more }),
      });
      expect(await ask("CARD")).toEqual({ ok: true, value: { allowed: "ALLOWED", token: known[0] } });
      expect(logs[0]).toContain("longer than 36");
    }
  });

  test("404 is an unknown token when it says so in JSON, else somebody who does not know the path", async () => {
    const { ask } = stage({ tokens: known, reply: answer({ title: "Unknown" }, 404) });
    expect(await ask("CARD")).toMatchObject({ error: { kind: "unknown_token" } });
    for (const body of ["", "<html>Not found</html>", "[]", '"no"']) {
      expect(await stage({ tokens: known, reply: answer(body, 404) }).ask("CARD"), body).toMatchObject({
        value: { allowed: "ALLOWED" },
      });
    }
  });
});
