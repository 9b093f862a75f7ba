import type { Endpoint } from "../endpoints.ts";
import { endpoints as endpoints221 } from "../v2_2_1/endpoints.ts";

/** What exists in OCPI 2.3.0: the same as in 2.2.1. Spec: 2.3.0 mod_*, Interfaces and endpoints. */
export const endpoints: readonly Endpoint[] = endpoints221;
