import { isObject, type JsonObject, type JsonValue } from "../lib/json.ts";
import { parseLooseTime } from "../lib/time.ts";
import { sessionOnlyDimensions } from "../model/enums.ts";
import type { Fault } from "./codec.ts";
import type { ClassShape } from "./shape.ts";

const objects = (value: JsonValue | undefined): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);

const fold = (value: JsonValue | undefined): string => String(value).toLowerCase();

/** A fault for every item of a list whose key an item before it has already. */
function repeated(list: JsonValue | undefined, field: string, keys: readonly string[]): Fault[] {
  const seen = new Set<string>();
  const faults: Fault[] = [];
  for (const [index, item] of objects(list).entries()) {
    const key = keys.map((name) => fold(item[name])).join("/");
    if (seen.has(key)) faults.push({ pointer: `/${field}/${index}`, message: `${keys.join(", ")} occur twice` });
    seen.add(key);
  }
  return faults;
}

function hours(value: JsonObject, shape: ClassShape): Fault[] {
  const weekly = objects(value.regular_hours).length > 0;
  if (value.twentyfourseven === true && weekly) {
    return [{ pointer: "/regular_hours", message: "must not be given when twentyfourseven is true" }];
  }
  const never = value.twentyfourseven === false && shape.fields.get("twentyfourseven")?.required === true;
  return never && !weekly ? [{ pointer: "/twentyfourseven", message: "false needs regular_hours" }] : [];
}

function regularHours(value: JsonObject): Fault[] {
  const { weekday, period_begin: begin, period_end: end } = value;
  const faults: Fault[] = [];
  if (typeof weekday === "number" && (weekday < 1 || weekday > 7)) {
    faults.push({ pointer: "/weekday", message: "must be 1 (Monday) to 7 (Sunday)" });
  }
  if (typeof begin === "string" && typeof end === "string" && end <= begin) {
    faults.push({ pointer: "/period_end", message: "must be later than period_begin" });
  }
  return faults;
}

function publishToken(value: JsonObject): Fault[] {
  const faults: Fault[] = [];
  if (value.uid == null && value.visual_number == null && value.group_id == null) {
    faults.push({ pointer: "", message: "needs uid, visual_number or group_id" });
  }
  if (value.uid != null && value.type == null) faults.push({ pointer: "", message: "uid needs type" });
  if (value.visual_number != null && value.issuer == null) {
    faults.push({ pointer: "", message: "visual_number needs issuer" });
  }
  return faults;
}

function location(value: JsonObject): Fault[] {
  const places = new Set(objects(value.parking_places).map((place) => fold(place.id)));
  const faults = [
    ...repeated(value.evses, "evses", ["uid"]),
    ...repeated(value.parking_places, "parking_places", ["id"]),
  ];
  for (const [e, evse] of objects(value.evses).entries()) {
    for (const [p, parking] of objects(evse.parking).entries()) {
      if (!places.has(fold(parking.parking_id))) {
        faults.push({ pointer: `/evses/${e}/parking/${p}/parking_id`, message: "names no parking place" });
      }
    }
  }
  return faults;
}

/** Pairs of restrictions of which the first must be less than the second. */
const bounds = ["kwh", "current", "power", "duration"];

function restrictions(value: JsonObject): Fault[] {
  const faults: Fault[] = [];
  for (const name of bounds) {
    const min = value[`min_${name}`];
    const max = value[`max_${name}`];
    if (min != null && max != null && Number(min) >= Number(max)) {
      faults.push({ pointer: `/max_${name}`, message: `must be more than min_${name}` });
    }
  }
  const { start_date, end_date } = value;
  if (typeof start_date === "string" && typeof end_date === "string" && end_date <= start_date) {
    faults.push({ pointer: "/end_date", message: "must be later than start_date" });
  }
  return faults;
}

function parking(value: JsonObject): Fault[] {
  const types = Array.isArray(value.vehicle_types) ? value.vehicle_types : [];
  if (!types.includes("DISABLED") || objects(value.images).length > 0) return [];
  return [{ pointer: "", message: "a place for DISABLED needs an image" }];
}

const sessionOnly: ReadonlySet<unknown> = new Set(sessionOnlyDimensions);

function ended(value: JsonObject, field: string): Fault[] {
  const [start, end] = [value.start_date_time ?? value.start_datetime, value[field]].map((time) =>
    typeof time === "string" ? parseLooseTime(time) : undefined,
  );
  if (start === undefined || end === undefined || end >= start) return [];
  return [{ pointer: `/${field}`, message: "is before the start" }];
}

function session(value: JsonObject): Fault[] {
  return [...ended(value, "end_date_time"), ...ended(value, "end_datetime")];
}

function cdr(value: JsonObject): Fault[] {
  const faults = [...ended(value, "end_date_time"), ...ended(value, "stop_date_time")];
  for (const [p, period] of objects(value.charging_periods).entries()) {
    for (const [d, { type }] of objects(period.dimensions).entries()) {
      if (!sessionOnly.has(type)) continue;
      const pointer = `/charging_periods/${p}/dimensions/${d}`;
      faults.push({ pointer, message: `${String(type)} is said of Sessions only` });
    }
  }
  return [...faults, ...credit(value)];
}

/** Most characters of the id of a CDR that takes nothing back. */
const CDR_ID = 36;

/** Before 2.2 there are no credit CDRs, and no field that says one. Costs: `excl_vat` until 2.2.1, `before_taxes` since. */
function credit(value: JsonObject): Fault[] {
  const { id, credit, credit_reference_id: of, total_cost: total } = value;
  const faults: Fault[] = [];
  if (credit !== true) {
    if (of != null) faults.push({ pointer: "/credit_reference_id", message: "is said of a credit CDR only" });
    if (typeof id === "string" && id.length > CDR_ID) {
      faults.push({ pointer: "/id", message: `is longer than ${CDR_ID}, which only that of a credit CDR may be` });
    }
    return faults;
  }
  if (of == null) faults.push({ pointer: "/credit_reference_id", message: "is needed to know what is credited" });
  if (costOf(total) > 0) faults.push({ pointer: "/total_cost", message: "of a credit CDR is not negated" });
  for (const [name, cost] of Object.entries(value)) {
    if (/^total_\w+_cost$/.test(name) && costOf(cost) < 0) {
      faults.push({ pointer: `/${name}`, message: "of a credit CDR is negated, which only total_cost is" });
    }
  }
  return faults;
}

function costOf(price: JsonValue | undefined): number {
  return isObject(price) ? Number(price.before_taxes ?? price.excl_vat ?? 0) : 0;
}

const checks: Readonly<Record<string, (value: JsonObject, shape: ClassShape) => Fault[]>> = {
  Hours: hours,
  RegularHours: regularHours,
  PublishTokenType: publishToken,
  Location: location,
  EVSE: (value) => repeated(value.connectors, "connectors", ["id"]),
  Parking: parking,
  TariffRestrictions: restrictions,
  Session: session,
  CDR: cdr,
  Credentials: (value) => repeated(value.roles, "roles", ["role", "country_code", "party_id"]),
};

/**
 * What contradicts itself in an object of a class, pointers relative to it. Only rules the standard writes down.
 * Spec: 2.2.1 mod_locations, Hours, RegularHours, PublishTokenType; mod_tariffs, TariffRestrictions; credentials, CredentialsRole;
 * mod_cdrs, CDR, Credit CDRs, CdrDimensionType; 2.3.0 mod_locations, Parking, EVSEParking.
 */
export function consistency(shape: ClassShape, value: JsonObject): Fault[] {
  return checks[shape.name]?.(value, shape) ?? [];
}
