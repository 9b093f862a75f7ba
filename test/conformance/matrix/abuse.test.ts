import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { example } from "../../sandbox/fixtures/example.ts";
import { startPartner } from "../../sandbox/partner.ts";
import type { Answer, OcpiObject } from "../../sandbox/types.ts";
import type { Version } from "../../sandbox/versions.ts";
import { bearing, type Connection, headersOf, sendRaw, urlOf, useWorld } from "../../support/ocpi.ts";
import { brief, expectRefusal } from "./access.ts";

// What somebody sends who means harm, or does not know what he does: refused with a proper answer, nothing stored, no 500.

const world = useWorld();
const versions = ["2.1.1", "2.2.1", "2.3.0"] as const satisfies readonly Version[];
const CPO = {} as Record<Version, Connection>;
const EMSP = {} as Record<Version, Connection>;
const json = { "content-type": "application/json" };

beforeAll(async () => {
  await world.api("PUT", "/parties/NL/GWY", { roles: ["CPO", "EMSP"], business_details: { name: "Gateway" } });
  const settings = { push: false };
  for (const [i, version] of versions.entries()) {
    CPO[version] = await world.connect({ version, role: "CPO", party: `NL/C${i}X`, settings });
    EMSP[version] = await world.connect({ version, role: "EMSP", party: `DE/E${i}X`, settings });
  }
});

describe.each(versions)("OCPI %s", (version) => {
  const own = () => [CPO[version].party.country_code, CPO[version].party.party_id];
  const fixture = (module: "locations" | "tariffs", id: string, more: OcpiObject = {}) => {
    const [country_code, party_id] = own();
    return example(version, module, { country_code, party_id, id, ...more });
  };
  /** A request to our Receiver, the path below the module as it stands. */
  const send = (method: string, path: string, body?: string | Uint8Array, more: Record<string, string> = {}) =>
    sendRaw(`${urlOf(CPO[version], path.split("/")[0] ?? "", "RECEIVER")}${path.slice(path.indexOf("/"))}`, {
      method,
      headers: { ...headersOf(CPO[version]), ...json, ...more },
      body,
    });
  const put = (module: "locations" | "tariffs", id: string, body: string | Uint8Array, more?: Record<string, string>) =>
    send("PUT", `${module}/${own().join("/")}/${id}`, body, more);
  const isThere = async (module: string, id: string) =>
    (await send("GET", `${module}/${own().join("/")}/${id}`)).http === 200;

  describe("paths (A11, A29, A40)", () => {
    test("lead nowhere by dots, doubled slashes and encoded separators", async () => {
      const list = urlOf(EMSP[version], "locations", "SENDER");
      const receiver = urlOf(CPO[version], "locations", "RECEIVER");
      for (const url of [
        `${receiver}/NL/${own()[1]}%2F..%2FGWY/LOC1`,
        `${receiver}/NL/${own()[1]}/%2e%2e/GWY/LOC1`,
        `${receiver}//NL/${own()[1]}/LOC1`,
        `${receiver}/NL/${own()[1]}/LOC1/A/B/C`,
        `${receiver}/NL/${own()[1]}/%E0%A4%A`,
        `${receiver}/NL/${own()[1]}/a%00b`,
        `${receiver}/NL/${own()[1]}/%ff%fe`,
        `${receiver}/NL/${own()[1]}/${"x".repeat(10_000)}`,
        `${list}/%0d%0aSet-Cookie:%20a=b`,
      ]) {
        for (const method of ["GET", "PUT"]) {
          const body = method === "PUT" ? JSON.stringify(fixture("locations", "LOC1")) : undefined;
          const headers = { ...headersOf(CPO[version]), ...json };
          const answer = await sendRaw(url, { method, headers, body });
          expect([url.slice(0, 200), answer.http === 404 || answer.http === 405 || answer.http === 414]).toEqual([
            url.slice(0, 200),
            true,
          ]);
          expect(answer.headers["set-cookie"]).toBeUndefined();
        }
      }
    });

    test("of other things are 404, or 401 where the operator's begin", async () => {
      const headers = headersOf(CPO[version]);
      for (const path of [
        "/.git/HEAD",
        "/.env",
        "/debug",
        "/__scheduled",
        "/cdn-cgi/mf/scheduled",
        "/ocpi",
        "/ocpi/9.9",
      ]) {
        expect([path, (await sendRaw(world.url + path, { headers })).http]).toEqual([path, 404]);
      }
      for (const path of ["/api/v1/partners", "/api/v1/locations", "/ocpi/%2e%2e/api/v1/partners"]) {
        const { http, raw } = await sendRaw(world.url + path, { headers });
        expect([path, http === 401 || http === 404]).toEqual([path, true]);
        expect(raw).not.toContain("items");
      }
    });

    test("with ids that are too long or hold what no id may hold store nothing", async () => {
      for (const id of ["é", "a\tb", "x".repeat(40), "x".repeat(256)]) {
        const answer = await put("locations", encodeURIComponent(id), JSON.stringify(fixture("locations", id)));
        expect(["200 2001", "404 2000"]).toContain(brief(answer));
      }
      const { json: stored } = await world.api("GET", `/locations?partner=${CPO[version].id}&limit=1000`);
      expect(stored.items.filter(({ id }: OcpiObject) => !/^[\x20-\x7e]{1,39}$/.test(id))).toEqual([]);
    });
  });

  describe("bodies (A25, A26, A28)", () => {
    test("nested beyond all reason are refused", async () => {
      const deep = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;
      const inside = JSON.stringify(fixture("locations", "DEEP")).replace(/}$/, `,"x":${deep}}`);
      const objects = `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`;
      for (const body of [deep, inside, objects]) {
        const answer = await put("locations", "DEEP", body);
        expect(["200 2001", "400 2001"]).toContain(brief(answer));
      }
      expect(await isThere("locations", "DEEP")).toBe(false);
    });

    test("beyond the limit are 413, told or not; compressed ones 415", async () => {
      const huge = JSON.stringify(fixture("locations", "HUGE", { name: "x".repeat(1_100_000) }));
      expectRefusal(await put("locations", "HUGE", huge), 413);
      const [url, headers] = [
        urlOf(CPO[version], "locations", "RECEIVER", [...own(), "HUGE"]),
        { ...headersOf(CPO[version]), ...json },
      ];
      expectRefusal(await sendRaw(url, { method: "PUT", headers, body: huge, chunked: true }), 413);
      expectRefusal(await put("locations", "HUGE", gzipSync(huge), { "content-encoding": "gzip" }), 415);
      expect(await isThere("locations", "HUGE")).toBe(false);
      const credentials = CPO[version].partner.peer?.endpoints.find(({ identifier }) => identifier === "credentials");
      const body = JSON.stringify({ token: "x".repeat(70_000) });
      expectRefusal(await sendRaw(credentials?.url ?? "", { method: "PUT", headers, body }), 413);
    });

    test.each<[string, (text: string) => string]>([
      ["a number beyond all numbers", (text) => text.replace(/"price":[^,]+/, '"price":1e400')],
      ["NUL in an id", (text) => text.replace('"id":"EDGE"', '"id":"ED\\u0000GE"')],
      ["half a surrogate pair", (text) => text.replace('"currency":"EUR"', '"currency":"\\ud800"')],
      ["an id that is a number", (text) => text.replace('"id":"EDGE"', '"id":5')],
      ["an id that is an object", (text) => text.replace('"id":"EDGE"', '"id":{"toString":"EDGE"}')],
      [
        "elements that are an object with a length",
        (text) => text.replace(/"elements":\[/, '"elements":{"length":1},"x":['),
      ],
    ])("%s: 2001 and nothing stored", async (_, spoil) => {
      const text = spoil(JSON.stringify(fixture("tariffs", "EDGE")));
      const answer = await put("tariffs", "EDGE", text);
      expect(["200 2001", "400 2001"]).toContain(brief(answer));
      expect(await isThere("tariffs", "EDGE")).toBe(false);
    });

    test("names of JavaScript's own are names like any other", async () => {
      const text = JSON.stringify(fixture("tariffs", "PROTO"));
      const body = text.replace(/}$/, ',"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}');
      const answer = await put("tariffs", "PROTO", body);
      expect(["201 1000", "200 2001"]).toContain(brief(answer));
      expect(brief(await put("tariffs", "CLEAN", JSON.stringify(fixture("tariffs", "CLEAN"))))).toBe("201 1000");
      const { raw } = await send("GET", `tariffs/${own().join("/")}/CLEAN`);
      expect(raw).not.toContain("polluted");
    });

    test("with a byte order mark are read; not UTF-8 is 400", async () => {
      const text = JSON.stringify(fixture("tariffs", "MARK"));
      expect(brief(await put("tariffs", "MARK", `\ufeff${text}`))).toBe("201 1000");
      const latin = Buffer.from(text.replace("EUR", "E\u00e9R"), "latin1");
      expectRefusal(await put("tariffs", "LATIN", latin), 400);
    });

    test("without a content type, or with another, are judged by what they are", async () => {
      const text = JSON.stringify(fixture("tariffs", "TYPE"));
      for (const type of ["text/plain", "application/json; charset=utf-8"]) {
        expect(["201 1000", "200 1000", "415 2001"]).toContain(
          brief(await put("tariffs", "TYPE", text, { "content-type": type })),
        );
      }
    });
  });

  describe("questions (A31, A32)", () => {
    test("of great length are answered at once", async () => {
      const connection = EMSP[version];
      const date = `2026-01-01T00:00:00.${"0".repeat(10_000)}Z`;
      const url = `${urlOf(connection, "locations", "SENDER")}?date_from=${date}`;
      const answer = await sendRaw(url, { headers: headersOf(connection) });
      expectRefusal(answer, answer.http === 414 ? 414 : 200, answer.status_code);
    });
  });

  test("token A works once, and for one of two at the same instant (A05)", async () => {
    const fresh = await world.invite({ version, role: "CPO", party: `FR/N${versions.indexOf(version)}W` });
    const twin = await startPartner({ version, roles: fresh.partner.roles });
    const tries = await Promise.allSettled([
      fresh.partner.register(fresh.versionsUrl, fresh.token),
      twin.register(fresh.versionsUrl, fresh.token),
    ]);
    await twin.close();
    expect(tries.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const { json: seen } = await world.api("GET", `/partners/${fresh.id}`);
    expect(seen.status).toBe("REGISTERED");
    expectRefusal(await sendRaw(fresh.versionsUrl, { headers: bearing(version, fresh.token) }), 401);
  });

  test("a party of another partner cannot be claimed", async () => {
    const thief = await world.invite({ version, role: "CPO", party: own().join("/") });
    await expect(thief.partner.register(thief.versionsUrl, thief.token)).rejects.toThrow("2001");
    expect((await world.api("GET", `/partners/${thief.id}`)).json.status).toBe("INVITED");
    const bound = await world.invite({ version, role: "CPO", party: "FR/BND", allow: { parties: ["FR*OTH"] } });
    await expect(bound.partner.register(bound.versionsUrl, bound.token)).rejects.toThrow("2001");
  });

  test("a partner learns nothing of others from lists (A13)", async () => {
    await put("locations", "SECRET-1", JSON.stringify(fixture("locations", "SECRET-1")));
    const answer: Answer = await EMSP[version].partner.request("locations", "SENDER", "GET", []);
    expect([answer.data, answer.headers["x-total-count"]]).toEqual([[], "0"]);
    expectRefusal(await EMSP[version].partner.request("locations", "SENDER", "GET", ["SECRET-1"]), 404);
  });

  test("a suspended partner is turned away, and let in again", async () => {
    const { id } = EMSP[version];
    const ask = () => EMSP[version].partner.request("locations", "SENDER", "GET", []);
    await world.api("PATCH", `/partners/${id}`, { status: "SUSPENDED" });
    const turned = await ask();
    expect(turned.http).toBeGreaterThanOrEqual(400);
    await world.api("PATCH", `/partners/${id}`, { status: "REGISTERED" });
    expect(brief(await ask())).toBe("200 1000");
  });
});

describe("secrets", () => {
  test("stand in no message, no log and no answer of the operator's API", async () => {
    const secrets = [...Object.values(CPO), ...Object.values(EMSP)].flatMap(({ partner }) => [
      partner.peer?.tokenOut ?? "",
      ...(partner.peer?.tokensIn ?? []),
    ]);
    const pages = await Promise.all(
      ["/messages?limit=1000", "/partners", "/events?limit=1000"].map((path) => world.api("GET", path)),
    );
    const told = [...pages.map(({ text }) => text), ...world.logs].join("\n");
    for (const secret of secrets) {
      expect(told.includes(secret)).toBe(false);
      expect(told.includes(Buffer.from(secret).toString("base64"))).toBe(false);
    }
  });

  test("and no request ended in a bug", () => {
    expect(world.logs.filter((line) => line.startsWith("error"))).toEqual([]);
  });
});
