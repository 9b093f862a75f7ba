import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { type Received, useBackOffice } from "../../support/back-office.ts";
import { useWorld } from "../../support/ocpi.ts";
import { call, ownParties, tariff, token } from "../delivery/objects.ts";

const world = useWorld();
const office = useBackOffice();
ownParties(world);

const at = (path: string) => (all: Received[]) => all.filter((one) => one.path === path);
/** Creates a webhook on a path of the back office. */
const create = (path: string, more: object = {}) =>
  call(world, "POST", "/webhooks", { url: office.url(path), ...more });
/** What a receiver with the library of Standard Webhooks makes of a delivery; throws when the signature is wrong. */
const verified = (secret: string, { text, headers }: Received) => new Webhook(secret).verify(text, headers);

test("events come signed, in their order, under stable ids, with the payload the feed shows", async () => {
  const { secret, id } = await create("/all");
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  for (const n of [1, 2, 3]) await call(world, "PUT", `/tariffs/NL/TNM/T${n}`, tariff(`T${n}`, n));
  const got = await office.until((all) => (at("/all")(all).length >= 3 ? at("/all")(all) : null));
  expect(got.map((one) => (verified(secret, one) as { type: string }).type)).toEqual(Array(3).fill("tariff.changed"));
  expect(got.map(({ body }) => body.data.tariff.id)).toEqual(["T1", "T2", "T3"]);
  const feed = await call(world, "GET", "/events?types=tariff.changed");
  expect(got.map(({ body }) => body)).toEqual(
    feed.items.map(({ type, time, data }: Received["body"]) => ({ type, timestamp: time, data })),
  );
  expect(got.map(({ headers }) => headers["webhook-id"])).toEqual(
    feed.items.map((item: { id: string }) => `evt_${item.id}`),
  );
  const tampered = { ...(got[0] as Received), text: (got[0] as Received).text.replace("T1", "T9") };
  expect(() => verified(secret, tampered)).toThrow();
  expect(await call(world, "GET", `/webhooks/${id}`)).toMatchObject({
    status: "ENABLED",
    delivery: { failed: 0, last_error: null },
  });
  await call(world, "DELETE", `/webhooks/${id}`);
});

test("only the types asked for; a failure is tried again under its id, and holds up no other webhook", async () => {
  let failures = 1;
  office.answer(({ path }) => (path === "/flaky" && failures-- > 0 ? { status: 500 } : { status: 204 }));
  const flaky = await create("/flaky", { types: ["token.*"], description: "Cards" });
  const steady = await create("/steady", { types: ["tariff.*", "token.changed"] });
  await call(world, "PUT", "/tariffs/NL/TNM/T4", tariff("T4", 4));
  await call(world, "PUT", "/tokens/NL/TNE/CARD1", token("CARD1", 1));
  await call(world, "PUT", "/tokens/NL/TNE/CARD2", token("CARD2", 1));
  const steadily = await office.until((all) => (at("/steady")(all).length >= 3 ? at("/steady")(all) : null));
  expect(steadily.map(({ body }) => body.type)).toEqual(["tariff.changed", "token.changed", "token.changed"]);
  const tries = await office.until((all) => (at("/flaky")(all).length >= 3 ? at("/flaky")(all) : null));
  expect(tries.map(({ body }) => body.data.token.uid)).toEqual(["CARD1", "CARD1", "CARD2"]);
  expect(tries[1]?.headers["webhook-id"]).toBe(tries[0]?.headers["webhook-id"]);
  for (const one of tries) verified(flaky.secret, one);
  expect(() => verified(steady.secret, tries[0] as Received)).toThrow();
  office.answer(() => ({ status: 200 }));
});

test("410 disables; enabled again it gets what it missed", async () => {
  office.answer(({ path }) => (path === "/gone" ? { status: 410 } : { status: 200 }));
  const { id } = await create("/gone", { types: ["tariff.deleted"] });
  await call(world, "DELETE", "/tariffs/NL/TNM/T1");
  await office.until((all) => at("/gone")(all).length > 0);
  await expect.poll(async () => (await call(world, "GET", `/webhooks/${id}`)).status).toBe("DISABLED");
  await call(world, "DELETE", "/tariffs/NL/TNM/T2");
  office.answer(() => ({ status: 200 }));
  expect(await call(world, "PATCH", `/webhooks/${id}`, { status: "ENABLED" })).toMatchObject({ status: "ENABLED" });
  const got = await office.until((all) => (at("/gone")(all).length >= 3 ? at("/gone")(all) : null));
  expect(got.map(({ body }) => body.data.tariff.id)).toEqual(["T1", "T1", "T2"]);
});

test("a redirect is a failure, and a change of the URL tries what waits at once", async () => {
  office.answer(({ path }) =>
    path === "/moved" ? { status: 302, headers: { location: office.url("/elsewhere") } } : { status: 200 },
  );
  const { id } = await create("/moved", { types: ["tariff.deleted"] });
  await call(world, "DELETE", "/tariffs/NL/TNM/T3");
  await office.until((all) => at("/moved")(all).length > 0);
  await call(world, "PATCH", `/webhooks/${id}`, { url: office.url("/new-place") });
  await office.until((all) => at("/new-place")(all).length > 0);
  expect(at("/elsewhere")(office.received)).toEqual([]);
});

test("a test is sent at once whatever the types, and tells what came of it", async () => {
  const { id, secret } = await create("/probe", { types: ["cdr.received"] });
  expect(await call(world, "POST", `/webhooks/${id}/test`)).toEqual({ delivered: true, http_status: 200, error: null });
  const [probe] = at("/probe")(office.received);
  expect(verified(secret, probe as Received)).toMatchObject({ type: "webhook.test", data: { webhook: { id } } });
  office.answer(() => ({ status: 503 }));
  const failed = { delivered: false, http_status: 503, error: "HTTP 503" };
  expect(await call(world, "POST", `/webhooks/${id}/test`)).toEqual(failed);
  office.answer(() => ({ status: 200 }));
});

test("bad input is refused with pointers, unknown ones are 404, and the secret is shown once", async () => {
  const refused = async (body: unknown) => {
    const { status, json } = await world.api("POST", "/webhooks", body);
    return [status, json.errors?.map(({ pointer }: { pointer: string }) => pointer)];
  };
  expect(await refused({})).toEqual([422, ["/url"]]);
  expect(await refused({ url: "ftp://example.com/" })).toEqual([422, ["/url"]]);
  expect(await refused({ url: world.url })).toEqual([422, ["/url"]]);
  expect(await refused({ url: office.url("/x"), types: ["Nonsense"], colour: "red" })).toEqual([
    422,
    ["/types/0", "/colour"],
  ]);
  expect(await refused({ url: office.url("/x"), types: "cdr.*,charger.*" })).toEqual([422, ["/types"]]);
  const { id } = await create("/types", { types: "cdr.*, token.changed" });
  expect(await call(world, "GET", `/webhooks/${id}`)).toMatchObject({ types: ["cdr.*", "token.changed"] });
  const patched = await world.api("PATCH", `/webhooks/${id}`, { types: ["cdr.changed"] });
  expect(patched).toMatchObject({ status: 422, json: { errors: [{ pointer: "/types/0" }] } });
  expect(patched.json.errors[0].message).toContain("cdr.received");
  expect(await call(world, "PATCH", `/webhooks/${id}`, { types: "session.*" })).toMatchObject({ types: ["session.*"] });
  await call(world, "DELETE", `/webhooks/${id}`);
  for (const path of ["/events?types=charger.*", "/events?types=cdr.received,nonsense", "/events/stream?types=x"]) {
    expect(await world.api("GET", path), path).toMatchObject({
      status: 400,
      json: { errors: [{ pointer: "/types" }] },
    });
  }
  for (const [method, path] of [
    ["GET", "/webhooks/none"],
    ["PATCH", "/webhooks/none"],
    ["DELETE", "/webhooks/none"],
    ["POST", "/webhooks/none/test"],
  ] as const) {
    expect((await world.api(method, path, method === "PATCH" ? {} : undefined)).status, `${method} ${path}`).toBe(404);
  }
  const list = await world.api("GET", "/webhooks?limit=2");
  expect(list.json).toMatchObject({ items: [{ description: "Cards" }, {}], next_cursor: expect.any(String) });
  expect(JSON.stringify(list.json)).not.toContain("secret");
  const rest = await world.api("GET", `/webhooks?cursor=${list.json.next_cursor}`);
  expect(rest.json.next_cursor).toBeNull();
});
