import { isObject, type JsonObject, type JsonValue } from "../../../src/lib/json.ts";
import { escapeToken, splitPointer } from "../../../src/lib/pointer.ts";
import { formatSeconds, parseLooseTime } from "../../../src/lib/time.ts";
import type { Leaf } from "../../../src/model/atoms.ts";
import { modelSchemas } from "../../../src/model/kinds.ts";
import type { Kind } from "../../../src/ocpi/codec.ts";
import { classShape, type Shape } from "../../../src/ocpi/shape.ts";

/** A scalar in an object. */
export interface Found {
  readonly pointer: string;
  readonly value: string | number | boolean;
}

/** Every string, number and boolean in a value, null and empty things saying nothing. */
export function leaves(value: JsonValue | undefined, pointer = ""): Found[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap((item, index) => leaves(item, `${pointer}/${index}`));
  if (isObject(value)) {
    return Object.keys(value).flatMap((key) => leaves(value[key], `${pointer}/${escapeToken(key)}`));
  }
  return [{ pointer, value }];
}

/** What the model's schema says of a place, undefined where it says nothing. */
export function leafAt(kind: Kind, pointer: string): Leaf | undefined {
  let shape: Shape | undefined = classShape(modelSchemas[kind]);
  for (const token of splitPointer(pointer) ?? []) {
    if (shape?.kind === "class") shape = shape.fields.get(token)?.shape;
    else if (shape?.kind === "list") shape = shape.item;
    else return undefined;
  }
  return shape?.kind === "leaf" ? shape.leaf : undefined;
}

/** A copy with another value at a place. */
export function withValue(object: JsonObject, pointer: string, value: JsonValue): JsonObject {
  const copy = structuredClone(object);
  const tokens = splitPointer(pointer) ?? [];
  let at: JsonValue = copy;
  for (const token of tokens.slice(0, -1)) at = (at as JsonObject)[token] as JsonValue;
  (at as JsonObject)[tokens.at(-1) as string] = value;
  return copy;
}

/** Another value that is as good as the one given. */
export function another(value: string | number | boolean, leaf: Leaf | undefined): JsonValue {
  if (typeof value === "boolean") return !value;
  if (typeof value === "number") return leaf?.max === 1 ? (value % 7) + 1 : value + 1;
  if (leaf?.leaf === "enum") {
    const values = leaf.values ?? [];
    return values[(values.indexOf(value) + 1) % values.length] as string;
  }
  if (leaf?.leaf === "date") return formatSeconds((parseLooseTime(value) ?? 0) + 86_400_000);
  if (leaf?.leaf === "coordinate") return (Number(value) + (Number(value) > 0 ? -1.5 : 1.5)).toFixed(6);
  if (leaf?.pattern?.test("12:30")) return value === "01:01" ? "02:02" : "01:01";
  if (leaf?.pattern?.test("2026-01-01")) return value === "2025-01-01" ? "2025-01-02" : "2025-01-01";
  const [first, ...rest] = [...value];
  return `${first === "q" ? "r" : "q"}${rest.join("")}`;
}
