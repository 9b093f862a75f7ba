import fc from "fast-check";
import type { JsonObject, JsonValue } from "../../../src/lib/json.ts";
import type { Leaf } from "../../../src/model/atoms.ts";
import type { Dialect } from "../../../src/ocpi/dialect.ts";
import { type ClassShape, classShape, type Shape } from "../../../src/ocpi/shape.ts";
import type { Version } from "../../../src/ocpi/versions.ts";

/** How wild generated objects are: everything a peer may send that `parse` takes, or only what the standard has. */
export interface Taste {
  /** Unknown fields at every level, over-long text, unknown and lower-case enum values. */
  readonly wild: boolean;
}

const unsafe = new Set(["__proto__", "constructor", "prototype"]);

const printable = fc.string({ unit: fc.constantFrom(..."abcdefgXYZ0189-_.*/~ é漢😀"), maxLength: 12 });
const ascii = fc.string({ unit: fc.constantFrom(..."abcdefgXYZ0189-_.*/~"), minLength: 1, maxLength: 12 });

/** Names of unknown fields: free ones, ones other versions use, ones the codec itself uses. */
const unknownName = fc.oneof(
  { weight: 3, arbitrary: ascii.map((name) => `x_${name}`) },
  fc.constantFrom(
    "country_code",
    "tariff_ids",
    "voltage",
    "max_voltage",
    "parking_type",
    "type",
    "help_phone",
    "last_updated",
    "roles",
    "hub_party_id",
    "whitelist",
    "wire:name",
    "wire:wire:x",
    "token",
    "vat",
    "before_taxes",
    "",
  ),
);

const json: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    fc.oneof(fc.constant(null), fc.boolean(), fc.integer(), printable),
    fc.array(tie("value"), { maxLength: 2 }),
    fc.dictionary(ascii, tie("value"), { maxKeys: 2 }) as fc.Arbitrary<JsonValue>,
  ),
})).value;

const pad = (value: number, digits = 2): string => String(value).padStart(digits, "0");

function dates(dialect: Dialect): fc.Arbitrary<string> {
  const seconds = fc.integer({ min: 0, max: 2_000_000_000 }).map((s) => new Date(s * 1000).toISOString().slice(0, 19));
  const forms = [seconds.map((text) => `${text}Z`), seconds];
  if (dialect.fractions) {
    forms.push(fc.tuple(seconds, fc.integer({ min: 0, max: 999 })).map(([text, ms]) => `${text}.${pad(ms, 3)}Z`));
  }
  if (dialect.dateOffsets) forms.push(seconds.map((text) => `${text}+02:00`));
  return fc.oneof(...forms);
}

function coordinates(leaf: Leaf): fc.Arbitrary<string> {
  const bound = leaf.max === 10 ? 89 : 179;
  const decimals = leaf.pattern?.test("1.1234567") ? [5, 6, 7] : [6];
  return fc
    .tuple(
      fc.integer({ min: -bound, max: bound }),
      fc.constantFrom(...decimals),
      fc.integer({ min: 0, max: 9_999_999 }),
    )
    .map(([whole, digits, rest]) => `${whole}.${pad(rest, 7).slice(0, digits)}`)
    .filter((text) => text.length <= (leaf.max ?? 11));
}

function texts(leaf: Leaf, taste: Taste): fc.Arbitrary<string> {
  const max = leaf.max ?? 300;
  if (leaf.pattern?.test("NLD")) return fc.constantFrom("NLD", "BEL", "DEU");
  if (leaf.pattern?.test("12:30")) {
    return fc
      .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
      .map(([h, m]) => `${pad(h)}:${pad(m)}`);
  }
  if (leaf.pattern?.test("2026-01-01")) return fc.integer({ min: 1, max: 28 }).map((day) => `2026-01-${pad(day)}`);
  const unit = leaf.ci && !taste.wild ? ascii : printable;
  const short = unit.map((text) => [...text].slice(0, max).join("") || "a");
  if (!taste.wild) return short;
  return fc.oneof(
    { weight: 5, arbitrary: short },
    short.map((text) => text.padEnd(max + 1, "z")),
  );
}

function enums(leaf: Leaf, taste: Taste): fc.Arbitrary<string> {
  const known = fc.constantFrom(...(leaf.values ?? []));
  if (!taste.wild) return known;
  const all: fc.Arbitrary<string>[] = [known, known, known.map((value) => value.toLowerCase())];
  if (leaf.open) all.push(fc.constantFrom("MCS", "EMAID", "OTHER", "UNKNOWN", "HUB", "CUSTOM_VALUE", "custom value"));
  return fc.oneof(...all);
}

const numbers = fc.integer({ min: -10_000_000, max: 10_000_000 }).map((n) => n / 10_000);

function leafOf(leaf: Leaf, dialect: Dialect, taste: Taste): fc.Arbitrary<JsonValue> {
  switch (leaf.leaf) {
    case "string":
      return texts(leaf, taste);
    case "enum":
      return enums(leaf, taste);
    case "date":
      return dates(dialect);
    case "coordinate":
      return coordinates(leaf);
    case "decimal":
      return taste.wild
        ? fc.oneof(
            numbers.map(String),
            numbers.map((n) => n.toFixed(2)),
            numbers,
          )
        : numbers.map((n) => n.toFixed(3));
    case "number":
      return leaf.integer ? fc.integer({ min: 1, max: leaf.max === 1 ? 7 : 9999 }) : numbers;
    case "boolean":
      return fc.boolean();
  }
}

const cache = new WeakMap<Dialect, Map<Shape, Map<boolean, fc.Arbitrary<JsonValue>>>>();

function anyOf(shape: Shape, dialect: Dialect, taste: Taste): fc.Arbitrary<JsonValue> {
  const ofDialect = cache.get(dialect) ?? new Map();
  cache.set(dialect, ofDialect);
  const ofShape = ofDialect.get(shape) ?? new Map();
  ofDialect.set(shape, ofShape);
  const known = ofShape.get(taste.wild);
  if (known !== undefined) return known;
  const made = makeValue(shape, dialect, taste);
  ofShape.set(taste.wild, made);
  return made;
}

function makeValue(shape: Shape, dialect: Dialect, taste: Taste): fc.Arbitrary<JsonValue> {
  if (shape.kind === "leaf") return leafOf(shape.leaf, dialect, taste);
  if (shape.kind === "list") {
    return fc.array(anyOf(shape.item, dialect, taste), { minLength: shape.min, maxLength: 2 });
  }
  return objectOf(shape, dialect, taste);
}

/** Objects of a class: required fields always, optional ones present, null or missing. */
export function objectOf(shape: ClassShape, dialect: Dialect, taste: Taste): fc.Arbitrary<JsonObject> {
  const fields: Record<string, fc.Arbitrary<JsonValue | undefined>> = {};
  for (const [name, field] of shape.fields) {
    const value = anyOf(field.shape, dialect, taste);
    fields[name] = field.required
      ? value
      : fc.oneof(
          { weight: 4, arbitrary: fc.constant(undefined) },
          { weight: 1, arbitrary: fc.constant(null) },
          { weight: 4, arbitrary: value },
        );
  }
  const known = fc.record(fields) as fc.Arbitrary<JsonObject>;
  const extras = taste.wild
    ? fc.oneof(
        { weight: 2, arbitrary: fc.constant({}) },
        { weight: 1, arbitrary: fc.dictionary(unknownName, json, { maxKeys: 2 }) },
      )
    : fc.constant({});
  return fc.tuple(known, extras).map(([object, extra]) => {
    const whole: JsonObject = {};
    for (const key of Object.keys(object)) if (object[key] !== undefined) whole[key] = object[key];
    for (const [key, value] of Object.entries(extra as JsonObject)) {
      if (!shape.fields.has(key) && !unsafe.has(key)) whole[key] = value;
    }
    return whole;
  });
}

/** Bodies of a kind that `parse` of a version takes. */
export function bodies(version: Version, kind: keyof Version["codecs"], taste: Taste): fc.Arbitrary<JsonObject> {
  const codec = version.codecs[kind];
  if (codec === undefined) throw new Error(`${version.number} has no ${kind}`);
  // Through JSON, as from a peer: no -0, no undefined.
  return objectOf(classShape(codec.schema), version.dialect, taste).map(
    (body) => JSON.parse(JSON.stringify(body)) as JsonObject,
  );
}
