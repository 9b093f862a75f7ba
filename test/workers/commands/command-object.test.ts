import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import { sendCommand } from "../../../src/gateway/commands.ts";
import type { Command } from "../../../src/ports/commands.ts";
import { addEmsp, playPartners, ports } from "../delivery/stage.ts";

const stub = (id: string) => env.COMMAND.getByName(id);
const alarmOf = (id: string) => runInDurableObject(stub(id), (_, state) => state.storage.getAlarm());

let n = 0;
const nextId = (): string => `${++n}`.padStart(22, "A");

function command(change: Partial<Command> = {}): Command {
  const now = Date.now();
  return {
    id: nextId(),
    type: "START_SESSION",
    direction: "out",
    partner: "p1",
    body: { location_id: "LOC1" },
    response_url: null,
    from: null,
    to: null,
    correlation_id: "c",
    status: "SENDING",
    response: null,
    result: null,
    late: false,
    later: [],
    error: null,
    session: null,
    created_at: now,
    expires_at: now + 45_000,
    ...change,
  };
}

const accepted = { kind: "response", response: { result: "ACCEPTED", timeout: 60 }, timeout_s: 60 } as const;
const done = { kind: "result", result: { result: "ACCEPTED" } } as const;
const ours = { direction: "out", partner: "p1" } as const;
const told = async (id: string): Promise<string[]> => {
  const { items } = await ports().events.list({ after: 0, types: [], limit: 1000 });
  return items.filter(({ data }) => (data.command as { id?: string } | undefined)?.id === id).map(({ type }) => type);
};

/** Makes it a time past the command's end. */
const pass = async (id: string): Promise<void> => {
  await runInDurableObject(stub(id), (_, { storage }) => {
    const kept = storage.kv.get<{ command: Command }>("command");
    if (kept) storage.kv.put("command", { ...kept, command: { ...kept.command, expires_at: Date.now() - 1 } });
  });
};

test("a command outlives the object in memory: response, result, event", async () => {
  const { id, ...rest } = command();
  await ports().commands.open({ id, ...rest }, []);
  await evictDurableObject(stub(id));
  expect(await ports().commands.step(id, ours, accepted)).toMatchObject({ command: { status: "ACCEPTED" } });
  await evictDurableObject(stub(id));
  expect(await ports().commands.step(id, ours, done)).toMatchObject({
    outcome: "changed",
    command: { status: "DONE" },
  });
  await evictDurableObject(stub(id));
  expect(await ports().commands.read(id, 0)).toMatchObject({ status: "DONE", result: { result: "ACCEPTED" } });
  expect(await told(id)).toEqual(["command.result"]);
});

test("the alarm ends the waiting, and another one forgets it all", async () => {
  const { id, ...rest } = command();
  await ports().commands.open({ id, ...rest }, []);
  const { command: waiting } = (await ports().commands.step(id, ours, accepted)) as { command: Command };
  expect(await alarmOf(id)).toBe(waiting.expires_at);
  await pass(id);
  await runDurableObjectAlarm(stub(id));
  expect(await ports().commands.read(id, 0)).toMatchObject({ status: "TIMED_OUT", result: null });
  expect(await told(id)).toEqual(["command.result"]);
  expect(await ports().commands.step(id, ours, done)).toMatchObject({ command: { status: "TIMED_OUT", late: true } });
  expect(await alarmOf(id)).toBe(rest.created_at + 30 * 86_400_000);
  await runInDurableObject(stub(id), (_, { storage }) => {
    const kept = storage.kv.get<{ command: Command }>("command");
    if (kept) storage.kv.put("command", { ...kept, command: { ...kept.command, created_at: 0 } });
  });
  await runDurableObjectAlarm(stub(id));
  expect(await ports().commands.read(id, 0)).toBeNull();
});

test("an id that was never given out, another's command, another direction or type: nothing, and nothing is left behind", async () => {
  const unknown = nextId();
  expect(await ports().commands.step(unknown, ours, done)).toBeNull();
  expect(await ports().commands.read(unknown, 1000)).toBeNull();
  expect(await alarmOf(unknown)).toBeNull();
  const { id, ...rest } = command();
  await ports().commands.open({ id, ...rest }, []);
  for (const of of [
    { direction: "out", partner: "p2" },
    { direction: "in" },
    { ...ours, types: ["STOP_SESSION"] },
  ] as const)
    expect(await ports().commands.step(id, of, done)).toBeNull();
  expect(await ports().commands.read(id, 0)).toMatchObject({ result: null });
});

test("whoever waits is answered by the final state, and no later than asked", async () => {
  const { id, ...rest } = command();
  await ports().commands.open({ id, ...rest }, []);
  const waiting = [ports().commands.read(id, 30_000), ports().commands.read(id, 30_000)];
  await ports().commands.step(id, ours, accepted);
  expect(await ports().commands.read(id, 10)).toMatchObject({ status: "ACCEPTED" });
  await ports().commands.step(id, ours, done);
  for (const read of await Promise.all(waiting)) expect(read).toMatchObject({ status: "DONE" });
});

test("an event the database does not take is told later, once", async () => {
  const { id, ...rest } = command();
  await ports().commands.open({ id, ...rest }, []);
  const prepare = vi.spyOn(env.DB, "prepare").mockImplementation(() => {
    throw new Error("D1 is away");
  });
  await runInDurableObject(stub(id), (object) => object.step(JSON.stringify(ours), JSON.stringify(done)));
  expect(prepare).toHaveBeenCalled();
  prepare.mockRestore();
  expect(await told(id)).toEqual([]);
  await runDurableObjectAlarm(stub(id));
  expect(await told(id)).toEqual(["command.result"]);
});

test("the back office's result is posted; again while the partner does not answer, then given up and said so", async () => {
  const partner = await addEmsp("CO1");
  const received = command({
    direction: "in",
    partner,
    status: "ACCEPTED",
    response_url: "https://co1.example/r/1?x=%20y",
  });
  const { id } = received;
  await ports().commands.open(received, [{ type: "command.received", partner, data: { command: { id } } }]);
  expect(await told(id)).toEqual(["command.received"]);
  const pushes = playPartners(() => Promise.reject(new Error("Network connection lost")));
  const posts = () => pushes.filter(({ url }) => url.includes("/r/1"));
  await ports().commands.step(id, { direction: "in" }, done);
  for (let attempt = 1; attempt <= 3; attempt++) {
    await vi.waitUntil(async () => {
      await runInDurableObject(stub(id), (_, { storage }) => {
        const kept = storage.kv.get<{ posts: { at: number }[] }>("command");
        if (kept) storage.kv.put("command", { ...kept, posts: kept.posts.map((post) => ({ ...post, at: 0 })) });
      });
      await runDurableObjectAlarm(stub(id));
      return posts().length >= attempt;
    });
  }
  expect(posts()[0]).toMatchObject({ url: "https://co1.example/r/1?x=%20y", body: { result: "ACCEPTED" } });
  await vi.waitUntil(async () => {
    await runDurableObjectAlarm(stub(id));
    return (await ports().commands.read(id, 0))?.error !== null;
  });
  expect(posts()).toHaveLength(3);
  expect(await ports().commands.read(id, 0)).toMatchObject({
    status: "DONE",
    error: { message: expect.stringContaining("not handed over") },
  });
});

test("a result that cannot be posted because the database is away does not make the alarm run for ever", async () => {
  const { id, ...rest } = command({ direction: "in", status: "ACCEPTED", response_url: "https://partner.example/r" });
  await ports().commands.open({ id, ...rest }, []);
  const quiet = vi.spyOn(console, "error").mockImplementation(() => {});
  const away = vi.spyOn(env.DB, "prepare").mockImplementation(() => {
    throw new Error("D1_ERROR: away");
  });
  await ports().commands.step(id, { direction: "in" }, { kind: "result", result: { result: "ACCEPTED" } });
  await runDurableObjectAlarm(stub(id));
  expect(away).toHaveBeenCalled();
  away.mockRestore();
  quiet.mockRestore();
  expect(await alarmOf(id)).toBeGreaterThan(Date.now() + 1_000);
});

test("a command that a crash cut off may have been done: a session is tied to it when no other fits", async () => {
  const { id, ...rest } = command();
  const keys = { reference: "", token: "CUT", uid: "", location: "", evse: "", reservation: "", session: null };
  const { type, direction, partner, created_at } = rest;
  await ports().commands.remember({ id, type, direction, partner, created_at, ...keys });
  await ports().commands.open({ id, ...rest }, []);
  await pass(id);
  await runDurableObjectAlarm(stub(id));
  expect(await ports().commands.read(id, 0)).toMatchObject({ status: "FAILED" });
  const { results } = await env.DB.prepare("SELECT failed FROM commands WHERE id = ?").bind(id).run();
  expect(results).toEqual([{ failed: 1 }]);
});

test("a command that was sent is answered though it cannot be noted what became of it: it would be sent again", async () => {
  const partner = await ports().partners.get(await addEmsp("SND"));
  if (partner === null) throw new Error("no partner");
  const party = { country_code: "DE", party_id: "SND" };
  const url = "https://snd.example/commands";
  const cpo = {
    ...partner,
    roles: [{ role: "CPO", ...party }],
    endpoints: [{ identifier: "commands", role: "RECEIVER" as const, url }],
  };
  const data = { result: "REJECTED", timeout: 30 };
  const sent = playPartners(() => Response.json({ status_code: 1000, data, timestamp: "2026-01-01T00:00:00Z" }));
  const token = {
    country_code: "NL",
    party_id: "TNM",
    uid: "T",
    type: "RFID",
    contract_id: "C",
    issuer: "I",
    valid: true,
    whitelist: "NEVER",
    last_updated: "2026-01-01T00:00:00Z",
  };
  const forget = vi.fn(() => Promise.reject(new Error("D1 is away")));
  const all = ports();
  const order = { type: "START_SESSION" as const, to: party, from: null, body: { token, location_id: "L1" } };
  const done = await sendCommand({ ...all, commands: { ...all.commands, forget } }, cpo, order, "https://gw.example");
  expect(done).toMatchObject({ ok: true, value: { status: "REJECTED", response: { result: "REJECTED" } } });
  expect(forget).toHaveBeenCalledOnce();
  expect(sent.filter((one) => one.url.startsWith(url))).toHaveLength(1);
});
