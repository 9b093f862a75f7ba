import type { Codec, Codecs, Kind } from "./codec.ts";
import type { Dialect } from "./dialect.ts";
import type { Endpoint } from "./endpoints.ts";
import { v2_0 } from "./v2_0/version.ts";
import { v2_1_1 } from "./v2_1_1/version.ts";
import { v2_2 } from "./v2_2/version.ts";
import { v2_2_1 } from "./v2_2_1/version.ts";
import { v2_3_0 } from "./v2_3_0/version.ts";

/** An OCPI version as one value. Adding one is a folder and a line below. */
export interface Version {
  /** VersionNumber as in version lists and URLs, e.g. `2.2.1`. */
  readonly number: string;
  readonly codecs: Codecs;
  readonly dialect: Dialect;
  /** Rows of the endpoint table this version has. */
  readonly endpoints: readonly Endpoint[];
}

/** All versions, oldest first. */
export const versions: readonly Version[] = [v2_0, v2_1_1, v2_2, v2_2_1, v2_3_0];

/** The version the model reads like, and that own objects come in. */
export const newest: Version = v2_3_0;

/** The version of that number; undefined when we do not speak it. */
export function versionByNumber(number: string): Version | undefined {
  return versions.find((version) => version.number === number);
}

/** The codec of a kind, undefined when the version lacks it. Keeps the kind's type where `version.codecs[kind]` cannot. */
export function codecOf<K extends Kind>(version: Version, kind: K): Codec<K> | undefined {
  return version.codecs[kind] as Codec<K> | undefined;
}
