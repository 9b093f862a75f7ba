import fc from "fast-check";
import type { JsonObject, JsonValue } from "../../../src/lib/json.ts";
import type { Leaf } from "../../../src/model/atoms.ts";
import type { Kind } from "../../../src/ocpi/codec.ts";
import { type ClassShape, classShape, type Shape } from "../../../src/ocpi/shape.ts";
import type { Version } from "../../../src/ocpi/versions.ts";

/**
 * What two versions can both say, worked out from their field tables and the names below alone: none of it comes from
 * the rules the codecs translate by.
 */
const names: Readonly<Record<string, readonly (readonly string[])[]>> = {
  Location: [["type", "parking_type"]],
  Connector: [
    ["voltage", "max_voltage"],
    ["amperage", "max_amperage"],
  ],
  Token: [["auth_id", "contract_id"]],
  EnvironmentalImpact: [["source", "category"]],
  Session: [
    ["start_datetime", "start_date_time"],
    ["end_datetime", "end_date_time"],
  ],
  CDR: [["stop_date_time", "end_date_time"]],
  Price: [["excl_vat", "before_taxes"]],
  PriceLimit: [
    ["excl_vat", "before_taxes"],
    ["incl_vat", "after_taxes"],
  ],
};

/** Values for required fields that only one of the two has; nothing depends on what they are. */
const placeholders: Readonly<Record<string, JsonValue>> = {
  publish: true,
  country_code: "NL",
  party_id: "TNM",
  tax_included: "NO",
  last_updated: "2026-01-01T00:00:00Z",
  role: "SENDER",
  whitelist: "ALLOWED",
  status: "AVAILABLE",
  time_zone: "Europe/Amsterdam",
  visual_number: "1",
  postal_code: "1011AB",
  auth_id: "AUTH1",
  cdr_token: { country_code: "NL", party_id: "TNM", uid: "1", type: "RFID", contract_id: "1" },
  location_id: "LOC1",
  evse_uid: "E1",
  connector_id: "1",
  cdr_location: {
    id: "LOC1",
    address: "Stationsplein 1",
    city: "Utrecht",
    postal_code: "3511 ED",
    country: "NLD",
    coordinates: { latitude: "52.089200", longitude: "5.110300" },
    evse_uid: "E1",
    evse_id: "NL*TNM*E1",
    connector_id: "1",
    connector_standard: "IEC_62196_T2",
    connector_format: "CABLE",
    connector_power_type: "DC",
  },
  location: {
    id: "LOC1",
    type: "ON_STREET",
    address: "Stationsplein 1",
    city: "Utrecht",
    postal_code: "3511 ED",
    country: "NLD",
    coordinates: { latitude: "52.089200", longitude: "5.110300" },
    last_updated: "2026-01-01T00:00:00Z",
  },
  total_energy: 1,
  total_time: 1,
  timeout: 60,
  token: {
    country_code: "NL",
    party_id: "TNM",
    uid: "1",
    type: "RFID",
    contract_id: "1",
    issuer: "1",
    valid: true,
    whitelist: "NEVER",
    last_updated: "2026-01-01T00:00:00Z",
  },
};

/** The field of the other version that says the same, undefined when it has none. */
function twin(other: ClassShape, name: string): string | undefined {
  if (other.fields.has(name)) return name;
  const group = names[other.name]?.find((pair) => pair.includes(name));
  return group?.find((candidate) => candidate !== name && other.fields.has(candidate));
}

function leafBoth(a: Leaf, b: Leaf): fc.Arbitrary<JsonValue> {
  if (a.leaf === "enum") {
    const values = (a.values ?? []).filter((value) => b.values?.includes(value));
    return fc.constantFrom(...values);
  }
  if (a.leaf === "decimal" || b.leaf === "decimal") {
    const numbers = fc.integer({ min: 1, max: 999_999 }).map((n) => (n * 2 + 1) / 10_000);
    return a.leaf === "decimal" ? numbers.map(String) : numbers;
  }
  if (a.leaf === "number") {
    return a.integer ? fc.integer({ min: 1, max: 7 }) : fc.integer({ min: -99_999, max: 99_999 }).map((n) => n / 100);
  }
  if (a.leaf === "boolean") return fc.boolean();
  if (a.leaf === "date") {
    return fc.integer({ min: 0, max: 2_000_000_000 }).map((s) => `${new Date(s * 1000).toISOString().slice(0, 19)}Z`);
  }
  if (a.leaf === "coordinate") {
    return fc
      .tuple(fc.integer({ min: -89, max: 89 }), fc.integer({ min: 100_000, max: 999_999 }))
      .map(([whole, rest]) => `${whole}.${rest}`);
  }
  if (a.pattern?.test("12:30")) return fc.constantFrom("00:00", "12:30", "23:59");
  if (a.pattern?.test("2026-01-01")) return fc.constantFrom("2026-01-01", "2026-02-28");
  const max = Math.min(a.max ?? 20, b.max ?? 20, 20);
  return fc.string({ unit: fc.constantFrom(..."abcXYZ019-*"), minLength: 1, maxLength: max });
}

function both(a: Shape, b: Shape): fc.Arbitrary<JsonValue> {
  if (a.kind === "leaf" && b.kind === "leaf") return leafBoth(a.leaf, b.leaf);
  if (a.kind === "list" && b.kind === "list") {
    return fc.array(both(a.item, b.item), { minLength: Math.max(a.min, b.min), maxLength: 2 });
  }
  if (a.kind === "class" && b.kind === "class") return classBoth(a, b);
  throw new Error("the two versions disagree on a shape");
}

/** Whether values of two shapes can be compared as they are. */
function isAlike(a: Shape, b: Shape): boolean {
  if (a.kind !== b.kind) return false;
  if (a.kind !== "leaf" || b.kind !== "leaf") return true;
  const isText = (leaf: Leaf): boolean => leaf.leaf !== "number" && leaf.leaf !== "decimal";
  return isText(a.leaf) === isText(b.leaf);
}

function classBoth(a: ClassShape, b: ClassShape): fc.Arbitrary<JsonObject> {
  const fields: Record<string, fc.Arbitrary<JsonValue | undefined>> = {};
  for (const [name, field] of a.fields) {
    const other = twin(b, name);
    const shape = other === undefined ? undefined : b.fields.get(other)?.shape;
    if (shape !== undefined && isAlike(field.shape, shape)) {
      const value = both(field.shape, shape);
      fields[name] = field.required ? value : fc.option(value, { nil: undefined });
    } else if (field.required) {
      if (!(name in placeholders)) continue;
      fields[name] = fc.constant(placeholders[name]);
    }
  }
  return (fc.record(fields) as fc.Arbitrary<JsonObject>).chain((object) => special(a, b, object));
}

/** Fields that are the same in other words, and the choice of 2.1.1's opening hours. */
function special(a: ClassShape, b: ClassShape, object: JsonObject): fc.Arbitrary<JsonObject> {
  const id = fc.string({ unit: fc.constantFrom(..."abc019"), minLength: 1, maxLength: 15 });
  const has = (field: string, other: string): boolean => a.fields.has(field) && b.fields.has(other);
  if (has("tariff_id", "tariff_ids")) return id.map((tariff_id) => ({ ...object, tariff_id }));
  if (has("tariff_ids", "tariff_id")) return id.map((tariff) => ({ ...object, tariff_ids: [tariff] }));
  if (has("allow_whitelist", "whitelist"))
    return fc.boolean().map((allow_whitelist) => ({ ...object, allow_whitelist }));
  if (has("whitelist", "allow_whitelist")) {
    return fc.constantFrom("ALLOWED", "NEVER").map((whitelist) => ({ ...object, whitelist }));
  }
  const party = { business_details: { name: "TNM" }, party_id: "TNM", country_code: "NL" };
  if (has("business_details", "roles")) return fc.constant({ ...object, ...party });
  if (has("roles", "business_details")) return fc.constant({ ...object, roles: [{ role: "CPO", ...party }] });
  if (a.name === "Session" || a.name === "CDR") return chargingBoth(a, b, object);
  if (has("incl_vat", "taxes")) return fc.nat(999).map((tax) => withTax(object, "excl_vat", tax, "incl_vat"));
  if (has("taxes", "incl_vat"))
    return fc.nat(999).map((tax) => ({ ...object, taxes: [{ name: "VAT", amount: tax / 100 }] }));
  if (a.name === "ReserveNow") {
    const isNumber = isLeaf(a, "reservation_id", "number");
    if (isNumber === isLeaf(b, "reservation_id", "number")) return fc.constant(object);
    return fc.nat(99_999).map((id) => ({ ...object, reservation_id: isNumber ? id : String(id) }));
  }
  if (a.name === "Hours") {
    const regular_hours = [{ weekday: 1, period_begin: "08:00", period_end: "18:00" }];
    const { twentyfourseven: _t, regular_hours: _r, ...rest } = object;
    const required = a.fields.get("twentyfourseven")?.required === true;
    const weekly = { ...rest, ...(required && { twentyfourseven: false }), regular_hours };
    return fc.constantFrom<JsonObject>({ ...rest, twentyfourseven: true }, weekly);
  }
  return fc.constant(object);
}

const isLeaf = (shape: ClassShape, field: string, leaf: Leaf["leaf"]): boolean => {
  const found = shape.fields.get(field)?.shape;
  return found?.kind === "leaf" && found.leaf.leaf === leaf;
};

const withTax = (price: JsonObject, net: string, tax: number, gross: string): JsonObject => ({
  ...price,
  [gross]: Math.round(Number(price[net]) * 100 + tax) / 100,
});

/** Sessions and CDRs: one EVSE and one connector, costs in the words of their version, in CDRs nothing that only Sessions say. */
function chargingBoth(a: ClassShape, b: ClassShape, object: JsonObject): fc.Arbitrary<JsonObject> {
  const whole: JsonObject = { ...object };
  const location = object.location as JsonObject | undefined;
  if (location?.evses) {
    const [evse] = location.evses as JsonObject[];
    const connectors = evse && (evse.connectors as JsonObject[]).slice(0, 1);
    whole.location = { ...location, evses: evse === undefined ? [] : [{ ...evse, connectors }] };
  }
  if (a.name === "CDR") whole.charging_periods = (object.charging_periods as JsonObject[]).map(billable);
  const [cost, other] = [a, b].map((shape) => shape.fields.get("total_cost")?.shape);
  if (cost === undefined || other === undefined || cost.kind === other.kind) return fc.constant(whole);
  return fc.nat(99_999).map((cents) => {
    const amount = (cents * 2 + 1) / 1000;
    if (cost.kind === "class") {
      return { ...whole, total_cost: cost.fields.has("excl_vat") ? { excl_vat: amount } : { before_taxes: amount } };
    }
    return { ...whole, total_cost: isLeaf(a, "total_cost", "decimal") ? String(amount) : amount };
  });
}

const billable = (period: JsonObject): JsonObject => ({
  ...period,
  dimensions: (period.dimensions as JsonObject[]).map((dimension) => {
    const isOfSession = /^(CURRENT|ENERGY_EXPORT|ENERGY_IMPORT|POWER|STATE_OF_CHARGE)$/.test(String(dimension.type));
    return isOfSession ? { ...dimension, type: "ENERGY" } : dimension;
  }),
});

/** Objects of a kind, in the words of one version, that another can say as well. */
export function commonBodies(from: Version, to: Version, kind: Kind): fc.Arbitrary<JsonObject> {
  const a = from.codecs[kind];
  const b = to.codecs[kind];
  if (a === undefined || b === undefined) throw new Error(kind);
  return classBoth(classShape(a.schema), classShape(b.schema)).map(
    (body) => JSON.parse(JSON.stringify(body)) as JsonObject,
  );
}

/** Places where the second value does not say what the first does: more may be said, nothing less or different. */
export function missing(shape: Shape, other: Shape, said: JsonValue, again: JsonValue | undefined, at = ""): string[] {
  if (shape.kind === "class" && other.kind === "class") {
    return Object.entries(said as JsonObject).flatMap(([name, value]) => {
      const field = shape.fields.get(name);
      const name2 = twin(other, name);
      const shape2 = name2 === undefined ? undefined : other.fields.get(name2)?.shape;
      if (field === undefined || value === undefined || value === null) return [];
      if (shape2 === undefined && !isAliased(shape, other, name)) return [];
      const there = (again as JsonObject | undefined)?.[name];
      return missing(field.shape, shape2 ?? field.shape, value, there, `${at}/${name}`);
    });
  }
  if (shape.kind === "list" && other.kind === "list") {
    const list = said as JsonValue[];
    if (list.length === 0) return [];
    if (!Array.isArray(again) || again.length !== list.length) return [at];
    return list.flatMap((item, index) => missing(shape.item, other.item, item, again[index], `${at}/${index}`));
  }
  if (shape.kind !== other.kind && JSON.stringify(said) === JSON.stringify(again)) return [];
  return said === again ? [] : [`${at}: ${JSON.stringify(said)} became ${JSON.stringify(again)}`];
}

/** Whether a field is said under another name and in another form. */
function isAliased(a: ClassShape, b: ClassShape, name: string): boolean {
  const pairs = [
    ["tariff_id", "tariff_ids"],
    ["allow_whitelist", "whitelist"],
    ["business_details", "roles"],
    ["incl_vat", "taxes"],
  ] as const;
  return pairs.some(
    ([old, now]) => (name === old && b.fields.has(now)) || (name === now && b.fields.has(old) && a.fields.has(now)),
  );
}
