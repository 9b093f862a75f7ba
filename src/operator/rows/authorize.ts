import * as v from "valibot";
import { authorizeForeign } from "../../gateway/authorize-foreign.ts";
import { DEFAULT_TOKEN_TYPE } from "../../gateway/keys.ts";
import type { JsonObject } from "../../lib/json.ts";
import { ok } from "../../lib/result.ts";
import { AuthorizationInfo, type LocationReferences } from "../../model/tokens.ts";
import { shown } from "../model-view.ts";
import { row } from "../table.ts";
import { readParty } from "./parties.ts";

const id = v.pipe(v.string(), v.minLength(1, "is empty"), v.maxLength(36, "is longer than 36 characters"));

/** Where the driver stands, as LocationReferences; nothing of it: not said. */
const Place = v.pipe(
  v.looseObject({
    location_id: v.optional(id),
    evse_uids: v.nullish(v.array(id)),
    connector_ids: v.nullish(v.pipe(v.array(id), v.description("Said to partners of 2.1.1 only."))),
  }),
  // Looked at whatever else is wrong, so that both are told.
  v.rawCheck(({ dataset, addIssue }) => {
    const said = dataset.value as Record<string, unknown> | null;
    if (typeof said !== "object" || said === null || said.location_id !== undefined) return;
    if (!said.evse_uids && !said.connector_ids) return;
    addIssue({
      message: "is missing",
      input: said,
      path: [{ type: "object", origin: "value", input: said, key: "location_id", value: undefined }],
    });
  }),
  v.metadata({ required: ["location_id"] }),
);

const Answered = v.object({
  ...AuthorizationInfo.entries,
  source: v.pipe(
    v.picklist(["REALTIME", "WHITELIST"]),
    v.description("`REALTIME`: the eMSP said so now. `WHITELIST`: the token as it last told us."),
  ),
});

export const authorizeRows = [
  row({
    id: "authorizeToken",
    method: "POST",
    path: "/tokens/{country_code}/{party_id}/{uid}/authorize",
    tag: "Real time",
    summary: "May this token be used here and now?",
    description:
      "Of a partner's token. Its `whitelist` decides: `ALWAYS`, and `ALLOWED` while it is valid, are answered from the list; any other is asked of the eMSP, and of those an `ALLOWED_OFFLINE` one that is valid is let in when the eMSP does not answer in time (`authorize.partner_timeout_ms`), fails, or is suspended. An eMSP that answers and refuses is 502: then the list lets nobody in. A contract id (EMAID; with type RFID, which is the default, unless it is bytes in hexadecimal) is known in all its spellings, and asked of the provider it names where nobody told us of it.",
    query: v.object({
      type: v.optional(
        v.pipe(v.string(), v.minLength(1), v.maxLength(36), v.description("TokenType.")),
        DEFAULT_TOKEN_TYPE,
      ),
    }),
    body: { schema: Place, limit: "small", required: false, example: { location_id: "LOC1", evse_uids: ["3256"] } },
    answers: {
      200: { description: "AuthorizationInfo, and its source", content: { "application/json": Answered } },
    },
    refusals: ["unknown_token", "conflict", "not_enough_information", "client_api_unusable", "no_answer"],
    async operate({ ports, params, query, body }) {
      const party = readParty(params);
      if (!party.ok) return party;
      const references = body.location_id === undefined ? null : (body as LocationReferences);
      const wanted = { ...party.value, uid: params.uid, type: query.type };
      const done = await authorizeForeign(ports, wanted, references);
      if (!done.ok) return done;
      const { info, source } = done.value;
      return ok({ status: 200, json: { ...shown(info as unknown as JsonObject), source } });
    },
  }),
];
