import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, test, vi } from "vitest";
import { addEmsp, ownParty, playPartners, ports, putLocation } from "./stage.ts";

beforeAll(ownParty);

const stub = (id: string) => env.PARTNER.getByName(id);
const alarmOf = (id: string) => runInDurableObject(stub(id), (_, state) => state.storage.getAlarm());
const names = (pushes: { url: string }[]) => pushes.map(({ url }) => url.split("/").at(-1));

test("a wake-up sets the alarm, and the alarm pushes; deliveries and health tell of it", async () => {
  const id = await addEmsp("AA1");
  const pushes = playPartners();
  await putLocation("LOC1", "first");
  await ports().hosts.wake(id);
  await runDurableObjectAlarm(stub(id));
  expect(names(pushes)).toEqual(["LOC1"]);
  const deliveries = await ports().hosts.deliveries(id, { limit: 10 });
  expect(deliveries).toMatchObject([
    {
      id: `${id}.1`,
      partner: id,
      module: "locations",
      key: "NL/TNM/LOC1",
      state: "DELIVERED",
      attempts: 1,
      last_status: 200,
    },
  ]);
  expect(await ports().hosts.deliveries(id, { limit: 10, after: deliveries[0]?.id })).toEqual([]);
  expect(await ports().hosts.deliveries(id, { limit: 10, state: "PENDING" })).toEqual([]);
  expect(await ports().hosts.health(id)).toMatchObject({ state: "OK", pending: 0, last_failure_at: null });
});

test("without a wake-up the heartbeat finds the change", async () => {
  const id = await addEmsp("AA2");
  await runDurableObjectAlarm(stub(id));
  const beat = (await alarmOf(id)) as number;
  expect(beat).toBeGreaterThan(Date.now() + 5_000);
  expect(beat).toBeLessThanOrEqual(Date.now() + 15_000);
  const pushes = playPartners();
  await putLocation("LOC2", "lost notice");
  await runDurableObjectAlarm(stub(id));
  expect(names(pushes)).toEqual(["LOC2"]);
});

test("what is held, what waits and the cursors outlive the object in memory", async () => {
  const id = await addEmsp("AA3");
  playPartners(() => Promise.reject(new Error("Network connection lost")));
  await putLocation("LOC3", "one");
  await runDurableObjectAlarm(stub(id));
  expect(await ports().hosts.deliveries(id, { limit: 10 })).toMatchObject([{ state: "PENDING", attempts: 1 }]);
  await evictDurableObject(stub(id));
  const pushes = playPartners();
  expect(await ports().hosts.retry(id)).toBe(true);
  await runDurableObjectAlarm(stub(id));
  expect(names(pushes)).toEqual(["LOC3"]);
  await evictDurableObject(stub(id));
  await ports().hosts.wake(id);
  await runDurableObjectAlarm(stub(id));
  expect(pushes).toHaveLength(1);
});

test("one delivery tried again by its id; another's id is not found", async () => {
  const id = await addEmsp("AA4");
  const pushes = playPartners();
  await putLocation("LOC4", "one");
  await runDurableObjectAlarm(stub(id));
  expect(await ports().hosts.retry(id, `${id}.1`)).toBe(true);
  await runDurableObjectAlarm(stub(id));
  expect(names(pushes)).toEqual(["LOC4", "LOC4"]);
  expect(await ports().hosts.retry(id, `${id}.99`)).toBe(false);
  expect(await ports().hosts.retry(id, "nonsense")).toBe(false);
});

test("suspended it stops and sets no alarm; resumed it goes on where it was", async () => {
  const id = await addEmsp("AA5");
  const pushes = playPartners();
  await ports().partners.update(id, { status: "SUSPENDED" });
  await ports().hosts.reconfigure(id, "stopped");
  await putLocation("LOC5", "while suspended");
  await runDurableObjectAlarm(stub(id));
  expect(await alarmOf(id)).toBeNull();
  expect(pushes).toEqual([]);
  await ports().partners.update(id, { status: "REGISTERED" });
  await ports().hosts.reconfigure(id, "changed");
  await runDurableObjectAlarm(stub(id));
  expect(names(pushes)).toEqual(["LOC5"]);
});

test("an alarm never throws: D1 away is another run a little later", async () => {
  const id = await addEmsp("AA6");
  const pushes = playPartners();
  await putLocation("LOC6", "one");
  const broken = vi.spyOn(env.DB, "prepare").mockImplementation(() => {
    throw new Error("D1_ERROR: away");
  });
  const quiet = vi.spyOn(console, "error").mockImplementation(() => {});
  await runDurableObjectAlarm(stub(id));
  expect(broken).toHaveBeenCalled();
  expect(await alarmOf(id)).toBeLessThanOrEqual(Date.now() + 5_000);
  broken.mockRestore();
  quiet.mockRestore();
  await runDurableObjectAlarm(stub(id));
  expect(names(pushes)).toEqual(["LOC6"]);
});

test("`initial: push` sends what was there before; rate and modules are kept to", async () => {
  await putLocation("OLD1", "before");
  const id = await addEmsp("AA7", { initial: "push", modules: ["locations"] });
  const pushes = playPartners();
  await runDurableObjectAlarm(stub(id));
  expect(names(pushes)).toContain("OLD1");
  const not = await addEmsp("AA8", { initial: "push", modules: ["tariffs"] });
  pushes.length = 0;
  await runDurableObjectAlarm(stub(not));
  expect(pushes).toEqual([]);
});
