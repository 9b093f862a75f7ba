import * as v from "valibot";

/**
 * What a leaf of a schema is, kept as valibot metadata so that schemas can be walked. Lengths are not enforced when
 * parsing: an over-long value is accepted, kept, and reported by the lint.
 */
export interface Leaf {
  readonly leaf: "string" | "number" | "boolean" | "date" | "decimal" | "coordinate" | "enum";
  /** Most characters (string), or most digits (number). */
  readonly max?: number;
  /** Printable ASCII, compared without case. */
  readonly ci?: boolean;
  /** A whole number. */
  readonly integer?: boolean;
  /** Text of this form only; another form is accepted and reported. */
  readonly pattern?: RegExp;
  /** What the way down does with text over `max`: cut it, put an alias in its place, or leave the field out. */
  readonly over?: "cut" | "alias" | "drop";
  /** Name of the enum. */
  readonly enum?: string;
  readonly values?: readonly string[];
  /** Unknown values are kept. */
  readonly open?: boolean;
}

const leaf = <const M extends Leaf>(meta: M) =>
  v.metadata<string, M & Record<string, unknown>>(meta as M & Record<string, unknown>);
const numeric = <const M extends Leaf>(meta: M) =>
  v.metadata<number, M & Record<string, unknown>>(meta as M & Record<string, unknown>);

/** string(max): case-sensitive text; without a maximum, text of any length. */
export const text = (max?: number) => v.pipe(v.string(), leaf({ leaf: "string", ...(max && { max }), over: "cut" }));

/** string(max) with a fixed form such as `hh:mm`. */
export const pattern = (max: number, form: RegExp) =>
  v.pipe(v.string(), leaf({ leaf: "string", max, pattern: form, over: "cut" }));

/** string(max) that means something else, or nothing, when cut: a currency, a country, a token. */
export const code = (max: number, form?: RegExp) =>
  v.pipe(v.string(), leaf({ leaf: "string", max, ...(form && { pattern: form }), over: "drop" }));

/** CiString(max): printable ASCII, compared without case. */
export const ci = (max: number) => v.pipe(v.string(), leaf({ leaf: "string", max, ci: true, over: "drop" }));

/** CiString(max) that names an object: too long for a version, an alias stands in its place. */
export const id = (max: number) => v.pipe(v.string(), leaf({ leaf: "string", max, ci: true, over: "alias" }));

/** string(max) that names an object, compared with case (2.0, 2.1.1). */
export const exactId = (max: number) => v.pipe(v.string(), leaf({ leaf: "string", max, over: "alias" }));

/** URL: string(255). Spec: 2.2.1 types, URL. */
export const url = () => v.pipe(v.string(), leaf({ leaf: "string", max: 255, over: "drop" }));

/** DateTime. Spec: 2.2.1 types, DateTime. */
export const dateTime = () => v.pipe(v.string(), leaf({ leaf: "date", max: 25 }));

/** number: a JSON number. Spec: 2.2.1 types, number. */
export const number = () => v.pipe(v.number(), numeric({ leaf: "number" }));

/** int, with the most digits where the standard gives them. */
export const integer = (max?: number) =>
  v.pipe(v.number(), numeric({ leaf: "number", integer: true, ...(max && { max }) }));

/** boolean. */
export const bool = () => v.pipe(v.boolean(), v.metadata({ leaf: "boolean" }));

/** decimal: a number written as a string; a JSON number is taken too. Spec: 2.0 types, decimal. */
export const decimal = () => v.pipe(v.union([v.string(), v.number()]), v.metadata({ leaf: "decimal" }));

/** Latitude or longitude in decimal degrees, as text. Spec: 2.2.1 mod_locations, GeoLocation. */
export const coordinate = (max: number, form: RegExp) =>
  v.pipe(v.string(), leaf({ leaf: "coordinate", max, pattern: form }));

/** An enum that may grow: any text is taken. Spec: 2.3.0 types, OpenEnum. */
export const openEnum = (name: string, values: readonly string[]) =>
  v.pipe(v.string(), leaf({ leaf: "enum", enum: name, values, open: true }));

/** An enum of exactly these values. */
export const closedEnum = <const T extends readonly string[]>(name: string, values: T) =>
  v.pipe(v.picklist(values), v.metadata({ leaf: "enum", enum: name, values }));

/** Cardinality `?`: may be missing or null. */
export const optional = <const S extends v.GenericSchema>(schema: S) => v.nullish(schema);

/** Cardinality `*`: a list that may be missing, null or empty. */
export const list = <const S extends v.GenericSchema>(item: S) => v.nullish(v.array(item));

/** Cardinality `+`: a list with at least one item. */
export const some = <const S extends v.GenericSchema>(item: S) => v.pipe(v.array(item), v.minLength(1));

/** A class of the standard: an object whose unknown fields are kept. The name leads the walker to its rules. */
export const object = <const E extends v.ObjectEntries>(name: string, entries: E) =>
  v.pipe(v.looseObject(entries), v.metadata({ class: name }));
