import type { Version } from "../versions.ts";
import { defineCodecs } from "../walker/define.ts";
import { dialect } from "./dialect.ts";
import { endpoints } from "./endpoints.ts";
import { rules } from "./rules.ts";
import { schemas } from "./schemas.ts";

/** OCPI 2.0. */
export const v2_0: Version = {
  number: "2.0",
  codecs: defineCodecs("2.0", schemas, rules, dialect),
  dialect,
  endpoints,
};
