import type { Dialect } from "../dialect.ts";
import { dialect as v211 } from "../v2_1_1/dialect.ts";

/** Spec: 2.0 mod_locations, mod_tokens, mod_sessions. */
export const dialect: Dialect = {
  ...v211,
  lastUpdated: false,
  authorize: false,
  dateFilters: false,
  sessionDateFilter: "start",
  senderSingleGet: false,
  dateOffsets: true,
};
