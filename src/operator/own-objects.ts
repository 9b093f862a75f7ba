import { idOfCdr, withoutSessionDimensions } from "../gateway/cdrs.ts";
import { fromNumber, subtract, toNumber } from "../lib/decimal.ts";
import { isObject, type JsonObject, type JsonValue } from "../lib/json.ts";
import { joinPointer } from "../lib/pointer.ts";
import { err, ok, type Result } from "../lib/result.ts";
import type { Fault, Kind } from "../ocpi/codec.ts";
import { type Finding, lint } from "../ocpi/lint.ts";
import { newest } from "../ocpi/versions.ts";
import { isReserved } from "./model-view.ts";

/** Kinds of roaming objects an operator writes, whole or in part. */
export type OwnKind = Extract<Kind, "Location" | "EVSE" | "Connector" | "Tariff" | "Token" | "Session" | "CDR">;

/** What the URL says about an object: these members may be left out of the body, and must not contradict it. */
export type Said = Partial<Record<"country_code" | "party_id" | "id" | "uid" | "type", string>>;

const usual: readonly Finding["rule"][] = ["length"];
/** What is refused of an own object beside what is not of its type. Nobody can mend a CDR: what contradicts itself is none. */
const REFUSED: Readonly<Record<OwnKind, readonly Finding["rule"][]>> = {
  Location: usual,
  EVSE: usual,
  Connector: usual,
  Tariff: usual,
  Token: usual,
  Session: usual,
  CDR: ["length", "consistency"],
};

/** Stands in for a time the gateway will set itself, while the body is checked. */
const SOME_TIME = "2000-01-01T00:00:00Z";

/**
 * Reads an own object from the operator: fills in what the URL says, takes 2.2.1's spelling of prices, and checks all by the
 * newest version's schema and lengths; a CDR, which nobody can mend later, also for contradictions, and what only Sessions may say is left out of it.
 * Fields older versions had and the newest has not pass. An absent `last_updated` stays absent: the
 * gateway sets it when something changed.
 */
export function readOwn(kind: OwnKind, body: JsonValue, said: Said): Result<JsonObject, Fault[]> {
  if (!isObject(body)) return err([{ pointer: "", message: "is not a JSON object" }]);
  const faults = [...contradictions(body, said), ...reserved(body)];
  const object: JsonObject = { ...said, ...withoutNulls(body, said) };
  // Parties are kept in upper case; ids as they were written.
  for (const name of ["country_code", "party_id"]) {
    if (typeof object[name] === "string") object[name] = object[name].toUpperCase();
  }
  if (kind === "Tariff") Object.assign(object, tariff(object));
  if (kind === "Session" || kind === "CDR") Object.assign(object, costs(object));
  if (kind === "CDR") Object.assign(object, withoutSessionDimensions(object));
  if (kind === "CDR" && Array.isArray(object.tariffs)) {
    // As they were when it began: what they do not say follows from that, and is the same whenever the CDR is said again.
    const { country_code, party_id, start_date_time: last_updated } = object;
    object.tariffs = object.tariffs.map((one) =>
      isObject(one) ? { ...defined({ country_code, party_id, last_updated }), ...tariff(one) } : one,
    );
  }
  const codec = newest.codecs[kind];
  const checked = codec.parse(withTimes(object));
  if (!checked.ok) faults.push(...checked.error);
  else faults.push(...lint(newest, kind, object).filter(({ rule }) => REFUSED[kind].includes(rule)));
  const named = kind === "CDR" && checked.ok ? idOfCdr(object) : null;
  if (named?.ok === false) faults.push(...named.error);
  if (faults.length > 0) return err(faults);
  const owner = { country_code: String(object.country_code), party_id: String(object.party_id) };
  return ok(codec.up(object, { owner }) as unknown as JsonObject);
}

/** What a body says unlike the URL. Ids are compared without case, as the newest version does. */
function contradictions(body: JsonObject, said: Said): Fault[] {
  return Object.entries(said).flatMap(([name, value]) => {
    const given = body[name];
    if (given === undefined || given === null) return [];
    if (typeof given === "string" && given.toLowerCase() === value.toLowerCase()) return [];
    return [{ pointer: `/${name}`, message: `is not the one in the URL (${value})` }];
  });
}

function withoutNulls(body: JsonObject, said: Said): JsonObject {
  const object = { ...body };
  for (const name of [...Object.keys(said), "last_updated", "tax_included"]) {
    if (object[name] === null) delete object[name];
  }
  return object;
}

/** Names only the gateway may use, wherever they stand. A pointer is made only where there is one. */
function reserved(value: JsonValue | undefined): Fault[] {
  const faults: Fault[] = [];
  const look = (part: JsonValue | undefined, path: readonly (string | number)[]): void => {
    if (Array.isArray(part)) for (const [index, item] of part.entries()) look(item, [...path, index]);
    else if (isObject(part)) {
      for (const name in part) {
        if (isReserved(name)) faults.push({ pointer: joinPointer(...path, name), message: "is a reserved name" });
        else if (typeof part[name] === "object") look(part[name], [...path, name]);
      }
    }
  };
  look(value, []);
  return faults;
}

/** A copy with every `last_updated` in place: the schema requires it, the operator need not. */
function withTimes(object: JsonObject): JsonObject {
  const copy: JsonObject = { ...object, last_updated: object.last_updated ?? SOME_TIME };
  for (const name of ["evses", "connectors"]) {
    const list = object[name];
    if (Array.isArray(list)) copy[name] = list.map((item) => (isObject(item) ? withTimes(item) : item));
  }
  return copy;
}

/** 2.2.1 says `excl_vat` and `incl_vat`. Spec: 2.2.1 types, Price; 2.3.0 types, PriceLimit. */
function priceLimit(price: JsonObject): JsonObject {
  const { excl_vat, incl_vat, ...rest } = price;
  const result: JsonObject = { ...rest };
  if (excl_vat !== undefined) result.before_taxes ??= excl_vat;
  if (incl_vat !== undefined) result.after_taxes ??= incl_vat;
  return result;
}

/** A Tariff with its default, and the prices of 2.2.1 in the newest spelling. */
function tariff(said: JsonObject): JsonObject {
  const result: JsonObject = { ...said, tax_included: said.tax_included ?? "NO" };
  for (const name of ["min_price", "max_price"]) {
    if (isObject(said[name])) result[name] = priceLimit(said[name]);
  }
  return result;
}

/** The costs of a Session or CDR (`total_cost`, `total_energy_cost`) that are said as 2.2.1 says them, in the newest spelling. */
function costs(object: JsonObject): JsonObject {
  const found = Object.entries(object).filter(([name]) => /^total_(\w+_)?cost$/.test(name));
  return Object.fromEntries(found.map(([name, cost]) => [name, isObject(cost) ? price(cost) : cost]));
}

/** Spec: 2.2.1 types, Price; 2.3.0 types, Price, TaxAmount. */
function price(said: JsonObject): JsonObject {
  const { excl_vat, incl_vat, ...rest } = said;
  if (excl_vat === undefined) return said;
  const result: JsonObject = { before_taxes: excl_vat, ...rest };
  const [net, gross] = [excl_vat, incl_vat].map((one) => (typeof one === "number" ? fromNumber(one) : undefined));
  if (net && gross) result.taxes ??= [{ name: "VAT", amount: toNumber(subtract(gross, net)) }];
  return result;
}

const defined = (object: Record<string, JsonValue | undefined>): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as JsonObject;
