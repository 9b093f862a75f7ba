import { add, type Decimal, divide, fromNumber, subtract, toNumber } from "../../lib/decimal.ts";
import { isObject, type JsonObject, type JsonValue } from "../../lib/json.ts";
import { formatSeconds, parseLooseTime, sayable } from "../../lib/time.ts";
import { NOT_AVAILABLE } from "../../model/cdrs.ts";
import { sessionOnlyDimensions } from "../../model/enums.ts";
import type { References, TokenReference } from "../codec.ts";
import { type ClassRules, type DownRun, DROP, madeUp } from "../walker/rules.ts";
import { lostOfCdr, lostOfSession } from "./contained.ts";

const HOUR = 3_600_000;
const zero: Decimal = { units: 0n, scale: 0 };

const sessionOnly: ReadonlySet<unknown> = new Set(sessionOnlyDimensions);

/** CDRs of any origin are rid of what only Sessions may say. Spec: 2.2.1 mod_cdrs, CdrDimensionType, "Session Only". */
function noSessionDimension(dimension: JsonObject, run: DownRun): JsonObject | typeof DROP {
  if (run.relay || run.kind !== "CDR" || !sessionOnly.has(dimension.type)) return dimension;
  run.reason = `${String(dimension.type)} is said of Sessions only`;
  return DROP;
}

function objects(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** Sum of the volumes of these dimensions over all charging periods; undefined when there are none. */
function volumeOf(cdr: JsonObject, ...types: readonly string[]): number | undefined {
  let sum: Decimal | undefined;
  for (const period of objects(cdr.charging_periods)) {
    for (const { type, volume } of objects(period.dimensions)) {
      const exact = types.includes(String(type)) && typeof volume === "number" ? fromNumber(volume) : undefined;
      if (exact !== undefined) sum = add(sum ?? zero, exact);
    }
  }
  return sum === undefined ? undefined : toNumber(divide(sum, { units: 1n, scale: 0 }, 8));
}

/** Epoch ms of a DateTime, undefined when it is none. */
const timeOf = (value: JsonValue | undefined): number | undefined =>
  typeof value === "string" ? parseLooseTime(value) : undefined;

/** Hours of the session that its periods tell of. */
const timeOfPeriods = (cdr: JsonObject): number | undefined => volumeOf(cdr, "TIME", "PARKING_TIME");

/** Hours from start to end, undefined when one of them is not known. */
function timeBetween(cdr: JsonObject): number | undefined {
  const [start, end] = [timeOf(cdr.start_date_time), timeOf(cdr.end_date_time)];
  if (start === undefined || end === undefined || end < start) return undefined;
  const ms: Decimal = { units: BigInt(end - start), scale: 0 };
  return toNumber(divide(ms, { units: BigInt(HOUR), scale: 0 }, 8));
}

/** Hours of the whole session, undefined when nothing tells. */
const totalTime = (cdr: JsonObject): number | undefined =>
  typeof cdr.total_time === "number" ? cdr.total_time : (timeOfPeriods(cdr) ?? timeBetween(cdr));

/** `total_time`, or 0 beside the parking when nobody knows: a CDR must say it. */
function madeUpTime(cdr: JsonObject, run: DownRun): JsonValue {
  const time = totalTime(cdr);
  if (time !== undefined) return time;
  const parking = typeof cdr.total_parking_time === "number" ? cdr.total_parking_time : 0;
  madeUp(run, "/total_time", parking);
  return parking;
}

/** `total_energy`, or 0 when nobody knows. */
function madeUpEnergy(cdr: JsonObject, run: DownRun): JsonValue {
  const energy = volumeOf(cdr, "ENERGY");
  if (energy === undefined) madeUp(run, "/total_energy", 0);
  return energy ?? 0;
}

/** Hours charging: all time but the parking. Spec: 2.1.1 mod_cdrs, DimensionType; 2.2.1 mod_cdrs, CdrDimensionType. */
export function chargingTime(total: number, parking: JsonValue | undefined): number {
  const all = fromNumber(total);
  const idle = typeof parking === "number" ? fromNumber(parking) : undefined;
  if (all === undefined || idle === undefined || total < Number(parking)) return total;
  return toNumber(subtract(all, idle));
}

/** End of a session whose CDR does not say it (2.0): after its total time, at the earliest when its last period began. */
function endOf(cdr: JsonObject): JsonValue | undefined {
  const [start, ...periods] = [cdr, ...objects(cdr.charging_periods)].map((each) => timeOf(each.start_date_time));
  if (start === undefined) return undefined;
  const known = periods.filter((time) => time !== undefined);
  const last = sayable(Math.max(start + Math.max(0, totalTime(cdr) ?? 0) * HOUR, ...known));
  return last === undefined ? undefined : formatSeconds(last);
}

/** A period for a CDR none of whose dimensions a version knows: it has to have one, and its costs must not be lost for that. */
function wholePeriod(cdr: JsonObject): JsonValue | undefined {
  const start = cdr.start_date_time;
  if (typeof start !== "string" || objects(cdr.charging_periods).length === 0) return undefined;
  const parking = cdr.total_parking_time ?? volumeOf(cdr, "PARKING_TIME") ?? 0;
  const dimensions: JsonValue[] = [{ type: "TIME", volume: chargingTime(totalTime(cdr) ?? 0, parking) }];
  if (parking !== 0) dimensions.push({ type: "PARKING_TIME", volume: parking });
  return [{ start_date_time: start, dimensions }];
}

/** Standard of a connector that a version has no name for: what its kind of power most often comes with. */
export const usualStandard = (powerType: JsonValue | undefined): string =>
  powerType === "DC" ? "IEC_62196_T2_COMBO" : "IEC_62196_T2";

/** Owner of a token that came without, if the token is known. */
const ofToken =
  (field: "country_code" | "party_id") =>
  (_: JsonObject, run: DownRun): JsonValue | undefined =>
    run.context.references?.token?.[field];

/** Rules of the classes of Sessions and CDRs. */
export const cdrClasses: Readonly<Record<string, ClassRules>> = {
  Session: { beside: lostOfSession },
  CDR: {
    beside: lostOfCdr,
    fill: {
      end_date_time: endOf,
      total_energy: madeUpEnergy,
      total_time: madeUpTime,
      charging_periods: wholePeriod,
    },
  },
  CdrToken: { fill: { country_code: ofToken("country_code"), party_id: ofToken("party_id") } },
  CdrDimension: { prepare: noSessionDimension },
  // What is checked against a signature.
  SignedData: { indivisible: true },
  SignedValue: { indivisible: true },
  CdrLocation: {
    // Of a reservation that was never used any value will do, and an unknown plug must not keep a CDR from being paid.
    fill: {
      evse_uid: () => NOT_AVAILABLE,
      evse_id: () => NOT_AVAILABLE,
      connector_id: () => NOT_AVAILABLE,
      connector_standard: ({ connector_power_type }) => usualStandard(connector_power_type),
      connector_format: () => "CABLE",
      connector_power_type: () => "AC_3_PHASE",
    },
  },
};

/** The token of a Session or CDR as a reference, undefined when it says no contract. */
export function tokenReference(token: JsonValue | undefined): TokenReference | undefined {
  if (!isObject(token) || typeof token.contract_id !== "string") return undefined;
  const { contract_id, uid, type } = token;
  return {
    contract_id,
    ...(typeof uid === "string" && { uid }),
    ...(typeof type === "string" && { type }),
  };
}

/** The Token to be known where the owner of a Session's or CDR's token was not said. */
export function ownerOfToken({ cdr_token: token }: { cdr_token?: unknown }): References {
  const said = isObject(token) && typeof token.country_code === "string" && typeof token.party_id === "string";
  const reference = said ? undefined : tokenReference(token as JsonValue | undefined);
  return { tariffs: [], ...(reference && { token: reference }) };
}
