import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { compose } from "../../../src/cloudflare/compose.ts";
import { authorizeOwn } from "../../../src/gateway/authorize.ts";
import { authorizeForeign } from "../../../src/gateway/authorize-foreign.ts";
import { putObject } from "../../../src/gateway/objects.ts";
import type { JsonObject } from "../../../src/lib/json.ts";
import { versionByNumber } from "../../../src/ocpi/versions.ts";
import { countedDb } from "../../support/counted-db.ts";
import { ask, type Connected, connect, ports } from "./partners.ts";

let cpo: Connected;
let emsp: Connected;
const token = (uid: string, more: JsonObject = {}): JsonObject => ({
  country_code: "NL",
  party_id: "TNE",
  uid,
  type: "RFID",
  contract_id: `C-${uid}`,
  issuer: "TNE",
  valid: true,
  whitelist: "ALLOWED",
  last_updated: "2026-01-01T00:00:00Z",
  ...more,
});

beforeAll(async () => {
  const all = ports();
  await all.parties.put({
    country_code: "NL",
    party_id: "TNE",
    roles: ["EMSP", "CPO"],
    business_details: { name: "T" },
  });
  cpo = await connect("2.2.1", { role: "CPO", country_code: "DE", party_id: "CPO" });
  emsp = await connect("2.2.1", { role: "EMSP", country_code: "DE", party_id: "MSP" });
  const place = { module: "tokens", country_code: "NL", party_id: "TNE", ciIds: true };
  const own = { actor: { kind: "operator" } as const, partner: null, origin: "2.3.0" };
  expect(await putObject(all, own, { ...place, id: "OWN" }, token("OWN"))).toMatchObject({ ok: true });
  const { partner } = emsp;
  const theirs = {
    actor: { kind: "partner", id: partner.id, epoch: partner.epoch } as const,
    partner,
    origin: "2.2.1",
  };
  const target = { ...place, country_code: "DE", party_id: "MSP", id: "THEIRS" };
  const object = token("THEIRS", { country_code: "DE", party_id: "MSP" });
  expect(await putObject(all, theirs, target, object)).toMatchObject({ ok: true });
});
afterEach(() => vi.restoreAllMocks());

test("our token costs one call of D1, and no request to anybody", async () => {
  const { db, calls } = countedDb(env.DB);
  const context = createExecutionContext();
  const counted = compose({ ...env, DB: db }, (work) => context.waitUntil(work));
  const fetch = vi.spyOn(globalThis, "fetch");
  const { partner } = cpo;
  const version = versionByNumber("2.2.1");
  if (version === undefined) throw new Error("no such version");
  const request = {
    actor: { kind: "partner", id: partner.id, epoch: partner.epoch } as const,
    partner,
    version,
    to: null,
    uid: "own",
    type: "RFID",
    references: null,
  };
  // What every isolate remembers.
  await Promise.all([counted.parties.list(), counted.settings.get()]);
  calls();
  expect(await authorizeOwn(counted, request)).toMatchObject({ ok: true, value: { allowed: "ALLOWED" } });
  expect(calls()).toBe(1);
  expect(await authorizeOwn(counted, { ...request, uid: "NOBODY" })).toMatchObject({
    error: { kind: "unknown_token" },
  });
  expect(calls()).toBe(1);
  const actor = { ...request.actor, epoch: 999 };
  expect(await authorizeOwn(counted, { ...request, actor })).toEqual({ ok: false, error: "stale" });
  expect(fetch).not.toHaveBeenCalled();
});

test("a partner's token in its whitelist costs two, and no request to anybody", async () => {
  const { db, calls } = countedDb(env.DB);
  const context = createExecutionContext();
  const counted = compose({ ...env, DB: db }, (work) => context.waitUntil(work));
  const fetch = vi.spyOn(globalThis, "fetch");
  const wanted = { country_code: "DE", party_id: "MSP", uid: "THEIRS", type: "RFID" };
  expect(await authorizeForeign(counted, wanted, null)).toMatchObject({
    ok: true,
    value: { source: "WHITELIST", info: { allowed: "ALLOWED", token: { uid: "THEIRS" } } },
  });
  expect(calls()).toBe(2);
  expect(fetch).not.toHaveBeenCalled();
});

test("another spelling of a contract id costs no further call", async () => {
  const { db, calls } = countedDb(env.DB);
  const context = createExecutionContext();
  const counted = compose({ ...env, DB: db }, (work) => context.waitUntil(work));
  const all = ports();
  const place = { module: "tokens", country_code: "NL", party_id: "TNE", ciIds: true, type: "EMAID" };
  const own = { actor: { kind: "operator" } as const, partner: null, origin: "2.3.0" };
  const uid = "NL-TNE-C12345678-X";
  await putObject(all, own, { ...place, id: uid }, token(uid, { type: "EMAID" }));
  const wanted = { country_code: "NL", party_id: "TNE", uid: "nltnec12345678", type: "EMAID" };
  expect(await authorizeForeign(counted, wanted, null)).toMatchObject({ value: { info: { token: { uid } } } });
  expect(calls()).toBe(1);
  const path = `/ocpi/2.3.0/sender/tokens/${wanted.uid}/authorize?type=EMAID`;
  expect(await ask("POST", path, { token: cpo.token })).toMatchObject({
    http: 200,
    body: { data: { token: { uid } } },
  });
});

test("a suspended eMSP's tokens are what its list says", async () => {
  await ports().partners.update(emsp.partner.id, { status: "SUSPENDED" });
  const wanted = { country_code: "DE", party_id: "MSP", uid: "THEIRS", type: "RFID" };
  expect(await authorizeForeign(ports(), wanted, null)).toMatchObject({
    value: { source: "WHITELIST", info: { allowed: "ALLOWED" } },
  });
  await ports().partners.update(emsp.partner.id, { status: "REGISTERED" });
});

test("parties that are not shared with a partner have no tokens for it", async () => {
  const path = "/ocpi/2.2.1/sender/tokens/OWN/authorize";
  expect(await ask("POST", path, { token: cpo.token })).toMatchObject({
    http: 200,
    body: { data: { allowed: "ALLOWED" } },
  });
  const { settings } = cpo.partner;
  await ports().partners.update(cpo.partner.id, { settings: { ...settings, share: { parties: ["NL*XXX"] } } });
  expect(await ask("POST", path, { token: cpo.token })).toMatchObject({ http: 404, body: { status_code: 2000 } });
  await ports().partners.update(cpo.partner.id, { settings: { ...settings, modules: ["locations"] } });
  expect(await ask("POST", path, { token: cpo.token })).toMatchObject({ http: 404, body: { status_code: 2000 } });
});
