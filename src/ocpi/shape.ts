import * as v from "valibot";
import type { Leaf } from "../model/atoms.ts";
import { closedEnum, object, openEnum, some } from "../model/atoms.ts";

/** A schema as the walkers read it: a leaf, a list, or a class with fields. */
export type Shape =
  | { readonly kind: "leaf"; readonly leaf: Leaf }
  | { readonly kind: "list"; readonly item: Shape; readonly min: number }
  | { readonly kind: "class"; readonly name: string; readonly fields: ReadonlyMap<string, Field> };

/** A field of a class: its shape, and whether the standard requires it (cardinality `1` or `+`). */
export interface Field {
  readonly required: boolean;
  readonly shape: Shape;
}

/** The shape of a class. */
export type ClassShape = Extract<Shape, { kind: "class" }>;

/** A schema made by `object` of `src/model/atoms.ts`, its entries open to derivation. */
export interface ClassSchema extends v.GenericSchema {
  readonly entries: v.ObjectEntries;
}

interface Node {
  readonly type: string;
  readonly wrapped?: v.GenericSchema;
  readonly item?: v.GenericSchema;
  readonly entries?: v.ObjectEntries;
  readonly pipe?: readonly { readonly type: string; readonly requirement?: unknown }[];
}

const shapes = new WeakMap<object, Shape>();

function compile(schema: v.GenericSchema): Shape {
  const node = schema as unknown as Node;
  if (node.type === "array" && node.item !== undefined) {
    const min = node.pipe?.find((step) => step.type === "min_length")?.requirement;
    return { kind: "list", item: shapeOf(node.item), min: typeof min === "number" ? min : 0 };
  }
  const meta = v.getMetadata(schema as v.GenericSchema) as { class?: string };
  if (node.entries !== undefined && meta.class !== undefined) {
    const fields = new Map<string, Field>();
    for (const [name, entry] of Object.entries(node.entries) as [string, v.GenericSchema][]) {
      const wrapped = entry.type === "nullish" ? (entry as unknown as Node).wrapped : undefined;
      fields.set(name, { required: wrapped === undefined, shape: shapeOf(wrapped ?? entry) });
    }
    return { kind: "class", name: meta.class, fields };
  }
  return { kind: "leaf", leaf: meta as unknown as Leaf };
}

/** The shape of a schema built from `src/model/atoms.ts`; compiled once. */
export function shapeOf(schema: v.GenericSchema): Shape {
  const known = shapes.get(schema);
  if (known !== undefined) return known;
  const shape = compile(schema);
  shapes.set(schema, shape);
  return shape;
}

/** The shape of a class schema. Throws (a bug) when the schema is none. */
export function classShape(schema: v.GenericSchema): ClassShape {
  const shape = shapeOf(schema);
  if (shape.kind !== "class") throw new Error("not a class schema");
  return shape;
}

/** What a version's class has that its neighbour's has not. */
export interface Delta {
  /** Fields the class lacks. */
  readonly omit?: readonly string[];
  /** Optional fields of the neighbour that are required here. */
  readonly required?: readonly string[];
  /** Required fields of the neighbour that are optional here. */
  readonly optional?: readonly string[];
  /** Fields that are new or different. */
  readonly entries?: v.ObjectEntries;
}

/** What a version has that its neighbour has not. Classes and enums are found by name wherever they are used. */
export interface VersionDelta<K extends string> {
  readonly kinds?: readonly K[];
  readonly classes: Readonly<Record<string, Delta>>;
  /** Values of enums, replacing the neighbour's. */
  readonly enums?: Readonly<Record<string, readonly string[]>>;
  /** A change to every leaf that no class names in `entries`: the new schema, or undefined to keep it. */
  readonly atoms?: (leaf: Leaf) => v.GenericSchema | undefined;
}

/** Class schemas of the kinds of body a version has. */
export type Schemas<K extends string> = { readonly [P in K]: ClassSchema };

/**
 * The schemas of a version as a delta of its neighbour's: every class is rebuilt with the changes to it and to whatever
 * it contains. A change to a class, field or value the neighbour lacks is a bug, and thrown.
 */
export function deriveSchemas<B extends string, K extends B = B>(base: Schemas<B>, delta: VersionDelta<K>): Schemas<K> {
  const classes = new Map<string, ClassSchema>();

  function entry(schema: v.GenericSchema, want?: "required" | "optional"): v.GenericSchema {
    const node = schema as unknown as Node;
    const bare = node.type === "nullish" && node.wrapped !== undefined ? node.wrapped : schema;
    const isOptional = want === undefined ? bare !== schema : want === "optional";
    const list = bare as unknown as Node;
    if (list.type === "array" && list.item !== undefined) {
      const items = rebuild(list.item);
      if (!isOptional) return some(items);
      return v.nullish(v.array(items));
    }
    return isOptional ? v.nullish(rebuild(bare)) : rebuild(bare);
  }

  function rebuild(schema: v.GenericSchema): v.GenericSchema {
    const shape = shapeOf(schema);
    if (shape.kind === "class") return rebuildClass(schema as ClassSchema, shape.name);
    if (shape.kind === "list") throw new Error("a list of lists");
    const { leaf } = shape;
    const values = leaf.enum === undefined ? undefined : delta.enums?.[leaf.enum];
    if (leaf.enum !== undefined && values !== undefined) {
      return leaf.open ? openEnum(leaf.enum, values) : closedEnum(leaf.enum, values);
    }
    return delta.atoms?.(leaf) ?? schema;
  }

  function rebuildClass(schema: ClassSchema, name: string): ClassSchema {
    const known = classes.get(name);
    if (known !== undefined) return known;
    const change = delta.classes[name] ?? {};
    const entries: Record<string, v.GenericSchema> = {};
    const gone = new Set(change.omit);
    const required = new Set(change.required);
    const loosened = new Set(change.optional);
    for (const [field, old] of Object.entries(schema.entries) as [string, v.GenericSchema][]) {
      if (gone.delete(field)) continue;
      const want = required.delete(field) ? "required" : loosened.delete(field) ? "optional" : undefined;
      entries[field] = entry(old, want);
    }
    const unknown = [...gone, ...required, ...loosened];
    if (unknown.length > 0) throw new Error(`${name} has no field ${unknown.join(", ")}`);
    for (const [field, added] of Object.entries(change.entries ?? {}) as [string, v.GenericSchema][]) {
      entries[field] = holdsClass(added) ? entry(added) : added;
    }
    const built = object(name, entries) as unknown as ClassSchema;
    classes.set(name, built);
    return built;
  }

  const kinds = (delta.kinds ?? Object.keys(base)) as K[];
  const built = Object.fromEntries(kinds.map((kind) => [kind, rebuild(base[kind])])) as unknown as Schemas<K>;
  for (const name of Object.keys(delta.classes)) {
    if (!classes.has(name)) throw new Error(`no class ${name} to change`);
  }
  return built;
}

/** Whether a schema is a class, or a list or optional of one. */
function holdsClass(schema: v.GenericSchema): boolean {
  const node = schema as unknown as Node;
  const inner = node.wrapped ?? node.item;
  return inner === undefined ? node.entries !== undefined : holdsClass(inner);
}

/** The class of that name somewhere in a schema. Throws (a bug) when there is none. */
export function findClass(schema: v.GenericSchema, name: string): ClassSchema {
  const found = search(schema, name);
  if (found === undefined) throw new Error(`no class ${name}`);
  return found;
}

function search(schema: v.GenericSchema, name: string): ClassSchema | undefined {
  const node = schema as unknown as Node;
  const inner = node.wrapped ?? node.item;
  if (inner !== undefined) return search(inner, name);
  if (node.entries === undefined) return undefined;
  if (classShape(schema).name === name) return schema as ClassSchema;
  for (const entry of Object.values(node.entries) as v.GenericSchema[]) {
    const found = search(entry, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A list of enum values without some. Naming one the list lacks is a bug, and thrown. */
export function without(values: readonly string[], ...gone: readonly string[]): readonly string[] {
  for (const value of gone) if (!values.includes(value)) throw new Error(`no value ${value} to leave out`);
  return values.filter((value) => !gone.includes(value));
}
