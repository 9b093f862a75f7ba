import { isObject, type JsonObject } from "../lib/json.ts";
import { moveInto } from "../lib/pointer.ts";
import { isTime, parseLooseTime } from "../lib/time.ts";
import type { Leaf } from "../model/atoms.ts";
import { misfit } from "./alias.ts";
import type { Fault, Kind } from "./codec.ts";
import { consistency } from "./consistency.ts";
import type { Dialect } from "./dialect.ts";
import { type ClassShape, classShape, type Shape } from "./shape.ts";
import type { Version } from "./versions.ts";

/** Something in a body that is not as the standard has it, though the body is taken. */
export interface Finding extends Fault {
  /** What kind of thing: too long, not of its form, a character, an enum value or a field the version lacks, a contradiction. */
  readonly rule: "length" | "format" | "charset" | "enum" | "field" | "consistency";
}

/** Most findings reported of one body. */
const MAX_FINDINGS = 100;

/**
 * What a careful reader would object to in a body of a version: lengths, forms, unknown values and fields, contradictions. Such a
 * body is accepted and kept; the findings are for the journal. Nothing is said about faults, which `Codec.parse` finds.
 */
export function lint(version: Version, kind: Kind, wire: unknown): Finding[] {
  const codec = version.codecs[kind];
  if (codec === undefined || !isObject(wire)) return [];
  const visit: Visit = { version, findings: [] };
  visitClass(classShape(codec.schema), wire, visit);
  return visit.findings;
}

interface Visit {
  readonly version: Version;
  readonly findings: { pointer: string; message: string; rule: Finding["rule"] }[];
}

function visitClass(shape: ClassShape, wire: JsonObject, visit: Visit): void {
  for (const key of Object.keys(wire)) {
    const value = wire[key];
    if (value === undefined || value === null) continue;
    const mark = visit.findings.length;
    const field = shape.fields.get(key);
    if (field !== undefined) visitValue(field.shape, value, visit);
    else report(visit, `no field of ${shape.name} in ${visit.version.number}`, "field");
    if (visit.findings.length > mark) moveInto(visit.findings, mark, key);
  }
  for (const { pointer, message } of consistency(shape, wire)) report(visit, message, "consistency", pointer);
}

function visitValue(shape: Shape, value: unknown, visit: Visit): void {
  if (shape.kind === "class") {
    if (isObject(value)) visitClass(shape, value, visit);
  } else if (shape.kind === "list") {
    if (!Array.isArray(value)) return;
    for (let index = 0; index < value.length; index++) {
      const mark = visit.findings.length;
      visitValue(shape.item, value[index], visit);
      if (visit.findings.length > mark) moveInto(visit.findings, mark, index);
    }
  } else {
    const found = lintLeaf(shape.leaf, value, visit.version.dialect);
    if (found !== undefined) report(visit, found.message, found.rule);
  }
}

function report(visit: Visit, message: string, rule: Finding["rule"], pointer = ""): void {
  if (visit.findings.length < MAX_FINDINGS) visit.findings.push({ pointer, message, rule });
}

type LeafFinding = { message: string; rule: Finding["rule"] } | undefined;

/** What is odd about a leaf, undefined when nothing is, or when it is not of its type at all. */
function lintLeaf(leaf: Leaf, value: unknown, dialect: Dialect): LeafFinding {
  switch (leaf.leaf) {
    case "string":
      return typeof value === "string" ? lintText(leaf, value) : undefined;
    case "enum":
      if (typeof value !== "string" || leaf.values?.includes(value)) return undefined;
      return { message: `${value} is no value of ${leaf.enum}`, rule: "enum" };
    case "date":
      return typeof value === "string" ? lintTime(value, dialect) : undefined;
    case "coordinate":
      return typeof value === "string" ? lintCoordinate(leaf, value) : undefined;
    case "number":
      if (typeof value !== "number") return undefined;
      if (leaf.integer && !Number.isInteger(value)) return { message: "is not a whole number", rule: "format" };
      if (leaf.max === undefined || Math.abs(value) < 10 ** leaf.max) return undefined;
      return { message: `has more than ${leaf.max} digits`, rule: "length" };
    case "decimal":
      return typeof value === "number" ? { message: "is a number, not a string", rule: "format" } : undefined;
    case "boolean":
      return undefined;
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const control = /[\u0000-\u0009\u000b-\u001f\u007f]/;

function lintText(leaf: Leaf, value: string): LeafFinding {
  const why = misfit(value, leaf);
  if (why !== undefined) return { message: `is ${why}`, rule: why.startsWith("longer") ? "length" : "charset" };
  if (control.test(value)) return { message: "contains a control character", rule: "charset" };
  if (leaf.pattern === undefined || leaf.pattern.test(value)) return undefined;
  return { message: `${value} is not of the form the standard asks for`, rule: "format" };
}

function lintTime(value: string, dialect: Dialect): LeafFinding {
  const strict = isTime(value);
  const withOffset = dialect.dateOffsets && parseLooseTime(value) !== undefined && /T.*[+-]\d\d:\d\d$/.test(value);
  if (!strict && !withOffset) return { message: `${value} is not a DateTime in UTC`, rule: "format" };
  if (value.includes(".") && !dialect.fractions) return { message: "has a fraction of a second", rule: "format" };
  return value.length > 25 ? { message: "is longer than 25 characters", rule: "length" } : undefined;
}

function lintCoordinate(leaf: Leaf, value: string): LeafFinding {
  if (leaf.pattern !== undefined && !leaf.pattern.test(value)) {
    return { message: `${value} is not a coordinate with the decimals the standard asks for`, rule: "format" };
  }
  if (leaf.max !== undefined && value.length > leaf.max) {
    return { message: `is longer than ${leaf.max} characters`, rule: "length" };
  }
  const bound = leaf.max === 10 ? 90 : 180;
  return Math.abs(Number(value)) > bound ? { message: `is beyond ${bound} degrees`, rule: "format" } : undefined;
}
