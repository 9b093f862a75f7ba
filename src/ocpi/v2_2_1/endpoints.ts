import type { Endpoint } from "../endpoints.ts";
import { endpoints as endpoints22 } from "../v2_2/endpoints.ts";

/** What exists in OCPI 2.2.1: the same as in 2.2. Spec: 2.2.1 mod_*, Interfaces and endpoints. */
export const endpoints: readonly Endpoint[] = endpoints22;
