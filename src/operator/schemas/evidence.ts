import * as v from "valibot";
import { listOf, Time } from "./common.ts";

/** Something that happened, for the back office. */
export const Event = v.object({
  id: v.string(),
  type: v.string(),
  time: Time,
  data: v.pipe(
    v.looseObject({}),
    v.description("`{ partner?, <resource>: {...} }`, named by the first part of the type."),
  ),
});

/** Events have always a cursor: the feed goes on. */
export const EventList = v.object({
  items: v.array(Event),
  next_cursor: v.pipe(v.string(), v.description("Hand it back as `after`.")),
});

/** What became of an object on its way to a partner. */
export const Delivery = v.object({
  id: v.string(),
  partner: v.string(),
  module: v.string(),
  key: v.pipe(v.string(), v.description("`{country_code}/{party_id}/{id}`.")),
  state: v.pipe(
    v.picklist(["PENDING", "DELIVERED", "MAYBE", "REJECTED", "STALE"]),
    v.description("`MAYBE`: sent, no answer. `REJECTED`: refused for good. `STALE`: retries are spent."),
  ),
  attempts: v.number(),
  last_status: v.nullable(v.number()),
  last_error: v.nullable(v.string()),
  next_attempt_at: v.nullable(Time),
  updated_at: Time,
  location: v.optional(v.pipe(v.string(), v.description("Of a CDR that was taken: where the partner shows it."))),
});
/** What a partner shows of a CDR that it was sent. */
export const Verification = v.object({
  held: v.pipe(v.nullable(v.boolean()), v.description("Whether it shows the CDR; null: it did not answer.")),
  same: v.pipe(
    v.nullable(v.boolean()),
    v.description("Whether that is what it was sent; null: it shows nothing, or says it in another version by now."),
  ),
  location: v.string(),
  http_status: v.nullable(v.number()),
  error: v.nullable(v.string()),
  object: v.pipe(v.nullable(v.looseObject({})), v.description("What it shows, in its version.")),
});
export const DeliveryList = listOf(Delivery);

const Finding = v.looseObject({ pointer: v.string(), message: v.string() });
const Loss = v.looseObject({ pointer: v.string(), reason: v.string() });

/** One OCPI exchange, in or out. */
export const Message = v.object({
  id: v.string(),
  time: Time,
  partner: v.nullable(v.string()),
  direction: v.picklist(["in", "out"]),
  module: v.nullable(v.string()),
  method: v.string(),
  url: v.string(),
  http_status: v.nullable(v.number()),
  ocpi_status: v.nullable(v.number()),
  duration_ms: v.number(),
  request_id: v.nullable(v.string()),
  correlation_id: v.nullable(v.string()),
  error: v.nullable(v.string()),
  losses: v.pipe(v.array(Loss), v.description("What the version of the partner could not say.")),
  findings: v.pipe(v.array(Finding), v.description("What was accepted though it is not as the standard has it.")),
  request_body: v.nullable(v.string()),
  response_body: v.nullable(v.string()),
});
export const MessageList = listOf(Message);
