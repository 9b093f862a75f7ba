import * as v from "valibot";
import { Types } from "../event-types.ts";
import { listOf, Time } from "./common.ts";

const url = v.pipe(
  v.string(),
  v.maxLength(2000, "is longer than 2000 characters"),
  v.check((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), "is not an http or https URL"),
  v.description("Where events are posted to: https, a public name, not this gateway."),
  v.metadata({ format: "uri" }),
);
const description = v.pipe(v.string(), v.maxLength(500, "is longer than 500 characters"));
const status = v.picklist(["ENABLED", "DISABLED"]);

/** Body of POST /webhooks. */
export const WebhookInput = v.strictObject({
  url,
  types: v.nullish(Types),
  description: v.nullish(description),
});

/** Body of PATCH /webhooks/{id}. */
export const WebhookPatch = v.strictObject({
  url: v.optional(url),
  types: v.nullish(Types),
  description: v.nullish(description),
  status: v.optional(v.pipe(status, v.description("`ENABLED` again, it is sent what it missed."))),
});

const entries = {
  id: v.string(),
  url: v.string(),
  types: v.array(v.string()),
  description: v.nullable(v.string()),
  status: v.pipe(status, v.description("`DISABLED` by you, or because the receiver answered 410.")),
  created_at: Time,
  updated_at: Time,
};

const delivery = v.pipe(
  v.nullable(
    v.object({
      last_event: v.pipe(v.string(), v.description("Id of the last event that was dealt with.")),
      delivered: v.number(),
      failed: v.pipe(v.number(), v.description("Events given up after the last attempt.")),
      attempts: v.pipe(v.number(), v.description("Failed attempts in a row at the next event.")),
      last_status: v.nullable(v.number()),
      last_error: v.nullable(v.string()),
      last_attempt_at: v.nullable(Time),
      next_attempt_at: v.nullable(Time),
    }),
  ),
  v.description("How deliveries fare; null before the first."),
);

/** Where events are sent to. */
export const Webhook = v.object({ ...entries, delivery });
export const WebhookList = listOf(v.object(entries));

/** The one answer that shows the secret. */
export const NewWebhook = v.object({
  ...entries,
  secret: v.pipe(
    v.string(),
    v.description("`whsec_...`: what deliveries are signed with (Standard Webhooks). Shown only here."),
  ),
});

/** What came of a test. */
export const WebhookTest = v.object({
  delivered: v.boolean(),
  http_status: v.nullable(v.number()),
  error: v.nullable(v.string()),
});
