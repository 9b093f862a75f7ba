import * as v from "valibot";
import type { Schema } from "../table.ts";

/** A point in time in an answer: RFC 3339, UTC. */
export const Time = v.pipe(v.string(), v.metadata({ format: "date-time" }));

/** A JSON Pointer to a fault, and what is wrong there. */
const FaultEntry = v.object({
  pointer: v.pipe(v.string(), v.description("JSON Pointer into the body; of a parameter: its name behind a slash.")),
  message: v.string(),
});

/** An error. Spec: RFC 9457. */
export const Problem = v.object({
  type: v.string(),
  title: v.string(),
  status: v.pipe(v.number(), v.integer()),
  detail: v.optional(v.string()),
  errors: v.optional(v.array(FaultEntry)),
  step: v.optional(
    v.pipe(
      v.picklist(["versions", "version_details", "credentials"]),
      v.description("Of a registration that failed: the step that did."),
    ),
  ),
  partner_answer: v.optional(
    v.pipe(v.unknown(), v.description("Of a registration that failed: what the partner answered.")),
  ),
  request_id: v.optional(v.string()),
});

/** The health of the gateway. */
export const Health = v.object({
  status: v.literal("ok"),
  version: v.pipe(v.string(), v.description("Version of the gateway's package.")),
});

/** A page of a list. */
export const listOf = (item: Schema) =>
  v.object({
    items: v.array(item),
    next_cursor: v.pipe(
      v.nullable(v.string()),
      v.description("Hand it back as `cursor` for the next page; null: there is none."),
    ),
  });
