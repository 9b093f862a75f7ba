import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { writeOf } from "../../../src/gateway/apply.ts";
import { takeResult } from "../../../src/gateway/command-replies.ts";
import { changeSession, getSession } from "../../../src/gateway/sessions.ts";
import type { JsonObject } from "../../../src/lib/json.ts";
import type { CommandKeys } from "../../../src/ports/commands.ts";
import type { ObjectRef, StoredObject, Writer } from "../../../src/ports/objects.ts";
import type { SessionChange } from "../../../src/ports/sessions.ts";
import { operator, rows } from "../../support/object-world.ts";
import { addEmsp, ownParty, ports } from "../delivery/stage.ts";

beforeAll(ownParty);

const used = new Set<string>();
// No alarm is to go off when the file is done.
afterAll(async () => {
  for (const id of used) await runInDurableObject(stub(id), (_, state) => state.storage.deleteAlarm());
});

const at = (n: number): string => new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString().replace(".000Z", "Z");
const target = (id: string) => ({ module: "sessions", country_code: "NL", party_id: "TNM", id, ciIds: true });
const refFor = (id: string): ObjectRef => ({
  module: "sessions",
  country_code: "NL",
  party_id: "TNM",
  id_key: id,
  recipient: "",
});
const stub = (id: string) => env.SESSION.getByName(`NL*TNM/${id}`);
const alarmOf = (id: string) => runInDurableObject(stub(id), (_, state) => state.storage.getAlarm());
const period = (n: number): JsonObject => ({ start_date_time: at(n), dimensions: [{ type: "ENERGY", volume: n }] });

const session = (id: string, n: number, change: JsonObject = {}): JsonObject => ({
  country_code: "NL",
  party_id: "TNM",
  id,
  start_date_time: at(0),
  kwh: 0,
  cdr_token: { country_code: "DE", party_id: "EMS", uid: "T1", type: "RFID", contract_id: "C1" },
  auth_method: "WHITELIST",
  location_id: "L1",
  evse_uid: "E1",
  connector_id: "1",
  currency: "EUR",
  status: "ACTIVE",
  last_updated: at(n),
  ...change,
});

async function tell(id: string, change: SessionChange): Promise<StoredObject> {
  used.add(id);
  const done = await changeSession(ports(), operator, target(id), change);
  if (!done.ok) throw new Error(JSON.stringify(done.error));
  return done.value.object;
}
const put = (id: string, n: number, change: JsonObject = {}) =>
  tell(id, { kind: "put", model: session(id, n, change) });
const patch = (id: string, body: JsonObject) =>
  tell(id, { kind: "patch", version: "2.3.0", body, context: { origin: "2.3.0" } });

const inD1 = async (id: string): Promise<JsonObject | null> => {
  const found = await ports().objects.get({ kind: "operator" }, refFor(id));
  return found.ok && found.value ? found.value.body : null;
};
const seen = async (id: string): Promise<JsonObject | null> => {
  const found = await getSession(ports(), { kind: "operator" }, target(id));
  return found.ok && found.value ? found.value.body : null;
};
const events = (id: string, type = "session.changed") =>
  rows<{ data: string }>(
    "SELECT data FROM events WHERE type = ? AND data ->> '$.session.id' = ? ORDER BY id",
    type,
    id,
  );

describe("the database", () => {
  test("has a new session and another status at once, a meter value when the alarm goes off", async () => {
    await put("A1", 1);
    expect(await inD1("A1")).toMatchObject({ kwh: 0 });
    await patch("A1", { kwh: 1, last_updated: at(2) });
    expect(await inD1("A1")).toMatchObject({ kwh: 0 });
    expect(await seen("A1")).toMatchObject({ kwh: 1 });
    expect(await alarmOf("A1")).toBeLessThanOrEqual(Date.now() + 2_000);
    await runDurableObjectAlarm(stub("A1"));
    expect(await inD1("A1")).toMatchObject({ kwh: 1 });
    expect(await events("A1")).toHaveLength(2);
    // Only the question whether the session is stale is left to the alarm.
    expect(await alarmOf("A1")).toBeGreaterThan(Date.now() + 60_000);
    await runDurableObjectAlarm(stub("A1"));
    expect(await events("A1")).toHaveLength(2);
    await patch("A1", { kwh: 2, last_updated: at(3) });
    await patch("A1", { status: "COMPLETED", last_updated: at(4) });
    expect(await inD1("A1")).toMatchObject({ kwh: 2, status: "COMPLETED" });
    await runDurableObjectAlarm(stub("A1"));
    expect(await events("A1")).toHaveLength(3);
    expect(await alarmOf("A1")).toBeNull();
  });

  test("gets what was acknowledged though the object was gone in between", async () => {
    await put("A2", 1, { charging_periods: [period(1)] });
    await patch("A2", { kwh: 1, charging_periods: [period(2)], last_updated: at(2) });
    await evictDurableObject(stub("A2"));
    expect(await seen("A2")).toMatchObject({ kwh: 1 });
    await patch("A2", { charging_periods: [period(3)], last_updated: at(3) });
    await evictDurableObject(stub("A2"));
    await runDurableObjectAlarm(stub("A2"));
    expect(await inD1("A2")).toMatchObject({ kwh: 1, charging_periods: [period(1), period(2), period(3)] });
  });

  test("is not set back by what the object kept, when it crashed after a commit", async () => {
    await put("A3", 1);
    const behind = await patch("A3", { kwh: 1, last_updated: at(2) });
    // The commit of an end that took the meter value along, and then the crash: the object has kept what it had.
    const body = { ...behind.body, status: "COMPLETED", kwh: 2, last_updated: at(3) };
    const ended = { ...behind, body, last_updated: at(3) };
    expect(await ports().objects.commit({ kind: "operator" }, [writeOf(behind, ended)], [])).toBe("committed");
    await evictDurableObject(stub("A3"));
    expect(await seen("A3")).toMatchObject({ status: "COMPLETED", kwh: 2 });
    await runDurableObjectAlarm(stub("A3"));
    expect(await inD1("A3")).toMatchObject({ status: "COMPLETED", kwh: 2 });
    const late = await changeSession(ports(), operator, target("A3"), { kind: "merge", patch: { kwh: 9 } });
    expect(late).toMatchObject({ ok: false, error: { kind: "ended" } });
  });

  test("that does not answer keeps a change of status from being acknowledged, and a meter value waiting", async () => {
    await put("A4", 1);
    await patch("A4", { kwh: 1, last_updated: at(2) });
    const quiet = vi.spyOn(console, "error").mockImplementation(() => {});
    const broken = vi.spyOn(env.DB, "batch").mockRejectedValue(new Error("D1_ERROR: away"));
    await expect(patch("A4", { status: "COMPLETED", last_updated: at(3) })).rejects.toThrow("unavailable");
    await runDurableObjectAlarm(stub("A4"));
    expect(await alarmOf("A4")).toBeLessThanOrEqual(Date.now() + 2_000);
    broken.mockRestore();
    quiet.mockRestore();
    expect(await seen("A4")).toMatchObject({ status: "ACTIVE", kwh: 1 });
    await runDurableObjectAlarm(stub("A4"));
    expect(await inD1("A4")).toMatchObject({ status: "ACTIVE", kwh: 1 });
  });
});

describe("readers", () => {
  test("see what was acknowledged, though it is written between their two looks", async () => {
    await put("R1", 1);
    await patch("R1", { kwh: 5, last_updated: at(2) });
    const all = ports();
    const objects = {
      ...all.objects,
      get: async (...args: Parameters<typeof all.objects.get>) => {
        const found = await all.objects.get(...args);
        await runDurableObjectAlarm(stub("R1"));
        return found;
      },
    };
    const found = await getSession({ ...all, objects }, { kind: "operator" }, target("R1"));
    expect(found.ok && found.value?.body.kwh).toBe(5);
  });

  test("that crawl by time miss no meter value that was written behind", async () => {
    const mark = Date.now();
    const iso = (ms: number) => new Date(ms).toISOString();
    await tell("R2", { kind: "put", model: session("R2", 1, { last_updated: iso(mark - 10_000) }) });
    await patch("R2", { kwh: 5, last_updated: iso(mark - 200) });
    const visibility = { own: null, relayed: false, reader: "x", audiences: ["*", "DE*EMS"] };
    const crawl = async (updatedFrom: number, updatedTo: number) => {
      const filter = { visibility, updatedFrom, updatedTo };
      const query = { module: "sessions", filter, offset: 0, after: null, limit: 100, withTotal: true };
      const page = await ports().objects.page({ kind: "operator" }, query);
      const found = page.ok ? page.value.rows.map(({ text }) => JSON.parse(text)) : [];
      return found.filter(({ id }) => id === "R2").map(({ kwh }) => kwh);
    };
    const first = await crawl(mark - 60_000, mark);
    await runDurableObjectAlarm(stub("R2"));
    expect([...first, ...(await crawl(mark, mark + 60_000))]).toEqual([0, 5]);
  });
});

describe("messages", () => {
  test("many at once are taken one after the other, none lost", async () => {
    await put("B1", 0);
    const all = Array.from({ length: 20 }, (_, n) => n + 1);
    await Promise.all(all.map((n) => patch("B1", { kwh: n, charging_periods: [period(n)], last_updated: at(n) })));
    await runDurableObjectAlarm(stub("B1"));
    expect(await inD1("B1")).toMatchObject({ kwh: 20, charging_periods: all.map(period) });
  });

  test("of a session two create at once, one creates", async () => {
    used.add("B2");
    const both = await Promise.all(
      [1, 1].map(() => changeSession(ports(), operator, target("B2"), { kind: "put", model: session("B2", 1) })),
    );
    expect(both.map((done) => done.ok && done.value.outcome).sort()).toEqual(["created", "unchanged"]);
    expect(await events("B2")).toHaveLength(1);
  });

  test("a partner that changed meanwhile is told to come again", async () => {
    const actor = { kind: "partner" as const, id: "nobody", epoch: 1 };
    const message = {
      writer: { ...operator, actor },
      target: target("B3"),
      change: { kind: "put", model: session("B3", 1) } as const,
    };
    expect(await ports().sessions.apply(message)).toEqual({ ok: false, error: "stale" });
  });
});

describe("the command a session came of", () => {
  const place = (id: string) => ({ ...target(id), country_code: "BE", party_id: "TIE" });
  const host = (id: string) => env.SESSION.getByName(`BE*TIE/${id}`);
  const told = (id: string, n: number, change: JsonObject = {}): SessionChange => ({
    kind: "put",
    model: session(id, n, { country_code: "BE", party_id: "TIE", ...change }),
  });
  const tied = (id: string) => rows("SELECT session FROM commands WHERE id = ?", id);
  let writer: Writer;
  let n = 0;

  beforeAll(async () => {
    const partner = await ports().partners.get(await addEmsp("TIE"));
    if (partner === null) throw new Error("no partner");
    const cpo = { ...partner, roles: [{ role: "CPO", country_code: "BE", party_id: "TIE" }] };
    writer = { actor: { kind: "partner", id: cpo.id, epoch: cpo.epoch }, partner: cpo, origin: "2.2.1" };
  });

  /** A START_SESSION of ours, sent and remembered. */
  async function started(change: Partial<CommandKeys> = {}): Promise<string> {
    const id = `${++n}`.padStart(22, "T");
    const partner = writer.partner?.id ?? "";
    const keys = { token: "C1", uid: "T1", location: "L1", evse: "", reservation: "", reference: "", session: null };
    const own = { id, type: "START_SESSION", direction: "out", partner, created_at: Date.now() } as const;
    await ports().commands.remember({ ...own, ...keys, ...change });
    const rest = {
      body: {},
      response_url: null,
      from: null,
      to: null,
      correlation_id: "c",
      response: null,
      result: null,
    };
    const state = { status: "ACCEPTED" as const, late: false, later: [], error: null, session: null };
    await ports().commands.open({ ...own, ...rest, ...state, expires_at: Date.now() + 60_000 }, []);
    return id;
  }
  const forget = (id: string) => runInDurableObject(host(id), (_, state) => state.storage.deleteAlarm());

  test("is looked up again after a crash, and told though that came half-way", async () => {
    expect(
      await changeSession(ports(), writer, place("K1"), told("K1", 1, { authorization_reference: "R-1" })),
    ).toMatchObject({ ok: true });
    const id = await started({ reference: "R-1" });
    // As the object left it that died between the commit and the look-up, the first time; behind the look-up the second.
    for (let time = 0; time < 2; time++) {
      await runInDurableObject(host("K1"), (_, state) =>
        state.storage.kv.put("untied", { origin: "2.2.1", mark: "m", at: Date.now() }),
      );
      await runDurableObjectAlarm(host("K1"));
      expect(await tied(id)).toEqual([{ session: "BE/TIE/K1" }]);
      expect((await ports().commands.read(id, 0))?.session).toMatchObject({ id: "K1" });
      await runInDurableObject(env.COMMAND.getByName(id), (_, { storage }) => {
        const kept = storage.kv.get<{ command: object }>("command");
        storage.kv.put("command", { ...kept, command: { ...kept?.command, session: null } });
      });
    }
    await forget("K1");
  });

  test("is the one that may have done it: over before it, refused, doubtful", async () => {
    const doubtful = await started();
    await ports().commands.doubt(doubtful);
    const likely = await started();
    await ports().commands.doubt(await started());
    const start = new Date(Date.now() - 3_600_000).toISOString();
    const before = {
      status: "COMPLETED",
      start_date_time: start,
      end_date_time: new Date(Date.now() - 1_800_000).toISOString(),
    };
    await changeSession(ports(), writer, place("K2"), told("K2", 2, before));
    await changeSession(
      ports(),
      writer,
      place("K3"),
      told("K3", 2, { ...before, end_date_time: new Date(Date.now() + 60_000).toISOString() }),
    );
    await vi.waitFor(async () => expect(await tied(likely)).toEqual([{ session: "BE/TIE/K3" }]));
    expect(await tied(doubtful)).toEqual([{ session: null }]);
    for (const id of ["K2", "K3"]) await forget(id);
  });

  test("is found for one that comes back after it was deleted, too", async () => {
    const old = { ...writer, origin: "2.0" };
    const at = { location_id: "L8" };
    await changeSession(ports(), old, place("K6"), told("K6", 1, at));
    expect(await changeSession(ports(), old, place("K6"), { kind: "delete" })).toMatchObject({ ok: true });
    const id = await started({ location: "L8" });
    await changeSession(ports(), old, place("K6"), told("K6", 2, at));
    await vi.waitFor(async () => expect(await tied(id)).toEqual([{ session: "BE/TIE/K6" }]));
    await forget("K6");
  });

  test("is not the one whose result says that nothing came of it, but may be one that had no answer", async () => {
    const of = { partner: writer.partner?.id ?? "", type: "START_SESSION" } as const;
    const [silent, failed] = [await started({ location: "L9" }), await started({ location: "L9" })];
    await takeResult(ports(), silent, of, { result: "TIMEOUT" });
    await takeResult(ports(), failed, of, { result: "FAILED" });
    await changeSession(ports(), writer, place("K4"), told("K4", 1, { location_id: "L9" }));
    await vi.waitFor(async () => expect(await tied(silent)).toEqual([{ session: "BE/TIE/K4" }]));
    expect(await tied(failed)).toEqual([]);
    await forget("K4");
  });
});

describe("a session nobody speaks of", () => {
  const wait = (id: string, ms: number) =>
    runInDurableObject(stub(id), (_, state) => {
      state.storage.kv.put("heard", { at: Date.now() - ms, told: false });
    });

  test("is told of once, and again when it was heard of in between", async () => {
    await put("C1", 1);
    await wait("C1", 86_400_000 - 60_000);
    await runDurableObjectAlarm(stub("C1"));
    expect(await events("C1", "session.stale")).toHaveLength(0);
    expect(await alarmOf("C1")).toBeLessThanOrEqual(Date.now() + 60_000);
    await wait("C1", 86_400_001);
    await runDurableObjectAlarm(stub("C1"));
    const told = await events("C1", "session.stale");
    expect(told.map(({ data }) => JSON.parse(data))).toMatchObject([{ session: { id: "C1", status: "ACTIVE" } }]);
    expect(await alarmOf("C1")).toBeNull();
    await patch("C1", { kwh: 1, last_updated: at(2) });
    await wait("C1", 86_400_001);
    await runDurableObjectAlarm(stub("C1"));
    expect(await events("C1", "session.stale")).toHaveLength(2);
  });

  test("has nothing told of it once it has ended", async () => {
    await put("C2", 1);
    await patch("C2", { status: "INVALID", last_updated: at(2) });
    await runDurableObjectAlarm(stub("C2"));
    expect(await events("C2", "session.stale")).toEqual([]);
    expect(await alarmOf("C2")).toBeNull();
  });
});

describe("watching", () => {
  async function watch(id: string): Promise<{ messages: JsonObject[]; closed: Promise<number> }> {
    const request = new Request("https://gateway.example/", { headers: { Upgrade: "websocket" } });
    const response = await ports().sessions.live(refFor(id), request);
    expect(response.status).toBe(101);
    const socket = response.webSocket as WebSocket;
    const messages: JsonObject[] = [];
    const closed = new Promise<number>((resolve) => {
      socket.addEventListener("close", ({ code }) => resolve(code));
    });
    socket.addEventListener("message", ({ data }) => messages.push(JSON.parse(String(data))));
    socket.accept();
    return { messages, closed };
  }

  test("gives the session now, then every change until its end, though the object slept", async () => {
    await put("D1", 1);
    const { messages, closed } = await watch("D1");
    await vi.waitFor(() => expect(messages).toHaveLength(1));
    await patch("D1", { kwh: 1, last_updated: at(2) });
    await evictDurableObject(stub("D1"));
    await patch("D1", { kwh: 2, last_updated: at(3) });
    await patch("D1", { status: "COMPLETED", last_updated: at(4) });
    expect(await closed).toBe(1000);
    expect(messages).toMatchObject([{ kwh: 0 }, { kwh: 1 }, { kwh: 2 }, { kwh: 2, status: "COMPLETED" }]);
  });

  test("of a session that has ended gives it and closes; of none there is nothing to watch", async () => {
    const { messages, closed } = await watch("D1");
    expect(await closed).toBe(1000);
    expect(messages).toMatchObject([{ status: "COMPLETED" }]);
    const request = new Request("https://gateway.example/", { headers: { Upgrade: "websocket" } });
    expect((await ports().sessions.live(refFor("NONE"), request)).status).toBe(404);
  });
});
