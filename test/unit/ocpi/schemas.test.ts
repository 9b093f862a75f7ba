import { describe, expect, test } from "vitest";
import type { Leaf } from "../../../src/model/atoms.ts";
import { classShape, type Field, type Shape } from "../../../src/ocpi/shape.ts";
import { versions } from "../../../src/ocpi/versions.ts";
import { enumTable, fieldTable } from "./field-table.ts";

const rows = (table: string): string[][] =>
  table
    .trim()
    .split("\n")
    .map((line) => line.split(" "));

function typeName(leaf: Leaf): string {
  if (leaf.leaf === "enum") return leaf.enum ?? "";
  if (leaf.leaf === "boolean") return "bool";
  if (leaf.leaf === "date") return "DT";
  if (leaf.leaf === "decimal") return "decimal";
  if (leaf.leaf === "number") return leaf.integer ? (leaf.max === undefined ? "int" : `int(${leaf.max})`) : "num";
  const prefix = leaf.ci ? "Ci" : "s";
  return leaf.max === undefined ? prefix : `${prefix}(${leaf.max})`;
}

function describeShape(shape: Shape): string {
  if (shape.kind === "class") return shape.name;
  return shape.kind === "list" ? describeShape(shape.item) : typeName(shape.leaf);
}

function describeField({ required, shape }: Field): string {
  const cardinality = shape.kind === "list" ? (required ? "+" : "*") : required ? "1" : "?";
  return `${describeShape(shape)} ${cardinality}`;
}

/** Classes and enums found in the schemas of a version. */
function collect(index: number): { fields: Map<string, string>; enums: Map<string, readonly string[]> } {
  const fields = new Map<string, string>();
  const enums = new Map<string, readonly string[]>();
  const visit = (shape: Shape): void => {
    if (shape.kind === "list") visit(shape.item);
    else if (shape.kind === "leaf") {
      if (shape.leaf.enum) enums.set(shape.leaf.enum, [...(shape.leaf.values ?? [])].sort());
    } else {
      for (const [name, field] of shape.fields) {
        fields.set(`${shape.name}.${name}`, describeField(field));
        visit(field.shape);
      }
    }
  };
  for (const codec of Object.values(versions[index]?.codecs ?? {})) visit(classShape(codec.schema));
  return { fields, enums };
}

/** Reads `s(15)1`, `1`, `-` of a cell, given the newest type; types carry over from newer to older where CiString did not exist. */
function cell(text: string, type: string, index: number): string | undefined {
  if (text === "-") return undefined;
  const own = text.slice(0, -1);
  const older = index < 2 ? type.replace("Ci(", "s(") : type;
  return `${(own === "" ? older : own).replace("URL", "s(255)")} ${text.slice(-1)}`;
}

describe.each(versions.map(({ number }, index) => ({ number, index })))("$number", ({ index }) => {
  const { fields, enums } = collect(index);

  test("has the fields of the standard, with their types and cardinalities, and no others", () => {
    const expected = new Map<string, string>();
    for (const [name, field, type, ...cells] of rows(fieldTable)) {
      let latest = type as string;
      // A length differing in an older version holds for the versions before it too, unless they have their own.
      const text = cells[index] as string;
      for (let newer = cells.length - 1; newer > index; newer--) {
        const own = (cells[newer] as string).slice(0, -1);
        if (own !== "" && /^(s|Ci)\(/.test(own) && newer >= 2) latest = own;
      }
      const told = cell(text, latest, index);
      if (told !== undefined) expected.set(`${name}.${field}`, told);
    }
    expect(Object.fromEntries([...fields].sort())).toEqual(Object.fromEntries([...expected].sort()));
  });

  test("has the enum values of the standard", () => {
    const order = versions.map((version) => version.number);
    for (const [name, ...values] of rows(enumTable)) {
      const own = values
        .filter((value) => {
          const [, since] = value.split(">");
          const [, until] = value.split("<");
          return (!since || order.indexOf(since) <= index) && (!until || order.indexOf(until) >= index);
        })
        .map((value) => value.replace(/[<>].*/, ""));
      if (enums.has(name as string)) expect([name, enums.get(name as string)]).toEqual([name, own.sort()]);
    }
    for (const name of enums.keys())
      expect(
        rows(enumTable).some(([known]) => known === name),
        name,
      ).toBe(true);
  });
});
