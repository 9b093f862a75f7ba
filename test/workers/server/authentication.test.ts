import { beforeAll, describe, expect, test } from "vitest";
import { ask, type Connected, connect, newPartner, ports } from "./partners.ts";

const list = "/ocpi/2.2.1/sender/locations";
const unauthorized = {
  status_code: 2000,
  status_message: "Missing or unknown credentials token",
  timestamp: expect.any(String),
};

let partner: Connected;
beforeAll(async () => {
  await ports().parties.put({ country_code: "NL", party_id: "GWY", roles: ["CPO"], business_details: { name: "G" } });
  partner = await connect("2.2.1", { role: "EMSP", country_code: "DE", party_id: "MSA" });
});

describe("a token is taken however it is written", () => {
  test.each([
    ["raw", (token: string) => `Token ${token}`],
    ["Base64", (token: string) => `Token ${btoa(token)}`],
    ["Base64 of the token and a newline", (token: string) => `Token ${btoa(`${token}\n`)}`],
    ["Base64 without its padding", (token: string) => `Token ${btoa(token).replace(/=+$/, "")}`],
    ["after the scheme in any case", (token: string) => `tOKEN ${token}`],
    ["with spaces around", (token: string) => `  Token   ${token} `],
  ])("%s", async (_, write) => {
    const answer = await ask("GET", list, { authorization: write(partner.token) });
    expect([answer.http, answer.body.status_code]).toEqual([200, 1000]);
  });

  test("how it was written is learned", async () => {
    const learner = await connect("2.2.1", { role: "EMSP", country_code: "DE", party_id: "LRN" });
    expect(learner.partner.token_encoding).toBe("raw");
    await ask("GET", list, { authorization: `Token ${btoa(learner.token)}` });
    await expect.poll(async () => (await ports().partners.get(learner.partner.id))?.token_encoding).toBe("base64");
  });
});

describe("anything else is 401, always in the same words", () => {
  test.each([
    ["no Authorization", undefined],
    ["an unknown token", "Token nope"],
    ["an unknown token in Base64", `Token ${btoa("nope")}`],
    ["another scheme", "Bearer nope"],
    ["no token", "Token "],
    ["two tokens", "Token a b"],
    ["an endless token", `Token ${"x".repeat(600)}`],
  ])("%s", async (_, authorization) => {
    const answer = await ask("GET", list, authorization === undefined ? {} : { authorization });
    expect(answer.http).toBe(401);
    expect(answer.headers.get("WWW-Authenticate")).toBe("Token");
    expect(answer.body).toEqual(unauthorized);
  });

  test("a token with another case", async () => {
    const token =
      partner.token.toUpperCase() === partner.token ? partner.token.toLowerCase() : partner.token.toUpperCase();
    expect((await ask("GET", list, { token })).http).toBe(401);
  });

  test("guessing is ended by address", async () => {
    const guess = () =>
      ask("GET", list, { authorization: "Token guess", headers: { "CF-Connecting-IP": "192.0.2.7" } });
    const answers: number[] = [];
    for (let i = 0; i < 30; i++) answers.push((await guess()).http);
    expect(answers[0]).toBe(401);
    expect(answers.at(-1)).toBe(429);
    const last = await guess();
    expect(last.headers.get("Retry-After")).toBe("60");
    // Who has a token is served, whoever shares the address.
    const served = await ask("GET", list, { token: partner.token, headers: { "CF-Connecting-IP": "192.0.2.7" } });
    expect(served.http).toBe(200);
  });
});

describe("token A", () => {
  test("opens versions, details and credentials, and nothing else", async () => {
    const { partners, secrets, ids, clock } = ports();
    const token = ids.token();
    await partners.create(newPartner("invited"), await secrets.hash(token), clock.now() + 60_000);
    expect((await ask("GET", "/ocpi/versions", { token })).body.status_code).toBe(1000);
    expect((await ask("GET", "/ocpi/2.2.1", { token })).body.status_code).toBe(1000);
    expect((await ask("PUT", "/ocpi/2.2.1/credentials", { token, body: {} })).http).not.toBe(401);
    for (const path of [list, "/ocpi/2.1.1/sender/locations", "/ocpi/2.2.1/receiver/tokens/DE/MSA/1"]) {
      expect((await ask("GET", path, { token })).body).toEqual(unauthorized);
    }
  });
});

describe("what changes about a partner counts at once", () => {
  const get = (token: string) => ask("GET", list, { token });

  test("suspension, and its end", async () => {
    const { partner: one, token } = await connect("2.2.1", { role: "EMSP", country_code: "DE", party_id: "SUS" });
    expect((await get(token)).http).toBe(200);
    await ports().partners.update(one.id, { status: "SUSPENDED" });
    const paused = await get(token);
    expect([paused.http, paused.body.status_code, paused.headers.get("Retry-After")]).toEqual([503, 3000, "60"]);
    expect((await ask("GET", "/ocpi/versions", { token })).http).toBe(503);
    await ports().partners.update(one.id, { status: "REGISTERED" });
    expect((await get(token)).http).toBe(200);
  });

  test("the end of a registration", async () => {
    const { partner: one, token } = await connect("2.2.1", { role: "EMSP", country_code: "DE", party_id: "END" });
    expect((await get(token)).http).toBe(200);
    await ports().partners.unregister(one.id);
    expect((await get(token)).http).toBe(401);
  });

  test("settings", async () => {
    const { partner: one, token } = await connect("2.2.1", { role: "EMSP", country_code: "DE", party_id: "SET" });
    expect((await get(token)).http).toBe(200);
    await ports().partners.update(one.id, { settings: { ...one.settings, modules: ["tariffs"] } });
    // Which modules are shared is told by the partner that is remembered; the next statement finds it changed.
    await ask("GET", "/ocpi/2.2.1/sender/tariffs", { token });
    expect((await get(token)).http).toBe(404);
    await ports().partners.update(one.id, { settings: one.settings });
    expect((await get(token)).http).toBe(200);
  });

  test("a new token: the old one lives until the new one is used", async () => {
    const { partner: one, token: old } = await connect("2.2.1", { role: "EMSP", country_code: "DE", party_id: "ROT" });
    expect((await get(old)).http).toBe(200);
    const { partners, secrets, ids } = ports();
    const fresh = ids.token();
    const { epoch, roles, endpoints } = (await partners.get(one.id)) ?? one;
    const done = await partners.register({
      partner: one.id,
      epoch,
      version: "2.2.1",
      versions_url: "https://partner.example/versions",
      side: "EMSP",
      roles,
      endpoints,
      token_encoding: "raw",
      outbound_token: await secrets.seal("their-token", one.id),
      inbound_hash: await secrets.hash(fresh),
      used_hash: await secrets.hash(old),
    });
    expect(done).toEqual({ ok: true });
    expect((await get(old)).http).toBe(200);
    expect((await get(fresh)).http).toBe(200);
    expect((await get(old)).http).toBe(401);
    expect((await get(fresh)).http).toBe(200);
  });
});
