import { beforeAll, describe, expect, test } from "vitest";
import { version } from "../../package.json";
import type { OcpiObject } from "../sandbox/types.ts";
import { useWorld } from "../support/ocpi.ts";

const world = useWorld();
const party = { roles: ["CPO", "EMSP"], business_details: { name: "Own", website: "https://own.example" } };
let operations: { method: string; path: string; operation: OcpiObject }[] = [];

beforeAll(async () => {
  await world.api("PUT", "/parties/NL/TNM", party);
  const document = (await (await fetch(`${world.url}/openapi.json`)).json()) as { paths: Record<string, OcpiObject> };
  operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
});

/** A request without the helpers' headers. */
const bare = (path: string, init: RequestInit = {}) => fetch(`${world.url}${path}`, init);

describe("every operation", () => {
  test("asks for the operator token, unless it is open", async () => {
    for (const { method, path, operation } of operations) {
      const isOpen = Array.isArray(operation.security);
      for (const authorization of [
        undefined,
        "Bearer wrong",
        `Token ${world.operatorToken}`,
        `Bearer ${world.operatorToken}x`,
      ]) {
        const response = await bare(`/api/v1${path.replaceAll(/[{}]/g, "")}`, {
          method,
          headers: authorization === undefined ? {} : { authorization },
        });
        const text = await response.text();
        if (isOpen) expect(response.status).toBe(200);
        else {
          expect(response.status, `${method} ${path}`).toBe(401);
          expect(response.headers.get("www-authenticate")).toContain("Bearer");
          expect(response.headers.get("content-type")).toBe("application/problem+json");
          expect(JSON.parse(text)).toMatchObject({ status: 401 });
        }
        expect(response.headers.get("x-request-id")).toBeTruthy();
      }
    }
  });

  test("a path has only the methods it has", async () => {
    const fits = (template: string, path: string) =>
      new RegExp(`^${template.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(path);
    for (const path of new Set(operations.map(({ path }) => path))) {
      // `/commands/START_SESSION` is a path of its own, and one of `/commands/{id}`.
      const methods = [...new Set(operations.filter((one) => fits(one.path, path)).map(({ method }) => method))];
      const unknown =
        ["GET", "PUT", "POST", "PATCH", "DELETE"].find((method) => !methods.includes(method)) ?? "OPTIONS";
      const response = await bare(`/api/v1${path.replaceAll(/[{}]/g, "")}`, { method: unknown });
      expect(response.status, `${unknown} ${path}`).toBe(405);
      expect(response.headers.get("allow")?.split(", ").toSorted()).toEqual(methods.toSorted());
      await response.arrayBuffer();
    }
  });

  test("with a JSON body refuses what is none", async () => {
    const withBody = operations.filter(({ operation }) => operation.requestBody?.content["application/json"]);
    expect(withBody.length).toBeGreaterThan(8);
    for (const { method, path } of withBody) {
      const at = path.replaceAll(/\{\w+\}/g, "NL").replace("/NL/NL", "/NL/TNM");
      const reply = await world.api(method, at, '{"name": "x",}');
      expect(reply.status, `${method} ${at}`).toBe(400);
      expect(reply.json.detail).toContain("column");
    }
  });
});

test("health and the OpenAPI document need no token, and stand at the top too", async () => {
  for (const path of ["/healthz", "/api/v1/healthz"]) {
    expect(await (await bare(path)).json()).toEqual({ status: "ok", version });
  }
  expect(await (await bare("/openapi.json")).json()).toEqual(await (await bare("/api/v1/openapi.json")).json());
});

test("the request id of the caller comes back, where it can", async () => {
  expect((await world.api("GET", "/parties", undefined, { "x-request-id": "abc-1" })).headers.get("x-request-id")).toBe(
    "abc-1",
  );
  const long = await world.api("GET", "/parties", undefined, { "x-request-id": "x".repeat(300) });
  expect(long.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  const { json, headers } = await world.api("GET", "/nowhere");
  expect(json.request_id).toBe(headers.get("x-request-id"));
});

test("what is not there is a problem", async () => {
  const headers = { authorization: `Bearer ${world.operatorToken}` };
  for (const path of [
    "/api/v1/nowhere",
    "/api/v1",
    "/api/v2/partners",
    "/api/v1/partners/x/y/z",
    "/api/v1/locations/NL",
  ]) {
    const response = await bare(path, { headers });
    expect(response.status, path).toBe(404);
    expect(await response.json()).toMatchObject({ status: 404, type: expect.stringContaining("/docs#problem-") });
    if (path.startsWith("/api/v1")) expect((await bare(path)).status, path).toBe(401);
  }
  expect((await bare("/api/v1/parties/%ff/%00")).status).toBe(405);
  expect((await world.api("GET", "/locations/NL/TNM/%ff")).status).toBe(400);
});

test("a body over the limit, nested too deep, or packed wrongly is refused", async () => {
  const big = JSON.stringify({ ...party, business_details: { name: "x".repeat(70_000) } });
  expect((await world.api("PUT", "/parties/NL/BIG", big)).status).toBe(413);
  expect((await world.api("PUT", "/parties/NL/ZIP", party, { "content-encoding": "br" })).status).toBe(415);
  expect((await world.api("PUT", "/parties/NL/ZIP", party, { "content-encoding": "gzip" })).status).toBe(400);
  const nested = `${"[".repeat(100)}${"]".repeat(100)}`;
  expect((await world.api("PUT", "/parties/NL/NST", nested)).status).toBe(400);
  expect((await world.api("GET", "/parties")).json.items).toHaveLength(1);
});

describe("own parties", () => {
  test("are created, replaced, listed page by page, and removed", async () => {
    expect((await world.api("PUT", "/parties/de/abc", party)).status).toBe(201);
    const again = await world.api("PUT", "/parties/DE/ABC", { ...party, roles: ["NSP"] });
    expect(again).toMatchObject({ status: 200, json: { country_code: "DE", party_id: "ABC", roles: ["NSP"] } });
    const first = await world.api("GET", "/parties?limit=1");
    expect(first.json.items).toMatchObject([{ party_id: "ABC" }]);
    const second = await world.api("GET", `/parties?limit=1&cursor=${first.json.next_cursor}`);
    expect(second.json).toMatchObject({ items: [{ party_id: "TNM" }], next_cursor: null });
    expect((await world.api("DELETE", "/parties/DE/ABC")).status).toBe(204);
    expect((await world.api("DELETE", "/parties/DE/ABC")).status).toBe(404);
  });

  test("are checked, each fault with its pointer", async () => {
    const { status, json } = await world.api("PUT", "/parties/NL/BAD", {
      roles: ["CPO", "KING"],
      business_details: { website: "ftp://x" },
      more: 1,
    });
    expect(status).toBe(422);
    expect(json.errors.map(({ pointer }: { pointer: string }) => pointer).toSorted()).toEqual([
      "/business_details/name",
      "/business_details/website",
      "/more",
      "/roles/1",
    ]);
    expect((await world.api("PUT", "/parties/NLD/BAD", party)).status).toBe(400);
    expect((await world.api("PUT", "/parties/NL/B", party)).status).toBe(400);
  });

  test("stay while they own objects", async () => {
    await world.api("PUT", "/parties/NL/OWN", party);
    const tariff = { currency: "EUR", elements: [{ price_components: [{ type: "FLAT", price: 1, step_size: 1 }] }] };
    expect((await world.api("PUT", "/tariffs/NL/OWN/T1", tariff)).status).toBe(201);
    expect((await world.api("DELETE", "/parties/NL/OWN")).status).toBe(409);
    expect((await world.api("DELETE", "/tariffs/NL/OWN/T1")).status).toBe(204);
    expect((await world.api("DELETE", "/parties/NL/OWN")).status).toBe(204);
  });
});

describe("a POST with an Idempotency-Key", () => {
  test("is answered the same again, and does nothing again", async () => {
    const headers = { "idempotency-key": "invite-1" };
    const [first, second] = [
      await world.api("POST", "/partners", { name: "Once" }, headers),
      await world.api("POST", "/partners", { name: "Once" }, headers),
    ];
    expect(second.status).toBe(201);
    expect(second.json).toEqual(first.json);
    const { json } = await world.api("GET", "/partners");
    expect(json.items.filter(({ name }: { name: string }) => name === "Once")).toHaveLength(1);
  });

  test("cannot be used for another request", async () => {
    const headers = { "idempotency-key": "invite-2" };
    await world.api("POST", "/partners", { name: "A" }, headers);
    expect((await world.api("POST", "/partners", { name: "B" }, headers)).status).toBe(409);
  });

  test("that was refused may be tried again with it", async () => {
    const headers = { "idempotency-key": "pull-1" };
    const { json } = await world.api("POST", "/partners", { name: "Later" });
    expect((await world.api("POST", `/partners/${json.id}/pull`, {}, headers)).status).toBe(409);
    expect((await world.api("POST", `/partners/${json.id}/pull`, {}, headers)).json.detail).toContain("INVITED");
  });

  test("of many at once one is done", async () => {
    const headers = { "idempotency-key": "invite-3" };
    const replies = await Promise.all(
      Array.from({ length: 8 }, () => world.api("POST", "/partners", { name: "Race" }, headers)),
    );
    const tokens = new Set(replies.filter(({ status }) => status === 201).map(({ json }) => json.token));
    expect(tokens.size).toBe(1);
    expect(replies.every(({ status }) => status === 201 || status === 409)).toBe(true);
  });

  test("keeps no token in clear", async () => {
    const { json } = await world.api("POST", "/partners", { name: "Secret" }, { "idempotency-key": "invite-4" });
    const db = await world.mf.getD1Database("DB");
    const { results } = await db.prepare("SELECT body FROM idempotency").all();
    expect(JSON.stringify(results)).not.toContain(json.token);
  });
});

describe("partners", () => {
  test("an invitation shows its token once, and the versions URL for the partner's role", async () => {
    const plain = await world.api("POST", "/partners", {
      name: "P",
      allow: { parties: ["nl*abc"], versions: ["2.2.1"] },
    });
    expect(plain).toMatchObject({
      status: 201,
      json: { status: "INVITED", versions_url: `${world.url}/ocpi/versions`, allow: { parties: ["NL*ABC"] } },
    });
    expect(plain.json.token).toMatch(/^[\x21-\x7e]{20,64}$/);
    const emsp = await world.api("POST", "/partners", { name: "P", role: "EMSP" });
    expect(emsp.json.versions_url).toBe(`${world.url}/ocpi/cpo/versions`);
    const cpo = await world.api("POST", "/partners", { name: "P", role: "CPO" });
    expect(cpo.json.versions_url).toBe(`${world.url}/ocpi/emsp/versions`);
    const again = await world.api("POST", `/partners/${cpo.json.id}/invite`);
    expect(again.json.token).not.toBe(cpo.json.token);
    const list = await world.api("GET", "/partners");
    for (const { token } of [plain.json, emsp.json, cpo.json, again.json]) expect(list.text).not.toContain(token);
  });

  test.each([
    ["/name", {}],
    ["/name", { name: "" }],
    ["/token", { name: "P", versions_url: "https://a.test/versions" }],
    ["/versions_url", { name: "P", token: "abc" }],
    ["/versions_url", { name: "P", token: "abc", versions_url: "a.test" }],
    ["/version", { name: "P", version: "2.2.1" }],
    ["/allow/parties/0", { name: "P", allow: { parties: ["NLTNMX"] } }],
    ["/allow/versions/0", { name: "P", allow: { versions: ["3.0"] } }],
    ["/settings/push", { name: "P", settings: { push: "yes" } }],
    ["/settings/initial", { name: "P", settings: { initial: "all" } }],
    ["/settings/modules/0", { name: "P", settings: { modules: ["location"] } }],
    ["/settings/share/parties/0", { name: "P", settings: { share: { parties: ["x"] } } }],
    ["/settings/allow_hosts/0", { name: "P", settings: { allow_hosts: ["https://a.test/"] } }],
    ["/settings/rate_per_second", { name: "P", settings: { rate_per_second: 0 } }],
    ["/settings/pushh", { name: "P", settings: { pushh: true } }],
    ["/role", { name: "P", role: "KING" }],
  ])("a fault at %s is told", async (pointer, body) => {
    const { status, json } = await world.api("POST", "/partners", body);
    expect(status).toBe(422);
    expect(json.errors).toMatchObject([{ pointer, message: expect.any(String) }]);
  });

  test("settings change member by member, null puts the default back", async () => {
    const { json } = await world.api("POST", "/partners", {
      name: "P",
      settings: { modules: ["tokens"], retry: false },
    });
    expect(json.settings).toEqual({
      token_encoding: "auto",
      push: true,
      retry: false,
      initial: "none",
      modules: ["tokens"],
    });
    const path = `/partners/${json.id}`;
    const changed = await world.api("PATCH", path, { name: "Q", settings: { modules: null, token_encoding: "raw" } });
    expect(changed).toMatchObject({ status: 200, json: { name: "Q", token_encoding: "raw" } });
    expect(changed.json.settings).toEqual({ token_encoding: "raw", push: true, retry: false, initial: "none" });
    expect((await world.api("PATCH", path, { status: "REGISTERED" })).status).toBe(409);
    expect((await world.api("PATCH", path, { status: "INVITED" })).status).toBe(422);
    expect((await world.api("PATCH", path, { settings: { push: 1 } })).json.errors).toMatchObject([
      { pointer: "/settings/push" },
    ]);
  });

  test("an invitation nobody used is forgotten when it is deleted", async () => {
    const { json } = await world.api("POST", "/partners", { name: "P" });
    expect((await world.api("DELETE", `/partners/${json.id}`)).status).toBe(204);
    for (const [method, path] of [
      ["GET", ""],
      ["PATCH", ""],
      ["DELETE", ""],
      ["POST", "/invite"],
      ["POST", "/register"],
      ["POST", "/pull"],
      ["GET", "/pulls/x"],
      ["POST", "/deliveries/retry"],
    ]) {
      const body = method === "PATCH" ? {} : undefined;
      expect((await world.api(method ?? "", `/partners/${json.id}${path}`, body)).status, `${method} ${path}`).toBe(
        404,
      );
    }
  });

  test("are listed page by page, each once", async () => {
    const all = (await world.api("GET", "/partners?limit=1000")).json.items.map(({ id }: { id: string }) => id);
    const paged: string[] = [];
    let cursor = "";
    do {
      const { json } = await world.api("GET", `/partners?limit=3${cursor && `&cursor=${cursor}`}`);
      paged.push(...json.items.map(({ id }: { id: string }) => id));
      cursor = json.next_cursor;
    } while (cursor);
    expect(paged).toEqual(all);
    expect((await world.api("GET", "/partners?cursor=x")).status).toBe(400);
  });
});
