import { expect, test } from "vitest";
import { env } from "cloudflare:workers";
import { visibility } from "../../../src/gateway/entitlement.ts";
import { putMany, putObject, patchObject, getObject } from "../../../src/gateway/objects.ts";
import { ok } from "../../../src/lib/result.ts";
import { addParty, addPartner, objects, operator, ports, writerOf } from "../../support/object-world.ts";
const N = 100_000;
const ev = (u: string) => ({ uid: u, evse_id: "NL*OWN*E" + u, status: "AVAILABLE", capabilities: ["RFID_READER", "REMOTE_START_STOP_CAPABLE", "RESERVABLE"], connectors: [{ id: "1", standard: "IEC_62196_T2", format: "SOCKET", power_type: "AC_3_PHASE", max_voltage: 230, max_amperage: 32, tariff_ids: ["11", "12"], last_updated: "2026-01-01T00:00:00Z" },{ id: "2", standard: "IEC_62196_T2", format: "CABLE", power_type: "AC_3_PHASE", max_voltage: 230, max_amperage: 32, tariff_ids: ["11", "12"], last_updated: "2026-01-01T00:00:00Z" }], physical_reference: "1", floor_level: "-1", directions: [{language:"en", text: "left of the entrance, then down the stairs"}], last_updated: "2026-01-01T00:00:00Z" });
const loc = (id: string) => ({ country_code: "NL", party_id: "OWN", id, publish: true, name: "Gent Zuid", address: "F.Rooseveltlaan 3A", city: "Gent", postal_code: "9000", country: "BEL", coordinates: { latitude: "51.047599", longitude: "3.729944" }, parking_type: "ON_STREET", evses: [ev("1"), ev("2"), ev("3")], directions: [{ language: "en", text: "go left at the church".repeat(5) }], operator: { name: "BeCharged" }, time_zone: "Europe/Brussels", opening_times: { twentyfourseven: true }, last_updated: "2026-01-01T00:00:00Z" });
test("perf", { timeout: 600000 }, async () => {
  await addParty("NL", "OWN"); const p = await addPartner("emsp", "EMSP FR EMS"); await addPartner("cpo", "CPO DE ABC");
  const t = (id: string) => ({ module: "locations", country_code: "NL", party_id: "OWN", id, ciIds: true });
  console.log("loc size", JSON.stringify(loc("x")).length);
  let s = Date.now();
  for (let i = 0; i < N; i += 500) { const items = Array.from({ length: 500 }, (_, k) => ({ target: t(`LOC${i + k}`), model: loc(`LOC${i + k}`) })); const r = await putMany(ports, operator, "locations", items); if (i === 0) console.log(r[0]); }
  console.log("import", Date.now() - s, "ms");
  s = Date.now();
  for (let i = 0; i < 20000; i += 500) { await putMany(ports, operator, "locations", Array.from({ length: 500 }, (_, k) => ({ target: t(`LOC${i + k}`), model: loc(`LOC${i + k}`) }))); }
  console.log("reimport 20k unchanged", Date.now() - s, "ms");
  const v = visibility(p, "locations", [])!; const hub = { ...v, relayed: true }; const actor = writerOf(p).actor;
  const time = async (n: string, k: number, f: (i: number) => Promise<unknown>) => { await f(-1); s = Date.now(); for (let i = 0; i < k; i++) await f(i); console.log(n, ((Date.now() - s) / k).toFixed(3), "ms"); };
  for (const [n, vis] of [["own", v], ["hub", hub], ["op", undefined]] as const) for (const off of [0, 1000, 25000, 50000, 75000, 99950])
    await time(`${n} page @${off}`, 20, async () => { const r = await objects.page(n === "op" ? operator.actor : actor, { module: "locations", filter: { visibility: vis }, offset: off, after: null, limit: 50, withTotal: true }); if (!r.ok || r.value.rows.length !== 50) throw new Error(JSON.stringify(r).slice(0, 200)); });
  await time("keyset mid", 50, () => objects.page(actor, { module: "locations", filter: { visibility: v }, offset: 0, after: 50000, limit: 50, withTotal: true }));
  await time("dates recent none", 20, () => objects.page(actor, { module: "locations", filter: { visibility: v, updatedFrom: Date.now() }, offset: 0, after: null, limit: 50, withTotal: true }));
  await time("dates all", 5, () => objects.page(actor, { module: "locations", filter: { visibility: v, updatedFrom: 0 }, offset: 0, after: null, limit: 50, withTotal: true }));
  await time("dates all last", 5, () => objects.page(actor, { module: "locations", filter: { visibility: v, updatedFrom: 0 }, offset: 99950, after: null, limit: 50, withTotal: true }));
  await time("get", 300, (i) => objects.get(actor, { module: "locations", country_code: "NL", party_id: "OWN", id_key: `LOC${i + 5}`, recipient: "" }, v));
  await time("getText", 300, (i) => objects.getText(actor, { module: "locations", country_code: "NL", party_id: "OWN", id_key: `LOC${i + 5}`, recipient: "" }, v));
  await time("find", 300, (i) => objects.find(actor, "locations", `LOC${i + 5}`, v));
  await time("put changed", 300, (i) => putObject(ports, operator, t(`LOC${i + 5}`), { ...loc(`LOC${i + 5}`), name: "n" + i, last_updated: "2026-02-01T00:00:00Z" }));
  await time("patch evse", 300, (i) => patchObject(ports, operator, { ...t(`LOC${i + 5}`), evse_uid: "2" }, (st) => ok({ ...st, status: "CHARGING", last_updated: "2026-03-01T00:00:00Z" })));
  await time("changes 500", 10, () => objects.changes({ module: "locations", after: 50000, upTo: 1e9, limit: 500, visibility: v }));
  await time("bare get", 300, (i) => env.DB.prepare("SELECT body FROM objects WHERE seq = ?").bind(i + 5).first());
  await time("bare update", 300, (i) => env.DB.prepare("UPDATE objects SET body = body || ' ' WHERE seq = ?").bind(i + 5).run());
  await time("bare page", 50, (i) => env.DB.prepare("SELECT body FROM objects WHERE seq > ? ORDER BY seq LIMIT 50").bind(i + 5).all());
  expect(1).toBe(1);
});
