import * as v from "valibot";

const url = v.pipe(
  v.string(),
  v.maxLength(2000),
  v.check((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), "is not an http or https URL"),
  v.metadata({ format: "uri" }),
);
const whole = (least: number, most: number, unit: string) =>
  v.pipe(
    v.number(),
    v.integer("is not a whole number"),
    v.minValue(least, `is less than ${least}`),
    v.maxValue(most, `is more than ${most}`),
    v.description(unit),
  );

const webhook = v.pipe(
  url,
  v.description(
    "Asked about a token before the gateway's own list: a signed POST (Standard Webhooks) with type `token.authorize` and data `{ partner, token, location? }`, to be answered by 200 with an AuthorizationInfo, 404 with a JSON object for an unknown token, or 422 when a location is needed. With any other answer, also a 404 that is not JSON, or none in time, the own list decides. Of the token `country_code`, `party_id` and `last_updated` may be left out, and all of it where the gateway knows it or whose it is. Null: not asked.",
  ),
);
const entries = {
  timeoutMs: whole(50, 30_000, "Milliseconds the back office may take; then the own list decides."),
  partnerTimeoutMs: whole(50, 30_000, "Milliseconds a partner may take that is asked about a token of its own."),
  accept: v.pipe(
    v.picklist(["ALWAYS", "NEVER"]),
    v.description("The immediate answer to a partner's command that passes the checks of the standard."),
  ),
  timeoutS: whole(1, 3_600, "Seconds the back office has for the result of a command."),
  required: v.pipe(
    v.array(v.picklist(["departure_time", "energy_need"])),
    v.description(
      "What charging preferences for a session of ours must say. Others are answered DEPARTURE_REQUIRED or ENERGY_NEED_REQUIRED.",
    ),
  ),
  staleAfterS: whole(1, 31_536_000, "Seconds without an update after which a session that has not ended is flagged."),
  days: whole(1, 3_650, "Days OCPI messages are kept."),
};

/** The settings of the gateway. */
export const GatewaySettings = v.object({
  authorize: v.object({
    webhook: v.nullable(webhook),
    secret: v.optional(
      v.pipe(
        v.string(),
        v.description(
          "`whsec_...`: what requests to the webhook are signed with (Standard Webhooks). Shown only in the answer to the change that set its URL.",
        ),
      ),
    ),
    timeout_ms: entries.timeoutMs,
    partner_timeout_ms: entries.partnerTimeoutMs,
  }),
  commands: v.object({ accept: entries.accept, timeout_s: entries.timeoutS }),
  charging_preferences: v.object({ required: entries.required }),
  sessions: v.object({ stale_after_s: entries.staleAfterS }),
  journal: v.object({ days: entries.days }),
});

/** Body of PATCH /settings. Spec: RFC 7396; null brings the default back. */
export const GatewaySettingsPatch = v.strictObject({
  authorize: v.nullish(
    v.strictObject({
      webhook: v.nullish(webhook),
      timeout_ms: v.nullish(entries.timeoutMs),
      partner_timeout_ms: v.nullish(entries.partnerTimeoutMs),
    }),
  ),
  commands: v.nullish(v.strictObject({ accept: v.nullish(entries.accept), timeout_s: v.nullish(entries.timeoutS) })),
  charging_preferences: v.nullish(v.strictObject({ required: v.nullish(entries.required) })),
  sessions: v.nullish(v.strictObject({ stale_after_s: v.nullish(entries.staleAfterS) })),
  journal: v.nullish(v.strictObject({ days: v.nullish(entries.days) })),
});
