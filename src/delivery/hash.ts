import { isObject, type JsonValue } from "../lib/json.ts";
import { canonical } from "../ocpi/canonical.ts";

/**
 * A short fingerprint of a text, 106 bits in base 36: to tell whether what would be sent is what the partner holds. It
 * keeps nobody out, so speed wins over cryptography (two passes of cyrb53 with different seeds).
 */
export function fingerprint(text: string): string {
  return pass(text, 0x9e3779b1).toString(36) + pass(text, 0x85ebca6b).toString(36);
}

function pass(text: string, seed: number): number {
  let a = 0xdeadbeef ^ seed;
  let b = 0x41c6ce57 ^ seed;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 2654435761);
    b = Math.imul(b ^ unit, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return 4294967296 * (2097151 & b) + (a >>> 0);
}

/** Fingerprint of what a body says, whatever the order of its members. */
export const fingerprintOf = (value: JsonValue): string => fingerprint(JSON.stringify(inOrder(canonical(value))));

function inOrder(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(inOrder);
  if (!isObject(value)) return value;
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, inOrder(value[name] ?? null)]));
}
