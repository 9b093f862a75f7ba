import type { JsonObject } from "../lib/json.ts";
import { err, ok, type Result } from "../lib/result.ts";
import type { Reason } from "../ocpi/status.ts";
import type { Actor, Applied, Guarded, Outcome, StoredObject, Target, Writer } from "../ports/objects.ts";
import type { SessionChange } from "../ports/sessions.ts";
import type { Ports } from "../ports.ts";
import { applyPut, isIdle } from "./apply.ts";
import type { Item } from "./bulk.ts";
import { refOf } from "./keys.ts";
import { type ObjectPorts, objectNamed, putMany } from "./objects.ts";
import { hasEnded } from "./session-state.ts";

// Sessions: objects like others, but for the Durable Object that keeps each in order while it goes on.

/** What a change of a session asks of the world. */
type ChangePorts = Pick<Ports, "sessions">;

/** Applies a message about a session; see {@link Ports.sessions}. */
export const changeSession = (
  ports: ChangePorts,
  writer: Writer,
  target: Target,
  change: SessionChange,
): Promise<Result<Applied, Reason | "stale">> => ports.sessions.apply({ writer, target, change });

/** A session in its newest state, as the operator names it; null when there is none. Costs as {@link getSession}. */
export async function sessionNamed(
  ports: Pick<Ports, "objects" | "sessions">,
  target: Omit<Target, "ciIds">,
): Promise<StoredObject | null> {
  const found = await objectNamed(ports, target);
  return found === null || hasEnded(found.body) ? found : ports.sessions.newest(found);
}

/**
 * A session in its newest state, as its owner sees it; null when there is none. One D1 call, and one of its Durable
 * Object while it goes on.
 */
export async function getSession(
  ports: Pick<Ports, "objects" | "sessions">,
  actor: Actor,
  target: Target,
): Promise<Guarded<StoredObject | null>> {
  const found = await ports.objects.get(actor, refOf(target));
  if (!found.ok || found.value === null || hasEnded(found.value.body)) return found;
  return { ok: true, value: await ports.sessions.newest(found.value) };
}

/** Sessions told to their objects at once. */
const AT_ONCE = 6;

/**
 * Stores many whole objects of a module: sessions through their Durable Objects, but for those the database says are not changed by it;
 * others as {@link putMany}. Each session that changes costs as much as by itself.
 */
export async function storeMany(
  ports: ObjectPorts & ChangePorts,
  writer: Writer,
  module: string,
  items: readonly Item[],
): Promise<Result<Outcome, Reason>[]> {
  if (module !== "sessions") return putMany(ports, writer, module, items);
  if (items.length === 0) return [];
  const found = await ports.objects.load(
    writer.actor,
    items.map(({ target }) => refOf(target)),
    "none",
  );
  if (!found.ok) return items.map(() => stale());
  const results: Result<Outcome, Reason>[] = [];
  const one = async (item: Item, index: number): Promise<void> => {
    const loaded = found.value[index];
    const model = item.model as JsonObject;
    const known = loaded?.object && applyPut(writer, item.target, loaded, model, ports.clock.now());
    // What the database holds may be behind; but a message that does not get past it gets past nothing newer.
    if (known?.ok && known.value.outcome === "older") {
      results[index] = ok("older");
      return;
    }
    if (known?.ok && isIdle(known.value.outcome) && hasEnded(known.value.object.body)) {
      results[index] = ok(known.value.outcome);
      return;
    }
    const done = await changeSession(ports, writer, item.target, { kind: "put", model });
    if (done.ok) results[index] = ok(done.value.outcome);
    else results[index] = done.error === "stale" ? stale() : err(done.error);
  };
  // Two of one name stand in the order they came in: an object takes them in the order it is told.
  for (let at = 0; at < items.length; at += AT_ONCE) {
    await Promise.all(items.slice(at, at + AT_ONCE).map((item, i) => one(item, at + i)));
  }
  return results;
}

const stale = (): Result<Outcome, Reason> =>
  err({ kind: "unavailable", message: "The partner changed while its objects were being stored" });
