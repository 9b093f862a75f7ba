import { describe, expect, test, vi } from "vitest";
import type { JsonObject } from "../../../src/lib/json.ts";
import { newest, type Version, versionByNumber } from "../../../src/ocpi/versions.ts";
import type { PageRow } from "../../../src/ports/objects.ts";
import type { Ports } from "../../../src/ports.ts";
import { translateRows } from "../../../src/server/translate.ts";

const neighbour = versionByNumber("2.2.1") as Version;

const tariff: JsonObject = {
  country_code: "NL",
  party_id: "ABC",
  id: "T1",
  currency: "EUR",
  tax_included: "NO",
  elements: [{ price_components: [{ type: "ENERGY", price: 0.25, step_size: 1 }] }],
  last_updated: "2026-01-01T00:00:00Z",
};
const token: JsonObject = {
  country_code: "NL",
  party_id: "ABC",
  uid: "U1",
  type: "RFID",
  contract_id: "NL-ABC-1",
  issuer: "Issuer",
  valid: true,
  whitelist: "ALWAYS",
  last_updated: "2026-01-01T00:00:00Z",
};

const written: string[] = [];
const ports = (): Pick<Ports, "objects" | "clock" | "log"> => ({
  objects: { many: async () => [] } as unknown as Ports["objects"],
  clock: { now: () => Date.UTC(2026, 0, 1) },
  log: { write: (level, message) => void written.push(`${level}: ${message}`) },
});

const row = (revision: number, object: JsonObject): PageRow => ({
  seq: 1,
  revision,
  origin: newest.number,
  partner: null,
  text: JSON.stringify(object),
});

describe("rows towards a neighbouring version", () => {
  test("what says the same is sent as stored, and not parsed a second time", async () => {
    const world = ports();
    const rows = [row(7, token)];
    const first = await translateRows(world, neighbour, "Token", rows);
    expect(first).toEqual({ texts: [rows[0]?.text], losses: [] });
    const parse = vi.spyOn(JSON, "parse");
    const second = await translateRows(world, neighbour, "Token", rows);
    expect(parse).not.toHaveBeenCalled();
    parse.mockRestore();
    expect(second).toEqual(first);
  });

  test("a later revision is looked at anew", async () => {
    const world = ports();
    await translateRows(world, neighbour, "Token", [row(7, token)]);
    const changed = row(8, { ...token, type: "EMAID" });
    const { texts, losses } = await translateRows(world, neighbour, "Token", [changed]);
    expect(JSON.parse(texts[0] ?? "")).toEqual({ ...token, type: "OTHER" });
    expect(losses).toHaveLength(1);
  });

  test("what loses something tells it every time", async () => {
    const world = ports();
    const rows = [row(1, token), row(2, { ...token, type: "EMAID" })];
    const first = await translateRows(world, neighbour, "Token", rows);
    expect(first.losses).toHaveLength(1);
    expect((await translateRows(world, neighbour, "Token", rows)).losses).toHaveLength(1);
  });

  test("what one version says the same another need not", async () => {
    const world = ports();
    const rows = [row(3, tariff)];
    for (const number of ["2.3.0", "2.2.1", "2.1.1", "2.2.1"]) {
      const version = versionByNumber(number) as Version;
      const { texts } = await translateRows(world, version, "Tariff", rows);
      const alone = await translateRows(ports(), version, "Tariff", rows);
      expect(texts).toEqual(alone.texts);
    }
  });
});

test("an object whose translation breaks is left out and told, the others are not lost for it", async () => {
  const broken = { ...token, valid: undefined } as JsonObject;
  const rows = [row(1, broken), row(2, { ...token, uid: "U2", type: "EMAID" })];
  const codec = neighbour.codecs.Token;
  const down = vi.spyOn(codec, "down").mockImplementationOnce(() => {
    throw new RangeError("Invalid time value");
  });
  const { texts, losses } = await translateRows(ports(), neighbour, "Token", rows);
  down.mockRestore();
  expect(texts[0]).toBeNull();
  expect(JSON.parse(texts[1] ?? "")).toMatchObject({ uid: "U2" });
  expect(losses.map(({ pointer }) => pointer)).toEqual(["/0", "/1/type"]);
});
