import type { Version } from "../versions.ts";
import { defineCodecs } from "../walker/define.ts";
import { dialect } from "./dialect.ts";
import { endpoints } from "./endpoints.ts";
import { rules } from "./rules.ts";
import { schemas } from "./schemas.ts";

/** OCPI 2.1.1. */
export const v2_1_1: Version = {
  number: "2.1.1",
  codecs: defineCodecs("2.1.1", schemas, rules, dialect),
  dialect,
  endpoints,
};
