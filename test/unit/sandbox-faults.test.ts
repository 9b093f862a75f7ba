import { afterEach, beforeEach, expect, test } from "vitest";
import { example } from "../sandbox/fixtures/example.ts";
import { type Partner, startPartner } from "../sandbox/partner.ts";

let cpo: Partner;
let emsp: Partner;

beforeEach(async () => {
  const version = "2.2.1";
  cpo = await startPartner({ version, roles: [{ role: "CPO", country_code: "NL", party_id: "TNM" }], timeoutMs: 1000 });
  emsp = await startPartner({ version, roles: [{ role: "EMSP", country_code: "DE", party_id: "RWM" }] });
  await emsp.register(cpo.versionsUrl, cpo.inviteToken());
});

afterEach(async () => {
  await Promise.all([cpo.close(), emsp.close()]);
});

const tariff = example("2.2.1", "tariffs");

test("answers HTTP errors and OCPI errors, for some requests or as often as asked", async () => {
  emsp.misbehave({ modules: "tariffs", methods: ["PUT"], http: 429, retryAfter: 7, times: 1 });
  const limited = await cpo.push("tariffs", tariff);
  expect(limited).toMatchObject({ http: 429, headers: { "retry-after": "7" } });
  expect(await cpo.push("tariffs", tariff)).toMatchObject({ http: 201 });
  const failing = emsp.misbehave({ http: 400 });
  expect(await cpo.push("tariffs", tariff)).toMatchObject({ http: 400, status_code: 2001 });
  failing.stop();
  expect(failing.hits).toBe(1);
  emsp.misbehave({ status: 3000 });
  expect(await cpo.push("tariffs", tariff)).toMatchObject({ http: 200, status_code: 3000 });
  emsp.misbehave({ redirect: "http://elsewhere.example/", http: 307 });
  expect(await cpo.push("tariffs", tariff)).toMatchObject({
    http: 307,
    headers: { location: "http://elsewhere.example/" },
  });
  emsp.behave();
  expect(emsp.store.tariffs.history("NL/TNM/TAR-DAY")).toHaveLength(1);
});

test("cuts the connection before or after the work, or answers nothing at all", async () => {
  emsp.misbehave({ reset: true, times: 1 });
  await expect(cpo.push("tariffs", tariff)).rejects.toThrow();
  expect(emsp.store.tariffs.size).toBe(0);
  emsp.misbehave({ lose: true, times: 1 });
  await expect(cpo.push("tariffs", tariff)).rejects.toThrow();
  expect(emsp.store.tariffs.size).toBe(1);
  emsp.misbehave({ hang: true, times: 1 });
  const hanging = cpo.push("tariffs", tariff);
  await emsp.waitFor((log) => log.filter(({ module }) => module === "tariffs").length === 3);
  await emsp.goOffline();
  await expect(hanging).rejects.toThrow();
  await expect(cpo.push("tariffs", tariff)).rejects.toThrow("ECONNREFUSED");
  await emsp.goOnline();
  expect(await cpo.push("tariffs", tariff)).toMatchObject({ http: 200 });
});

test("answers what is no JSON, and too much of it", async () => {
  emsp.misbehave({ html: true, times: 1 });
  expect((await cpo.push("tariffs", tariff)).status_code).toBeUndefined();
  emsp.misbehave({ truncate: true, times: 1 });
  expect((await cpo.push("tariffs", tariff)).status_code).toBeUndefined();
  emsp.misbehave({ pad: 100_000, times: 1 });
  expect((await cpo.push("tariffs", tariff)).raw.length).toBeGreaterThan(100_000);
  expect(cpo.violations.map(({ rule }) => rule)).toEqual(["header", "envelope", "envelope"]);
});

test("pages wrongly", async () => {
  cpo.own.locations.add(...[1, 2, 3].map((n) => example("2.2.1", "locations", { id: `L${n}` })));
  cpo.settings.maxLimit = 2;
  cpo.misbehave({ link: "one", times: 3 });
  expect(await emsp.pull("locations")).toHaveLength(3);
  expect(emsp.violations).toEqual([]);
  cpo.misbehave({ link: "loop", times: 2 });
  await expect(emsp.pull("locations")).rejects.toThrow("circle");
  cpo.misbehave({ link: "missing", times: 1 });
  expect(await emsp.pull("locations")).toHaveLength(2);
  cpo.misbehave({ link: "no-total", times: 2 });
  await emsp.pull("locations");
  cpo.misbehave({ link: "http://127.0.0.1:9/", times: 1 });
  await expect(emsp.pull("locations")).rejects.toThrow();
  cpo.misbehave({ bad: true, times: 1 });
  await emsp.pull("locations");
  expect(emsp.violations.map(({ rule, pointer }) => `${rule} ${pointer}`)).toEqual([
    "paging header:x-total-count",
    "paging header:x-total-count",
    "paging header:x-total-count",
    "paging header:x-total-count",
    "paging header:link",
    "missing /0/id",
    "format /0/last_updated",
  ]);
});

test("dresses up what it answers and what it sends", async () => {
  cpo.own.tariffs.add(tariff);
  cpo.misbehave({ extraFields: true, shuffle: true, lowercase: true });
  const [pulled] = await emsp.pull("tariffs");
  expect(pulled).toMatchObject({ type: "regular", id: "TAR-DAY", sandbox_extra: {} });
  await cpo.push("tariffs", tariff);
  expect(emsp.store.tariffs.get("NL/TNM/TAR-DAY")).toMatchObject({ type: "regular", sandbox_extra: {} });
  expect(new Set(emsp.violations.map(({ rule }) => rule))).toEqual(new Set(["enum", "unknown"]));
  expect(Object.keys(pulled ?? {})).not.toEqual([...Object.keys(tariff), "sandbox_extra"]);
});

test("answers late, and fails a share of the requests in an order that repeats", async () => {
  emsp.misbehave({ delay: 5, times: 1 });
  expect(await cpo.push("tariffs", tariff)).toMatchObject({ http: 201 });
  emsp.misbehave({ rate: 0.5, http: 500 });
  const outcomes: number[] = [];
  for (let n = 0; n < 12; n++) outcomes.push((await cpo.push("tariffs", tariff)).http);
  expect(new Set(outcomes)).toEqual(new Set([200, 500]));
});

test("offers no common version, loses the answer to a registration, and moves its endpoints", async () => {
  const late = await startPartner({ version: "2.2.1", roles: [{ role: "EMSP", country_code: "FR", party_id: "LAT" }] });
  cpo.misbehave({ modules: "versions", versions: [{ version: "3.0", url: cpo.versionsUrl }], times: 1 });
  await expect(late.register(cpo.versionsUrl, cpo.inviteToken())).rejects.toMatchObject({ step: "no-version" });
  cpo.misbehave({ modules: "details", omit: ["credentials"], times: 1 });
  await expect(late.register(cpo.versionsUrl, cpo.inviteToken())).rejects.toMatchObject({ step: "version_details" });
  cpo.misbehave({ modules: "credentials", methods: "POST", lose: true, times: 1 });
  const token = cpo.inviteToken();
  await expect(late.register(cpo.versionsUrl, token)).rejects.toMatchObject({ step: "credentials" });
  expect(late.peer).toBeUndefined();
  expect(cpo.peer?.roles[0]).toMatchObject({ party_id: "LAT" });
  // Token A is used up, although the answer that said so never arrived.
  await expect(late.register(cpo.versionsUrl, token)).rejects.toMatchObject({
    step: "versions",
    answer: { http: 401 },
  });
  await late.close();

  cpo.moveEndpoints();
  await expect(emsp.pull("tariffs")).rejects.toThrow("HTTP 404");
  await emsp.updateCredentials();
  expect(await emsp.pull("tariffs")).toEqual([]);
});

test("waiting in vain says what came last", async () => {
  await expect(cpo.waitFor(() => false, 1)).rejects.toThrow("last requests: ");
  await expect(cpo.waitFor((log) => log.at(0)?.module)).resolves.toBe("versions");
});
