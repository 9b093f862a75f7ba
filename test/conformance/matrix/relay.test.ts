import { describe, expect, test } from "vitest";
import { example } from "../../sandbox/fixtures/example.ts";
import type { OcpiObject } from "../../sandbox/types.ts";
import { atLeast, VERSIONS, type Version } from "../../sandbox/versions.ts";
import { type Connection, violationsOf } from "../../support/ocpi.ts";
import { brief } from "./access.ts";
import { idIn, keyIn, type Name, receivedBy, useHub } from "./hub.ts";

// Changes on their way from a partner of one version to partners of every other.

const hub = useHub();
const old: readonly Version[] = ["2.0", "2.1.1"];
const modern: readonly Version[] = ["2.2", "2.2.1", "2.3.0"];
const MOMENT = "2025-07-01T12:00:00Z";

/** A change as this version says it. */
const said = (version: Version, fields: OcpiObject): OcpiObject =>
  atLeast(version, "2.1.1") ? { ...fields, last_updated: MOMENT } : fields;

/** Waits until eMSPs (of Tokens: CPOs) of these versions hold an example as the predicate wants it. */
function everybodyHas(
  from: Version,
  name: Name,
  wanted: (object: OcpiObject | undefined) => unknown,
  readers: Record<Version, Connection>,
  versions: readonly Version[] = VERSIONS,
) {
  return Promise.all(
    versions.map((to) =>
      readers[to].partner
        .waitFor(() => wanted(receivedBy(hub, to, from, name)), 10_000)
        .catch((error: Error) => {
          const held = JSON.stringify(receivedBy(hub, to, from, name))?.slice(0, 300);
          throw new Error(`${name} did not become so in ${to}: ${error.message}; held: ${held}`);
        }),
    ),
  );
}

describe.each(VERSIONS)("a partner of OCPI %s changes", (from) => {
  test("the status of an EVSE: everybody gets that EVSE", async () => {
    const { partner } = hub.CPO[from];
    const id = idIn(from, "garage");
    expect(brief(await partner.patch("locations", [id, "HBR-02"], said(from, { status: "OUTOFORDER" })))).toBe(
      "200 1000",
    );
    await everybodyHas(from, "garage", (held) => held?.evses[1].status === "OUTOFORDER", hub.EMSP);
    for (const to of VERSIONS) {
      const held = receivedBy(hub, to, from, "garage");
      if (atLeast(to, "2.1.1") && atLeast(from, "2.1.1")) expect(held?.evses[1].last_updated).toBe(MOMENT);
      const { body } = hub.EMSP[to].partner.store.locations.history(keyIn(hub, from, "garage")).at(-1) ?? {};
      expect([to, body?.uid ?? body?.status]).toEqual([to, body?.uid === undefined ? "OUTOFORDER" : "HBR-02"]);
    }
  });

  test("a Location by PUT, an EVSE left out: everybody sees it REMOVED", async () => {
    const { partner } = hub.CPO[from];
    const whole = partner.own.locations.get(idIn(from, "garage")) as OcpiObject;
    const evses = whole.evses.filter(({ uid }: OcpiObject) => uid !== "HBR-01");
    expect(brief(await partner.push("locations", said(from, { ...whole, evses, city: "Schiedam" })))).toBe("200 1000");
    await everybodyHas(from, "garage", (held) => held?.city === "Schiedam", hub.EMSP);
    await everybodyHas(
      from,
      "garage",
      (held) => held?.evses.some(({ uid, status }: OcpiObject) => uid === "HBR-01" && status === "REMOVED"),
      hub.EMSP,
    );
  });

  test("a Tariff and deletes it: everybody follows", async () => {
    const { partner } = hub.CPO[from];
    const id = idIn(from, "plain");
    const whole = said(from, { ...(partner.own.tariffs.get(id) as OcpiObject), currency: "GBP" });
    const changed = atLeast(from, "2.2")
      ? await partner.push("tariffs", whole)
      : await partner.patch("tariffs", id, said(from, { currency: "GBP" }));
    expect(brief(changed)).toBe("200 1000");
    await everybodyHas(from, "plain", (held) => held?.currency === "GBP", hub.EMSP);
    expect(brief(await partner.remove("tariffs", id))).toBe("200 1000");
    await everybodyHas(from, "plain", (held) => held === undefined, hub.EMSP);
    for (const to of VERSIONS) {
      const list = await hub.EMSP[to].partner.pull("tariffs");
      expect(list.map((tariff) => tariff.id)).not.toContain(id);
    }
  });

  test("a Token: every CPO has it", async () => {
    const { partner } = hub.EMSP[from];
    const part = said(from, { valid: false });
    expect(brief(await partner.patch("tokens", idIn(from, "card"), part))).toBe("200 1000");
    await everybodyHas(from, "card", (held) => held?.valid === false, hub.CPO);
  });
});

describe("ids", () => {
  test.each(["2.1.1"] as const)("of %s that are too long for others go by one name there", async (from) => {
    const { partner, party } = hub.CPO[from];
    const id = `LONG-${"x".repeat(34)}`;
    const long = example(from, "locations", { id });
    long.evses[0].uid = `EVSE-${"y".repeat(34)}`;
    expect(brief(await partner.push("locations", long))).toBe("201 1000");
    for (const to of VERSIONS) {
      const { store } = hub.EMSP[to].partner;
      const prefix = `${party.country_code}/${party.party_id}/`;
      const found = await hub.EMSP[to].partner.waitFor(() =>
        store.locations
          .keys()
          .find(
            (key) =>
              key.startsWith(prefix) && !key.endsWith(idIn(from, "garage")) && !key.endsWith(idIn(from, "unpublished")),
          ),
      );
      const held = store.locations.get(found) as OcpiObject;
      expect(found).toBe(prefix + held.id);
      if (to === from) expect([held.id, held.evses[0].uid]).toEqual([id, long.evses[0].uid]);
      else expect(held.id.length).toBeLessThanOrEqual(to === "2.0" ? 15 : 36);
      const pulled = await hub.EMSP[to].partner.pull("locations");
      expect(pulled.find((location) => location.id === held.id)).toEqual(held);
      if (to === "2.0") continue;
      const answer = await hub.EMSP[to].partner.request("locations", "SENDER", "GET", [held.id, held.evses[0].uid]);
      expect(answer.data).toEqual(held.evses[0]);
    }
  });
});

describe.each(VERSIONS)("OCPI %s", (version) => {
  test("nobody saw anything its version forbids", () => {
    expect([...violationsOf(hub.CPO[version]), ...violationsOf(hub.EMSP[version])]).toEqual([]);
  });

  test("pushed and pulled are the same in the end", async () => {
    const { partner } = hub.EMSP[version];
    // The order of members means nothing in JSON, and may differ.
    const ordered = (_: string, value: unknown) =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
        : value;
    const textOf = (object: OcpiObject) => JSON.stringify(object, ordered);
    const byKey = (a: OcpiObject, b: OcpiObject) => (textOf(a) < textOf(b) ? -1 : 1);
    for (const module of ["locations", "tariffs"] as const) {
      expect((await partner.pull(module)).sort(byKey)).toEqual(partner.store[module].list().sort(byKey));
    }
  });
});

describe("what only some versions tell apart", () => {
  test("Tokens of one uid and two types are two where types are told apart", async () => {
    const { partner, party } = hub.EMSP["2.2.1"];
    const { country_code, party_id } = party;
    const owner = { country_code, party_id };
    const card = example("2.2.1", "tokens", { ...owner, uid: "TWINS", type: "RFID" });
    const app = example("2.2.1", "tokens", { ...owner, uid: "TWINS", type: "APP_USER", issuer: "the app" });
    await partner.push("tokens", card);
    await partner.push("tokens", app);
    for (const to of modern) {
      const { store, waitFor } = hub.CPO[to].partner;
      const key = `${country_code}/${party_id}/TWINS`;
      await waitFor(() => store.tokens.get(key)?.issuer === card.issuer && store.tokens.get(`${key}/APP_USER`));
    }
  });

  test("Locations whose ids differ in case are two where case counts", async () => {
    const { partner, party } = hub.CPO["2.1.1"];
    await partner.push("locations", example("2.1.1", "locations", { id: "Twins", name: "first" }));
    await partner.push("locations", example("2.1.1", "locations", { id: "TWINS", name: "second" }));
    for (const to of old) {
      const { store, waitFor, pull } = hub.EMSP[to].partner;
      const key = (id: string) => `${party.country_code}/${party.party_id}/${id}`;
      await waitFor(
        () =>
          store.locations.get(key("Twins"))?.name === "first" && store.locations.get(key("TWINS"))?.name === "second",
      );
      const list = (await pull("locations")).filter(({ id }) => /^twins$/i.test(id));
      expect(list.map(({ id, name }) => [id, name])).toEqual([
        ["Twins", "first"],
        ["TWINS", "second"],
      ]);
    }
  });
});
