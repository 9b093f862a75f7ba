import { beforeAll, describe, expect, test } from "vitest";
import { example } from "./fixtures.ts";
import { ask, type Connected, connect, gateway, ports } from "./partners.ts";

let cpo: Connected;
let emsp: Connected;
beforeAll(async () => {
  await ports().parties.put({
    country_code: "NL",
    party_id: "GWY",
    roles: ["CPO", "EMSP"],
    business_details: { name: "G" },
  });
  cpo = await connect("2.2.1", { role: "CPO", country_code: "NL", party_id: "CPB" });
  emsp = await connect("2.2.1", { role: "EMSP", country_code: "DE", party_id: "MSA" });
});

const path = "/ocpi/2.2.1/receiver/locations/NL/CPB/LOC1";
const location = (replace = {}) =>
  example("2.2.1", "locations", { country_code: "NL", party_id: "CPB", id: "LOC1", ...replace });
const put = (body: unknown, headers = {}) => ask("PUT", path, { token: cpo.token, body, headers });

describe("paths and methods come before tokens", () => {
  test.each(["/ocpi", "/ocpi/nope", "/ocpi/2.0/sender/locations/X", "/ocpi/2.2.1/sender/bookings"])(
    "%s is 404",
    async (unknown) => {
      const answer = await ask("GET", unknown);
      expect([answer.http, answer.body.status_code]).toEqual([404, 2000]);
      expect(answer.body.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      expect(answer.headers.get("Content-Type")).toBe("application/json");
    },
  );

  test("a method the path does not have is 405, with those it has", async () => {
    const answer = await ask("PATCH", "/ocpi/2.2.1/receiver/tariffs/NL/CPB/T1", { body: {} });
    expect([answer.http, answer.body.status_code]).toEqual([405, 2000]);
    expect(answer.headers.get("Allow")).toBe("GET, PUT, DELETE, HEAD, OPTIONS");
  });

  test("OPTIONS tells the methods", async () => {
    const answer = await ask("OPTIONS", path);
    expect([answer.http, answer.headers.get("Allow")]).toEqual([200, "GET, PUT, PATCH, HEAD, OPTIONS"]);
    expect(answer.headers.get("Access-Control-Allow-Origin")).toBeNull();
  });

  test("HEAD is GET without a body", async () => {
    const answer = await ask("HEAD", "/ocpi/2.2.1/sender/locations", { token: emsp.token });
    expect([answer.http, answer.text, answer.headers.get("X-Total-Count")]).toEqual([200, "", "0"]);
  });

  test("one slash may end a path", async () => {
    expect((await ask("GET", "/ocpi/versions/", { token: cpo.token })).http).toBe(200);
    expect((await ask("GET", "/ocpi/2.2.1/sender/locations/", { token: emsp.token })).http).toBe(200);
  });
});

describe("message ids", () => {
  test("are repeated", async () => {
    const headers = { "X-Request-ID": "req-1", "X-Correlation-ID": "cor-1" };
    const answer = await ask("GET", "/ocpi/versions", { token: cpo.token, headers });
    expect([answer.headers.get("X-Request-ID"), answer.headers.get("X-Correlation-ID")]).toEqual(["req-1", "cor-1"]);
  });

  test("are made where they are missing, for a refusal too", async () => {
    const answer = await ask("GET", "/ocpi/nope");
    expect(answer.headers.get("X-Request-ID")).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.headers.get("X-Correlation-ID")).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe("routing headers", () => {
  const routed = (to: string, from: string) => ({
    "OCPI-to-country-code": to.slice(0, 2),
    "OCPI-to-party-id": to.slice(2),
    "OCPI-from-country-code": from.slice(0, 2),
    "OCPI-from-party-id": from.slice(2),
  });
  const get = (headers: Record<string, string>, url = "/ocpi/2.2.1/sender/locations", token = emsp.token) =>
    ask("GET", url, { token, headers });

  test("come back swapped", async () => {
    const answer = await get(routed("nlgwy", "DEMSA"));
    expect(answer.body.status_code).toBe(1000);
    expect(
      Object.fromEntries(
        ["to-country-code", "to-party-id", "from-country-code", "from-party-id"].map((name) => [
          name,
          answer.headers.get(`OCPI-${name}`),
        ]),
      ),
    ).toEqual({
      "to-country-code": "DE",
      "to-party-id": "MSA",
      "from-country-code": "NL",
      "from-party-id": "GWY",
    });
  });

  test("may be absent", async () => {
    const answer = await get({});
    expect([answer.body.status_code, answer.headers.get("OCPI-to-party-id")]).toEqual([1000, null]);
  });

  test("name a sender its token does not speak for: 2001", async () => {
    const answer = await get(routed("NLGWY", "NLCPB"));
    expect([answer.http, answer.body.status_code]).toEqual([200, 2001]);
  });

  test("name a receiver that is not here: 4001", async () => {
    const answer = await get(routed("FRXXX", "DEMSA"));
    expect([answer.http, answer.body.status_code]).toEqual([200, 4001]);
  });

  test("are empty: 2001, not open routing", async () => {
    const answer = await get({ ...routed("NLGWY", "DEMSA"), "OCPI-to-party-id": "" });
    expect([answer.http, answer.body.status_code]).toEqual([200, 2001]);
  });

  test("do not exist on versions and credentials, nor in versions without them", async () => {
    const headers = routed("FRXXX", "FRYYY");
    for (const url of ["/ocpi/versions", "/ocpi/2.2.1", "/ocpi/2.1.1/sender/locations"]) {
      const answer = await get(headers, url);
      expect([answer.body.status_code, answer.headers.get("OCPI-to-party-id")], url).toEqual([1000, null]);
    }
  });
});

describe("bodies", () => {
  test("a good one", async () => {
    expect((await put(location())).http).toBe(201);
    const again = await put(location());
    expect([again.http, again.body]).toEqual([
      200,
      { status_code: 1000, status_message: "Success", timestamp: expect.any(String) },
    ]);
  });

  test.each([
    ["no JSON", "{"],
    ["nothing", ""],
    ["nesting without end", "[".repeat(20_000) + "]".repeat(20_000)],
  ])("%s is 400", async (_, body) => {
    const answer = await put(body);
    expect([answer.http, answer.body.status_code]).toEqual([400, 2001]);
  });

  test("what is not UTF-8 is 400", async () => {
    const { exports } = await import("cloudflare:workers");
    const headers = { Authorization: `Token ${cpo.token}` };
    const body = new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]);
    const answer = await exports.default.fetch(gateway + path, { method: "PUT", headers, body });
    expect(answer.status).toBe(400);
  });

  test("a byte order mark is skipped", async () => {
    expect((await put(`\uFEFF${JSON.stringify(location())}`)).body.status_code).toBe(1000);
  });

  test("more than the limit is 413, whether the length is told or not", async () => {
    const { exports } = await import("cloudflare:workers");
    const huge = JSON.stringify(location({ address: "x".repeat(1_100_000) }));
    expect((await put(huge)).http).toBe(413);
    const stream = new Blob([huge]).stream();
    const headers = { Authorization: `Token ${cpo.token}` };
    const answer = await exports.default.fetch(gateway + path, { method: "PUT", headers, body: stream });
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ status_code: 2001 });
  });

  test("credentials have a smaller limit", async () => {
    const body = { token: "x".repeat(70_000), url: "https://p.example", roles: [] };
    expect((await ask("PUT", "/ocpi/2.2.1/credentials", { token: cpo.token, body })).http).toBe(413);
  });

  test("a compressed one is 415", async () => {
    const answer = await put(location(), { "Content-Encoding": "gzip" });
    expect([answer.http, answer.body.status_code]).toEqual([415, 2001]);
  });

  test.each([
    ["a required field is missing", location({ address: undefined }), "/address"],
    ["a field has the wrong type", location({ coordinates: 7 }), "/coordinates"],
    ["the id is not the URL's", location({ id: "LOC2" }), "/id"],
    ["the party is not the URL's", location({ party_id: "CPC" }), "/party_id"],
    ["it is no object", [], ""],
  ])("%s: 200 and 2001, with a pointer", async (_, body, pointer) => {
    const answer = await put(body);
    expect([answer.http, answer.body.status_code]).toEqual([200, 2001]);
    expect(answer.body.status_message).toContain(pointer);
  });

  test.each([
    ["a number beyond all", '{"id":1e400}'],
    ["a NUL", '{"id":"a\\u0000b"}'],
    ["half a surrogate pair", '{"id":"\\ud800"}'],
  ])("%s is 2001", async (_, body) => {
    expect(await put(body)).toMatchObject({ http: 200, body: { status_code: 2001 } });
  });

  test("the type of the content is not insisted on", async () => {
    expect((await put(location(), { "Content-Type": "text/plain" })).body.status_code).toBe(1000);
  });
});

describe("rings", () => {
  test("a message that went through too many gateways is refused", async () => {
    const headers = { "X-Gateway-Hop": "4" };
    expect((await ask("GET", "/ocpi/versions", { token: cpo.token, headers })).body.status_code).toBe(2001);
  });
});

describe("the journal", () => {
  test("has every exchange, without its secrets", async () => {
    const headers = { "X-Correlation-ID": "journal-1" };
    await put(location({ vendor_thing: 1 }), headers);
    await ask("POST", "/ocpi/2.2.1/credentials", {
      token: cpo.token,
      body: { token: "very-secret-token", url: "x", roles: [] },
      headers,
    });
    await ask("GET", "/ocpi/nope", { headers });
    const entries = await ports().journal.list({ correlation_id: "journal-1", limit: 10 });
    expect(
      entries
        .map(({ method, http_status, ocpi_status, partner, module, direction }) => ({
          method,
          http_status,
          ocpi_status,
          partner,
          module,
          direction,
        }))
        .reverse(),
    ).toEqual([
      {
        method: "PUT",
        http_status: 200,
        ocpi_status: 1000,
        partner: cpo.partner.id,
        module: "locations",
        direction: "in",
      },
      {
        method: "POST",
        http_status: expect.any(Number),
        ocpi_status: expect.any(Number),
        partner: cpo.partner.id,
        module: "credentials",
        direction: "in",
      },
      { method: "GET", http_status: 404, ocpi_status: 2000, partner: null, module: null, direction: "in" },
    ]);
    const text = JSON.stringify(entries);
    expect(text).not.toContain("very-secret-token");
    expect(text).not.toContain(cpo.token);
    expect(entries.at(-1)?.findings).toContainEqual(expect.objectContaining({ pointer: "/vendor_thing" }));
  });
});
