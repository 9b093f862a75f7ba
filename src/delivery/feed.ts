import { endpointOf } from "../client/request.ts";
import { isSeen, visibility } from "../gateway/entitlement.ts";
import type { Endpoint, Operation } from "../ocpi/endpoints.ts";
import { type Version, versionByNumber } from "../ocpi/versions.ts";
import type { StoredObject } from "../ports/objects.ts";
import type { Partner, Party } from "../ports/partners.ts";
import type { Desk, PushedModule } from "./desk.ts";
import { fingerprint } from "./hash.ts";
import type { Found } from "./state.ts";

// Reading the change feed: which modules a partner is pushed, and what changed in them behind its cursors.

/** Heads read from the feed in one call. */
const PAGE = 500;
/** Keys of a module that may wait before the feed is read on: what is not read yet coalesces for nothing. */
const MOST_WAITING = 1_000;

/** Remembered from a registration until the feed was read for the first time after it. */
export const NEW = "new";

/** Operations that tell a partner an object. */
const PUSHES: readonly Operation[] = ["putClientOwnedObject", "postCdr"];

/** Rows of the table by which a version is pushed objects, by module: the whole object first. */
export function pushRows(version: Version): Map<string, Endpoint[]> {
  const found = new Map<string, Endpoint[]>();
  for (const row of version.endpoints) {
    if (row.role !== "RECEIVER" || !PUSHES.includes(row.operation)) continue;
    found.set(row.module, [...(found.get(row.module) ?? []), row]);
  }
  return found;
}

/** The modules a partner is pushed: its version has them, it has an endpoint for them, and it is entitled to them. */
export function pushedModules(partner: Partner, version: Version, parties: Party[]): PushedModule[] {
  if (!partner.settings.push) return [];
  const found: PushedModule[] = [];
  for (const module of pushRows(version).keys()) {
    if (endpointOf(partner, module, "RECEIVER") === null) continue;
    const seen = visibility(partner, module, parties);
    if (seen !== null) found.push({ module, visibility: seen });
  }
  return found;
}

/**
 * Reads the feed behind every cursor and queues a row per key: after it, what is to be done survives a crash. A module new to the
 * partner starts at the head, for the standard has it GET everything first; at the beginning when `initial` is `push`.
 * Returns whether all of the feed is read; else there is enough to do already.
 */
export async function readFeed(desk: Desk): Promise<boolean> {
  const { ports, store, partner, modules } = desk;
  const head = await ports.objects.head();
  const pushed = modules.map(({ module }) => module);
  // The first reading since it registered: what was written since then counts, whenever that was.
  const isNew = store.get<boolean>(NEW) === true || store.cursorModules().length === 0;
  const registered = isNew ? (partner.feed_start ?? head) : head;
  // What it is pushed no more starts anew, should it be pushed again.
  for (const module of store.cursorModules()) if (!pushed.includes(module)) store.dropCursor(module);
  store.abandon("No longer pushed to this partner", pushed, ports.clock.now());
  const readOne = async ({ module, visibility: seen }: PushedModule): Promise<void> => {
    const rights = fingerprint(JSON.stringify(seen));
    const known = store.get<string>(`rights:${module}`);
    const fromStart = partner.settings.initial === "push";
    // Objects it may see only from now on are behind the cursor: what it holds already is found out and skipped.
    if (store.cursor(module) === null || (known !== rights && fromStart))
      store.setCursor(module, fromStart ? 0 : registered);
    if (known !== rights) store.set(`rights:${module}`, rights);
    await readModule(desk, { module, visibility: seen }, head);
  };
  await Promise.all(modules.map(readOne));
  store.set(NEW, null);
  return modules.every(({ module }) => (store.cursor(module) ?? head) >= head);
}

async function readModule(desk: Desk, { module, visibility: seen }: PushedModule, head: number): Promise<void> {
  const { ports, store, version } = desk;
  for (;;) {
    const after = store.cursor(module) ?? head;
    if (after >= head || store.waiting(module) >= MOST_WAITING) return;
    const page = await ports.objects.changes({ module, after, upTo: head, limit: PAGE, visibility: seen });
    const last = page.at(-1);
    const cursor = page.length < PAGE || last === undefined ? head : last.revision;
    const deletes = version.endpoints.some(
      (row) => row.module === module && row.role === "RECEIVER" && row.operation === "deleteClientOwnedObject",
    );
    const found = page.map((object): Found => {
      const { seq, revision, deleted, audience } = object;
      const key = keyOf(object);
      const tellAnyway = deleted && deletes && seen.audiences.includes(audience);
      return { module, seq, key, revision, gone: !isSeen(seen, object), tellAnyway };
    });
    store.take(module, found, cursor, ports.clock.now());
  }
}

/** The key of an object as operators see it: `CC/PID/id`. */
export const keyOf = (object: StoredObject): string => `${object.country_code}/${object.party_id}/${object.id}`;

/** Whether a partner is pushed any of these modules. */
export function concernsPartner(partner: Partner, modules: ReadonlySet<string>, parties: Party[]): boolean {
  const version = partner.version === null ? undefined : versionByNumber(partner.version);
  if (version === undefined) return false;
  return pushedModules(partner, version, parties).some(({ module }) => modules.has(module));
}
