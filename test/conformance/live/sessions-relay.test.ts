import { beforeAll, describe, expect, test } from "vitest";
import { example } from "../../sandbox/fixtures/example.ts";
import { atLeast, VERSIONS } from "../../sandbox/versions.ts";
import { useWorld, violationsOf } from "../../support/ocpi.ts";
import { call, time } from "../delivery/objects.ts";
import { period, wireSession } from "./sessions/objects.ts";

// We are a hub: a session of one partner reaches the partner whose token was used, in its version, and nobody else.

const world = useWorld();
beforeAll(async () => {
  await call(world, "PUT", "/parties/NL/HUB", { roles: ["HUB"], business_details: { name: "Hub" } });
});

const pairs = VERSIONS.flatMap((from) => VERSIONS.map((to) => [from, to] as const)).filter(([from, to]) => from !== to);

describe.each(pairs)("a session of a CPO of %s for an eMSP of %s", (from, to) => {
  const code = `${VERSIONS.indexOf(from)}${VERSIONS.indexOf(to)}`;

  test("is passed on, its PATCHes too", async () => {
    const owner = { country_code: "BE", party_id: `C${code}` };
    const provider = { country_code: "DE", party_id: `E${code}` };
    const contract = `DE-E${code}`;
    const cpo = await world.connect({ version: from, role: "CPO", party: `BE/C${code}` });
    const emsp = await world.connect({ version: to, role: "EMSP", party: `DE/E${code}` });
    const other = await world.connect({ version: to, role: "EMSP", party: `DE/F${code}` });

    const named = { [atLeast(to, "2.2") ? "contract_id" : "auth_id"]: contract };
    await emsp.partner.push("tokens", example(to, "tokens", { ...provider, uid: `U${code}`, type: "RFID", ...named }), {
      owner: provider,
    });
    const place = example(from, "locations", { ...owner, id: "THEIRS" });
    place.evses = [{ ...place.evses[0], uid: "E9", connectors: [{ ...place.evses[0].connectors[0], id: "1" }] }];
    expect(await cpo.partner.push("locations", place, { owner })).toMatchObject({ status_code: 1000 });

    const token = { uid: `U${code}`, type: "RFID", contract_id: contract };
    const used = !atLeast(from, "2.2")
      ? { auth_id: contract }
      : { cdr_token: from === "2.2" ? token : { ...provider, ...token } };
    const session = wireSession(from, "S1", owner, 1, { ...used, charging_periods: [period(1, from)] });
    expect(await cpo.partner.push("sessions", session, { owner })).toMatchObject({ status_code: 1000 });
    const key = `BE/C${code}/S1`;
    const held = () => emsp.partner.store.sessions.get(key);
    await emsp.partner.waitFor(held, 15_000);
    const more = {
      kwh: from === "2.0" ? "3" : 3,
      charging_periods: [period(2, from)],
      ...(from === "2.0" ? {} : { last_updated: time(2) }),
    };
    expect(await cpo.partner.patch("sessions", "S1", more, { owner })).toMatchObject({ status_code: 1000 });
    await emsp.partner.waitFor(() => Number(held()?.kwh) === 3, 15_000);
    // A PATCH adds periods from 2.2 on, and puts others in their place before.
    const starts = (atLeast(from, "2.2") ? [1, 2] : [2]).map((n) => ({ start_date_time: time(n) }));
    expect(held()?.charging_periods).toMatchObject(starts);
    expect(violationsOf(emsp)).toEqual([]);
    expect(other.partner.requests.filter(({ module }) => module === "sessions")).toEqual([]);
  });
});

describe.each(VERSIONS.filter((version) => version !== "2.0"))(
  "a CPO of %s that never told of its Location",
  (from) => {
    const n = VERSIONS.indexOf(from);
    const owner = { country_code: "BE", party_id: `L0${n}` };
    const provider = { country_code: "DE", party_id: `M0${n}` };

    test("is asked for it when a session needs it said, and for nothing else", async () => {
      const to = from === "2.1.1" ? "2.0" : "2.1.1";
      const cpo = await world.connect({ version: from, role: "CPO", party: `BE/L0${n}` });
      const emsp = await world.connect({ version: to, role: "EMSP", party: `DE/M0${n}` });
      const token = { uid: `V${n}`, type: "RFID" };
      await emsp.partner.push("tokens", example(to, "tokens", { ...token, auth_id: `DE-M0${n}` }), { owner: provider });
      const place = example(from, "locations", { ...owner, id: "THEIRS" });
      place.evses = [{ ...place.evses[0], uid: "E9", connectors: [{ ...place.evses[0].connectors[0], id: "1" }] }];
      cpo.partner.own.locations.add(place);

      const named = { ...token, contract_id: `DE-M0${n}` };
      const used =
        from === "2.1.1" ? { auth_id: `DE-M0${n}` } : { cdr_token: from === "2.2" ? named : { ...provider, ...named } };
      const session = wireSession(from, "S1", owner, 1, used);
      expect(await cpo.partner.push("sessions", session, { owner })).toMatchObject({ status_code: 1000 });
      const held = await emsp.partner.waitFor(() => emsp.partner.store.sessions.get(`BE/L0${n}/S1`), 15_000);
      expect(held).toMatchObject({ location: { id: "THEIRS", evses: [{ uid: "E9" }] } });
      expect(await call(world, "GET", `/locations/BE/L0${n}/THEIRS`)).toMatchObject({ id: "THEIRS" });
      const asked = cpo.partner.requests.filter(({ method }) => method === "GET").map(({ module }) => module);
      const handshake = ["versions", "details", "credentials"];
      expect(asked.filter((module) => !handshake.includes(module))).toEqual(["locations"]);
      expect([...violationsOf(cpo), ...violationsOf(emsp)]).toEqual([]);
    });
  },
);
