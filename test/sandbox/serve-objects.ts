import { ownUrl, report } from "./context.ts";
import { spoil } from "./faults.ts";
import { inLocation, patched, storeKey, withPart } from "./objects.ts";
import { bodyOf, type Call, ok, ownerOf, type Reply, refusal, stored } from "./reply.ts";
import { join } from "./send.ts";
import type { ObjectModule, OcpiObject } from "./types.ts";
import { validate } from "./validate.ts";
import { atLeast, type Version } from "./versions.ts";

function moduleOf(call: Call): ObjectModule {
  return call.operation.module as ObjectModule;
}

/** The moment date_from and date_to look at; undefined where a version has no such filter. */
function filteredBy(version: Version, module: string): string | undefined {
  if (version !== "2.0") return "last_updated";
  return { sessions: "start_datetime", cdrs: "start_date_time" }[module];
}

/** A DateTime without designator is UTC. */
function moment(text: string): number {
  return Date.parse(/Z$|[+-]\d\d:\d\d$/.test(text) ? text : `${text}Z`);
}

function queryFaults(call: Call, query: Record<string, string>): string | undefined {
  const wrong: string[] = [];
  for (const name of ["offset", "limit"]) {
    const value = query[name];
    if (value !== undefined && !/^\d+$/.test(value)) wrong.push(name);
  }
  if (query.limit === "0") wrong.push("limit");
  for (const name of ["date_from", "date_to"]) {
    const value = query[name];
    if (value === undefined) continue;
    const faults = validate(call.version, "Stamp", { timestamp: value });
    if (faults.length > 0) wrong.push(name);
    else if (!filteredBy(call.version, moduleOf(call))) wrong.push(name);
  }
  if (moduleOf(call) === "sessions" && query.date_from === undefined) wrong.push("date_from");
  for (const name of wrong) {
    const message = `${query[name]} is no ${name} that ${call.version} allows here`;
    report(call.context, call.label, "request", [{ pointer: `query:${name}`, rule: "format", message }]);
  }
  return wrong[0];
}

function nextLink(call: Call, query: Record<string, string>, offset: number, limit: number): string {
  const { context, version, operation } = call;
  const { date_from, date_to } = query;
  const carried = {
    offset: String(offset),
    limit: String(limit),
    ...(date_from && { date_from }),
    ...(date_to && { date_to }),
  };
  const url = new URL(ownUrl(context, version, operation.module, "SENDER"));
  if (context.settings.links === "offset") url.search = new URLSearchParams(carried).toString();
  else url.searchParams.set("page", Buffer.from(JSON.stringify(carried)).toString("base64url"));
  return url.href;
}

/** A Sender's paginated list. */
export function list(call: Call): Reply {
  const { context, version, entry, fault, operation } = call;
  const module = moduleOf(call);
  const { page } = entry.query;
  const query = page ? (JSON.parse(Buffer.from(page, "base64url").toString()) as Record<string, string>) : entry.query;
  const wrong = queryFaults(call, query);
  if (wrong) return refusal(200, 2001, `${wrong} is missing or wrong`);
  const by = filteredBy(version, module);
  const from = query.date_from ? moment(query.date_from) : Number.NEGATIVE_INFINITY;
  const to = query.date_to ? moment(query.date_to) : Number.POSITIVE_INFINITY;
  const filtered = query.date_from !== undefined || query.date_to !== undefined;
  const matches = context
    .ownOf(version)
    [module].list()
    .filter((object) => !(by && filtered) || (moment(object[by]) >= from && moment(object[by]) < to));
  const most = fault.link === "one" ? 1 : context.settings.maxLimit;
  const limit = Math.min(most, Number(query.limit ?? most));
  const offset = Number(query.offset ?? 0);
  const objects = matches.slice(offset, offset + limit);
  const headers: Record<string, string> = { "x-limit": String(limit) };
  if (fault.link !== "no-total") headers["x-total-count"] = String(matches.length);
  let next = offset + limit < matches.length ? nextLink(call, query, offset + limit, limit) : undefined;
  if (fault.link === "missing") next = undefined;
  else if (fault.link === "loop") next = nextLink(call, query, offset, limit);
  else if (fault.link?.startsWith("http")) next = fault.link;
  if (next) headers.link = `<${next}>; rel="next"`;
  return { ...ok(spoil(fault.bad, objects), operation.answer), headers };
}

/** A Sender's single Location, EVSE or Connector. */
export function read(call: Call): Reply {
  const { context, version, params, operation } = call;
  const location = context.ownOf(version).locations.get(params.location_id ?? "");
  const found = inLocation(version, location, partPath(params));
  return found ? ok(found, operation.answer) : refusal(404, 2003, "unknown Location, EVSE or Connector");
}

/** The path below a Location that the parameters name: nothing, an EVSE, or a Connector. */
function partPath(params: Record<string, string>): string[] {
  return [params.evse_uid, params.connector_id].filter((part) => part !== undefined);
}

function keyOf(call: Call, body: OcpiObject): string {
  const { params, entry } = call;
  const id = params.location_id ?? params.tariff_id ?? params.token_uid ?? params.session_id;
  // A ClientInfo has no id of its own, and one party may have several roles.
  if (moduleOf(call) === "hubclientinfo") return storeKey("hubclientinfo", ownerOf(params), String(body.role));
  // Only from 2.2 on does the URL of a Token say its type.
  const type = atLeast(call.version, "2.2") ? entry.query.type : undefined;
  return storeKey(moduleOf(call), ownerOf(params), id ?? "", type);
}

/** The object under the key the URL names; for a ClientInfo the first of the party. */
function lookUp(call: Call): OcpiObject | undefined {
  const { context, version, params } = call;
  const store = context.store[moduleOf(call)];
  if (moduleOf(call) !== "hubclientinfo") return store.find(version, keyOf(call, {}));
  const owner = storeKey("", ownerOf(params), "").toLowerCase();
  return store.get(store.keys().find((key) => key.toLowerCase().startsWith(owner)) ?? "");
}

const UNKNOWN = { locations: 2003, tokens: 2004 } as Record<string, number>;

function notThere(call: Call): Reply {
  return refusal(404, UNKNOWN[moduleOf(call)] ?? 2001, "unknown object");
}

/** A Receiver's copy of what the peer pushed. */
export function fetch(call: Call): Reply {
  const found = inLocation(call.version, lookUp(call), partPath(call.params));
  return found ? ok(found, call.operation.answer) : notThere(call);
}

function sameText(version: Version, a: unknown, b: unknown): boolean {
  const [left, right] = [String(a), String(b)];
  return atLeast(version, "2.2") ? left.toLowerCase() === right.toLowerCase() : left === right;
}

/** What the body and the URL disagree about; undefined when nothing. */
function disagreement(call: Call, body: OcpiObject, partial: boolean): string | undefined {
  const { version, params, entry } = call;
  const whole = params.evse_uid === undefined;
  const pairs: [string, unknown][] = [
    ["id", params.connector_id ?? (whole ? (params.location_id ?? params.tariff_id ?? params.session_id) : undefined)],
    ["uid", params.token_uid ?? (params.connector_id === undefined ? params.evse_uid : undefined)],
  ];
  if (atLeast(version, "2.2")) {
    if (whole) pairs.push(["country_code", params.country_code], ["party_id", params.party_id]);
    if (params.token_uid !== undefined) pairs.push(["type", entry.query.type ?? "RFID"]);
  }
  return pairs.find(([field, wanted]) => {
    if (wanted === undefined || (partial && body[field] === undefined)) return false;
    return !sameText(version, body[field], wanted);
  })?.[0];
}

/** Refusals that PUT and PATCH share; undefined when the body may be stored. */
function misplaced(call: Call, body: OcpiObject): Reply | undefined {
  const { context, label, peer, params, version } = call;
  const partial = call.entry.method === "PATCH";
  const field = disagreement(call, body, partial);
  if (field) {
    const message = `${String(body[field])} is not what the URL says`;
    report(context, label, "request", [{ pointer: `/${field}`, rule: "url", message }]);
    return refusal(200, 2001, `${field} differs between URL and body`);
  }
  const owner = ownerOf(params);
  const registered = peer.roles.some(
    (role) =>
      sameText(version, role.country_code, owner.country_code) && sameText(version, role.party_id, owner.party_id),
  );
  if (context.settings.foreignParties === "refuse" && !registered) return refusal(404, 2001, "none of your parties");
  const dated = ["locations", "sessions", "tokens"].includes(moduleOf(call));
  if (partial && dated && atLeast(version, "2.2") && typeof body.last_updated !== "string") {
    const message = "a PATCH carries last_updated";
    report(context, label, "request", [{ pointer: "/last_updated", rule: "missing", message }]);
    return refusal(200, 2001, "last_updated is missing");
  }
  return undefined;
}

/** PUT of a client owned object, or of an EVSE or Connector in one. */
export function put(call: Call): Reply {
  const { context, version, entry } = call;
  const body = bodyOf(entry);
  const refused = misplaced(call, body);
  if (refused) return refused;
  const store = context.store[moduleOf(call)];
  const key = keyOf(call, body);
  const before = store.find(version, key);
  const path = partPath(call.params);
  if (path.length === 0) {
    store.write(version, key, "PUT", body, body);
    return stored(!before);
  }
  const after = before && withPart(version, before, path, "PUT", body);
  if (!after) return notThere(call);
  store.write(version, key, "PUT", body, after);
  return stored(!inLocation(version, before, path));
}

/** PATCH of a client owned object, or of an EVSE or Connector in one. */
export function patch(call: Call): Reply {
  const { context, version, entry } = call;
  const module = moduleOf(call);
  const body = bodyOf(entry);
  const refused = misplaced(call, body);
  if (refused) return refused;
  const key = keyOf(call, body);
  const before = context.store[module].find(version, key);
  if (!before) return notThere(call);
  const path = partPath(call.params);
  const after =
    path.length > 0 ? withPart(version, before, path, "PATCH", body) : patched(version, module, before, body);
  if (!after) return notThere(call);
  context.store[module].write(version, key, "PATCH", body, after);
  return stored(false);
}

/** DELETE of a client owned object. */
export function remove(call: Call): Reply {
  const { context, version } = call;
  const key = keyOf(call, {});
  const store = context.store[moduleOf(call)];
  if (!store.find(version, key)) return notThere(call);
  store.write(version, key, "DELETE", undefined);
  return version === "2.0" ? ok(null) : stored(false);
}

/** POST of a CDR: the URL where it can be read again is ours to choose. */
export function bill(call: Call): Reply {
  const { context, version, entry, peer } = call;
  const body = bodyOf(entry);
  const [first] = peer.roles;
  // Before 2.2 a CDR does not say whose it is; the connection does.
  const owner = {
    country_code: body.country_code ?? first?.country_code ?? "",
    party_id: body.party_id ?? first?.party_id ?? "",
  };
  if (typeof body.id !== "string") return refusal(200, 2001, "a CDR needs an id");
  const key = storeKey("cdrs", owner, body.id);
  const before = context.store.cdrs.find(version, key);
  if (before && JSON.stringify(before) !== JSON.stringify(body)) {
    const message = "another CDR with this id was sent before";
    report(context, call.label, "request", [{ pointer: "/id", rule: "rule", message }]);
    return refusal(200, 2001, message);
  }
  context.store.cdrs.write(version, key, "POST", body, body);
  const url = join(ownUrl(context, version, "cdrs", "RECEIVER"), [Buffer.from(key).toString("base64url")]);
  return { ...stored(!before), headers: { location: url } };
}

/** GET of a CDR under the URL its POST was answered with. */
export function billed(call: Call): Reply {
  const key = Buffer.from(call.params.cdr_key ?? "", "base64url").toString();
  const found = call.context.store.cdrs.find(call.version, key);
  return found ? ok(found, "CDR") : notThere(call);
}
