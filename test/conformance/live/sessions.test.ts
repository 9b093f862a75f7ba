import { beforeAll, describe, expect, test } from "vitest";
import { atLeast, VERSIONS, type Version } from "../../sandbox/versions.ts";
import { type Connection, useWorld, violationsOf } from "../../support/ocpi.ts";
import { call, evse, location, ownParties, time, token } from "../delivery/objects.ts";
import { ownSession, period, wireLocation, wireSession } from "./sessions/objects.ts";
import { watch } from "./sessions/watch.ts";

const world = useWorld();
ownParties(world);
beforeAll(async () => {
  await call(world, "PUT", "/tokens/NL/TNE/TOK1", token("TOK1", 0));
  await call(world, "PUT", "/locations/NL/TNM/LOC1", location("LOC1", 0, [evse("E1", "CHARGING", 0)]));
});

describe.each(VERSIONS)("sessions of a partner CPO of %s", (version: Version) => {
  const number = VERSIONS.indexOf(version);
  const party = { country_code: "BE", party_id: `C0${number}` };
  const place = (id: string) => `/sessions/BE/${party.party_id}/${id}`;
  const stamp = (n: number) => (version === "2.0" ? {} : { last_updated: time(n) });
  let cpo: Connection;
  const push = (id: string, n: number, change = {}) =>
    cpo.partner.push("sessions", wireSession(version, id, party, n, change), { owner: party });
  const patch = (id: string, part: Record<string, unknown>) =>
    cpo.partner.patch("sessions", id, part, { owner: party });
  const kwh = (value: number) => (version === "2.0" ? String(value) : value);

  beforeAll(async () => {
    cpo = await world.connect({ version, role: "CPO", party: `BE/${party.party_id}` });
  });

  test("PUT creates, PATCH changes, and the operator sees whose token it was", async () => {
    expect(await push("S1", 1, { charging_periods: [period(1, version)] })).toMatchObject({
      http: 201,
      status_code: 1000,
    });
    const first = await call(world, "GET", place("S1"));
    expect(first).toMatchObject({
      ...party,
      id: "S1",
      status: "ACTIVE",
      kwh: 0,
      location_id: "THEIRS",
      evse_uid: "E9",
      connector_id: "1",
      cdr_token: { country_code: "NL", party_id: "TNE", uid: "TOK1", type: "RFID", contract_id: "NL-TNE-TOK1" },
    });
    const more = { kwh: kwh(1.5), charging_periods: [period(2, version)], ...stamp(2) };
    expect(await patch("S1", more)).toMatchObject({ http: 200, status_code: 1000 });
    // At once, though the database may be behind.
    const second = await call(world, "GET", place("S1"));
    const periods = atLeast(version, "2.2") ? [time(1), time(2)] : [time(2)];
    expect(second.kwh).toBe(1.5);
    expect(second.charging_periods.map((it: { start_date_time: string }) => it.start_date_time)).toEqual(periods);
    expect(violationsOf(cpo)).toEqual([]);
  });

  test("a partner reads back what it said", async () => {
    const answer = await cpo.partner.request("sessions", "RECEIVER", "GET", ["BE", party.party_id, "S1"]);
    expect(answer).toMatchObject({ http: 200, status_code: 1000, data: { id: "S1", kwh: kwh(1.5) } });
    expect(violationsOf(cpo)).toEqual([]);
  });

  test("a PATCH that is sent again adds nothing; an older one changes nothing", async () => {
    if (version === "2.0") return;
    const before = await call(world, "GET", place("S1"));
    const more = { kwh: 1.5, charging_periods: [period(2, version)], ...stamp(2) };
    expect(await patch("S1", more)).toMatchObject({ http: 200, status_code: 1000 });
    expect(await patch("S1", { kwh: 0.5, ...stamp(1) })).toMatchObject({ http: 200, status_code: 1000 });
    expect(await call(world, "GET", place("S1"))).toEqual(before);
  });

  test("the end is the end: the same again is taken, anything else is 2000", async () => {
    const end = {
      status: "COMPLETED",
      [atLeast(version, "2.2") ? "end_date_time" : "end_datetime"]: time(3),
      ...stamp(3),
    };
    expect(await patch("S1", end)).toMatchObject({ http: 200, status_code: 1000 });
    expect(await patch("S1", end)).toMatchObject({ http: 200, status_code: 1000 });
    expect(await patch("S1", { kwh: kwh(9), ...stamp(4) })).toMatchObject({ http: 200, status_code: 2000 });
    expect(await push("S1", 5)).toMatchObject({ http: 200, status_code: 2000 });
    expect(await call(world, "GET", place("S1"))).toMatchObject({ status: "COMPLETED", kwh: 1.5 });
  });

  test("an unknown session, a foreign one, and a bad body", async () => {
    expect(await patch("NONE", { kwh: kwh(1), ...stamp(1) })).toMatchObject({ http: 404 });
    const foreign = await cpo.partner.request("sessions", "RECEIVER", "PUT", ["NL", "TNM", "S1"], {
      body: wireSession(version, "S1", { country_code: "NL", party_id: "TNM" }, 1),
    });
    expect(foreign).toMatchObject({ http: 404 });
    const bad = await push("S2", 1, { status: "SLEEPING" });
    expect(bad).toMatchObject({ http: 200, status_code: 2001 });
    expect(bad.status_message).toContain("/status");
    const { status } = await world.api("GET", place("S2"));
    expect(status).toBe(404);
  });

  test("the operator may watch them", async () => {
    expect(await push("W1", 1)).toMatchObject({ http: 201 });
    const { until, close } = watch(world, place("W1"));
    await until((all) => all.length === 1);
    expect(await patch("W1", { kwh: kwh(2.5), ...stamp(2) })).toMatchObject({ http: 200 });
    expect(await patch("W1", { status: "COMPLETED", ...stamp(3) })).toMatchObject({ http: 200, status_code: 1000 });
    const seen = await until((all) => all.at(-1)?.status === "COMPLETED");
    close();
    expect(seen).toMatchObject([
      { ...party, id: "W1", kwh: 0 },
      { kwh: 2.5, status: "ACTIVE" },
      { status: "COMPLETED" },
    ]);
  });

  test("the operator finds them by their names as they stand", async () => {
    const id = "3e7b39c2-10d0".slice(0, version === "2.0" ? 15 : 36);
    expect(await push(id, 1)).toMatchObject({ http: 201 });
    expect(await call(world, "GET", place(id))).toMatchObject({ id });
    expect((await world.api("GET", place(id.toUpperCase()))).status).toBe(atLeast(version, "2.2") ? 200 : 404);
    const location = wireLocation(version, "Loc-a");
    expect(
      await cpo.partner.push("locations", { ...(atLeast(version, "2.2") ? party : {}), ...location }, { owner: party }),
    ).toMatchObject({ http: 201 });
    const at = `/locations/BE/${party.party_id}/Loc-a`;
    expect(await call(world, "GET", at)).toMatchObject({ id: "Loc-a" });
    expect(await call(world, "GET", `${at}/Evse-a`)).toMatchObject({ uid: "Evse-a" });
    expect((await world.api("GET", `${at}/EVSE-A`)).status).toBe(atLeast(version, "2.2") ? 200 : 404);
  });

  test("one whose id no version can say is refused", async () => {
    const long = await push("L".repeat(40), 1);
    expect(long).toMatchObject({ http: 200, status_code: 2001, status_message: expect.stringContaining("/id") });
  });

  test.runIf(version === "2.1.1")(
    "one that says no time counts from now, and the next that says one counts too",
    async () => {
      expect(await push("T1", 1)).toMatchObject({ http: 201 });
      expect(await patch("T1", { kwh: 7 })).toMatchObject({ status_code: 1000 });
      const back = await cpo.partner.request("sessions", "RECEIVER", "GET", ["BE", party.party_id, "T1"]);
      expect(JSON.stringify(back.data)).not.toContain("wire:");
      expect(await patch("T1", { kwh: 1, last_updated: time(0) })).toMatchObject({ status_code: 1000 });
      expect(await call(world, "GET", place("T1"))).toMatchObject({ kwh: 7 });
      // By a clock that is behind ours.
      expect(await patch("T1", { status: "COMPLETED", last_updated: time(2) })).toMatchObject({ status_code: 1000 });
      expect(await call(world, "GET", place("T1"))).toMatchObject({ status: "COMPLETED", kwh: 7 });
    },
  );

  test.runIf(version === "2.0")("DELETE, which 2.0 has", async () => {
    expect(await push("S3", 1)).toMatchObject({ http: 201 });
    expect(await cpo.partner.remove("sessions", "S3", { owner: party })).toMatchObject({
      http: 200,
      status_code: 1000,
    });
    expect((await world.api("GET", place("S3"))).status).toBe(404);
  });

  test("a pull asks since when, and stores what comes", async () => {
    // What was refused above stands among its own all the same.
    cpo.partner.own.sessions.clear();
    cpo.partner.own.sessions.add(wireSession(version, "P1", party, 1));
    const json = await call(world, "POST", `/partners/${cpo.id}/pull`, { modules: ["sessions"], mode: "full" });
    await cpo.partner.waitFor((log) => log.some((it) => it.module === "sessions" && it.method === "GET"), 10_000);
    for (let status = "RUNNING"; status === "RUNNING"; ) {
      const pull = await call(world, "GET", `/partners/${cpo.id}/pulls/${json.id}`);
      status = pull.status;
      if (status !== "RUNNING") expect(pull).toMatchObject({ status: "DONE", modules: { sessions: { rejected: 0 } } });
    }
    expect(await call(world, "GET", place("P1"))).toMatchObject({ cdr_token: { country_code: "NL", party_id: "TNE" } });
    expect(violationsOf(cpo)).toEqual([]);
  });
});

describe.each(VERSIONS)("own sessions towards an eMSP of %s", (version: Version) => {
  const number = VERSIONS.indexOf(version);
  const party = `E0${number}`;
  const place = (id: string) => `/sessions/NL/TNM/${id}`;
  let emsp: Connection;
  let other: Connection;

  beforeAll(async () => {
    emsp = await world.connect({ version, role: "EMSP", party: `DE/${party}` });
    other = await world.connect({ version, role: "EMSP", party: `DE/F0${number}` });
  });

  test("are pushed to the eMSP that owns the token, and to it only", async () => {
    const id = `OWN-${number}`;
    await call(world, "PUT", place(id), ownSession(id, party, 1, { charging_periods: [period(1)] }));
    const key = `NL/TNM/${id}`;
    await emsp.partner.waitFor(() => emsp.partner.store.sessions.get(key), 10_000);
    await call(world, "PATCH", place(id), { kwh: 2.5, last_updated: time(2) });
    const isNew = () => Number(emsp.partner.store.sessions.get(key)?.kwh) === 2.5;
    await emsp.partner.waitFor(isNew, 10_000);
    await call(world, "PATCH", place(id), { status: "COMPLETED", end_date_time: time(3), last_updated: time(3) });
    await emsp.partner.waitFor(() => emsp.partner.store.sessions.get(key)?.status === "COMPLETED", 10_000);
    expect(violationsOf(emsp)).toEqual([]);
    expect(other.partner.requests.filter(({ module }) => module === "sessions")).toEqual([]);
  });

  test("are listed for it alone, since a date that must be given", async () => {
    const list = (who: Connection, query: Record<string, string>) =>
      who.partner.request("sessions", "SENDER", "GET", [], { query });
    expect(await list(emsp, {})).toMatchObject({ http: 200, status_code: 2001 });
    const since = { date_from: time(0) };
    expect(await list(emsp, since)).toMatchObject({ http: 200, status_code: 1000, data: [{ id: `OWN-${number}` }] });
    expect(await list(other, since)).toMatchObject({ http: 200, status_code: 1000, data: [] });
    expect(await list(emsp, { date_from: "2027-01-01T00:00:00Z" })).toMatchObject({ status_code: 1000, data: [] });
    // 2.0 asks when a session began, later versions when it last changed.
    const between = await list(emsp, { date_from: time(1) });
    expect(between).toMatchObject({ status_code: 1000, data: version === "2.0" ? [] : [{ id: `OWN-${number}` }] });
  });

  test("are not told on to the eMSP that owned the token before", async () => {
    const id = `MOVED-${number}`;
    await call(world, "PUT", place(id), ownSession(id, party, 1));
    await emsp.partner.waitFor(() => emsp.partner.store.sessions.get(`NL/TNM/${id}`), 10_000);
    const { cdr_token } = ownSession(id, `F0${number}`, 2);
    await call(world, "PATCH", place(id), { cdr_token, last_updated: time(2) });
    await other.partner.waitFor(() => other.partner.store.sessions.get(`NL/TNM/${id}`), 10_000);
    await call(world, "PATCH", place(id), { status: "COMPLETED", last_updated: time(3) });
    const ended = () => other.partner.store.sessions.get(`NL/TNM/${id}`)?.status === "COMPLETED";
    await other.partner.waitFor(ended, 10_000);
    const told = emsp.partner.requests.filter(({ path }) => path.includes(id));
    expect(told.map(({ method }) => method)).toEqual(["PUT"]);
    expect(JSON.stringify(told)).not.toContain(`UF0${number}`);
    expect(
      await emsp.partner.request("sessions", "SENDER", "GET", [], { query: { date_from: time(0) } }),
    ).toMatchObject({
      data: [{ id: `OWN-${number}` }],
    });
  });
});
