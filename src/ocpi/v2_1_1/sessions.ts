import { isObject, type JsonObject, type JsonValue } from "../../lib/json.ts";
import { escapeToken } from "../../lib/pointer.ts";
import { BESIDE } from "../../model/beside.ts";
import { NOT_AVAILABLE } from "../../model/cdrs.ts";
import type { Token } from "../../model/tokens.ts";
import { aliasId } from "../alias.ts";
import { CARRIED, IMPLIED, type References, SPELLING } from "../codec.ts";
import { type Bridge, type DownRun, DROP } from "../walker/rules.ts";

/** The first object of a list. */
export const firstOf = (list: JsonValue | undefined): JsonObject | undefined =>
  Array.isArray(list) ? list.find(isObject) : undefined;

/** Whether an id is one, not missing or the mark that there is none. */
export const isId = (value: JsonValue | undefined): value is string =>
  typeof value === "string" && value !== NOT_AVAILABLE;

/** The item of a list with that id; ids are compared without case, as later versions do. */
export function itemOf(list: JsonValue | undefined, field: "uid" | "id", id: string): JsonObject | undefined {
  const wanted = id.toLowerCase();
  if (!Array.isArray(list)) return undefined;
  return list.filter(isObject).find((item) => String(item[field]).toLowerCase() === wanted);
}

/** Puts losses found inside an embedded Location where the model says the same; those of what only the Location says are dropped. */
export function moveLosses(run: DownRun, mark: number, to: (pointer: string) => string | undefined): void {
  const found = run.losses.splice(mark);
  for (const { pointer, reason } of found) {
    const moved = to(pointer);
    if (moved !== undefined) run.losses.push({ pointer: moved, reason });
  }
}

const places: Readonly<Record<string, string>> = {
  "/id": "/location_id",
  "/evses/0/uid": "/evse_uid",
  "/evses/0/connectors/0/id": "/connector_id",
};

/** A Session has no place for the postal code of its Location, which must be said all the same. */
function loseMadeUp(known: JsonObject, { postal_code }: JsonObject, run: DownRun): void {
  if (known.postal_code != null) return;
  const reason = `the postal_code of the Location is required in ${run.version} and not known: says ${String(postal_code)}`;
  run.losses.push({ pointer: "/location_id", reason });
}

/** The EVSE of a Session with its connector, or all of them when that is not known; undefined when the EVSE is not. */
function usedEvse(
  location: JsonObject,
  evseUid: JsonValue | undefined,
  connectorId: JsonValue | undefined,
): JsonObject[] {
  const evse = isId(evseUid) ? itemOf(location.evses, "uid", evseUid) : undefined;
  if (evse === undefined) return [];
  const connector = isId(connectorId) ? itemOf(evse.connectors, "id", connectorId) : undefined;
  const connectors = connector === undefined ? evse.connectors : [{ ...connector, id: connectorId }];
  return [{ ...evse, uid: evseUid, connectors }];
}

/**
 * A Session contains its Location with the EVSE and connector used, which must be handed in; later versions name them.
 * Spec: 2.1.1 mod_sessions, Session; 2.2 mod_sessions, Session.
 */
export const locationOfSession: Bridge = {
  wire: ["location"],
  model: ["location_id", "evse_uid", "connector_id"],
  up: ({ location }) => {
    const { id, evses } = location as JsonObject;
    const evse = firstOf(evses);
    return {
      location_id: id,
      evse_uid: evse?.uid ?? NOT_AVAILABLE,
      connector_id: firstOf(evse?.connectors)?.id ?? NOT_AVAILABLE,
    };
  },
  down: (session, run, walk) => {
    const { location_id: id, evse_uid, connector_id } = session;
    const known = run.context.references?.location as JsonObject | undefined;
    if (known === undefined || typeof id !== "string") {
      run.reason = `Location ${String(id)} is not known, and Sessions of ${run.version} contain it`;
      return DROP;
    }
    const mark = run.losses.length;
    // To the driver's own provider it is no publication.
    const embedded = { ...known, id, publish: true, evses: usedEvse(known, evse_uid, connector_id) };
    const location = walk("location", embedded, "");
    if (location === undefined) {
      run.reason = run.losses.at(-1)?.reason ?? run.reason;
      return DROP;
    }
    moveLosses(run, mark, (pointer) => places[pointer]);
    loseMadeUp(known, location as JsonObject, run);
    const evse = firstOf((location as JsonObject).evses);
    const isTold =
      evse !== undefined && (!isId(connector_id) || itemOf(known.evses, "uid", String(evse_uid)) !== undefined);
    const reason = `Location ${id} has no such thing to say in ${run.version}`;
    if (!isTold && isId(evse_uid)) run.losses.push({ pointer: "/evse_uid", reason });
    const connectors = embedded.evses[0]?.connectors;
    const hasConnector = isId(connector_id) && itemOf(connectors, "id", connector_id) !== undefined;
    if (isId(connector_id) && (!isTold || !hasConnector)) run.losses.push({ pointer: "/connector_id", reason });
    return { location };
  },
};

/** What a Session or CDR says of the token that `auth_id` names: all of it when it is known, else that much. */
function tokenOf(authId: JsonValue, token: Token | undefined): JsonObject {
  if (token === undefined) return { uid: authId, type: "OTHER", contract_id: authId };
  return {
    country_code: token.country_code,
    party_id: token.party_id,
    uid: token.uid,
    type: token.type ?? "OTHER",
    contract_id: token.contract_id && aliasId(token.contract_id) === authId ? token.contract_id : authId,
  };
}

/** A token is named by its `auth_id`, later contract_id, alone. Spec: 2.1.1 mod_sessions, Session; mod_cdrs, CDR. */
export const authId: Bridge = {
  wire: ["auth_id"],
  model: ["cdr_token"],
  up: ({ auth_id }, run) => ({ cdr_token: tokenOf(auth_id as JsonValue, run.context.token) }),
  down: ({ cdr_token: token, [`${BESIDE}auth_id`]: kept }, run, walk) => {
    if (!isObject(token)) return {};
    const contract = token.contract_id ?? undefined;
    if (run.relay && typeof contract === "string" && kept === aliasId(contract)) return { auth_id: kept };
    const said = contract === undefined ? undefined : walk("auth_id", contract, "/cdr_token/contract_id");
    for (const key of Object.keys(token)) {
      if (key === "contract_id" || token[key] == null) continue;
      let reason = `${run.version} names a token by its auth_id alone`;
      if (key === "country_code" || key === "party_id") reason = CARRIED;
      else if (key.startsWith(BESIDE)) reason = SPELLING;
      else if (key === "uid" && token.uid === contract) reason = IMPLIED;
      run.losses.push({ pointer: `/cdr_token/${escapeToken(key)}`, reason });
    }
    return said === undefined ? {} : { auth_id: said };
  },
};

/** Costs are a number before taxes. Spec: 2.1.1 mod_sessions, Session; mod_cdrs, CDR. */
export const costBeforeTaxes: Bridge = {
  wire: ["total_cost"],
  model: ["total_cost"],
  up: ({ total_cost: cost }, _, walk) => ({
    total_cost: cost === null || cost === undefined ? cost : { before_taxes: walk("total_cost", cost) },
  }),
  down: ({ total_cost: cost }, run, walk) => {
    if (!isObject(cost)) return run.relay && cost === null ? { total_cost: null } : {};
    for (const key of Object.keys(cost)) {
      const value = cost[key];
      if (key === "before_taxes" || value == null || (Array.isArray(value) && value.length === 0)) continue;
      const reason = key.startsWith(BESIDE) ? SPELLING : `costs are said before taxes in ${run.version}`;
      run.losses.push({ pointer: `/total_cost/${escapeToken(key)}`, reason });
    }
    const value = cost.before_taxes ?? undefined;
    const said = value === undefined ? undefined : walk("total_cost", value, "/total_cost/before_taxes");
    return said === undefined ? {} : { total_cost: said };
  },
};

/** The Location a Session contains. */
export function locationOfSessionNeeds(session: {
  location_id?: string | null | undefined;
  evse_uid?: string | null | undefined;
  connector_id?: string | null | undefined;
}): References {
  const { location_id, evse_uid, connector_id } = session;
  if (typeof location_id !== "string") return { tariffs: [] };
  const location = {
    location_id,
    ...(evse_uid != null && { evse_uid }),
    ...(connector_id != null && { connector_id }),
  };
  return { tariffs: [], location };
}

/** The Token that `auth_id` names. */
export const tokenOfAuthId = ({ auth_id }: JsonObject): References => ({
  tariffs: [],
  ...(typeof auth_id === "string" && { token: { contract_id: auth_id } }),
});
