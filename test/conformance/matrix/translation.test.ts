import { describe, expect, test } from "vitest";
import type { OcpiObject } from "../../sandbox/types.ts";
import { atLeast, VERSIONS, type Version } from "../../sandbox/versions.ts";
import { type Connection, violationsOf } from "../../support/ocpi.ts";
import { examplesOf, idIn, NAMES, type Name, reaches, readersOf, receivedBy, useHub } from "./hub.ts";
import { TRANSLATIONS, valueAt } from "./translations.ts";

// What a partner of one version pushes reaches partners of every other through a hub, by push and by pull alike, without a
// fault in the receiver's eyes, and with every loss in the journal.

const hub = useHub();
const names = Object.keys(NAMES) as Name[];
const pulls = new Map<string, Promise<OcpiObject[]>>();

/** What a partner finds when it crawls a list; once for all tests. */
function pulled({ id, partner }: Connection, kind: (typeof NAMES)[Name]["kind"]): Promise<OcpiObject[]> {
  const key = `${id} ${kind}`;
  const pulling = pulls.get(key) ?? partner.pull(kind, { limit: 3 });
  pulls.set(key, pulling);
  return pulling;
}

const journals = new Map<string, Promise<OcpiObject[]>>();

/** What the journal has of a module's pushes to a partner; once for all tests, for nothing is pushed any more. */
function journalOf({ id }: Connection, kind: (typeof NAMES)[Name]["kind"]): Promise<OcpiObject[]> {
  const path = `/messages?partner=${id}&direction=out&module=${kind}&limit=1000`;
  const reading = journals.get(path) ?? hub.world.api("GET", path).then(({ json }) => json.items);
  journals.set(path, reading);
  return reading;
}

/** Losses the journal has for the push of an example to a version. */
async function lossesOf(to: Version, from: Version, name: Name): Promise<OcpiObject[]> {
  const messages = await journalOf(readersOf(hub, name)[to], NAMES[name].kind);
  const sent = messages.filter(({ url, method }: OcpiObject) => method === "PUT" && url.includes(idIn(from, name)));
  expect(sent.length).toBeGreaterThan(0);
  return sent.flatMap(({ losses }: OcpiObject) => losses);
}

describe.each(VERSIONS)("from OCPI %s", (from) => {
  describe.each(VERSIONS)("to OCPI %s", (to) => {
    test.each(names)("%s: pulled as it was pushed", async (name) => {
      const reader = readersOf(hub, name)[to];
      const sent = receivedBy(hub, to, from, name);
      const list = await pulled(reader, NAMES[name].kind);
      const listed = list.find(({ id, uid }) => (id ?? uid) === idIn(from, name));
      if (!reaches(name, from, to)) {
        expect([sent, listed]).toEqual([undefined, undefined]);
        return;
      }
      expect(listed).toEqual(sent);
    });

    if (from === to) {
      test.each(names)("%s: comes out as it went in, and nothing is lost", async (name) => {
        const { kind } = NAMES[name];
        const owner = (kind === "tokens" ? hub.EMSP : hub.CPO)[from].party;
        const original = examplesOf(from, kind, owner).find(({ id, uid }) => (id ?? uid) === idIn(from, name));
        expect(receivedBy(hub, to, from, name)).toEqual(original);
        expect(await lossesOf(to, from, name)).toEqual([]);
      });
    }

    const rows = TRANSLATIONS.filter((row) => row.from(from) && row.to(to) && reaches(row.name, from, to));
    test.each(rows)("$name $pointer: $what", async ({ name, pointer, value, loss }) => {
      const wanted = typeof value === "function" ? value(from, to) : value;
      expect(valueAt(receivedBy(hub, to, from, name), pointer)).toEqual(wanted);
      if (loss === undefined) return;
      const pointers = (await lossesOf(to, from, name)).map((each) => each.pointer);
      expect(pointers).toContain(loss === true ? pointer : loss);
    });
  });
});

describe.each(VERSIONS)("OCPI %s", (version) => {
  test("single objects are those of the list", async () => {
    if (!atLeast(version, "2.1.1")) return;
    const { partner } = hub.EMSP[version];
    for (const location of await pulled(hub.EMSP[version], "locations")) {
      const answer = await partner.request("locations", "SENDER", "GET", [location.id]);
      expect(answer.data).toEqual(location);
    }
  });

  test("nothing comes back to whom it is from", () => {
    const { CPO, EMSP } = hub;
    for (const { partner, party } of [CPO[version], EMSP[version]]) {
      const keys = Object.values(partner.store).flatMap((store) => store.keys());
      expect(keys.filter((key) => key.startsWith(`${party.country_code}/${party.party_id}/`))).toEqual([]);
    }
  });

  test("each object was sent once", () => {
    for (const { partner } of [hub.CPO[version], hub.EMSP[version]]) {
      for (const store of Object.values(partner.store)) {
        for (const key of store.keys()) expect([key, store.history(key).length]).toEqual([key, 1]);
      }
    }
  });

  test("nobody saw anything its version forbids", () => {
    expect([...violationsOf(hub.CPO[version]), ...violationsOf(hub.EMSP[version])]).toEqual([]);
  });
});
