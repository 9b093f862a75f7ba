import { isObject, type JsonObject, type JsonValue } from "../../lib/json.ts";
import { escapeToken } from "../../lib/pointer.ts";
import { BESIDE } from "../../model/beside.ts";
import { type CDR, NOT_AVAILABLE } from "../../model/cdrs.ts";
import { characters } from "../alias.ts";
import { IMPLIED, type References, SPELLING } from "../codec.ts";
import { usualStandard } from "../v2_3_0/cdrs.ts";
import type { Bridge, DownRun, WalkDown } from "../walker/rules.ts";
import { firstOf, isId, itemOf, locationOfSessionNeeds, moveLosses } from "./sessions.ts";

/** Fields a Location and a CdrLocation have in common. */
const shared = ["id", "name", "address", "city", "postal_code", "state", "country", "coordinates"];

/** Where a CdrLocation says what an EVSE and a connector of a Location say. */
const places: Readonly<Record<string, string>> = {
  "/evses/0/uid": "evse_uid",
  "/evses/0/evse_id": "evse_id",
  "/evses/0/connectors/0/id": "connector_id",
  "/evses/0/connectors/0/standard": "connector_standard",
  "/evses/0/connectors/0/format": "connector_format",
  "/evses/0/connectors/0/power_type": "connector_power_type",
};
const ofEvse = Object.values(places);

/** Without what is missing or null. */
const present = (object: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined && value !== null));

/** A Location as a CDR of later versions keeps it: with one EVSE and one connector. */
function frozen(location: JsonObject): JsonObject {
  const evse = firstOf(location.evses);
  const connector = firstOf(evse?.connectors);
  return present({
    ...Object.fromEntries(shared.map((field) => [field, location[field]])),
    evse_uid: evse?.uid ?? NOT_AVAILABLE,
    evse_id: evse?.evse_id ?? NOT_AVAILABLE,
    connector_id: connector?.id ?? NOT_AVAILABLE,
    connector_standard: connector?.standard,
    connector_format: connector?.format,
    connector_power_type: connector?.power_type,
  });
}

/** What is known now of where a CDR tells of. */
interface Known {
  location?: JsonObject | undefined;
  evse?: JsonObject | undefined;
  /** The first of its EVSE where the CDR names none. */
  connector?: JsonObject | undefined;
}

function knownOf(cdr: JsonObject, run: DownRun): Known {
  const location = run.context.references?.location as JsonObject | undefined;
  if (!isId(cdr.id) || String(location?.id).toLowerCase() !== cdr.id.toLowerCase()) return {};
  const evse = isId(cdr.evse_uid) ? itemOf(location?.evses, "uid", cdr.evse_uid) : undefined;
  const { connector_id: id } = cdr;
  const connector = isId(id) ? itemOf(evse?.connectors, "id", id) : firstOf(evse?.connectors);
  return { location, evse, connector };
}

/** The connector a CDR tells of; undefined when it names none and none is known. */
function usedConnector(cdr: JsonObject, connector: JsonObject | undefined): JsonObject | undefined {
  if (!isId(cdr.connector_id)) return connector;
  return {
    // Required, and not known: no connector has 0 V.
    max_voltage: 0,
    max_amperage: 0,
    ...connector,
    id: cdr.connector_id,
    standard: cdr.connector_standard,
    format: cdr.connector_format,
    power_type: cdr.connector_power_type,
  };
}

/**
 * The Location a CDR tells of; what only a Location can say is that of the Location as it is known now. But a CDR never changes: what a Location
 * says of the moment it says of none.
 */
function thawed(cdr: JsonObject, known: Known, lastUpdated: string | undefined): JsonObject {
  const timeless = lastUpdated === undefined ? {} : { last_updated: lastUpdated };
  const location = {
    ...known.location,
    ...timeless,
    ...present(Object.fromEntries(shared.map((field) => [field, cdr[field]]))),
    publish: true,
  };
  const connector = usedConnector(cdr, known.connector);
  if (!isId(cdr.evse_uid) || connector === undefined) return { ...location, evses: [] };
  const used = {
    ...known.evse,
    ...timeless,
    status: "UNKNOWN",
    uid: cdr.evse_uid,
    evse_id: isId(cdr.evse_id) ? cdr.evse_id : undefined,
    connectors: [{ ...connector, ...timeless }],
  };
  return { ...location, evses: [used] };
}

function withStandard(location: JsonObject, standard: string): JsonObject {
  const evse = firstOf(location.evses);
  const connector = firstOf(evse?.connectors);
  return { ...location, evses: [{ ...evse, connectors: [{ ...connector, standard }] }] };
}

/** Says the Location; with another plug when the version does not know it, for costs must not be lost for that. */
function sayLocation(cdr: JsonObject, run: DownRun, walk: WalkDown): JsonValue | undefined {
  const known = knownOf(cdr, run);
  const whole = thawed(cdr, known, run.context.lastUpdated);
  const wantsEvse = firstOf(whole.evses) !== undefined;
  if (!wantsEvse) loseEvse(cdr, run);
  const mark = run.losses.length;
  let said = walk("location", whole, "");
  if (said === undefined || !wantsEvse || firstOf((said as JsonObject).evses) !== undefined) {
    moveLosses(run, mark, (pointer) => placeOf(cdr, pointer));
    if (said !== undefined && wantsEvse) loseConnector(cdr, known.connector, run);
    return said;
  }
  run.losses.length = mark;
  const used = firstOf(firstOf(whole.evses)?.connectors);
  const standard = usualStandard(used?.power_type);
  said = walk("location", withStandard(whole, standard), "");
  moveLosses(run, mark, (pointer) => placeOf(cdr, pointer));
  const isTold = firstOf((said as JsonObject | undefined)?.evses) !== undefined;
  for (const field of isTold ? ["connector_standard"] : ofEvse) {
    if (cdr[field] == null) continue;
    const reason = isTold ? `is said as ${standard} in ${run.version}` : `${run.version} cannot say this connector`;
    run.losses.push({ pointer: `/cdr_location/${field}`, reason });
  }
  if (isTold) loseConnector(cdr, known.connector, run);
  return said;
}

/** Without an EVSE, nothing of it and its connector is said. */
function loseEvse(cdr: JsonObject, run: DownRun): void {
  const why = isId(cdr.evse_uid) ? `${run.version} cannot say an EVSE without a connector` : "is of no EVSE";
  for (const field of ofEvse) {
    const value = cdr[field];
    if (value == null) continue;
    run.losses.push({ pointer: `/cdr_location/${field}`, reason: value === NOT_AVAILABLE ? IMPLIED : why });
  }
}

/** What is said of a connector that the CDR does not name, or of which it says no voltage and nobody knows it. */
function loseConnector(cdr: JsonObject, known: JsonObject | undefined, run: DownRun): void {
  const lose = (field: string, reason: string): void => {
    run.losses.push({ pointer: `/cdr_location/${field}`, reason });
  };
  if (isId(cdr.connector_id)) {
    if (known?.max_voltage != null && known.max_amperage != null) return;
    lose("connector_id", `its voltage and amperage are required in ${run.version} and not known: they are said as 0`);
    return;
  }
  lose("connector_id", `is required in ${run.version} and not known: says ${String(known?.id)}, the first of its EVSE`);
  for (const field of ["standard", "format", "power_type"]) {
    const value = cdr[`connector_${field}`];
    if (value != null && value !== known?.[field])
      lose(`connector_${field}`, `is that of connector ${String(known?.id)}`);
  }
}

/** Where the CDR says what an embedded Location says; undefined when it does not. */
function placeOf(cdr: JsonObject, pointer: string): string | undefined {
  // Made up, where nobody knows it.
  if (pointer === "/postal_code") return "/cdr_location/postal_code";
  const field = places[pointer] ?? shared.find((name) => pointer === `/${name}` || pointer.startsWith(`/${name}/`));
  if (field === undefined || cdr[field] == null) return undefined;
  return places[pointer] === undefined ? `/cdr_location${pointer}` : `/cdr_location/${field}`;
}

/** A CDR contains a Location with the EVSE and connector used. Spec: 2.1.1 mod_cdrs, CDR; 2.2 mod_cdrs, CdrLocation. */
export const locationOfCdr: Bridge = {
  wire: ["location"],
  model: ["cdr_location"],
  up: ({ location }, _, walk) => ({ cdr_location: frozen(walk("location", location as JsonValue) as JsonObject) }),
  down: ({ cdr_location: cdr }, run, walk) => {
    if (!isObject(cdr)) return {};
    const location = sayLocation(cdr, run, walk);
    for (const key of Object.keys(cdr)) {
      if (cdr[key] == null || shared.includes(key) || ofEvse.includes(key)) continue;
      const reason = key.startsWith(BESIDE) ? SPELLING : `unknown in ${run.version}`;
      run.losses.push({ pointer: `/cdr_location/${escapeToken(key)}`, reason });
    }
    return location === undefined ? {} : { location };
  },
};

/** Most characters of a remark. */
const REMARK = 255;

/** What a remark says of a CDR that takes back another one, by the name that one goes by here; null for any other CDR. */
function creditNote(cdr: JsonObject, run: DownRun, walk: WalkDown): string | null {
  if (cdr.credit !== true) return null;
  const { credit_reference_id: id } = cdr;
  const mark = run.losses.length;
  const name = typeof id === "string" ? walk("id", id, "/credit_reference_id") : undefined;
  // That the reference is said in the remark alone is a loss anyhow.
  run.losses.length = mark;
  return name === undefined ? "Credit CDR" : `Credit for CDR ${String(name)}`;
}

const cut = (text: string): string => [...text].slice(0, REMARK).join("");

/**
 * A CDR that takes another one back is not known here: its negative cost says so much, and a remark what it is for.
 * Spec: 2.2.1 mod_cdrs, Credit CDRs.
 */
export const creditInRemark: Bridge = {
  wire: ["remark"],
  model: ["remark"],
  down: (cdr, run, walk) => {
    const { remark } = cdr;
    if (run.relay) return remark === undefined ? {} : { remark };
    const note = creditNote(cdr, run, walk);
    if (note === null || (typeof remark === "string" && cut(remark).includes(note))) {
      const said = remark == null ? undefined : walk("remark", remark, "/remark");
      return said === undefined ? {} : { remark: said };
    }
    if (typeof remark !== "string") return { remark: note };
    const text = `${note}. ${remark}`;
    if (characters(text) > REMARK) {
      run.losses.push({ pointer: "/remark", reason: "cut, for it says that this is a credit" });
    }
    return { remark: cut(text) };
  },
};

/** Why a credit is listed as a loss. */
export const creditReason = (_: JsonValue, __: JsonObject, run: DownRun): string =>
  `${run.version} has no credit CDRs: said in the remark`;

/** The Location a CDR contains. */
export function locationOfCdrNeeds({ cdr_location: cdr }: CDR): References {
  return cdr == null ? { tariffs: [] } : locationOfSessionNeeds({ ...cdr, location_id: cdr.id });
}
