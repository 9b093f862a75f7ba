import { deepEqual, type JsonObject } from "../lib/json.ts";
import { err, ok, type Result } from "../lib/result.ts";
import { formatTime } from "../lib/time.ts";
import type { ClientInfo } from "../model/client-info.ts";
import { roles } from "../model/enums.ts";
import type { Reason } from "../ocpi/status.ts";
import { newest, type Version, versionByNumber } from "../ocpi/versions.ts";
import type { Actor, ObjectRef, Outcome, StoredObject } from "../ports/objects.ts";
import type { Partner, PartnerStatus } from "../ports/partners.ts";
import type { Ports } from "../ports.ts";
import { NOBODY } from "./entitlement.ts";
import { stampNow, stampOf } from "./stamp.ts";

// What hubs tell us of the parties behind them, and what we tell as a hub. A party has an entry per role, though the URL does not
// say the role; and each hub has its own view. Spec: 2.2.1 mod_hub_client_info.

const MODULE = "hubclientinfo";
/** How often a write that lost against another one is decided anew. */
const ATTEMPTS = 10;

/** Who tells, of whom. Parties in upper case. */
export interface ClientInfoTarget {
  actor: Actor;
  partner: Partner;
  version: Version;
  country_code: string;
  party_id: string;
}

type ClientInfoPorts = Pick<Ports, "objects" | "clock" | "feed" | "background">;

/** Whether a partner speaks for parties behind it; in a version where the role HUB is not said it may. */
function isHub({ roles: registered, version }: Partner): boolean {
  const { hubRole } = (version === null ? undefined : versionByNumber(version))?.dialect ?? {};
  return hubRole === "hub_party_id" || registered.some(({ role }) => role === "HUB");
}

const refOf = ({ partner, country_code, party_id }: ClientInfoTarget, role: string): ObjectRef => ({
  module: MODULE,
  country_code,
  party_id,
  id_key: `${partner.id}/${role}`,
  recipient: "",
});

const unknown = ({ country_code, party_id }: ClientInfoTarget): Reason => ({
  kind: "unknown_object",
  message: `Unknown: ${MODULE}/${country_code}/${party_id}`,
});

/** Stores what a hub says of a party. Two D1 calls; one when nothing changes. */
export async function putClientInfo(
  ports: ClientInfoPorts,
  target: ClientInfoTarget,
  info: ClientInfo,
): Promise<Result<Outcome, Reason | "stale">> {
  if (!isHub(target.partner)) return err(unknown(target));
  const faults = (["country_code", "party_id"] as const)
    .filter((field) => info[field].toUpperCase() !== target[field])
    .map((field) => ({ pointer: `/${field}`, message: `is not what the URL says (${target[field]})` }));
  if (faults.length > 0) return err({ kind: "invalid", faults });
  const role = info.role ?? "OTHER";
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const loaded = await ports.objects.load(target.actor, [refOf(target, role)], "none");
    if (!loaded.ok) return err("stale");
    const before = loaded.value[0]?.object ?? null;
    const said = stampOf(info.last_updated);
    const stored = stampOf(before?.last_updated);
    if (before !== null && said !== undefined && stored !== undefined && said.ms < stored.ms) return ok("older");
    const stamp = said ?? stampNow(ports.clock.now(), before?.last_updated);
    const body = { ...(info as unknown as JsonObject), last_updated: stamp.text };
    if (before !== null && deepEqual(before.body, body)) return ok("unchanged");
    const done = await ports.objects.commit(target.actor, [writeOf(target, role, before, body)], []);
    if (done === "stale") return err("stale");
    if (done === "conflict") continue;
    ports.background.run(ports.feed.notify([MODULE]));
    return ok(before === null ? "created" : "updated");
  }
  return err({ kind: "unavailable", message: "It is being changed by too many at once" });
}

function writeOf(target: ClientInfoTarget, role: string, before: StoredObject | null, body: JsonObject) {
  return {
    ref: refOf(target, role),
    before,
    part: null,
    id: role,
    alias: null,
    partner: target.partner.id,
    origin: target.version.number,
    audience: NOBODY,
    body,
    last_updated: String(body.last_updated),
    deleted: false,
    evses: [],
    event: "client_info.changed",
  };
}

/** What a hub has told us of a party, of its roles the one told last; null: nothing. One D1 call. */
export async function clientInfoOf(
  ports: Pick<Ports, "objects">,
  target: ClientInfoTarget,
): Promise<Result<StoredObject, Reason | "stale">> {
  const refs = roles.map((role) => refOf(target, role));
  const loaded = await ports.objects.load(target.actor, refs, "none");
  if (!loaded.ok) return err("stale");
  const there = loaded.value.flatMap(({ object }) => (object === null ? [] : [object]));
  const [latest] = there.sort((a, b) => b.revision - a.revision);
  return latest === undefined ? err(unknown(target)) : ok(latest);
}

const connection: Readonly<Record<PartnerStatus, string>> = {
  INVITED: "PLANNED",
  REGISTERED: "CONNECTED",
  SUSPENDED: "SUSPENDED",
  UNREGISTERED: "SUSPENDED",
};

/**
 * The parties connected to us as a hub, by role, for one of them to read: in the order they came, its own left out. One whose platform does
 * not answer is OFFLINE. Two D1 calls, one more when something changed since the last look; one call to the host of each that is registered.
 * @param hub the party of ours that is the hub
 */
export async function connectedParties(
  ports: Pick<Ports, "hosts" | "objects" | "clock">,
  hub: { country_code: string; party_id: string },
  partners: readonly Partner[],
  reader: Partner,
): Promise<ClientInfo[]> {
  const others = partners.filter(({ id }) => id !== reader.id).sort((a, b) => a.created_at - b.created_at);
  const seen = await Promise.all(others.map(async (partner) => ({ partner, ...(await reach(ports, partner)) })));
  const now = seen.map(({ partner, offline, since }) => {
    const status = offline ? "OFFLINE" : connection[partner.status];
    return { id: partner.id, roles: partner.roles, status, since };
  });
  const stamps = await stampsOf(ports, hub, now, reader.id);
  return now.flatMap(({ id, roles, status }) => {
    const last_updated = formatTime(stamps[id]?.at ?? 0);
    return roles.map(({ role, country_code, party_id }) => {
      return { party_id, country_code, role, status, last_updated } as ClientInfo;
    });
  });
}

/** What was told of a partner, and since when (epoch ms). */
interface Told extends JsonObject {
  said: string;
  at: number;
}

/** A partner as it is to be told now. */
type Seen = Pick<Partner, "id" | "roles"> & { status: string; since: number };

/**
 * Since when each partner is told as it is: what is different from what was told last is so from now on, for a reader asks for what changed
 * since it last looked. No partner says when it was suspended, or is back; so what was told is kept, as an object of the hub's that is deleted and
 * nobody's to see. A reader that comes at the same time sees the same, or a later time.
 */
async function stampsOf(
  { objects, clock }: Pick<Ports, "objects" | "clock">,
  { country_code, party_id }: { country_code: string; party_id: string },
  seen: readonly Seen[],
  reader: string,
): Promise<Record<string, Told>> {
  const actor: Actor = { kind: "operator" };
  const ref: ObjectRef = { module: MODULE, country_code, party_id, id_key: "told", recipient: "" };
  let stamps: Record<string, Told> = {};
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const loaded = await objects.load(actor, [ref], "none");
    const before = (loaded.ok ? loaded.value[0]?.object : null) ?? null;
    const told = (before?.body ?? {}) as Record<string, Told>;
    const now = clock.now();
    const own = told[reader];
    stamps = {
      ...(own && { [reader]: own }),
      ...Object.fromEntries(seen.map((one) => [one.id, stamped(one, told[one.id], now)])),
    };
    if (deepEqual(stamps, told)) break;
    const write = {
      ref,
      before,
      part: null,
      id: "told",
      alias: null,
      partner: null,
      origin: newest.number,
      audience: NOBODY,
      body: stamps,
      last_updated: formatTime(now),
      deleted: true,
      evses: [],
      event: null,
    };
    if ((await objects.commit(actor, [write], [])) !== "conflict") break;
  }
  return stamps;
}

function stamped({ roles, status, since }: Seen, told: Told | undefined, now: number): Told {
  const said = [status, ...roles.map((role) => `${role.role} ${role.country_code} ${role.party_id}`)].join();
  if (told === undefined) return { said, at: now };
  return { said, at: Math.max(told.at, told.said === said ? since : now) };
}

/** Whether a registered partner's platform answers, and since when that is so (epoch ms). */
async function reach(
  { hosts }: Pick<Ports, "hosts">,
  { id, status }: Partner,
): Promise<{ offline: boolean; since: number }> {
  if (status !== "REGISTERED") return { offline: false, since: 0 };
  const health = (await hosts.health(id).catch(() => null)) as { state?: string; since?: string | null } | null;
  return { offline: health?.state === "UNREACHABLE", since: stampOf(health?.since ?? undefined)?.ms ?? 0 };
}
