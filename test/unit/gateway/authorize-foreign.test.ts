import { describe, expect, test } from "vitest";
import { authorizeForeign, type ForeignPorts } from "../../../src/gateway/authorize-foreign.ts";
import type { JsonObject } from "../../../src/lib/json.ts";
import type { LocationReferences } from "../../../src/model/tokens.ts";
import type { ObjectRef } from "../../../src/ports/objects.ts";
import type { Partner } from "../../../src/ports/partners.ts";
import type { OutboundOutcome } from "../../../src/ports/world.ts";
import {
  answer,
  countingIds,
  listJournal,
  openSecrets,
  scriptedFetcher,
  standingClock,
  success,
} from "../../support/fake-ports.ts";
import { partnerOf } from "./world.ts";

const token = (uid: string, more: JsonObject = {}): JsonObject => ({
  country_code: "DE",
  party_id: "MSP",
  uid,
  type: "RFID",
  contract_id: `C-${uid}`,
  issuer: "MSP",
  valid: true,
  whitelist: "ALLOWED_OFFLINE",
  last_updated: "2026-01-01T00:00:00Z",
  ...more,
});

/** An eMSP of a version that answers so, and what it told of before. */
function stage(options: {
  version?: string;
  reply?: OutboundOutcome;
  tokens?: JsonObject[];
  change?: Partial<Partner>;
  origin?: string;
}) {
  const { version = "2.2.1", reply = answer(success()), tokens = [], change = {}, origin = version } = options;
  const partner: Partner = {
    ...partnerOf("p1", "EMSP DE MSP"),
    version,
    outbound_token: "sealed(p1|their-token)",
    endpoints: [{ identifier: "tokens", role: "SENDER", url: "https://msp.test/tokens" }],
    ...change,
  };
  const fetcher = scriptedFetcher(() => reply);
  const load = async (_: unknown, refs: ObjectRef[]) => ({
    ok: true,
    value: refs.map(({ country_code, party_id, id_key }) => {
      const body = tokens.find(
        (one) =>
          one.country_code === country_code &&
          one.party_id === party_id &&
          `${one.type}/${String(one.uid).toUpperCase()}` === id_key,
      );
      return { object: body ? { body, origin, partner: partner.id, deleted: false, country_code, party_id } : null };
    }),
  });
  const ports = {
    clock: standingClock(),
    ids: countingIds(),
    secrets: openSecrets,
    journal: listJournal(),
    fetcher,
    objects: { load },
    parties: { list: async () => [{ country_code: "NL", party_id: "OWN", roles: ["CPO"], business_details: {} }] },
    partners: {
      get: async () => partner,
      registered: async () => (partner.status === "REGISTERED" ? [partner] : []),
    },
    settings: { get: async () => ({ authorize: { partner_timeout_ms: 1000 } }) },
  } as unknown as ForeignPorts;
  const ask = (uid: string, type = "RFID", references: LocationReferences | null = null) =>
    authorizeForeign(ports, { country_code: "DE", party_id: "MSP", uid, type }, references);
  const asked = () => fetcher.requests.map(({ url }) => url.replace("https://msp.test/tokens/", ""));
  return { ask, asked, requests: fetcher.requests };
}

const refused = (code: number, http = 200) =>
  answer({ status_code: code, status_message: "No", timestamp: "2026-01-01T00:00:00Z" }, http);

describe("an ALLOWED_OFFLINE token that is valid", () => {
  const silence: [string, OutboundOutcome][] = [
    ["a timeout", { kind: "timeout", detail: "late" }],
    ["no connection", { kind: "network", detail: "refused" }],
    ["HTTP 500", answer("oops", 500)],
    ["HTTP 503 with an envelope", refused(3000, 503)],
    ["text that is not OCPI's", answer("<html>", 200)],
    ["a hub that reached nobody", refused(4002)],
  ];
  test.each(silence)("is let in by the list after %s", async (_, reply) => {
    const { ask, requests } = stage({ reply, tokens: [token("CARD")] });
    expect(await ask("CARD")).toMatchObject({ value: { source: "WHITELIST", info: { allowed: "ALLOWED" } } });
    expect(requests).toMatchObject([{ timeoutMs: 1000 }]);
  });

  test.each([2000, 2001, 2003, 3000])("is not when its eMSP says %i", async (code) => {
    const { ask } = stage({ reply: refused(code), tokens: [token("CARD")] });
    expect(await ask("CARD")).toMatchObject({
      error: { kind: "client_api_unusable", message: expect.stringContaining(`OCPI ${code}): No`) },
    });
  });

  test("is not when the answer says neither yes nor no", async () => {
    for (const data of [undefined, {}, { allowed: "PERHAPS" }]) {
      const { ask } = stage({ reply: answer(success(data)), tokens: [token("CARD")] });
      expect(await ask("CARD")).toMatchObject({ error: { kind: "client_api_unusable" } });
    }
  });
});

describe.each(["2.1.1", "2.2", "2.2.1", "2.3.0"])("an answer of %s", (version) => {
  const of = (data: JsonObject, tokens: JsonObject[] = []) => stage({ version, reply: answer(success(data)), tokens });

  test("without a token is completed with the one we know", async () => {
    const { ask } = of({ allowed: "BLOCKED" }, [token("CARD")]);
    expect(await ask("CARD")).toMatchObject({
      value: { source: "REALTIME", info: { allowed: "BLOCKED", token: { uid: "CARD", contract_id: "C-CARD" } } },
    });
  });

  test("without a token nobody told of is completed with what was asked", async () => {
    const { ask } = of({ allowed: "ALLOWED" });
    const made = {
      country_code: "DE",
      party_id: "MSP",
      uid: "NEW",
      contract_id: "NEW",
      issuer: "p1",
      whitelist: "NEVER",
    };
    expect(await ask("NEW")).toMatchObject({ value: { info: { allowed: "ALLOWED", token: made } } });
  });

  test("with a token or a location that cannot be read is used all the same", async () => {
    const { ask } = of({ allowed: "NO_CREDIT", token: { uid: "CARD" }, location: "here" }, [token("CARD")]);
    expect(await ask("CARD")).toMatchObject({
      value: { info: { allowed: "NO_CREDIT", token: { contract_id: "C-CARD" } } },
    });
  });

  test("is asked for by the type and the place the version knows", async () => {
    const { ask, asked, requests } = of({ allowed: "ALLOWED" });
    await ask("APP-1", "EMAID", { location_id: "L", connector_ids: ["1"] } as LocationReferences);
    expect(asked()).toEqual([`APP-1/authorize?type=${version === "2.3.0" ? "EMAID" : "OTHER"}`]);
    const place = JSON.parse(requests[0]?.body as string);
    expect(place).toEqual({ location_id: "L", ...(version === "2.1.1" ? { connector_ids: ["1"] } : {}) });
  });
});

describe("a contract id", () => {
  const contract = token("DE-8AA-C12345678-D", { party_id: "8AA", type: "EMAID", whitelist: "ALWAYS" });
  const change = { roles: [{ role: "EMSP", country_code: "DE", party_id: "8AA" }] };

  test.each(["DE-8AA-C12345678-D", "DE8AAC12345678", "de8aac12345678d"])("%s is found in its list", async (uid) => {
    const { ask, requests } = stage({ version: "2.3.0", tokens: [contract], change });
    expect(await ask(uid, "EMAID")).toMatchObject({
      value: { source: "WHITELIST", info: { token: { uid: contract.uid } } },
    });
    expect(requests).toEqual([]);
  });

  test("is found as OTHER where the eMSP's version has no EMAID, and only there", async () => {
    const tokens = [{ ...contract, type: "OTHER" }];
    expect(await stage({ version: "2.2.1", tokens, change }).ask("DE8AAC12345678", "EMAID")).toMatchObject({
      value: { source: "WHITELIST" },
    });
    const { ask, asked } = stage({ version: "2.3.0", tokens, change, reply: answer(success({ allowed: "BLOCKED" })) });
    expect(await ask("DE8AAC12345678", "EMAID")).toMatchObject({ value: { source: "REALTIME" } });
    expect(asked()).toHaveLength(1);
  });

  test("of a card is not looked for, and goes to nobody by what it looks like", async () => {
    const { ask, requests } = stage({ version: "2.3.0", tokens: [contract], change });
    expect(await ask("DE8AAC12345678")).toMatchObject({ error: { kind: "unknown_token" } });
    expect(requests).toEqual([]);
  });

  test("of DIN goes to the provider it names", async () => {
    const { ask, asked } = stage({ version: "2.3.0", change, reply: answer(success({ allowed: "ALLOWED" })) });
    expect(await ask("DE-8AA-123A56-5", "EMAID")).toMatchObject({ value: { source: "REALTIME" } });
    expect(asked()).toEqual(["DE-8AA-123A56-5/authorize?type=EMAID"]);
  });
});

describe("a token of a suspended eMSP", () => {
  const change = { status: "SUSPENDED" } as const;
  test.each(["ALWAYS", "ALLOWED", "ALLOWED_OFFLINE"])("%s is let in by its list", async (whitelist) => {
    const { ask, requests } = stage({ tokens: [token("CARD", { whitelist })], change });
    expect(await ask("CARD")).toMatchObject({ value: { source: "WHITELIST", info: { allowed: "ALLOWED" } } });
    expect(requests).toEqual([]);
  });

  test("that had to be asked for is a conflict that says so", async () => {
    const { ask, requests } = stage({ tokens: [token("CARD", { whitelist: "NEVER" })], change });
    expect(await ask("CARD")).toMatchObject({
      error: { kind: "conflict", message: expect.stringContaining("SUSPENDED") },
    });
    expect(requests).toEqual([]);
  });
});
