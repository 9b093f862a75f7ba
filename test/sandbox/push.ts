import { randomUUID } from "node:crypto";
import { type Context, ownUrl } from "./context.ts";
import { idOf, patched, withPart } from "./objects.ts";
import { type CallOptions, callPeer, connected, join, requestModule } from "./send.ts";
import type { Answer, ObjectModule, OcpiObject, PartyId, Peer } from "./types.ts";
import { atLeast } from "./versions.ts";

/** How to push an object. */
export interface PushOptions extends CallOptions {
  /** For an EVSE the id of its Location; for a Connector that and the uid of its EVSE. */
  under?: readonly string[];
  /** Whose it is, where the object does not say (2.0, 2.1.1, parts of a Location); the first own party when left out. */
  owner?: PartyId;
}

function ownerFor(context: Context, module: ObjectModule, object: OcpiObject, options: PushOptions): PartyId {
  if (options.owner) return options.owner;
  if (object.country_code && object.party_id) return object as PartyId;
  const version = connected(context).version;
  const location = options.under?.[0] ? context.ownOf(version).locations.get(options.under[0]) : undefined;
  if (location?.country_code) return location as PartyId;
  const [first] = context.roles;
  if (!first) throw new Error(`nobody owns this object of ${module}`);
  return first;
}

/** The pushing party is the owner where that is one of ours; a hub pushes for others in its own name. */
function sender(context: Context, owner: PartyId): PartyId | undefined {
  const mine = context.roles.some((r) => r.country_code === owner.country_code && r.party_id === owner.party_id);
  return mine ? { country_code: owner.country_code, party_id: owner.party_id } : undefined;
}

function typeQuery(peer: Peer, module: ObjectModule, type: unknown): CallOptions["query"] {
  return module === "tokens" && atLeast(peer.version, "2.2") ? { type: String(type ?? "RFID") } : undefined;
}

/**
 * Sends an object to the peer's Receiver: PUT under the owner's URL, POST for a CDR (whose URL is remembered). It
 * becomes, or updates, an own object.
 */
export async function push(
  context: Context,
  module: ObjectModule,
  object: OcpiObject,
  options: PushOptions = {},
): Promise<Answer> {
  const peer = connected(context);
  const own = context.ownOf(peer.version)[module];
  const { under, owner: _owner, ...rest } = options;
  const owner = ownerFor(context, module, object, options);
  const from = sender(context, owner);
  if (module === "cdrs") {
    own.add(object);
    const answer = await requestModule(context, module, "RECEIVER", "POST", [], { from, ...rest, body: object });
    if (answer.headers.location) context.cdrUrls.set(object.id, answer.headers.location);
    return answer;
  }
  const path = [owner.country_code, owner.party_id];
  if (under) {
    path.push(...under, String(object.uid ?? object.id));
    const location = own.get(under[0] ?? "");
    const place = [...under.slice(1), String(object.uid ?? object.id)];
    const after = location && withPart(peer.version, location, place, "PUT", object);
    if (after) own.add(after);
  } else {
    if (module !== "hubclientinfo") path.push(idOf(module, object));
    own.add(object);
  }
  const query = typeQuery(peer, module, object.type);
  return requestModule(context, module, "RECEIVER", "PUT", path, { from, query, ...rest, body: object });
}

/**
 * Sends a PATCH of an own object, and applies it to that.
 *
 * @param path the id; for a part of a Location its ids from the Location down, as a list or with slashes between
 */
export async function patch(
  context: Context,
  module: ObjectModule,
  path: string | readonly string[],
  part: OcpiObject,
  options: PushOptions = {},
): Promise<Answer> {
  const peer = connected(context);
  const own = context.ownOf(peer.version)[module];
  const segments = typeof path === "string" ? path.split("/") : path;
  const [id = "", ...below] = segments;
  const before = own.get(id);
  if (before) {
    const after =
      below.length > 0
        ? withPart(peer.version, before, below, "PATCH", part)
        : patched(peer.version, module, before, part);
    if (after) own.add(after);
  }
  const { under: _under, owner: _owner, ...rest } = options;
  const owner = ownerFor(context, module, before ?? {}, options);
  const query = typeQuery(peer, module, before?.type);
  const target = [owner.country_code, owner.party_id, ...segments];
  const from = sender(context, owner);
  return requestModule(context, module, "RECEIVER", "PATCH", target, { from, query, ...rest, body: part });
}

/** Sends a DELETE of an own object (Tariffs; Sessions in 2.0), and forgets it. */
export async function remove(
  context: Context,
  module: ObjectModule,
  id: string,
  options: PushOptions = {},
): Promise<Answer> {
  const own = context.ownOf(connected(context).version)[module];
  const before = own.get(id);
  own.delete(id);
  const { under: _under, owner: _owner, ...rest } = options;
  const owner = ownerFor(context, module, before ?? {}, options);
  const target = [owner.country_code, owner.party_id, id];
  return requestModule(context, module, "RECEIVER", "DELETE", target, { from: sender(context, owner), ...rest });
}

/** GET of a CDR under the URL its POST was answered with. */
export async function readCdr(context: Context, id: string): Promise<Answer> {
  const peer = connected(context);
  const url = context.cdrUrls.get(id);
  if (!url) throw new Error(`no URL was given for the CDR ${id}`);
  const side = "RECEIVER";
  return callPeer(context, peer, {
    method: "GET",
    url,
    version: peer.version,
    module: "cdrs",
    side,
    answerType: "CDR",
  });
}

/** A URL of our own for an asynchronous result, valid once it is asked for; `uid` identifies it in the results. */
export function responseUrl(context: Context, module: string, kind: string): { uid: string; url: string } {
  const { version } = connected(context);
  const uid = randomUUID();
  context.awaited.set(uid, {});
  return { uid, url: join(ownUrl(context, version, module, "SENDER"), [kind, uid]) };
}

/** Sends a command and remembers whether a result may follow. */
export async function sendCommand(
  context: Context,
  kind: string,
  body: OcpiObject,
  options: CallOptions = {},
): Promise<Answer & { uid: string }> {
  const { uid, url } = responseUrl(context, "commands", kind);
  const whole = { response_url: url, ...body };
  const answer = await requestModule(context, "commands", "RECEIVER", "POST", [kind], { ...options, body: whole });
  const given = answer.data as OcpiObject | string | undefined;
  const result = typeof given === "string" ? given : given?.result;
  context.awaited.set(uid, { accepted: result === "ACCEPTED" });
  return { ...answer, uid };
}

/** Asks for, sets (with `body`) or clears the charging profile of a session of the peer. */
export async function sendProfile(
  context: Context,
  method: "GET" | "PUT" | "DELETE",
  sessionId: string,
  options: CallOptions & { profile?: OcpiObject; duration?: number } = {},
): Promise<Answer & { uid: string }> {
  const { profile, duration, ...rest } = options;
  const { uid, url } = responseUrl(context, "chargingprofiles", method);
  const asked =
    method === "PUT"
      ? { body: { charging_profile: profile, response_url: url } }
      : { query: { response_url: url, duration: method === "GET" ? (duration ?? 900) : undefined } };
  const answer = await requestModule(context, "chargingprofiles", "RECEIVER", method, [sessionId], {
    ...asked,
    ...rest,
  });
  context.awaited.set(uid, { accepted: (answer.data as OcpiObject | undefined)?.result === "ACCEPTED" });
  return { ...answer, uid };
}
