import { afterEach, describe, expect, test } from "vitest";
import { type ExampleKind, example, examples } from "../sandbox/fixtures/example.ts";
import { type Partner, startPartner } from "../sandbox/partner.ts";
import type { OcpiObject, PartnerOptions } from "../sandbox/types.ts";
import { atLeast, VERSIONS, type Version } from "../sandbox/versions.ts";

const CPO = { role: "CPO", country_code: "NL", party_id: "TNM" } as const;
const EMSP = { role: "EMSP", country_code: "DE", party_id: "RWM" } as const;
const running: Partner[] = [];

async function start(options: PartnerOptions): Promise<Partner> {
  const partner = await startPartner(options);
  running.push(partner);
  return partner;
}

/** A CPO and an eMSP of a version, registered with each other by the eMSP. */
async function pair(version: Version, more: Partial<PartnerOptions> = {}) {
  const cpo = await start({ version, roles: [CPO], ...more });
  const emsp = await start({ version, roles: [EMSP], ...more });
  await emsp.register(cpo.versionsUrl, cpo.inviteToken());
  return { cpo, emsp };
}

function withoutFault(...partners: Partner[]): void {
  for (const partner of partners) expect(partner.violations).toEqual([]);
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((partner) => partner.close()));
});

describe.each(VERSIONS)("two partners of %s", (version) => {
  const modern = atLeast(version, "2.2");
  const dated = version === "2.0" ? {} : { last_updated: "2024-06-01T10:00:00Z" };

  test("register, know each other, rotate their tokens and part", async () => {
    const { cpo, emsp } = await pair(version);
    expect(emsp.peer?.roles[0]).toMatchObject({ country_code: "NL", party_id: "TNM" });
    expect(cpo.peer?.roles[0]).toMatchObject({ country_code: "DE", party_id: "RWM" });
    expect(emsp.peer?.version).toBe(version);
    expect(emsp.peer?.endpoints.every(({ role }) => (role === undefined) === !modern)).toBe(true);
    const before = emsp.peer?.tokenOut;
    await emsp.updateCredentials();
    expect(emsp.peer?.tokenOut).not.toBe(before);
    await cpo.updateCredentials();
    await expect(emsp.readCredentials()).resolves.toMatchObject({ token: emsp.peer?.tokenOut });
    await emsp.unregister();
    expect(cpo.peer).toBeUndefined();
    withoutFault(cpo, emsp);
  });

  test("push a Location, its parts, a Tariff and a Token", async () => {
    const { cpo, emsp } = await pair(version);
    const location = example(version, "locations");
    expect(await cpo.push("locations", location)).toMatchObject({ http: 201, status_code: 1000 });
    expect(await cpo.push("locations", location)).toMatchObject({ http: 200 });
    await cpo.patch("locations", "HBR-GARAGE/HBR-01", { status: "OUTOFORDER", ...dated });
    await cpo.patch("locations", ["HBR-GARAGE", "HBR-01", "1"], { format: "CABLE", ...dated });
    const evse = { ...location.evses[1], uid: "HBR-04" };
    expect(await cpo.push("locations", evse, { under: ["HBR-GARAGE"] })).toMatchObject({ http: 201 });
    const connector = { ...location.evses[1].connectors[0], id: "2" };
    await cpo.push("locations", connector, { under: ["HBR-GARAGE", "HBR-04"] });
    const stored = emsp.store.locations.get("NL/TNM/HBR-GARAGE");
    expect(stored).toEqual(cpo.own.locations.get("HBR-GARAGE"));
    expect(stored?.evses[0]).toMatchObject({ status: "OUTOFORDER", connectors: [{ format: "CABLE" }, {}], ...dated });
    expect(stored?.evses).toHaveLength(4);
    expect(emsp.store.locations.history("NL/TNM/HBR-GARAGE").map(({ method }) => method)).toEqual([
      ..."PUT PUT PATCH PATCH PUT PUT".split(" "),
    ]);
    const path = ["NL", "TNM", "HBR-GARAGE", "HBR-01", "1"];
    const read = await cpo.request("locations", "RECEIVER", "GET", path);
    expect(read.data).toEqual(stored?.evses[0].connectors[0]);

    await cpo.push("tariffs", example(version, "tariffs"));
    expect(emsp.store.tariffs.keys()).toEqual(["NL/TNM/TAR-DAY"]);
    await cpo.remove("tariffs", "TAR-DAY");
    expect(emsp.store.tariffs.size).toBe(0);

    for (const token of examples(version, "tokens")) await emsp.push("tokens", token);
    await emsp.patch("tokens", "APP-7731", { valid: true, ...dated });
    const key = modern ? "DE/RWM/APP-7731/APP_USER" : "DE/RWM/APP-7731";
    expect(cpo.store.tokens.get(key)).toMatchObject({ valid: true });
    withoutFault(cpo, emsp);
  });

  test("pull them page by page", async () => {
    const { cpo, emsp } = await pair(version, { trailingSlash: true });
    cpo.settings.maxLimit = 2;
    emsp.settings.links = "opaque";
    const many = (kind: ExampleKind, key: "id" | "uid"): OcpiObject[] =>
      [1, 2, 3, 4, 5].map((n) => example(version, kind, { [key]: `${kind}-${n}` }));
    cpo.own.locations.add(...many("locations", "id"));
    cpo.own.tariffs.add(...many("tariffs", "id"));
    emsp.own.tokens.add(...many("tokens", "uid"));
    expect(await emsp.pull("locations")).toEqual(cpo.own.locations.list());
    expect(await emsp.pull("tariffs", { limit: 1, offset: 3 })).toEqual(cpo.own.tariffs.list().slice(3));
    expect(await cpo.pull("tokens", { limit: 2 })).toEqual(emsp.own.tokens.list());
    expect(cpo.requests.filter(({ module }) => module === "locations")).toHaveLength(3);
    if (version !== "2.0") {
      const [{ last_updated: at }] = cpo.own.locations.list() as [OcpiObject];
      expect(await emsp.pull("locations", { date_from: at })).toHaveLength(5);
      expect(await emsp.pull("locations", { date_to: at })).toHaveLength(0);
      const single = await emsp.request("locations", "SENDER", "GET", "locations-2/HBR-01");
      expect(single.data).toMatchObject({ uid: "HBR-01" });
    }
    withoutFault(cpo, emsp);
  });

  test("settle sessions and CDRs", async () => {
    const { cpo, emsp } = await pair(version);
    const [session, pending] = examples(version, "sessions") as [OcpiObject, OcpiObject];
    await cpo.push("sessions", session);
    await cpo.push("sessions", pending);
    const [period] = session.charging_periods;
    await cpo.patch("sessions", "SES-1001", { charging_periods: [period], ...dated });
    const after = emsp.store.sessions.get("NL/TNM/SES-1001")?.charging_periods;
    expect(after).toHaveLength(modern ? session.charging_periods.length + 1 : 1);
    expect(await emsp.pull("sessions", { date_from: "2024-01-01T00:00:00Z" })).toHaveLength(2);

    for (const cdr of examples(version, "cdrs")) {
      expect(await cpo.push("cdrs", cdr)).toMatchObject({ http: 201 });
      expect((await cpo.readCdr(cdr.id)).data).toEqual(cdr);
    }
    expect(await cpo.push("cdrs", example(version, "cdrs"))).toMatchObject({ http: 200, status_code: 1000 });
    expect(emsp.store.cdrs.get("NL/TNM/CDR-1001")).toEqual(example(version, "cdrs"));
    expect(await emsp.pull("cdrs")).toHaveLength(examples(version, "cdrs").length);
    withoutFault(cpo, emsp);
  });

  test.runIf(version !== "2.0")("authorise and command in real time", async () => {
    const { cpo, emsp } = await pair(version);
    const [token, blocked] = examples(version, "tokens") as [OcpiObject, OcpiObject];
    emsp.own.tokens.add(token, blocked);
    cpo.own.locations.add(example(version, "locations"));
    cpo.own.sessions.add(example(version, "sessions"));
    const body = { location_id: "HBR-GARAGE", evse_uids: ["HBR-01"] };
    const allowed = await cpo.authorize(token.uid, { body });
    expect(allowed.data).toMatchObject({ allowed: "ALLOWED", location: body });
    expect((await cpo.authorize(blocked.uid, { type: blocked.type })).data).toMatchObject({ allowed: "BLOCKED" });
    expect(await cpo.authorize("NOBODY")).toMatchObject({ http: 404, status_code: 2004 });

    const start = await emsp.command("START_SESSION", { token, location_id: "HBR-GARAGE", evse_uid: "HBR-01" });
    expect(start.data).toMatchObject(modern ? { result: "ACCEPTED", timeout: 30 } : { result: "ACCEPTED" });
    expect(await emsp.waitForResult(start.uid)).toMatchObject({ kind: "START_SESSION", body: { result: "ACCEPTED" } });
    const lost = await emsp.command("UNLOCK_CONNECTOR", { location_id: "GONE", evse_uid: "E", connector_id: "1" });
    expect(lost).toMatchObject({ status_code: 2003, data: { result: "REJECTED" } });

    cpo.settings.onCommand = () => ({ result: "ACCEPTED", finish: null });
    const stop = await emsp.command("STOP_SESSION", { session_id: "SES-1001" });
    await cpo.commands.at(-1)?.finish("REJECTED");
    expect(await emsp.waitForResult(stop.uid)).toMatchObject({ body: { result: "REJECTED" } });
    withoutFault(cpo, emsp);
  });

  test.runIf(modern)("steer charging and tell about the hub's parties", async () => {
    const { cpo, emsp } = await pair(version);
    cpo.own.sessions.add(example(version, "sessions"));
    const profile = { charging_rate_unit: "W", charging_profile_period: [{ start_period: 0, limit: 7400.5 }] };
    const activeProfile = { start_date_time: "2024-06-01T10:00:00Z", charging_profile: profile };
    cpo.settings.onProfile = (method) => ({
      result: "ACCEPTED",
      profile: method === "GET" ? activeProfile : undefined,
    });
    for (const method of ["PUT", "GET", "DELETE"] as const) {
      const asked = await emsp.chargingProfile(method, "SES-1001", { profile });
      const { body } = await emsp.waitForResult(asked.uid);
      expect(body).toEqual(method === "GET" ? { result: "ACCEPTED", profile: activeProfile } : { result: "ACCEPTED" });
    }
    await cpo.request("chargingprofiles", "SENDER", "PUT", "SES-1001", { body: activeProfile });
    expect(emsp.results.at(-1)).toMatchObject({ kind: "ACTIVE", uid: "SES-1001" });
    const preferences = { body: { profile_type: "GREEN", energy_need: 12.5 } };
    const path = "SES-1001/charging_preferences";
    const answer = await emsp.request("sessions", "SENDER", "PUT", path, preferences);
    expect(answer.data).toBe("ACCEPTED");

    const hub = await start({ version, roles: [{ role: "HUB", country_code: "NL", party_id: "HUB" }] });
    await hub.register(cpo.versionsUrl, cpo.inviteToken());
    expect(cpo.peer?.hubPartyId).toBe(version === "2.3.0" ? "NLHUB" : undefined);
    const info = { ...EMSP, status: "CONNECTED", last_updated: "2024-06-01T10:00:00Z" };
    expect(await hub.push("hubclientinfo", info)).toMatchObject({ http: 201 });
    expect(cpo.store.hubclientinfo.get("DE/RWM/EMSP")).toEqual(info);
    expect(await cpo.pull("hubclientinfo")).toEqual([info]);
    withoutFault(cpo, emsp, hub);
  });
});

test("a connection moves to a newer version and back", async () => {
  const cpo = await start({ version: "2.2.1", versions: ["2.1.1", "2.2.1"], roles: [CPO] });
  const emsp = await start({ version: "2.1.1", versions: ["2.1.1", "2.2.1", "2.3.0"], roles: [EMSP] });
  await cpo.register(emsp.versionsUrl, emsp.inviteToken(), { version: "2.1.1" });
  expect([cpo.version, emsp.version]).toEqual(["2.1.1", "2.1.1"]);
  await cpo.updateCredentials({ version: "2.2.1" });
  expect([cpo.version, emsp.version]).toEqual(["2.2.1", "2.2.1"]);
  await cpo.push("locations", example("2.2.1", "locations"));
  await cpo.updateCredentials({ version: "2.1.1" });
  await cpo.push("tariffs", example("2.1.1", "tariffs"));
  withoutFault(cpo, emsp);
});

test("a hub of many parties serves both sides of every module", async () => {
  const roles = [
    { role: "HUB", country_code: "NL", party_id: "HUB" },
    { ...CPO, party_id: "ONE" },
    { ...EMSP, party_id: "TWO" },
  ] as const;
  for (const version of ["2.2", "2.2.1", "2.3.0"] as const) {
    const hub = await start({ version, roles });
    const nsp = await start({ version, roles: [{ role: "NSP", country_code: "FR", party_id: "MAP" }] });
    await nsp.register(hub.versionsUrl, hub.inviteToken());
    expect(nsp.peer?.roles.map(({ role }) => role)).toEqual(
      version === "2.3.0" ? ["CPO", "EMSP"] : ["HUB", "CPO", "EMSP"],
    );
    expect(nsp.peer?.endpoints.filter(({ identifier }) => identifier === "locations")).toHaveLength(2);
    expect(hub.peer?.endpoints.map(({ identifier }) => identifier)).toEqual([
      "credentials",
      "locations",
      "tariffs",
      "hubclientinfo",
    ]);
    withoutFault(hub, nsp);
  }
});
