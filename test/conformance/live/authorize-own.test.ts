import { Webhook } from "standardwebhooks";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Answer, Headers, OcpiObject } from "../../sandbox/types.ts";
import { VERSIONS, type Version } from "../../sandbox/versions.ts";
import { useBackOffice } from "../../support/back-office.ts";
import { type Connection, headersOf, sendRaw, urlOf, useWorld, violationsOf } from "../../support/ocpi.ts";
import { call, ownParties, token } from "../delivery/objects.ts";

// We are the eMSP: partner CPOs ask about our tokens.

const world = useWorld();
const office = useBackOffice();
ownParties(world);
const dataOf = ({ data }: Answer) => data as OcpiObject;
const asking = VERSIONS.filter((version) => version !== "2.0");

beforeAll(async () => {
  await call(world, "PUT", "/tokens/NL/TNE/GOOD", { ...token("GOOD", 1), group_id: "G1" });
  await call(world, "PUT", "/tokens/NL/TNE/BAD", { ...token("BAD", 1), valid: false, whitelist: "NEVER" });
  await call(world, "PUT", "/tokens/NL/TNE/APP?type=APP_USER", { ...token("APP", 1), type: "APP_USER" });
});
afterEach(() => call(world, "PATCH", "/settings", { authorize: null }));

describe.each(asking)("a CPO of %s", (version: Version) => {
  const isOld = version === "2.1.1";
  let cpo: Connection;
  beforeAll(async () => {
    cpo = await world.connect({ version, role: "CPO", party: `DE/C0${VERSIONS.indexOf(version)}` });
  });

  test("is told who may charge, with the token and the location where versions have them", async () => {
    const references = { location_id: "LOC1", evse_uids: ["E1", "E2"], ...(isOld ? { connector_ids: ["1"] } : {}) };
    const answer = await cpo.partner.authorize("GOOD", { body: references });
    expect(answer).toMatchObject({ http: 200, status_code: 1000, data: { allowed: "ALLOWED", location: references } });
    const data = dataOf(await cpo.partner.authorize("good"));
    expect(data.location).toBeUndefined();
    if (isOld) expect(data.token).toBeUndefined();
    else expect(data.token).toMatchObject({ uid: "GOOD", country_code: "NL", party_id: "TNE", group_id: "G1" });
  });

  test("is told BLOCKED, without a location, of a token that is not valid", async () => {
    const answer = await cpo.partner.authorize("BAD", { body: { location_id: "LOC1" } });
    expect(answer).toMatchObject({ http: 200, status_code: 1000, data: { allowed: "BLOCKED" } });
    expect(dataOf(answer).location).toBeUndefined();
  });

  test("gets 404 and 2004 without data for a token that is not ours, or of another type", async () => {
    for (const ask of [{ uid: "NOBODY" }, { uid: "GOOD", type: "APP_USER" }, { uid: "APP" }]) {
      const answer = await cpo.partner.authorize(ask.uid, ask.type ? { type: ask.type } : {});
      expect(answer, ask.uid).toMatchObject({ http: 404, status_code: 2004 });
      expect(answer.data, ask.uid).toBeUndefined();
    }
    const said = isOld ? "OTHER" : "APP_USER";
    expect(await cpo.partner.authorize("APP", { type: said })).toMatchObject({ data: { allowed: "ALLOWED" } });
  });

  test("may leave out the body with or without a Content-Type; a wrong one is 2001, no JSON 400", async () => {
    const url = urlOf(cpo, "tokens", "SENDER", ["GOOD", "authorize"]);
    const headers = headersOf(cpo);
    const kinds: Headers[] = [{}, { "content-type": "application/json" }, { "content-type": "text/plain" }];
    for (const kind of kinds) {
      expect(await sendRaw(url, { method: "POST", headers: { ...headers, ...kind } })).toMatchObject({
        status_code: 1000,
      });
    }
    const wrong = await sendRaw(url, { method: "POST", headers, body: '{"evse_uids":["E1"]}' });
    expect(wrong).toMatchObject({ http: 200, status_code: 2001 });
    expect(wrong.status_message).toContain("/location_id");
    expect(await sendRaw(url, { method: "POST", headers, body: "{" })).toMatchObject({ http: 400, status_code: 2001 });
    expect(await sendRaw(url, { method: "GET", headers })).toMatchObject({ http: 405 });
    expect(await sendRaw(`${url}?type=RFID&type=OTHER`, { method: "POST", headers })).toMatchObject({
      status_code: 2001,
    });
  });

  test("gets 2001 with a pointer for an id that is too long for its version", async () => {
    const body = { location_id: "L".repeat(40), evse_uids: ["E1", "E".repeat(40)] };
    const answer = await cpo.partner.authorize("GOOD", { body });
    expect(answer).toMatchObject({ http: 200, status_code: 2001 });
    for (const pointer of ["/location_id", "/evse_uids/1"]) expect(answer.status_message).toContain(pointer);
    const fits = { location_id: "L".repeat(isOld ? 39 : 36) };
    expect(await cpo.partner.authorize("GOOD", { body: fits })).toMatchObject({ data: { location: fits } });
  });

  test.runIf(!isOld)("is not told of connectors, which its version does not know", async () => {
    const url = urlOf(cpo, "tokens", "SENDER", ["GOOD", "authorize"]);
    const body = JSON.stringify({ location_id: "LOC1", evse_uids: ["E1"], connector_ids: ["1"] });
    const answer = await sendRaw(url, { method: "POST", headers: headersOf(cpo), body });
    expect(answer).toMatchObject({ data: { location: { location_id: "LOC1", evse_uids: ["E1"] } } });
    expect(dataOf(answer).location).not.toHaveProperty("connector_ids");
  });

  test("is answered by the back office where the settings say so, and it verifies who asks", async () => {
    const { authorize } = await call(world, "PATCH", "/settings", {
      authorize: { webhook: office.url(`/ask/${version}`), timeout_ms: 2000 },
    });
    office.answer(() => ({ status: 200, body: { allowed: "NO_CREDIT", info: { language: "en", text: "Top up" } } }));
    const answer = await cpo.partner.authorize("GOOD", { body: { location_id: "LOC1" } });
    expect(answer).toMatchObject({ status_code: 1000, data: { allowed: "NO_CREDIT", info: { text: "Top up" } } });
    const asked = office.received.findLast(({ path }) => path === `/ask/${version}`);
    expect(new Webhook(authorize.secret).verify(asked?.text ?? "", asked?.headers ?? {})).toMatchObject({
      type: "token.authorize",
      data: { partner: cpo.id, token: { uid: "GOOD", group_id: "G1" }, location: { location_id: "LOC1" } },
    });
  });

  test("is answered from our tokens when the back office is late, down, or talks nonsense", async () => {
    const path = `/late/${version}`;
    const webhook = office.url(path);
    await call(world, "PATCH", "/settings", { authorize: { webhook, timeout_ms: 200 } });
    const replies = [
      "hang",
      { status: 500 },
      { status: 404 },
      { status: 200, body: { allowed: "PERHAPS" } },
      { status: 200, body: [] },
    ] as const;
    for (const reply of replies) {
      office.answer(() => reply);
      expect(await cpo.partner.authorize("GOOD")).toMatchObject({ status_code: 1000, data: { allowed: "ALLOWED" } });
    }
    expect(office.received.filter((it) => it.path === path)).toHaveLength(replies.length);
  });

  test("gets 2002 or 2004 where the back office says so, and its word on a token only it knows", async () => {
    await call(world, "PATCH", "/settings", { authorize: { webhook: office.url("/says") } });
    office.answer(() => ({ status: 422 }));
    expect(await cpo.partner.authorize("GOOD")).toMatchObject({ http: 200, status_code: 2002 });
    office.answer(() => ({ status: 404, body: { title: "Unknown" } }));
    expect(await cpo.partner.authorize("GOOD")).toMatchObject({ http: 404, status_code: 2004 });
    const mine = token("SECRET", 1);
    office.answer(({ body }) => ({
      status: 200,
      body: { allowed: "ALLOWED", token: { ...mine, uid: body.data.token.uid } },
    }));
    expect(await cpo.partner.authorize("SECRET")).toMatchObject({ status_code: 1000, data: { allowed: "ALLOWED" } });
    expect(violationsOf(cpo)).toEqual([]);
  });
});

test("the party that is addressed answers, not another of ours with the same uid", async () => {
  await call(world, "PUT", "/parties/NL/TNX", { roles: ["EMSP"], business_details: { name: "Second" } });
  await call(world, "PUT", "/tokens/NL/TNX/GOOD", { ...token("GOOD", 1), party_id: "TNX", valid: false });
  const cpo = await world.connect({ version: "2.2.1", role: "CPO", party: "DE/TWO" });
  const url = urlOf(cpo, "tokens", "SENDER", ["GOOD", "authorize"]);
  const ask = (party: string) =>
    sendRaw(url, {
      method: "POST",
      headers: { ...headersOf(cpo), "OCPI-to-country-code": "NL", "OCPI-to-party-id": party },
    });
  expect(await ask("TNE")).toMatchObject({ data: { allowed: "ALLOWED", token: { party_id: "TNE" } } });
  expect(await ask("TNX")).toMatchObject({ data: { allowed: "BLOCKED", token: { party_id: "TNX" } } });
  await call(world, "PUT", "/tokens/NL/TNX/MINE", { ...token("MINE", 1), party_id: "TNX" });
  const other = urlOf(cpo, "tokens", "SENDER", ["MINE", "authorize"]);
  const headers = { ...headersOf(cpo), "OCPI-to-country-code": "NL", "OCPI-to-party-id": "TNE" };
  expect(await sendRaw(other, { method: "POST", headers })).toMatchObject({ http: 404, status_code: 2004 });
});

test("an eMSP may not ask, and 2.0 has no such request", async () => {
  const emsp = await world.connect({ version: "2.2.1", role: "EMSP", party: "DE/EEE" });
  expect(await emsp.partner.authorize("GOOD").catch(() => "no endpoint")).not.toMatchObject({ status_code: 1000 });
  const old = await world.connect({ version: "2.0", role: "CPO", party: "DE/OLD" });
  const url = urlOf(old, "tokens", "SENDER", ["GOOD", "authorize"]);
  expect(await sendRaw(url, { method: "POST", headers: headersOf(old) })).toMatchObject({ http: 404 });
});
