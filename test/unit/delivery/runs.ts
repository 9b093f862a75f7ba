import { runPump, startFeed } from "../../../src/delivery/pump.ts";
import { newWorld, type World } from "./world.ts";

/** The Location of most tests, as the partner knows it. */
export const LOC = "locations/NL/TNM/LOC1";

/** Runs the pump at the times it asks for, until it is only its heartbeat that is left. */
export async function settle(world: World, longestMs = 3_600_000): Promise<void> {
  const end = world.now + longestMs;
  for (;;) {
    const next = await runPump(world.pump);
    if (next === null || world.store.earliest() === null || next > end) return;
    world.now = Math.max(next, world.now);
  }
}

/** A world whose partner has just registered. */
export async function started(version?: string, change?: Parameters<typeof newWorld>[1]): Promise<World> {
  const world = newWorld(version, change);
  await startFeed(world.pump);
  return world;
}

/** Requests so far: method and path. */
export const sent = (world: World) => world.requests.map(({ method, path }) => `${method} ${path}`);
/** Deliveries: key and state. */
export const states = (world: World) =>
  world.store.list({ after: 0, limit: 100 }).map(({ key, state }) => `${key} ${state}`);
