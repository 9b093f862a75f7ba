import type { Leaf } from "../model/atoms.ts";
import type { Fault, Kind } from "./codec.ts";
import { classShape } from "./shape.ts";
import type { Version } from "./versions.ts";

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

/** Two independent 32-bit mixes of a text (the scheme of cyrb53, kept at 64 bits). Not cryptographic. */
function mix(text: string): [number, number] {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  const first = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  const second = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return [first >>> 0, second >>> 0];
}

/**
 * The name an id goes by where it is too long: 15 characters, `x-` and 64 bits in base 32, which fit every id of every
 * version. The same id has the same alias everywhere, whatever its case, so that references stay consistent without
 * a look-up.
 */
export function aliasId(id: string): string {
  const [high, low] = mix(id.toLowerCase());
  let bits = (BigInt(high) << 32n) | BigInt(low);
  let name = "";
  for (let index = 0; index < 13; index++) {
    name = alphabet.charAt(Number(bits & 31n)) + name;
    bits >>= 5n;
  }
  return `x-${name}`;
}

const printable = /^[\x20-\x7e]*$/;

/** Characters as the standard counts them, which is not UTF-16 units. */
export function characters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** Why a text does not fit a leaf: too long, or not printable ASCII where it must be. Undefined when it fits. */
export function misfit(text: string, { max, ci }: Leaf): string | undefined {
  if (max !== undefined && text.length > max && characters(text) > max) return `longer than ${max} characters`;
  if (ci === true && !printable.test(text)) return "not printable ASCII";
  return undefined;
}

/** The leaf that names an object of a kind in a version, and what the field is called. */
function idLeaf(version: Version, kind: Kind): { name: "id" | "uid"; leaf: Leaf } | undefined {
  const codec = version.codecs[kind];
  if (codec === undefined) return undefined;
  const { fields } = classShape(codec.schema);
  const name = fields.has("uid") ? "uid" : "id";
  const shape = fields.get(name)?.shape;
  return shape?.kind === "leaf" ? { name, leaf: shape.leaf } : undefined;
}

/** Characters an id may have from 2.2 on; the 15 of 2.0 are not held to, for its peers do not hold to them. */
const USUAL_ID = 36;

/**
 * Why a new object cannot have this id in the version it came in. Other texts may be longer than the standard allows, an id not:
 * it is sent on as it came, in URLs too. Undefined when it can.
 */
export function idFault(version: Version, kind: Kind, id: string): Fault | undefined {
  const found = idLeaf(version, kind);
  const why = found && misfit(id, { ...found.leaf, max: Math.max(found.leaf.max ?? 0, USUAL_ID), ci: true });
  return why === undefined ? undefined : { pointer: `/${found?.name}`, message: `is ${why}` };
}

/**
 * The name an object goes by in a version: its id, or the alias that its codec puts in its place. For URLs towards a partner;
 * an object that came in this very version keeps its id.
 */
export function idIn(version: Version, kind: Kind, id: string, origin: string): string {
  if (origin === version.number) return id;
  const found = idLeaf(version, kind);
  return found !== undefined && misfit(id, found.leaf) !== undefined ? aliasId(id) : id;
}
