import type { Version } from "../versions.ts";
import { defineCodecs } from "../walker/define.ts";
import { dialect } from "./dialect.ts";
import { endpoints } from "./endpoints.ts";
import { rules } from "./rules.ts";
import { schemas } from "./schemas.ts";

/** OCPI 2.2. */
export const v2_2: Version = {
  number: "2.2",
  codecs: defineCodecs("2.2", schemas, rules, dialect),
  dialect,
  endpoints,
};
