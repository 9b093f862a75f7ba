import * as v from "valibot";
import { commandView } from "../../gateway/command-types.ts";
import { sendCommand } from "../../gateway/commands.ts";
import { objectNamed } from "../../gateway/objects.ts";
import { ownDriver } from "../../gateway/speaker.ts";
import type { JsonObject } from "../../lib/json.ts";
import { err, ok, type Result } from "../../lib/result.ts";
import type { CommandType } from "../../ports/commands.ts";
import { readOrder } from "../commands.ts";
import type { Refusal } from "../problem.ts";
import { ChargingProfileInput, Command } from "../schemas/commands.ts";
import { type Answer, type Call, type Row, row } from "../table.ts";
import { absent } from "./object-reads.ts";
import { sessionAt } from "./sessions.ts";

const tag = "Commands";
const path = "/sessions/{country_code}/{party_id}/{id}/charging-profile";

const answers = {
  202: { description: "The command as the partner answered it", content: { "application/json": Command } },
};
const refusals: Refusal["kind"][] = ["unknown_object", "conflict", "not_representable", "no_matching_endpoints"];
const description =
  "For a session of a partner, from 2.2 on. Answered when the partner has answered; the result comes later: GET /commands/{id}?wait=30, or event `charging_profile.result`.";

/** The part of a request these rows work on. */
type ProfileCall = Pick<Call<"country_code" | "party_id" | "id">, "ports" | "params" | "base">;

/** Sends a request about a partner's session. Two D1 calls, beside those of the command. */
async function ask(call: ProfileCall, type: CommandType, body: JsonObject): Promise<Result<Answer, Refusal>> {
  const { ports, params, base } = call;
  const { country_code, party_id, id } = params;
  const name = `${country_code}/${party_id}/${id}`;
  const target = sessionAt(params);
  const session = await objectNamed(ports, target);
  if (session === null) return err(absent(target));
  const partner = session.partner === null ? null : await ports.partners.get(session.partner);
  if (session.partner === null) {
    return err({ kind: "conflict", message: `Session ${name} is our own: its profile is set by our own systems` });
  }
  if (partner?.status !== "REGISTERED") {
    return err({ kind: "conflict", message: `The partner of session ${name} is not connected` });
  }
  const to = { country_code: session.country_code, party_id: session.party_id };
  const sent = await sendCommand(
    ports,
    partner,
    { type, to, from: await ownDriver(ports, session.body), body, session: { ...to, id: session.id } },
    base,
  );
  return sent.ok ? ok({ status: 202, json: commandView(sent.value) }) : sent;
}

export const chargingProfileRows: readonly Row[] = [
  row({
    id: "getChargingProfile",
    method: "GET",
    path,
    tag,
    summary: "Ask for the charging profile a session is under",
    description,
    query: v.object({
      duration: v.optional(
        v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(86_400), v.description("Seconds to look ahead.")),
        900,
      ),
    }),
    answers,
    refusals,
    operate: (call) => ask(call, "GET_CHARGING_PROFILE", { duration: call.query.duration }),
  }),
  row({
    id: "putChargingProfile",
    method: "PUT",
    path,
    tag,
    summary: "Set the charging profile of a session",
    description,
    body: {
      schema: ChargingProfileInput,
      limit: "small",
      required: true,
      example: {
        charging_profile: { charging_rate_unit: "A", charging_profile_period: [{ start_period: 0, limit: 16 }] },
      },
    },
    answers,
    refusals: [...refusals, "invalid"],
    async operate(call) {
      const order = readOrder("SET_CHARGING_PROFILE", call.body as JsonObject, [], call.ports.clock.now());
      if (!order.ok) return err({ kind: "invalid", faults: order.error });
      return ask(call, "SET_CHARGING_PROFILE", order.value.body);
    },
  }),
  row({
    id: "deleteChargingProfile",
    method: "DELETE",
    path,
    tag,
    summary: "Clear the charging profile of a session",
    description,
    answers,
    refusals,
    operate: (call) => ask(call, "CLEAR_CHARGING_PROFILE", {}),
  }),
];
