import { once } from "node:events";
import { type ClientRequest, type IncomingMessage, request } from "node:http";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import type { OcpiObject } from "../sandbox/types.ts";
import { useWorld } from "../support/ocpi.ts";
import { evse, location, tariff, token } from "./delivery/objects.ts";

const world = useWorld();
const ndjson = { "content-type": "application/x-ndjson" };

beforeAll(async () => {
  await world.api("PUT", "/parties/NL/TNM", { roles: ["CPO"], business_details: { name: "TNM" } });
  await world.api("PUT", "/parties/NL/TNE", { roles: ["EMSP"], business_details: { name: "TNE" } });
});

/** Lines of an upload: objects as JSON, text as it is. */
const upload = (...lines: (OcpiObject | string)[]) =>
  lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n");

const send = (path: string, body: string) => world.api("PUT", path, body, ndjson);

describe("an import", () => {
  test.each([
    ["locations", "NL/TNM", location("I1", 1, [evse("1", "AVAILABLE", 1)]), "id"],
    ["tariffs", "NL/TNM", tariff("I1", 1), "id"],
    ["tokens", "NL/TNE", token("I1", 1), "uid"],
  ])("of %s answers a line per line and a summary", async (module, party, object, idField) => {
    const other = { ...object, [idField]: "I2" };
    const first = await send(`/${module}`, upload(object, other));
    expect(first.lines).toEqual([
      { line: 1, id: "I1", result: "created" },
      { line: 2, id: "I2", result: "created" },
      { summary: { lines: 2, created: 2, updated: 0, unchanged: 0, invalid: 0, complete: true } },
    ]);
    expect((await world.api("GET", `/${module}/${party}/I2`)).json).toEqual(other);
    const { last_updated: _, ...undated } = other;
    const changed = { ...object, language: "nl", last_updated: "2027-01-01T00:00:00Z" };
    const second = await send(
      `/${module}`,
      upload(changed, undated, { ...object, last_updated: "2020-01-01T00:00:00Z" }),
    );
    expect(second.lines?.map(({ result }) => result)).toEqual(["updated", "unchanged", "updated", undefined]);
  });

  test("tells what is wrong with a line, and stores the others", async () => {
    const good = location("J1", 1, []);
    const { city: _, ...broken } = location("J2", 1, []);
    const body = upload(
      good,
      "",
      "{oops",
      broken,
      { ...good, id: "J3", party_id: "XXX" },
      "[]",
      { ...good, id: 7 },
      "  ",
      {
        ...good,
        id: "J4",
      },
    );
    const { lines } = await send("/locations", `${body}\n\n`);
    expect(lines).toMatchObject([
      { line: 1, id: "J1", result: "created" },
      { line: 3, id: null, result: "invalid", errors: [{ pointer: "" }] },
      { line: 4, id: "J2", result: "invalid", errors: [{ pointer: "/city" }] },
      { line: 5, id: "J3", result: "invalid", errors: [{ message: expect.stringContaining("NL*XXX") }] },
      { line: 6, id: null, result: "invalid", errors: [{ pointer: "" }] },
      { line: 7, id: null, result: "invalid", errors: [{ pointer: "/id" }] },
      { line: 9, id: "J4", result: "created" },
      { summary: { lines: 10, created: 2, invalid: 5, complete: true } },
    ]);
  });

  test("of the same object twice stores the later line", async () => {
    const { lines } = await send("/tariffs", upload(tariff("K1", 1), { ...tariff("K1", 2), currency: "SEK" }));
    expect(lines).toMatchObject([
      { result: "created" },
      { result: "updated" },
      { summary: { created: 1, updated: 1 } },
    ]);
    expect((await world.api("GET", "/tariffs/NL/TNM/K1")).json.currency).toBe("SEK");
  });

  test("reads over a line that is too long or no UTF-8", async () => {
    const body = Buffer.concat([
      Buffer.from(`${upload(location("L1", 1, []))}\n{"name":"${"x".repeat(1_200_000)}"}\n`),
      Buffer.from([0x22, 0xff, 0xfe, 0x22, 0x0a]),
      Buffer.from(upload(location("L4", 1, []))),
    ]);
    const { answer, lines } = await put(body);
    expect(answer.statusCode).toBe(200);
    expect(lines).toMatchObject([
      { line: 1, id: "L1", result: "created" },
      { line: 2, id: null, result: "invalid", errors: [{ message: expect.stringContaining("longer than") }] },
      { line: 3, id: null, result: "invalid", errors: [{ message: "is not UTF-8" }] },
      { line: 4, id: "L4", result: "created" },
      { summary: { complete: true } },
    ]);
  });

  test("may come as gzip, and says when that broke off", async () => {
    const packed = gzipSync(upload(...Array.from({ length: 50 }, (_, n) => location(`M${n}`, 1, []))));
    const whole = await put(packed, { "content-encoding": "gzip" });
    expect(whole.lines.at(-1)).toMatchObject({ summary: { created: 50, complete: true } });
    const half = await put(packed.subarray(0, packed.length - 20), { "content-encoding": "gzip" });
    expect(half.lines.at(-1)).toMatchObject({
      summary: { complete: false, error: expect.stringContaining("broke off") },
    });
  });

  test("of nothing is only a summary", async () => {
    const { lines } = await send("/locations", "");
    expect(lines).toEqual([
      { summary: { lines: 0, created: 0, updated: 0, unchanged: 0, invalid: 0, complete: true } },
    ]);
  });

  test("of another type, or packed otherwise, is refused", async () => {
    expect((await world.api("PUT", "/locations", location("N1", 1, []))).status).toBe(415);
    expect((await world.api("PUT", "/locations", "", { ...ndjson, "content-encoding": "br" })).status).toBe(415);
  });
});

describe("a large import", () => {
  const rows = 6_000;

  test("is served though the client reads nothing before it has sent everything", async () => {
    const { outgoing, answered } = begin();
    for (let n = 0; n < rows; n += 50) {
      const lines = Array.from({ length: 50 }, (_, k) => location(`BULK-${n + k}`, 1, []));
      if (!outgoing.write(`${upload(...lines)}\n`)) await once(outgoing, "drain");
    }
    outgoing.end();
    const lines = await linesOf(await answered);
    expect(lines).toHaveLength(rows + 1);
    expect(lines[rows - 1]).toEqual({ line: rows, id: `BULK-${rows - 1}`, result: "created" });
    expect(lines.at(-1)).toMatchObject({ summary: { lines: rows, created: rows, complete: true } });
  });

  test("answers while it is being sent", async () => {
    const { outgoing, answered } = begin();
    for (let n = 0; n < 3_000; n++) {
      if (!outgoing.write(`${upload(location(`EARLY-${n}`, 1, []))}\n`)) await once(outgoing, "drain");
    }
    const answer = await answered;
    const [first] = await once(answer, "data");
    expect(String(first)).toContain('{"line":1,"id":"EARLY-0","result":"created"}');
    outgoing.end();
    answer.resume();
    await once(answer, "end");
  });

  test("streams out again, every object once", async () => {
    const { lines } = await world.api("GET", "/locations?limit=1", undefined, { accept: "application/x-ndjson" });
    const bulk = lines?.filter(({ id }) => String(id).startsWith("BULK-")) ?? [];
    expect(new Set(bulk.map(({ id }) => id)).size).toBe(rows);
    expect(bulk).toHaveLength(rows);
  });

  test("that is cut off leaves what was complete, whole", async () => {
    const { outgoing, answered } = begin();
    answered.catch(() => {});
    outgoing.on("error", () => {});
    for (let n = 0; n < 3_000; n++) {
      if (!outgoing.write(`${upload(location(`CUT-${n}`, 1, []))}\n`)) await once(outgoing, "drain");
    }
    const answer = await answered;
    answer.on("error", () => {});
    await once(answer, "data");
    outgoing.write('{"country_code":"NL","party_id":"TNM","id":"CUT-HALF"');
    outgoing.destroy();
    const { evses: _, ...whole } = location("CUT-0", 1, []);
    expect((await world.api("GET", "/locations/NL/TNM/CUT-0")).json).toEqual(whole);
    expect((await world.api("GET", "/locations/NL/TNM/CUT-HALF")).status).toBe(404);
  });
});

/** Begins an import without a body; `answered` is its answer, unread. */
function begin(headers: Record<string, string> = {}): { outgoing: ClientRequest; answered: Promise<IncomingMessage> } {
  const outgoing = request(`${world.url}/api/v1/locations`, {
    method: "PUT",
    agent: false,
    headers: { authorization: `Bearer ${world.operatorToken}`, ...ndjson, ...headers },
  });
  return { outgoing, answered: once(outgoing, "response").then(([answer]) => answer as IncomingMessage) };
}

async function put(body: Uint8Array, headers: Record<string, string> = {}) {
  const { outgoing, answered } = begin(headers);
  outgoing.end(body);
  const answer = await answered;
  return { answer, lines: await linesOf(answer) };
}

async function linesOf(answer: IncomingMessage): Promise<OcpiObject[]> {
  let text = "";
  for await (const chunk of answer.setEncoding("utf8")) text += chunk;
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}
