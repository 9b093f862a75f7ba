import { expect, test } from "vitest";
import { useWorld } from "../../support/ocpi.ts";

const world = useWorld();
const defaults = {
  authorize: { webhook: null, timeout_ms: 5000, partner_timeout_ms: 5000 },
  charging_preferences: { required: [] },
  commands: { accept: "ALWAYS", timeout_s: 30 },
  sessions: { stale_after_s: 86400 },
  journal: { days: 14 },
};

test("settings have defaults; a merge patch changes what it names, null brings the default back", async () => {
  expect((await world.api("GET", "/settings")).json).toEqual(defaults);
  const patched = await world.api("PATCH", "/settings", { commands: { accept: "NEVER" }, journal: { days: 30 } });
  const expected = { ...defaults, commands: { accept: "NEVER", timeout_s: 30 }, journal: { days: 30 } };
  expect(patched).toMatchObject({ status: 200, json: expected });
  expect((await world.api("GET", "/settings")).json).toEqual(expected);
  expect((await world.api("PATCH", "/settings", { commands: { accept: null }, journal: null })).json).toEqual(defaults);
  expect((await world.api("PATCH", "/settings", {})).json).toEqual(defaults);
});

test("unknown keys and bad values are refused with pointers, and nothing is stored", async () => {
  const body = {
    colour: "red",
    commands: { accept: "MAYBE" },
    authorize: { timeout_ms: "soon", webhook: "ftp://x.example/" },
  };
  const { status, json } = await world.api("PATCH", "/settings", body);
  const pointers = json.errors.map(({ pointer }: { pointer: string }) => pointer);
  expect([status, pointers.sort()]).toEqual([
    422,
    ["/authorize/timeout_ms", "/authorize/webhook", "/colour", "/commands/accept"],
  ]);
  for (const [list, pointer] of [
    [[], ""],
    [{ authorize: [] }, "/authorize"],
  ] as const) {
    const refused = await world.api("PATCH", "/settings", list);
    expect(refused).toMatchObject({ status: 422, json: { errors: [{ pointer, message: "is not a JSON object" }] } });
  }
  const own = await world.api("PATCH", "/settings", { authorize: { webhook: `${world.url}/x` }, journal: { days: 3 } });
  expect(own).toMatchObject({ status: 422, json: { errors: [{ pointer: "/authorize/webhook" }] } });
  expect((await world.api("GET", "/settings")).json).toEqual(defaults);
});
