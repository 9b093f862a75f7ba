import { violationsOfRules } from "./rules.ts";
import { ENUMS, type EnumTable } from "./tables/enums.ts";
import { LOCATION_TABLES } from "./tables/locations.ts";
import { PROTOCOL_TABLES } from "./tables/protocol.ts";
import { SESSION_TABLES } from "./tables/sessions.ts";
import { TARIFF_TABLES } from "./tables/tariffs.ts";
import { atLeast, VERSIONS, type Version } from "./versions.ts";

/** What a fault is about, so that a test can single out or leave out a kind. */
export type Rule =
  | "missing"
  | "unknown"
  | "type"
  | "length"
  | "charset"
  | "format"
  | "enum"
  | "rule"
  | "header"
  | "envelope"
  | "paging"
  | "url"
  | "owner";

/** One fault in a JSON value; `pointer` is a JSON Pointer into it. */
export interface Fault {
  pointer: string;
  rule: Rule;
  message: string;
}

/** A field as one version has it. */
export interface Field {
  type: string;
  /** `!` required, `?` optional, `*` list, `+` list with at least one element. */
  cardinality: "!" | "?" | "*" | "+";
}

const TABLES: Record<string, string> = {
  ...LOCATION_TABLES,
  ...TARIFF_TABLES,
  ...SESSION_TABLES,
  ...PROTOCOL_TABLES,
};

const compiled = new Map<string, ReadonlyMap<string, Field>>();

function compile(version: Version, type: string): ReadonlyMap<string, Field> {
  const fields = new Map<string, Field>();
  for (const line of TABLES[type]?.trim().split("\n") ?? []) {
    const [name = "", ...cells] = line.trim().split(/\s+/);
    if (cells.length !== VERSIONS.length) throw new Error(`the row ${type}.${name} has ${cells.length} columns`);
    let column = VERSIONS.indexOf(version);
    while (cells[column] === "=") column--;
    const cell = cells[column] ?? "-";
    if (cell === "-") continue;
    fields.set(name, { type: cell.slice(0, -1), cardinality: cell.slice(-1) as Field["cardinality"] });
  }
  return fields;
}

/** The fields of an object type in a version; undefined when `type` names no object (but an enumeration or a scalar). */
export function fieldsOf(version: Version, type: string): ReadonlyMap<string, Field> | undefined {
  if (!(type in TABLES)) return undefined;
  const key = `${version} ${type}`;
  const known = compiled.get(key) ?? compile(version, type);
  compiled.set(key, known);
  return known;
}

const enumerated = new Map<string, ReadonlySet<string>>();

/** The values of an enumeration in a version; undefined when `type` is none. */
export function valuesOf(version: Version, type: string): ReadonlySet<string> | undefined {
  const table = ENUMS[type];
  if (!table) return undefined;
  const key = `${version} ${type}`;
  const known = enumerated.get(key) ?? listValues(version, table);
  enumerated.set(key, known);
  return known;
}

function listValues(version: Version, table: EnumTable): ReadonlySet<string> {
  const values = new Set<string>();
  for (const since of VERSIONS) {
    if (!atLeast(version, since)) break;
    for (const value of table[since]?.split(" ") ?? []) {
      if (value.startsWith("-")) values.delete(value.slice(1));
      else values.add(value);
    }
  }
  return values;
}

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROL = /[\u0000-\u001f\u007f]/;

function isMoment(version: Version, value: string): boolean {
  const shape = atLeast(version, "2.2")
    ? /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?$/
    : /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ?$/;
  if (!shape.test(value)) return false;
  const moment = new Date(value.endsWith("Z") ? value : `${value}Z`);
  // The round trip tells a day that does not exist, such as 30 February, from one that does.
  return !Number.isNaN(moment.getTime()) && moment.toISOString().slice(0, 19) === value.slice(0, 19);
}

const PATTERNS: Record<string, RegExp> = {
  hhmm: /^([01][0-9]|2[0-3]):[0-5][0-9]$/,
  date: /^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$/,
  dec: /^-?(0|[1-9][0-9]*)(\.[0-9]+)?$/,
};

function text(version: Version, type: string, limit: number, value: string): [Rule, string] | undefined {
  if (value.length > limit) return ["length", `${value.length} characters, at most ${limit} are allowed`];
  if (type === "Ci" || type === "code") {
    if (!PRINTABLE_ASCII.test(value)) return ["charset", "a CiString holds printable ASCII only"];
  } else if (!atLeast(version, "2.2") && !PRINTABLE_ASCII.test(value)) {
    return ["charset", `a string in ${version} holds printable ASCII only`];
  } else if (CONTROL.test(value)) {
    return ["charset", "control characters are not printable"];
  }
  if (type === "code" && !new RegExp(`^[A-Za-z]{${limit}}$`).test(value)) {
    return ["format", `must be ${limit} letters`];
  }
  return undefined;
}

/** Checks a value against a scalar type of the tables; answers the fault, or undefined. */
function scalar(version: Version, type: string, value: unknown): [Rule, string] | undefined {
  const [, name = "", size] = /^([A-Za-z0-9]+)(?:\((\d+)\))?$/.exec(type) ?? [];
  const expect = (kind: string): [Rule, string] => ["type", `expected ${kind}, got ${JSON.stringify(value)}`];
  switch (name) {
    case "bool":
      return typeof value === "boolean" ? undefined : expect("true or false");
    case "int":
      if (!Number.isInteger(value)) return expect("an integer");
      return size && String(Math.abs(value as number)).length > Number(size)
        ? ["length", `more than ${size} digits`]
        : undefined;
    case "num":
      return typeof value === "number" ? undefined : expect("a number");
    case "tenth":
      if (typeof value !== "number") return expect("a number");
      return /^-?\d+(\.\d)?$/.test(String(value)) ? undefined : ["format", "at most one digit after the point"];
    case "weekday":
      return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 7 ? undefined : expect("1 to 7");
  }
  if (typeof value !== "string") return expect("a string");
  switch (name) {
    case "DT":
      if (value.length > 25) return ["length", "a DateTime has at most 25 characters"];
      return isMoment(version, value) ? undefined : ["format", `${value} is not a DateTime of ${version}`];
    case "url":
      return URL.canParse(value) ? text(version, "s", 255, value) : ["format", `${value} is not an absolute URL`];
    case "lat":
    case "lon": {
      const [whole, limit] = name === "lat" ? [2, 10] : [3, 11];
      const digits = atLeast(version, "2.2") ? "5,7" : "6";
      if (value.length > limit) return ["length", `${value.length} characters, at most ${limit} are allowed`];
      return new RegExp(`^-?[0-9]{1,${whole}}\\.[0-9]{${digits}}$`).test(value)
        ? undefined
        : ["format", `${value} is not a coordinate with ${digits.replace(",", " to ")} decimals`];
    }
    case "s":
    case "Ci":
    case "code":
      return text(version, name, Number(size ?? Number.POSITIVE_INFINITY), value);
  }
  const pattern = PATTERNS[name];
  if (!pattern) throw new Error(`no such type in the tables: ${type}`);
  return pattern.test(value) ? undefined : ["format", `${JSON.stringify(value)} is not a ${name}`];
}

function escapeKey(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}

function object(version: Version, type: string, value: unknown, at: string, partial: boolean, faults: Fault[]): void {
  const fields = fieldsOf(version, type);
  if (!fields) throw new Error(`no such object in the tables: ${type}`);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    faults.push({ pointer: at, rule: "type", message: `expected a ${type} object, got ${JSON.stringify(value)}` });
    return;
  }
  const given = value as Record<string, unknown>;
  for (const [name, field] of fields) {
    const pointer = `${at}/${escapeKey(name)}`;
    const content = given[name];
    const required = field.cardinality === "!" || field.cardinality === "+";
    if (content === undefined || content === null) {
      // A PATCH need not repeat a required field, but it cannot take one away either.
      if (required && !(partial && content === undefined)) {
        faults.push({ pointer, rule: "missing", message: `${type}.${name} is required in ${version}` });
      }
      continue;
    }
    if (field.cardinality === "!" || field.cardinality === "?") {
      check(version, field.type, content, pointer, faults);
    } else if (!Array.isArray(content)) {
      faults.push({ pointer, rule: "type", message: "expected a list" });
    } else {
      if (field.cardinality === "+" && content.length === 0) {
        faults.push({ pointer, rule: "missing", message: `${type}.${name} needs at least one element` });
      }
      content.forEach((element, index) => {
        check(version, field.type, element, `${pointer}/${index}`, faults);
      });
    }
  }
  for (const name of Object.keys(given)) {
    if (fields.has(name)) continue;
    faults.push({
      pointer: `${at}/${escapeKey(name)}`,
      rule: "unknown",
      message: `${type} has no field ${name} in ${version}`,
    });
  }
  for (const fault of violationsOfRules(version, type, given, partial)) {
    faults.push({ pointer: `${at}${fault.pointer}`, rule: "rule", message: fault.message });
  }
}

function check(version: Version, type: string, value: unknown, at: string, faults: Fault[]): void {
  if (fieldsOf(version, type)) {
    object(version, type, value, at, false, faults);
    return;
  }
  const values = valuesOf(version, type);
  if (!values) {
    const fault = scalar(version, type, value);
    if (fault) faults.push({ pointer: at, rule: fault[0], message: fault[1] });
    return;
  }
  if (typeof value !== "string") {
    faults.push({ pointer: at, rule: "type", message: `expected a ${type}, got ${JSON.stringify(value)}` });
  } else if (!values.has(value) && !(ENUMS[type]?.open && version === "2.3.0")) {
    faults.push({ pointer: at, rule: "enum", message: `${value} is no ${type} of ${version}` });
  }
}

/**
 * Judges a JSON value against the tables of a version.
 *
 * @param type an object or enumeration of the tables; `X[]` for a list of them
 * @param partial true for a PATCH body, in which required fields of the outermost object may be left out
 */
export function validate(version: Version, type: string, value: unknown, partial = false): Fault[] {
  const faults: Fault[] = [];
  if (type.endsWith("[]")) {
    if (!Array.isArray(value)) {
      return [{ pointer: "", rule: "type", message: `expected a list of ${type.slice(0, -2)}` }];
    }
    value.forEach((element, index) => {
      check(version, type.slice(0, -2), element, `/${index}`, faults);
    });
  } else if (partial) {
    object(version, type, value, "", true, faults);
  } else {
    check(version, type, value, "", faults);
  }
  return faults;
}
