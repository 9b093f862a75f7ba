import { describe, expect, test } from "vitest";
import { VERSIONS, type Version } from "../sandbox/versions.ts";
import { type Connection, useWorld } from "../support/ocpi.ts";
import { call, evse, location, ownParties, tariff, time, token } from "./delivery/objects.ts";

const world = useWorld();
ownParties(world);

describe.each(VERSIONS)("push to a partner that speaks %s", (version: Version) => {
  let emsp: Connection;
  let cpo: Connection;
  const name = `V${VERSIONS.indexOf(version)}`;

  test("a Location whole, then only the EVSE that changed", async () => {
    emsp = await world.connect({ version, role: "EMSP", party: `DE/E${name}` });
    const id = `LOC-${name}`;
    const key = `NL/TNM/${id}`;
    const place = `/locations/${key}`;
    await call(world, "PUT", place, location(id, 1, [evse("E1", "AVAILABLE", 1), evse("E2", "AVAILABLE", 1)]));
    await emsp.partner.waitFor(() => emsp.partner.store.locations.get(key), 10_000);
    expect(emsp.partner.store.locations.get(key)).toMatchObject({ id, evses: [{ uid: "E1" }, { uid: "E2" }] });

    await call(world, "PATCH", `${place}/E1`, { status: "CHARGING", last_updated: time(2) });
    await emsp.partner.waitFor(() => emsp.partner.store.locations.get(key)?.evses[0].status === "CHARGING", 10_000);
    const pushes = emsp.partner.requests.filter(({ module }) => module === "locations");
    expect(pushes.map(({ method, path }) => `${method} ${path.split("/").slice(-2).join("/")}`)).toEqual([
      `PUT TNM/${id}`,
      `PUT ${id}/E1`,
    ]);
    expect(emsp.partner.violations).toEqual([]);
  });

  test("a Tariff, and that it is deleted", async () => {
    const key = `NL/TNM/T-${name}`;
    await call(world, "PUT", `/tariffs/${key}`, tariff(`T-${name}`, 1));
    await emsp.partner.waitFor(() => emsp.partner.store.tariffs.get(key), 10_000);
    await call(world, "DELETE", `/tariffs/${key}`);
    await emsp.partner.waitFor(() => emsp.partner.store.tariffs.size === 0, 10_000);
    expect(emsp.partner.violations).toEqual([]);
  });

  test("a Token, to a CPO", async () => {
    cpo = await world.connect({ version, role: "CPO", party: `DE/C${name}` });
    const uid = `TOK${name}`;
    await call(world, "PUT", `/tokens/NL/TNE/${uid}`, token(uid, 1));
    await cpo.partner.waitFor(() => cpo.partner.store.tokens.get(`NL/TNE/${uid}`), 10_000);
    expect(cpo.partner.violations).toEqual([]);
  });

  test("the same PUT twice pushes nothing; deliveries say what was delivered", async () => {
    const key = `NL/TNM/LOC-${name}`;
    const stored = await call(world, "GET", `/locations/${key}`);
    const before = emsp.partner.requests.length;
    await call(world, "PUT", `/locations/${key}`, stored);
    const marker = `NL/TNM/MARK-${name}`;
    await call(world, "PUT", `/locations/${marker}`, location(`MARK-${name}`, 1, []));
    await emsp.partner.waitFor(() => emsp.partner.store.locations.get(marker), 10_000);
    expect(emsp.partner.requests.slice(before)).toHaveLength(1);
    const json = await call(world, "GET", `/deliveries?partner=${emsp.id}&module=locations`);
    expect(json.items).toMatchObject([
      { key, module: "locations", partner: emsp.id, state: "DELIVERED", last_error: null, next_attempt_at: null },
      { key: marker, state: expect.stringMatching(/DELIVERED|PENDING/) },
    ]);
  });
});
