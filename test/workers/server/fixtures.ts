import type { JsonObject } from "../../../src/lib/json.ts";
import { versions } from "../../../src/ocpi/versions.ts";

declare global {
  interface ImportMeta {
    /** Vite's import of many files. */
    glob<T>(pattern: string, options: { eager: true; import: string }): Record<string, T>;
  }
}

const files = import.meta.glob<JsonObject[]>("../../sandbox/fixtures/*/*.json", { eager: true, import: "default" });

/** The numbers of all versions. */
export const numbers = versions.map(({ number }) => number);

/** A fresh copy of a version's full example of a module, with fields replaced; undefined removes one. */
export function example(version: string, module: string, replace: JsonObject = {}): JsonObject {
  const found = files[`../../sandbox/fixtures/${version}/${module}.json`]?.[0];
  if (found === undefined) throw new Error(`No example of ${module} in ${version}`);
  const full = structuredClone(found);
  for (const [field, value] of Object.entries(replace)) {
    const isOwner = field === "country_code" || field === "party_id";
    if (value === undefined) delete full[field];
    else if (!isOwner || full[field] !== undefined) full[field] = value;
  }
  return full;
}
