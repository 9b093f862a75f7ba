import { expect, test } from "vitest";
import { example } from "../../sandbox/fixtures/example.ts";
import type { ObjectModule, OcpiObject } from "../../sandbox/types.ts";
import type { Version } from "../../sandbox/versions.ts";
import type { Connection } from "../../support/ocpi.ts";
import { accessCases, brief, expectRefusal } from "./access.ts";
import type { Endpoint } from "./rows.ts";
import { OWN, type Stage } from "./stage.ts";

type OwnModule = keyof typeof OWN;

/** Ids of our own object of a row's kind, at the row's depth. */
function ownIds({ module, path }: Endpoint): string[] {
  const own = OWN[module as OwnModule];
  const [evse] = own.evses ?? [];
  const depth = path.split("/").length - 1;
  return [own.id ?? own.uid, evse?.uid, evse?.connectors[0].id].slice(0, depth);
}

/** The partner that has nothing to read here: an eMSP owns no Tokens of ours to read, a CPO no Locations. */
function stranger(stage: Stage, version: Version, { module }: Endpoint): Connection {
  return stage.of(version)[module === "tokens" ? "EMSP" : "CPO"];
}

/** The cases of a row of the Sender interface; undefined when there are none for it. */
export function senderCases(stage: Stage, version: Version, row: Endpoint): (() => void) | undefined {
  if (!(row.module in OWN)) return undefined;
  const cases = { listObjects: listCases, getObject: objectCases }[row.operation as string];
  if (!cases) return undefined;
  return () => {
    cases(stage, version, row);
    accessCases(stage, version, row, async () => ownIds(row));
  };
}

function listCases(stage: Stage, version: Version, row: Endpoint): void {
  const asker = () => stage.asker(version, row);
  const read = (query: Record<string, string>) => asker().partner.request(row.module, "SENDER", "GET", [], { query });

  test("accepted: our own objects, in the partner's version", async () => {
    const objects = await asker().partner.pull(row.module as ObjectModule);
    const own = OWN[row.module as OwnModule];
    const ids = objects.map(({ id, uid }) => id ?? uid);
    expect(ids).toContain(own.id ?? own.uid);
  });

  test("nothing of other partners, where we are no hub", async () => {
    const objects = await asker().partner.pull(row.module as ObjectModule);
    const parties = new Set(objects.map(({ country_code = "NL", party_id = "GWY" }) => `${country_code}/${party_id}`));
    expect([...parties]).toEqual(["NL/GWY"]);
    expect(objects).toHaveLength(1);
  });

  test("refused: paging parameters that are none", async () => {
    for (const [name, value] of [
      ["limit", "0"],
      ["limit", "-1"],
      ["limit", "many"],
      ["limit", "1.5"],
      ["limit", ""],
      ["offset", "-1"],
      ["offset", "NaN"],
    ] as const) {
      const answer = await read({ [name]: value });
      expectRefusal(answer, 200, 2001);
      expect(answer.status_message).toContain(name);
    }
  });

  test("date filters where the version has them", async () => {
    const hasDates = row.query.includes("date_from");
    const later = await read({ date_from: "2999-01-01T00:00:00Z" });
    expect(brief(later)).toBe("200 1000");
    expect(later.data).toHaveLength(hasDates ? 0 : 1);
    expect(later.headers["x-total-count"]).toBe(hasDates ? "0" : "1");
    const wrong = await read({ date_to: "yesterday" });
    if (hasDates) expectRefusal(wrong, 200, 2001);
    else expect(brief(wrong)).toBe("200 1000");
  });

  test("unknown query parameters are ignored", async () => {
    expect(brief(await read({ page: "7", sort: "asc" }))).toBe("200 1000");
  });

  test("a partner whose role has no business here is told nothing", async () => {
    const { partner } = asker();
    const to = stranger(stage, version, row).partner;
    const url = partner.peer?.endpoints.find(
      ({ identifier, role }) => identifier === row.module && (role ?? "SENDER") === "SENDER",
    )?.url;
    const answer = await to.call("GET", url ?? "", { module: row.module, side: "SENDER" });
    expectRefusal(answer, 404);
  });
}

function objectCases(stage: Stage, version: Version, row: Endpoint): void {
  const read = (ids: string[]) => stage.asker(version, row).partner.request(row.module, "SENDER", "GET", ids);

  test("accepted: the object as the list has it, its id decoded once", async () => {
    const [, ...below] = ownIds(row);
    const own = OWN[row.module as OwnModule];
    const listed = await stage.asker(version, row).partner.pull(row.module as ObjectModule);
    let wanted = listed.find(({ id, uid }) => (id ?? uid) === (own.id ?? own.uid)) as OcpiObject;
    for (const id of below) {
      wanted = [...(wanted.evses ?? []), ...(wanted.connectors ?? [])].find((part) => (part.uid ?? part.id) === id);
    }
    const answer = await read(ownIds(row));
    expect(brief(answer)).toBe("200 1000");
    expect(answer.data).toEqual(wanted);
  });

  test("refused: what is not there is 404", async () => {
    const ids = ownIds(row);
    for (const at of ids.keys()) expectRefusal(await read(ids.with(at, "NOWHERE")), 404);
  });

  test("an object of another partner is 404", async () => {
    const { CPO } = stage.of(version);
    const id = stage.freshId();
    const { country_code, party_id } = CPO.party;
    const object = example(version, "locations", { country_code, party_id, id });
    expect(brief(await CPO.partner.push("locations", object))).toBe("201 1000");
    const parts = [id, object.evses[0].uid, object.evses[0].connectors[0].id];
    expectRefusal(await read(parts.slice(0, ownIds(row).length)), 404);
  });
}
