import { type Call, type CallResult, callPartner } from "../client/request.ts";
import { partyKey } from "../gateway/keys.ts";
import { assemble } from "../gateway/objects.ts";
import type { JsonObject } from "../lib/json.ts";
import { type Codec, isRealLoss, type Loss } from "../ocpi/codec.ts";
import type { Endpoint } from "../ocpi/endpoints.ts";
import type { PartyRef } from "../ocpi/headers.ts";
import { codecOf } from "../ocpi/versions.ts";
import type { StoredObject } from "../ports/objects.ts";
import type { Evidence } from "./breaker.ts";
import type { Desk } from "./desk.ts";
import { keyOf, pushRows } from "./feed.ts";
import { fingerprint } from "./hash.ts";
import { evidenceOf, explain, type Verdict, verdictOf } from "./outcome.ts";
import { type EvsePart, evseHashes, type Parts, partsOf, planFor } from "./parts.ts";
import { fetchLocation, loadReferences, missingLocation, type References } from "./references.ts";
import type { Held, Row } from "./state.ts";

/** What came of bringing the partner up to date with one object. */
export interface Sent {
  /** `waiting`: it cannot be said before something else is known. */
  verdict: Verdict | "waiting";
  /** The last thing known of the partner itself; null: no request was made. */
  evidence: Evidence | null;
  /** Requests made. */
  requests: number;
  status: number | null;
  error: string | null;
  retryAfterMs: number | null;
  losses: string | null;
  held: Held | null;
  evses: { whole: boolean; hashes: ReadonlyMap<string, string> } | null;
}

export type Answer = Pick<Sent, "verdict" | "evidence" | "requests" | "status" | "error" | "retryAfterMs">;

/** Ids that every URL parser resolves away. */
const UNADDRESSABLE = ["", ".", ".."];

export const NOTHING: Answer = {
  verdict: "delivered",
  evidence: null,
  requests: 0,
  status: null,
  error: null,
  retryAfterMs: null,
};

/**
 * Brings the partner up to date with the newest state of one object; null: it is gone without a trace. Never sends what
 * the partner holds already. Throws for bugs and when our own storage fails.
 */
export async function push(desk: Desk, row: Row, object: StoredObject | null, references: References): Promise<Sent> {
  const rest = { losses: row.losses, held: row.held, evses: null };
  if (object === null) return { ...NOTHING, ...rest };
  const rows = pushRows(desk.version).get(row.module) ?? [];
  const seen = desk.modules.find(({ module }) => module === row.module)?.visibility;
  if (rows[0] === undefined || seen === undefined) return { ...NOTHING, ...rest };
  const isTheirs = seen.audiences.includes(object.audience);
  if (row.held === null && !isTheirs) return { ...NOTHING, ...rest };
  if (object.deleted) return remove(desk, row, object, rows[0]);
  // One that is somebody else's by now is not theirs to be told of; only of a Location there is a way to say that it is hidden.
  if (!isTheirs && object.module !== "locations") return { ...NOTHING, ...rest };

  let said = translate(desk, object, rows[0], references, isTheirs);
  const missing = said.refused ? missingLocation(desk, object, references) : null;
  if (said.refused && missing !== null) {
    const why = await fetchLocation(desk, object, missing);
    if (why !== null) return { ...NOTHING, ...rest, verdict: "waiting", error: `${said.refused.reason}; ${why}` };
    said = translate(desk, object, rows[0], await loadReferences(desk.ports, desk.version, [object]), isTheirs);
  }
  if (said.refused) return { ...NOTHING, ...rest, verdict: "rejected", error: `Not sayable: ${said.refused.reason}` };
  const parts = partsOf(said.wire, desk.version.number);
  if (UNADDRESSABLE.includes(parts.id))
    return { ...NOTHING, ...rest, verdict: "rejected", error: `No URL can name ${parts.id}` };
  const losses = await tellLosses(desk, row, object, said.losses);
  const plan = planFor(
    row.held,
    desk.store.heldEvses(row.n),
    parts,
    rows.some(({ kind }) => kind === "EVSE"),
  );
  if (plan.send === "nothing") return { ...NOTHING, ...rest, losses };
  if (plan.send === "evses") {
    const sent = await putEvses(desk, row, object, rows, parts, plan.evses, said.losses);
    // The Location, or this EVSE's place in it, is not known there after all: it is told whole.
    if (sent.verdict !== "unknown") return { ...sent, losses };
    const whole = await putWhole(desk, row, object, rows[0], parts, said.losses);
    return { ...whole, requests: sent.requests + whole.requests, losses };
  }
  return { ...(await putWhole(desk, row, object, rows[0], parts, said.losses)), losses };
}

type Said = { wire: JsonObject; losses: Loss[]; refused?: undefined } | { refused: Loss };

/** The object in the partner's version; a Location that is hidden since is told to be so, in the way that version has for it. */
export function translate(
  desk: Desk,
  object: StoredObject,
  row: Endpoint,
  references: References,
  visible: boolean,
): Said {
  const codec = codecOf(desk.version, row.kind) as Codec | undefined;
  if (codec === undefined) throw new Error(`No codec for ${row.kind} in ${desk.version.number}`);
  const model = assemble(object) as JsonObject;
  const context = {
    origin: object.origin,
    references: references.of(object),
    now: desk.ports.clock.now(),
    lastUpdated: object.last_updated,
  };
  const down = (said: JsonObject): Said => codec.down(said as Parameters<Codec["down"]>[0], context) as Said;
  const told = down(model);
  if (visible || !told.refused) return told;
  const evses = Array.isArray(model.evses) ? (model.evses as JsonObject[]) : [];
  return down({ ...model, publish: true, evses: evses.map((evse) => ({ ...evse, status: "REMOVED" })) });
}

/** Raises `translation.loss` when the losses are others than those of the last send. Returns their fingerprint. */
export async function tellLosses(
  desk: Desk,
  row: Row,
  object: StoredObject,
  all: readonly Loss[],
): Promise<string | null> {
  const losses = all.filter(isRealLoss);
  const print = losses.length === 0 ? null : fingerprint(JSON.stringify(losses));
  if (print !== row.losses && print !== null) {
    const { partner, version, ports } = desk;
    const translation = { module: row.module, key: keyOf(object), version: version.number, losses: losses.map(plain) };
    const data = { partner: partner.id, translation };
    await ports.events.append([{ type: "translation.loss", partner: partner.id, data }]);
  }
  return print;
}

const plain = ({ pointer, reason }: Loss): JsonObject => ({ pointer, reason });

async function putWhole(
  desk: Desk,
  row: Row,
  object: StoredObject,
  endpoint: Endpoint,
  parts: Parts,
  losses: Loss[],
): Promise<Omit<Sent, "losses">> {
  desk.store.sending(row, parts.id, null);
  const wire = parts.whole;
  const result = await call(desk, object, endpoint, { params: { [idName(endpoint)]: parts.id }, wire, losses });
  const answer = answerOf(result);
  const unsure = { id: parts.id, head: "", lastUpdated: "" };
  if (answer.verdict === "unknown") return { ...answer, verdict: "rejected", held: row.held && unsure, evses: null };
  if (answer.verdict !== "delivered") return { ...answer, held: unsure, evses: null };
  const held = { id: parts.id, head: parts.head, lastUpdated: parts.lastUpdated };
  return { ...answer, held, evses: { whole: true, hashes: evseHashes(parts.evses) } };
}

/** One EVSE after the other, never two within a Location at once; stops at the first that was not taken. */
async function putEvses(
  desk: Desk,
  row: Row,
  object: StoredObject,
  rows: readonly Endpoint[],
  parts: Parts,
  evses: readonly EvsePart[],
  losses: Loss[],
): Promise<Omit<Sent, "losses">> {
  const [location, endpoint] = [rows[0], rows.find(({ kind }) => kind === "EVSE")];
  if (location === undefined || endpoint === undefined || row.held === null) throw new Error("No row for an EVSE");
  desk.store.sending(
    row,
    parts.id,
    evses.map(({ uid }) => uid),
  );
  const done: EvsePart[] = [];
  let answer: Answer = NOTHING;
  for (const evse of evses) {
    const params = { [idName(location)]: parts.id, [idName(endpoint)]: evse.uid };
    const result = await call(desk, object, endpoint, { params, wire: evse.wire, losses });
    answer = { ...answerOf(result), requests: answer.requests + 1 };
    if (answer.verdict !== "delivered") break;
    done.push(evse);
  }
  const lastUpdated = answer.verdict === "delivered" ? parts.lastUpdated : "";
  return { ...answer, held: { ...row.held, lastUpdated }, evses: { whole: false, hashes: evseHashes(done) } };
}

/** Tells that an object is no more, where the version can; that the partner does not know it is just as well. */
async function remove(desk: Desk, row: Row, object: StoredObject, put: Endpoint): Promise<Sent> {
  const endpoint = desk.version.endpoints.find(
    ({ module, role, operation }) =>
      module === row.module && role === "RECEIVER" && operation === "deleteClientOwnedObject",
  );
  if (endpoint === undefined) return { ...NOTHING, losses: null, held: row.held, evses: null };
  const id = row.held?.id ?? wireId(desk, object, put);
  desk.store.sending(row, id, null);
  const answer = answerOf(await call(desk, object, endpoint, { params: { [idName(endpoint)]: id } }));
  if (answer.verdict === "delivered" || answer.verdict === "unknown") {
    return { ...answer, verdict: "delivered", losses: null, held: null, evses: { whole: true, hashes: new Map() } };
  }
  return { ...answer, losses: null, held: { id, head: "", lastUpdated: "" }, evses: null };
}

/** The id a deleted object had in the partner's version. */
function wireId(desk: Desk, object: StoredObject, put: Endpoint): string {
  const codec = codecOf(desk.version, put.kind) as Codec | undefined;
  const said = codec?.down(assemble(object) as Parameters<Codec["down"]>[0], { origin: object.origin });
  return said?.wire ? partsOf(said.wire, "").id : object.id;
}

/** The last parameter of a path: the id of what the path names. */
function idName(endpoint: Endpoint): string {
  const names = [...endpoint.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string);
  const last = names.at(-1);
  if (last === undefined) throw new Error(`${endpoint.path} names no object`);
  return last;
}

export function call(
  desk: Desk,
  object: StoredObject,
  row: Endpoint,
  what: { params?: Record<string, string>; wire?: JsonObject; losses?: Loss[]; url?: string },
): Promise<CallResult> {
  const { country_code, party_id } = object;
  const request: Call = { row, params: { country_code, party_id, ...what.params }, from: from(desk, object) };
  const to = onlyFor(desk, object);
  if (to !== undefined) request.to = to;
  if (what.url !== undefined) request.url = what.url;
  if (row.query.includes("type") && typeof what.wire?.type === "string") request.query = { type: what.wire.type };
  if (what.wire !== undefined) request.wire = what.wire;
  if (what.losses !== undefined) request.losses = what.losses.filter(isRealLoss);
  return callPartner(desk.ports, desk.partner, request);
}

/** Who speaks: the owner of an own object, our hub party for one that is passed on. Spec: 2.2.1 transport_and_format, routing. */
function from(desk: Desk, object: StoredObject): PartyRef {
  const hub = object.partner === null ? undefined : desk.parties.find(({ roles }) => roles.includes("HUB"));
  const { country_code, party_id } = hub ?? object;
  return { country_code, party_id };
}

/** The one party an object is for, where the partner has several; undefined: it is for the partner. */
function onlyFor({ partner }: Desk, { audience }: StoredObject): PartyRef | undefined {
  const party = partner.roles.find(({ country_code, party_id }) => partyKey(country_code, party_id) === audience);
  return party && { country_code: party.country_code, party_id: party.party_id };
}

export function answerOf(result: CallResult): Answer {
  const verdict = verdictOf(result);
  return {
    verdict,
    evidence: evidenceOf(result),
    requests: 1,
    status: result.http,
    error: verdict === "delivered" ? null : explain(result),
    retryAfterMs: result.retryAfterMs,
  };
}
