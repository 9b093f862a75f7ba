import * as v from "valibot";
import { answerCommand } from "../../gateway/command-replies.ts";
import { COMMANDS, commandNames, commandView } from "../../gateway/command-types.ts";
import { partnerBehind, sendCommand } from "../../gateway/commands.ts";
import { isObject, type JsonObject } from "../../lib/json.ts";
import { err, ok } from "../../lib/result.ts";
import type { PartyRef } from "../../ocpi/headers.ts";
import { readOrder, readResult } from "../commands.ts";
import type { Refusal } from "../problem.ts";
import { Command, CommandInput, CommandResultInput } from "../schemas/commands.ts";
import { type Row, row } from "../table.ts";

const tag = "Commands";

const token = {
  country_code: "NL",
  party_id: "TNM",
  uid: "012345678",
  type: "RFID",
  contract_id: "NL-TNM-C12345678-X",
  issuer: "TheNewMotion",
  valid: true,
  whitelist: "ALWAYS",
};

const examples: Readonly<Record<string, JsonObject>> = {
  START_SESSION: { token, location_id: "LOC1", evse_uid: "1", connector_id: "1" },
  STOP_SESSION: { session_id: "101" },
  RESERVE_NOW: { token, expiry_date: "2026-06-01T12:00:00Z", reservation_id: "R1", location_id: "LOC1", evse_uid: "1" },
  CANCEL_RESERVATION: { reservation_id: "R1" },
  UNLOCK_CONNECTOR: { location_id: "LOC1", evse_uid: "1", connector_id: "1" },
};

const orders: Row[] = commandNames.map((type) =>
  row({
    id: `post${COMMANDS[type].request}`,
    method: "POST",
    path: `/commands/${type}`,
    tag,
    summary: `Ask a partner for ${type}`,
    description:
      "The body is OCPI's, without `response_url`, and `to`. Answered when the partner has answered; the result comes later: GET /commands/{id}?wait=30, or event `command.result`.",
    body: {
      schema: CommandInput,
      limit: "small",
      required: true,
      example: { to: { country_code: "DE", party_id: "ALL" }, ...examples[type] },
    },
    answers: {
      202: { description: "The command as the partner answered it", content: { "application/json": Command } },
    },
    refusals: ["unknown_receiver", "invalid", "not_representable", "no_matching_endpoints"],
    async operate({ ports, body, base }) {
      const { to, from, ...said } = body;
      const parties = await ports.parties.list();
      const order = readOrder(type, said as JsonObject, parties, ports.clock.now(), from && upper(from));
      if (!order.ok) return err({ kind: "invalid", faults: order.error });
      const partner = await partnerBehind(ports, to, type);
      if (!partner.ok) return partner;
      const sent = await sendCommand(ports, partner.value, { type, to: upper(to), ...order.value }, base);
      return sent.ok ? ok({ status: 202, json: commandView(sent.value) }) : sent;
    },
  }),
);

const upper = ({ country_code, party_id }: PartyRef): PartyRef => ({
  country_code: country_code.toUpperCase(),
  party_id: party_id.toUpperCase(),
});

/** An id we give out; any other is not even looked for. */
const ID = /^[A-Za-z0-9_-]{22}$/;

export const commandRows: readonly Row[] = [
  ...orders,
  row({
    id: "getCommand",
    method: "GET",
    path: "/commands/{id}",
    tag,
    summary: "A command as it stands",
    description: "With `wait` the answer comes with its final state, or after that many seconds as it stands then.",
    query: v.object({
      wait: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(60), v.description("Seconds.")), 0),
    }),
    answers: { 200: { description: "The command", content: { "application/json": Command } } },
    refusals: ["unknown_object"],
    async operate({ ports, params, query }) {
      const command = ID.test(params.id) ? await ports.commands.read(params.id, query.wait * 1000) : null;
      return command === null ? err(unknown(params.id)) : ok({ status: 200, json: commandView(command) });
    },
  }),
  row({
    id: "postCommandResult",
    method: "POST",
    path: "/commands/{id}/result",
    tag,
    summary: "Answer a partner's command",
    description:
      "Posted to the partner's `response_url`. A reservation that was accepted may be taken back by a second result, CANCELED_RESERVATION. Once the time of the command is over the gateway has reported so, and takes no result.",
    body: { schema: CommandResultInput, limit: "small", required: true, example: { result: "ACCEPTED" } },
    answers: { 202: { description: "The command with its result", content: { "application/json": Command } } },
    refusals: ["unknown_object", "gone", "conflict", "invalid"],
    async operate({ ports, params, body }) {
      const command = ID.test(params.id) ? await ports.commands.read(params.id, 0) : null;
      if (command === null || command.direction !== "in") return err(unknown(params.id));
      const result = readResult(command.type, worded(body as JsonObject));
      if (!result.ok) return err({ kind: "invalid", faults: result.error });
      const answered = await answerCommand(ports, command, result.value);
      if (answered === null) return err(unknown(params.id));
      switch (answered.outcome) {
        case "gone":
          return err({ kind: "gone", message: "Its time is over: the partner was told so" });
        case "conflict":
          return err({ kind: "conflict", message: "It has another result already" });
        default:
          return ok({ status: 202, json: commandView(answered.command) });
      }
    },
  }),
];

/** `message` may be a plain text, which is English then. */
function worded({ message, ...body }: JsonObject): JsonObject {
  if (message === undefined || message === null) return body;
  if (typeof message === "string") return { ...body, message: [{ language: "en", text: message }] };
  return { ...body, message: isObject(message) ? [message] : message };
}

const unknown = (id: string): Refusal => ({ kind: "unknown_object", message: `There is no command ${id}` });
