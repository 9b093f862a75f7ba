import * as v from "valibot";
import { Time } from "./common.ts";

const CountryCode = v.pipe(v.string(), v.regex(/^[A-Za-z]{2}$/, "is not two letters"));
const PartyId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9]{3}$/, "is not three letters or digits"));

const Party = v.strictObject({ country_code: CountryCode, party_id: PartyId });

/** Body of POST /commands/{type}: the rest is the OCPI body, checked by the newest version's schema. */
export const CommandInput = v.looseObject({
  from: v.optional(
    v.pipe(
      Party,
      v.description(
        "Our party it is from, where we have several: that of the token where there is one; by default that of the session, or of the reservation.",
      ),
    ),
  ),
  to: v.pipe(
    Party,
    v.description("The partner's party that shall do it. Beside it stands the OCPI body, without `response_url`."),
  ),
});

/** Body of POST /commands/{id}/result; `profile` goes with a GET of a charging profile. */
export const CommandResultInput = v.looseObject({
  result: v.pipe(
    v.string(),
    v.description("CommandResultType; of a charging profile's request ChargingProfileResultType."),
  ),
  message: v.optional(
    v.nullable(
      v.union([
        v.string(),
        v.array(v.looseObject({ language: v.string(), text: v.string() })),
        v.looseObject({ language: v.string(), text: v.string() }),
      ]),
    ),
  ),
  profile: v.optional(
    v.nullable(v.pipe(v.looseObject({}), v.description("ActiveChargingProfile: what a GET asked for."))),
  ),
});

/** Body of PUT .../charging-profile. */
export const ChargingProfileInput = v.looseObject({ charging_profile: v.looseObject({}) });

/** Answer to PUT .../active-charging-profile. */
export const ProfileTold = v.object({
  partners: v.array(
    v.object({
      partner: v.string(),
      delivered: v.pipe(v.boolean(), v.description("Whether the partner took it. It is not tried again.")),
      http_status: v.nullable(v.number()),
      error: v.nullable(v.string()),
    }),
  ),
});

const Answer = v.looseObject({ result: v.string() });

/** A command: what was asked of a partner, or by one. */
export const Command = v.object({
  id: v.string(),
  type: v.picklist([
    "START_SESSION",
    "STOP_SESSION",
    "RESERVE_NOW",
    "CANCEL_RESERVATION",
    "UNLOCK_CONNECTOR",
    "SET_CHARGING_PROFILE",
    "GET_CHARGING_PROFILE",
    "CLEAR_CHARGING_PROFILE",
  ]),
  direction: v.pipe(v.picklist(["out", "in"]), v.description("`out`: we sent it. `in`: a partner did.")),
  partner: v.string(),
  status: v.pipe(
    v.picklist(["SENDING", "ACCEPTED", "REJECTED", "DONE", "TIMED_OUT", "FAILED"]),
    v.description(
      "`ACCEPTED`: the result is awaited. `REJECTED`: the response refuses it. `DONE`: the result is here. `TIMED_OUT`: it did not come in time. `FAILED`: there was no response, see `error`. `SENDING`: the response is awaited; the answer to the POST never says it.",
    ),
  ),
  response: v.pipe(v.nullable(Answer), v.description("CommandResponse, or ChargingProfileResponse.")),
  result: v.pipe(v.nullable(Answer), v.description("CommandResult, or the result of a charging profile's request.")),
  late: v.pipe(v.boolean(), v.description("The result came when nobody waited any more; `status` stays as it was.")),
  later: v.optional(
    v.pipe(v.array(Answer), v.description("Results after the first: a reservation that the CPO took back.")),
  ),
  error: v.optional(
    v.looseObject({
      message: v.string(),
      http_status: v.nullable(v.number()),
      ocpi_status: v.nullable(v.number()),
    }),
  ),
  session: v.optional(
    v.pipe(
      v.object({ country_code: v.string(), party_id: v.string(), id: v.string() }),
      v.description("The session it is about, or that came of it."),
    ),
  ),
  created_at: Time,
  expires_at: v.pipe(Time, v.description("Until when the result is awaited.")),
});
