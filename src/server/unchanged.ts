import type { Version } from "../ocpi/versions.ts";
import type { ObjectReader, PageRow } from "../ports/objects.ts";

/** Texts remembered for a version, a few bytes each. When there are more, it begins anew. */
const SIZE = 100_000;

/** Stored texts that were found to be, word for word, what a version says. */
export interface UnchangedTexts {
  has(row: PageRow): boolean;
  add(row: PageRow): void;
}

/** By store and version: length of the text by its revision. */
const remembered = new WeakMap<ObjectReader, Map<Version, Map<number, number>>>();

/**
 * What this isolate has found out about the texts of a store: most objects say the same in neighbouring versions, and need not
 * be parsed to be said again. A text is known by its revision, which no other text has.
 */
export function unchangedTexts(store: ObjectReader, version: Version): UnchangedTexts {
  const versions = remembered.get(store) ?? new Map<Version, Map<number, number>>();
  remembered.set(store, versions);
  const lengths = versions.get(version) ?? new Map<number, number>();
  versions.set(version, lengths);
  return {
    // The length is compared in case that a restored backup counts revisions anew.
    has: ({ revision, text }) => lengths.get(revision) === text.length,
    add: ({ revision, text }) => {
      if (lengths.size >= SIZE) lengths.clear();
      lengths.set(revision, text.length);
    },
  };
}
