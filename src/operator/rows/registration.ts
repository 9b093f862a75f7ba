import { endpointOf } from "../../client/request.ts";
import {
  inviteAgain,
  type RegistrationFailure,
  refreshRegistration,
  versionsUrlFor,
} from "../../gateway/registration.ts";
import { err, ok } from "../../lib/result.ts";
import { formatTime } from "../../lib/time.ts";
import { hasInterface } from "../../ocpi/interfaces.ts";
import type { Pull } from "../../ports/evidence.ts";
import type { Partner } from "../../ports/partners.ts";
import { partnerView, partnerViews } from "../partner-view.ts";
import type { Refusal } from "../problem.ts";
import {
  Accepted,
  Invitation,
  Partner as PartnerSchema,
  PullInput,
  Pull as PullSchema,
  RegisterInput,
} from "../schemas/partners.ts";
import { row } from "../table.ts";
import { findPartner } from "./partners.ts";

const tag = "Partners";

/** Modules a partner's objects can be pulled of. */
const PULLED = ["locations", "tariffs", "tokens", "sessions", "cdrs"];

/** A registration that failed, as the operator is told. */
export function registrationRefusal(failure: RegistrationFailure): Refusal {
  const { step, message, http, code, answer } = failure;
  if (step === "local") return { kind: "conflict", message };
  const told =
    http === null && code === null && answer === null
      ? undefined
      : { http_status: http, status_code: code, body: answer };
  return { kind: "partner_failed", step, message, ...(told ? { answer: told } : {}) };
}

/** What an invited partner needs: shown once. */
export function invitation(partner: Partner, token: string, base: string) {
  return { ...partnerView(partner, null), token, versions_url: versionsUrlFor(base, partner.side) };
}

export const registrationRows = [
  row({
    id: "invitePartner",
    method: "POST",
    path: "/partners/{id}/invite",
    tag,
    summary: "A fresh token A",
    description:
      "For a partner whose registration was cut off half-way, or who must register anew. Older invitations of it end.",
    answers: {
      201: {
        description: "Hand `token` and `versions_url` to the partner",
        content: { "application/json": Invitation },
      },
    },
    refusals: ["unknown_object"],
    async operate({ ports, params, base }) {
      const partner = await findPartner(ports, params.id);
      if (!partner.ok) return partner;
      const { token } = await inviteAgain(ports, partner.value.id);
      return ok({ status: 201, json: invitation(partner.value, token, base) });
    },
  }),
  row({
    id: "registerPartner",
    method: "POST",
    path: "/partners/{id}/register",
    tag,
    summary: "Renew the registration",
    description: "PUT credentials at the partner: tokens are rotated, and the version changed when one is given.",
    body: { schema: RegisterInput, limit: "small", required: false, example: {} },
    answers: { 200: { description: "The partner as it is now", content: { "application/json": PartnerSchema } } },
    refusals: ["unknown_object", "conflict", "partner_failed"],
    async operate({ ports, params, base, body }) {
      const partner = await findPartner(ports, params.id);
      if (!partner.ok) return partner;
      if (partner.value.status !== "REGISTERED") {
        return err({
          kind: "conflict",
          message: `The partner is ${partner.value.status}; only a registered one can be renewed`,
        });
      }
      const request = { base, ...(body.version !== undefined ? { version: body.version } : {}) };
      const renewed = await refreshRegistration(ports, partner.value, request);
      if (!renewed.ok) return err(registrationRefusal(renewed.error));
      const [view] = await partnerViews(ports, [renewed.value]);
      return ok({ status: 200, json: view });
    },
  }),
  row({
    id: "pullPartner",
    method: "POST",
    path: "/partners/{id}/pull",
    tag,
    summary: "Fetch a partner's objects",
    body: { schema: PullInput, limit: "small", required: false, example: { modules: ["locations"], mode: "full" } },
    answers: { 202: { description: "The pull has begun", content: { "application/json": Accepted } } },
    refusals: ["unknown_object", "conflict"],
    async operate({ ports, params, body }) {
      const found = await findPartner(ports, params.id);
      if (!found.ok) return found;
      const partner = found.value;
      if (partner.status !== "REGISTERED")
        return err({ kind: "conflict", message: `The partner is ${partner.status}` });
      const offered = PULLED.filter((module) => offers(partner, module));
      const faults = (body.modules ?? []).flatMap((module, index) =>
        offered.includes(module) ? [] : [{ pointer: `/modules/${index}`, message: "is not offered by this partner" }],
      );
      if (faults.length > 0) return err({ kind: "invalid", faults });
      if (offered.length === 0)
        return err({ kind: "conflict", message: "The partner offers nothing that could be pulled" });
      const id = ports.ids.uuid();
      await ports.hosts.startPull(partner.id, id, { modules: body.modules ?? offered, mode: body.mode });
      return ok({ status: 202, json: { id } });
    },
  }),
  row({
    id: "getPull",
    method: "GET",
    path: "/partners/{id}/pulls/{pull_id}",
    tag,
    summary: "How a pull fares",
    answers: { 200: { description: "The pull", content: { "application/json": PullSchema } } },
    refusals: ["unknown_object"],
    async operate({ ports, params }) {
      const partner = await findPartner(ports, params.id);
      if (!partner.ok) return partner;
      const pull = await ports.hosts.pull(partner.value.id, params.pull_id);
      if (!pull) return err({ kind: "unknown_object", message: "The partner has no pull of this id" });
      return ok({ status: 200, json: pullView(pull) });
    },
  }),
];

/** Whether a partner has a module's Sender interface; where endpoints have no role, its own role tells. */
function offers(partner: Partner, module: string): boolean {
  const endpoint = endpointOf(partner, module, "SENDER");
  if (endpoint === null) return false;
  return Boolean(endpoint.role) || partner.side === null || hasInterface([partner.side], module, "SENDER");
}

function pullView({ id, partner, status, modules, started_at, finished_at, error }: Pull) {
  return {
    id,
    partner,
    status,
    modules,
    started_at: formatTime(started_at),
    finished_at: finished_at === null ? null : formatTime(finished_at),
    ...(error !== null ? { error } : {}),
  };
}
