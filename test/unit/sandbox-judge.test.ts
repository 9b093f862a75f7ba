import { afterEach, describe, expect, test } from "vitest";
import { type ExampleKind, example, examples } from "../sandbox/fixtures/example.ts";
import { type Partner, startPartner } from "../sandbox/partner.ts";
import type { OcpiObject, PartnerOptions } from "../sandbox/types.ts";
import { fieldsOf, validate } from "../sandbox/validate.ts";
import { VERSIONS, type Version } from "../sandbox/versions.ts";

const OBJECTS: Record<ExampleKind, string> = {
  locations: "Location",
  tariffs: "Tariff",
  tokens: "Token",
  sessions: "Session",
  cdrs: "CDR",
};
const KINDS = Object.keys(OBJECTS) as ExampleKind[];

describe.each(VERSIONS)("the examples of %s", (version) => {
  test.each(KINDS)("%s are valid", (kind) => {
    expect(validate(version, `${OBJECTS[kind]}[]`, examples(version, kind))).toEqual([]);
  });

  test("show every field there is", () => {
    const seen = new Map<string, Set<string>>();
    const walk = (type: string, value: unknown): void => {
      const fields = fieldsOf(version, type);
      if (!fields) return;
      const names = seen.get(type) ?? new Set();
      seen.set(type, names);
      for (const object of [value].flat() as OcpiObject[]) {
        for (const [name, content] of Object.entries(object)) {
          names.add(name);
          walk(fields.get(name)?.type ?? "", content);
        }
      }
    };
    for (const kind of KINDS) walk(OBJECTS[kind], examples(version, kind));
    const hidden = [...seen].flatMap(([type, names]) =>
      [...(fieldsOf(version, type) ?? new Map()).keys()].filter((name) => !names.has(name)).map((n) => `${type}.${n}`),
    );
    expect(hidden).toEqual([]);
    expect(seen.size).toBeGreaterThan(15);
  });
});

/** Version, kind, the fault that must be found, and what is done to the full example. */
const MISTAKES: [Version, ExampleKind, string, (object: OcpiObject) => void][] = [
  ["2.2.1", "locations", "missing /city", (o) => delete o.city],
  ["2.2.1", "locations", "missing /city", (o) => (o.city = null)],
  ["2.1.1", "locations", "missing /postal_code", (o) => delete o.postal_code],
  ["2.1.1", "locations", "unknown /country_code", (o) => (o.country_code = "NL")],
  ["2.1.1", "locations", "charset /city", (o) => (o.city = "Zürich")],
  ["2.2.1", "locations", "length /city", (o) => (o.city = "x".repeat(46))],
  ["2.2", "locations", "length /address", (o) => (o.address = "x".repeat(46))],
  ["2.0", "locations", "length /id", (o) => (o.id = "x".repeat(16))],
  ["2.2.1", "locations", "format /country", (o) => (o.country = "NL")],
  ["2.2.1", "locations", "type /publish", (o) => (o.publish = "true")],
  ["2.1.1", "locations", "format /coordinates/latitude", (o) => (o.coordinates.latitude = "51.92442")],
  ["2.2.1", "locations", "type /coordinates/longitude", (o) => (o.coordinates.longitude = 4.48)],
  ["2.1.1", "locations", "format /last_updated", (o) => (o.last_updated = "2024-01-01T00:00:00.000Z")],
  ["2.2.1", "locations", "format /last_updated", (o) => (o.last_updated = "2024-01-01T00:00:00+00:00")],
  ["2.2.1", "locations", "format /last_updated", (o) => (o.last_updated = "2024-02-30T00:00:00Z")],
  ["2.2.1", "locations", "enum /evses/0/status", (o) => (o.evses[0].status = "available")],
  ["2.2.1", "locations", "missing /evses/1/connectors", (o) => (o.evses[1].connectors = [])],
  [
    "2.2.1",
    "locations",
    "type /evses/1/connectors/0/max_voltage",
    (o) => (o.evses[1].connectors[0].max_voltage = 230.5),
  ],
  [
    "2.2",
    "locations",
    "enum /evses/0/capabilities/7",
    (o) => o.evses[0].capabilities.push("START_SESSION_CONNECTOR_REQUIRED"),
  ],
  ["2.2.1", "locations", "rule /opening_times/regular_hours", (o) => (o.opening_times.regular_hours = [])],
  ["2.3.0", "locations", "rule /parking_places", (o) => (o.evses[0].parking[0].parking_id = "P-99")],
  ["2.2.1", "locations", "format /images/0/url", (o) => (o.images[0].url = "/logo.png")],
  [
    "2.0",
    "tariffs",
    "type /elements/0/price_components/0/price",
    (o) => (o.elements[0].price_components[0].price = 0.5),
  ],
  [
    "2.1.1",
    "tariffs",
    "unknown /elements/0/price_components/0/vat",
    (o) => (o.elements[0].price_components[0].vat = 20),
  ],
  [
    "2.2.1",
    "tariffs",
    "format /elements/1/restrictions/start_time",
    (o) => (o.elements[1].restrictions.start_time = "24:00"),
  ],
  ["2.3.0", "tariffs", "missing /tax_included", (o) => delete o.tax_included],
  ["2.3.0", "tariffs", "missing /min_price/before_taxes", (o) => (o.min_price = { excl_vat: 1 })],
  ["2.0", "tokens", "unknown /last_updated", (o) => (o.last_updated = "2024-01-01T00:00:00Z")],
  ["2.1.1", "tokens", "enum /type", (o) => (o.type = "APP_USER")],
  ["2.2", "sessions", "unknown /cdr_token/party_id", (o) => (o.cdr_token.party_id = "RWM")],
  ["2.2.1", "sessions", "missing /cdr_token/party_id", (o) => delete o.cdr_token.party_id],
  [
    "2.2.1",
    "cdrs",
    "enum /charging_periods/0/dimensions/0/type",
    (o) => (o.charging_periods[0].dimensions[0].type = "POWER"),
  ],
  ["2.2.1", "cdrs", "rule /credit_reference_id", (o) => (o.credit = true)],
  ["2.2.1", "cdrs", "rule /id", (o) => (o.id = "x".repeat(39))],
];

test.each(MISTAKES)("%s %s: %s is found", (version, kind, expected, spoil) => {
  const object = example(version, kind);
  spoil(object);
  const faults = validate(version, OBJECTS[kind], object).map(({ rule, pointer }) => `${rule} ${pointer}`);
  expect(faults).toContain(expected);
});

test("unknown texts of open enumerations are no fault in 2.3.0, and are one in the versions before", () => {
  for (const [version, faults] of [
    ["2.3.0", 0],
    ["2.2.1", 1],
  ] as const) {
    const token = { ...example(version, "tokens"), type: "NLTNM-WATCH" };
    expect(validate(version, "Token", token)).toHaveLength(faults);
  }
});

describe("a partner that judges", () => {
  const running: Partner[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((partner) => partner.close()));
  });

  async function pair(version: Version, more: Partial<PartnerOptions> = {}, judge: Partial<PartnerOptions> = {}) {
    const cpo = await startPartner({ version, roles: [{ role: "CPO", country_code: "NL", party_id: "TNM" }], ...more });
    const emsp = await startPartner({
      version,
      roles: [{ role: "EMSP", country_code: "DE", party_id: "RWM" }],
      ...judge,
    });
    running.push(cpo, emsp);
    await cpo.register(emsp.versionsUrl, emsp.inviteToken());
    return { cpo, emsp, found: () => emsp.violations.map(({ rule, pointer }) => `${rule} ${pointer}`) };
  }

  test("notes bodies that are not valid, and stores them all the same", async () => {
    const { cpo, emsp, found } = await pair("2.2.1");
    await cpo.push("locations", { ...example("2.2.1", "locations"), city: undefined, mood: "sunny" });
    expect(found()).toEqual(["missing /city", "unknown /mood"]);
    expect(emsp.violations[0]).toMatchObject({
      where: "request",
      request: expect.stringMatching(/^PUT .*HBR-GARAGE$/),
    });
    expect(emsp.store.locations.size).toBe(1);
  });

  test("refuses what the URL contradicts, and a PATCH without last_updated", async () => {
    const { cpo, found } = await pair("2.2.1");
    const location = example("2.2.1", "locations");
    await cpo.push("locations", location);
    const options = { body: { ...location, id: "OTHER" } };
    const answer = await cpo.request("locations", "RECEIVER", "PUT", "NL/TNM/HBR-GARAGE", options);
    expect(answer).toMatchObject({ http: 200, status_code: 2001 });
    expect(await cpo.patch("locations", "HBR-GARAGE", { name: "New" })).toMatchObject({ status_code: 2001 });
    expect(found()).toEqual(["url /id", "missing /last_updated"]);
    expect(await cpo.patch("tokens", "x", { valid: true }).catch((e: Error) => e.message)).toMatch(
      "no tokens RECEIVER",
    );
  });

  test("knows which headers belong where", async () => {
    const { cpo, found, emsp } = await pair("2.2.1");
    const location = example("2.2.1", "locations");
    await cpo.push("locations", location, { headers: { "X-Request-ID": undefined } });
    await cpo.push("locations", location, { to: null });
    await cpo.push("locations", location, { to: { country_code: "FR", party_id: "XXX" } });
    await cpo.push("locations", location, { headers: { "Content-Type": "text/plain" } });
    await cpo.call("GET", emsp.versionsUrl, { module: "versions", headers: { "OCPI-to-party-id": "RWM" } });
    expect(found()).toEqual([
      "header header:x-request-id",
      "header header:ocpi-to",
      "header header:ocpi-to",
      "header header:content-type",
      "header header:ocpi-to",
    ]);
  });

  test.each([
    ["2.1.1", "base64"],
    ["2.2.1", "raw"],
    ["2.3.0", "base64-newline"],
  ] as const)("of %s notes a token in %s, or refuses it", async (version, tokenEncoding) => {
    const { found } = await pair(version, { tokenEncoding });
    expect(new Set(found())).toEqual(new Set(["header header:authorization"]));
    const only = tokenEncoding === "raw" ? "base64" : "raw";
    await expect(pair(version, { tokenEncoding }, { acceptTokens: only })).rejects.toThrow(
      "versions: refused: HTTP 401",
    );
  });

  test("holds registration to its rules", async () => {
    const { cpo, emsp } = await pair("2.2.1");
    const url = cpo.peer?.endpoints.find(({ identifier }) => identifier === "credentials")?.url ?? "";
    const again = await cpo.call("POST", url, { module: "credentials", body: {} });
    expect(again).toMatchObject({ http: 405, headers: { allow: "GET, PUT, DELETE" } });
    const token = emsp.inviteToken();
    expect(await cpo.call("PUT", url, { module: "credentials", body: {}, token })).toMatchObject({ http: 405 });
    const list = cpo.peer?.endpoints.find(({ identifier }) => identifier === "locations")?.url ?? "";
    expect(await cpo.call("GET", `${list}/NL/TNM/X`, { module: "locations", token })).toMatchObject({ http: 401 });
    expect(await cpo.call("GET", emsp.versionsUrl, { module: "versions", token: "nobody" })).toMatchObject({
      http: 401,
    });
  });

  test("answers 3001, 3002 and 3003 to credentials it cannot use", async () => {
    const { cpo, emsp } = await pair("2.2.1", { versions: ["2.2", "2.2.1"] }, { expects: ["locations", "tariffs"] });
    cpo.misbehave({ modules: "details", omit: ["tariffs"] });
    await expect(cpo.updateCredentials()).rejects.toThrow("OCPI 3003");
    cpo.misbehave({ modules: "versions", versions: [{ version: "2.2", url: `${cpo.versionsUrl}/2.2` }] });
    await expect(cpo.updateCredentials()).rejects.toThrow("OCPI 3002");
    cpo.misbehave({ modules: "versions", http: 500 });
    await expect(cpo.updateCredentials()).rejects.toThrow("OCPI 3001");
    cpo.behave();
    // Whatever was refused changed nothing: the connection works as before.
    expect(await cpo.push("tariffs", example("2.2.1", "tariffs"))).toMatchObject({ status_code: 1000 });
    expect(emsp.violations).toEqual([]);
  });

  test("keeps the old token good until the new one is used", async () => {
    const { cpo, emsp } = await pair("2.2.1");
    const before = cpo.peer?.tokenOut ?? "";
    emsp.misbehave({ modules: "credentials", methods: "PUT", times: 1, lose: true });
    await expect(cpo.updateCredentials()).rejects.toThrow("credentials:");
    expect(cpo.peer?.tokenOut).toBe(before);
    await cpo.updateCredentials();
    expect(await cpo.push("tariffs", example("2.2.1", "tariffs"))).toMatchObject({ http: 201 });
    const late = await cpo.push("tariffs", example("2.2.1", "tariffs"), { token: before });
    expect(late.http).toBe(401);
    await emsp.call("GET", cpo.versionsUrl, { module: "versions" }).then(({ http }) => expect(http).toBe(200));
  });

  test("may refuse foreign parties, and speak the first edition of 2.1.1 commands", async () => {
    const { cpo, emsp, found } = await pair("2.1.1");
    emsp.settings.foreignParties = "refuse";
    const foreign = { owner: { country_code: "FR", party_id: "XXX" } };
    expect(await cpo.push("tariffs", example("2.1.1", "tariffs"), foreign)).toMatchObject({ http: 404 });
    expect(await cpo.push("tariffs", example("2.1.1", "tariffs"))).toMatchObject({ http: 201 });
    cpo.settings.bareCommands = true;
    cpo.own.sessions.add(example("2.1.1", "sessions"));
    const stop = await emsp.command("STOP_SESSION", { session_id: "SES-1001" });
    expect(stop.data).toBe("ACCEPTED");
    expect(await emsp.waitForResult(stop.uid)).toMatchObject({ body: "ACCEPTED" });
    expect(found()).toEqual(["type ", "type "]);
    const unasked = await cpo.call("POST", cpo.commands[0]?.response_url.replace(stop.uid, "x") ?? "", {
      module: "commands",
      body: { result: "ACCEPTED" },
    });
    expect(unasked).toMatchObject({ http: 404 });
  });
});
