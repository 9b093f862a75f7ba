import type { Endpoint } from "../../../src/ocpi/endpoints.ts";
import { endpoints as v2_0 } from "../../../src/ocpi/v2_0/endpoints.ts";
import { endpoints as v2_1_1 } from "../../../src/ocpi/v2_1_1/endpoints.ts";
import { endpoints as v2_2 } from "../../../src/ocpi/v2_2/endpoints.ts";
import { endpoints as v2_2_1 } from "../../../src/ocpi/v2_2_1/endpoints.ts";
import { endpoints as v2_3_0 } from "../../../src/ocpi/v2_3_0/endpoints.ts";
import type { Version } from "../../sandbox/versions.ts";

export type { Endpoint };

/** The endpoint table of the gateway: all that these tests know of its source. */
export const TABLE: Record<Version, readonly Endpoint[]> = {
  "2.0": v2_0,
  "2.1.1": v2_1_1,
  "2.2": v2_2,
  "2.2.1": v2_2_1,
  "2.3.0": v2_3_0,
};

/** A row as a line to read, and to name its case by. */
export function nameOf({ module, role, method, path }: Endpoint): string {
  return [module, role, method, path].filter(Boolean).join(" ");
}

/** Methods that a path of this row does not have in this version. */
export function foreignMethods(version: Version, row: Endpoint): string[] {
  const length = row.path.split("/").length;
  const own = TABLE[version].filter(
    ({ module, role, path }) => module === row.module && role === row.role && path.split("/").length === length,
  );
  const methods = new Set<string>(own.map(({ method }) => method));
  return ["GET", "POST", "PUT", "PATCH", "DELETE"].filter((method) => !methods.has(method));
}
