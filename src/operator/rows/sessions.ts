import * as v from "valibot";
import { sendPreferences } from "../../gateway/charging-preferences.ts";
import { pushProfile } from "../../gateway/charging-profiles.ts";
import { objectNamed } from "../../gateway/objects.ts";
import { sessionNamed } from "../../gateway/sessions.ts";
import type { JsonObject } from "../../lib/json.ts";
import { err, ok } from "../../lib/result.ts";
import type { ChargingPreferences as Preferences } from "../../model/sessions.ts";
import { ChargingPreferences, ChargingPreferencesResponse } from "../../model/sessions.ts";
import type { Codec } from "../../ocpi/codec.ts";
import { codecOf, newest } from "../../ocpi/versions.ts";
import type { Target } from "../../ports/objects.ts";
import { ProfileTold } from "../schemas/commands.ts";
import { row } from "../table.ts";
import { absent } from "./object-reads.ts";

const tag = "Real time";

type Named = { country_code: string; party_id: string; id: string };

/** The session a path names. */
export const sessionAt = ({ country_code, party_id, id }: Named): Omit<Target, "ciIds"> => ({
  module: "sessions",
  country_code: country_code.toUpperCase(),
  party_id: party_id.toUpperCase(),
  id,
});

/** What the operator does with a session while it goes on. */
export const sessionRows = [
  row({
    id: "watchSession",
    method: "GET",
    path: "/sessions/{country_code}/{party_id}/{id}/live",
    tag,
    summary: "Watch a session",
    description:
      "A WebSocket. The first message is the Session as it is now, each further one the Session after a change. It is closed (1000) when the session has ended. `ping` is answered `pong`.",
    answers: { 101: { description: "The WebSocket" } },
    refusals: ["unknown_object"],
    async operate({ ports, params, request }) {
      if (request.headers.get("Upgrade")?.toLowerCase() !== "websocket") {
        return err({
          kind: "bad_request",
          faults: [{ pointer: "/Upgrade", message: "must be websocket: this is no plain GET" }],
        });
      }
      const target = sessionAt(params);
      const session = await objectNamed(ports, target);
      if (session === null) return err(absent(target));
      const response = await ports.sessions.live(session, request);
      if (response.status === 404) return err(absent(target));
      return ok({ status: response.status, response });
    },
  }),
  row({
    id: "putChargingPreferences",
    method: "PUT",
    path: "/sessions/{country_code}/{party_id}/{id}/charging-preferences",
    tag,
    summary: "Tell a partner what our driver wishes of a session",
    description: "Asks the CPO of the session at once.",
    body: {
      schema: v.custom<Preferences>((value) => typeof value === "object" && value !== null, "is not a JSON object"),
      documented: "ChargingPreferences",
      limit: "small",
      required: true,
      example: { profile_type: "GREEN", departure_time: "2026-01-31T18:00:00Z", energy_need: 20 },
    },
    answers: {
      200: { description: "What the CPO says to it", content: { "application/json": ChargingPreferencesResponse } },
    },
    refusals: ["unknown_object", "forbidden", "incapable", "not_representable", "client_api_unusable"],
    async operate({ ports, params, body }) {
      const read = newest.codecs.ChargingPreferences?.parse(body);
      if (read && !read.ok) return err({ kind: "invalid", faults: read.error });
      const target = sessionAt(params);
      const session = await sessionNamed(ports, target);
      if (session === null) return err(absent(target));
      const said = await sendPreferences(ports, session, v.parse(ChargingPreferences, body));
      return said.ok ? ok({ status: 200, json: said.value }) : said;
    },
  }),
  row({
    id: "putActiveChargingProfile",
    method: "PUT",
    path: "/sessions/{country_code}/{party_id}/{id}/active-charging-profile",
    tag,
    summary: "Tell what charging profile a session of ours is under now",
    description:
      "The partners whose SET_CHARGING_PROFILE for this session you answered with ACCEPTED are told, once each; nobody else may be. Answered when they have answered. 409 when there is none, or the session has ended.",
    body: {
      schema: v.looseObject({}),
      documented: "ActiveChargingProfile",
      limit: "small",
      required: true,
      example: {
        start_date_time: "2026-01-31T18:00:00Z",
        charging_profile: { charging_rate_unit: "A", charging_profile_period: [{ start_period: 0, limit: 10 }] },
      },
    },
    answers: { 200: { description: "Who was told", content: { "application/json": ProfileTold } } },
    refusals: ["unknown_object", "forbidden", "conflict", "invalid"],
    async operate({ ports, params, body }) {
      const codec = codecOf(newest, "ActiveChargingProfile") as Codec;
      const read = codec.parse(body);
      if (!read.ok) return err({ kind: "invalid", faults: read.error });
      const target = sessionAt(params);
      const session = await sessionNamed(ports, target);
      if (session === null) return err(absent(target));
      if (session.partner !== null)
        return err({ kind: "forbidden", message: "This is a session of a partner: it tells of its profile" });
      const told = await pushProfile(ports, session, codec.up(read.value, {}) as JsonObject);
      return told.ok ? ok({ status: 200, json: { partners: told.value } }) : told;
    },
  }),
];
