import * as v from "valibot";
import { partnerEvent } from "../../gateway/complete.ts";
import { invitePartner, registerWith, unregisterAt } from "../../gateway/registration.ts";
import { err, ok, type Result } from "../../lib/result.ts";
import type { NewPartner, Partner, PartnerStatus } from "../../ports/partners.ts";
import type { Ports } from "../../ports.ts";
import { changedSettings, partnerViews, partyCode } from "../partner-view.ts";
import type { Refusal } from "../problem.ts";
import { cursorOf, listEntries, readCursor } from "../query.ts";
import {
  NewPartner as NewPartnerAnswer,
  PartnerInput,
  PartnerList,
  PartnerPatch,
  Partner as PartnerSchema,
} from "../schemas/partners.ts";
import { row } from "../table.ts";
import { invitation, registrationRefusal } from "./registration.ts";

const tag = "Partners";
const Position = v.object({ after: v.string() });

/** The partner of a path, or the refusal. */
export async function findPartner(ports: Pick<Ports, "partners">, id: string): Promise<Result<Partner, Refusal>> {
  const partner = await ports.partners.get(id);
  return partner ? ok(partner) : err({ kind: "unknown_object", message: "There is no partner of this id" });
}

export const partnerRows = [
  row({
    id: "createPartner",
    method: "POST",
    path: "/partners",
    tag,
    summary: "Invite a partner, or register with one",
    description:
      "With `name` alone the partner is invited: hand it `token` and `versions_url` of the answer. With its `versions_url` and `token` the gateway registers with it now, and answers when that is done.",
    body: {
      schema: PartnerInput,
      limit: "small",
      required: true,
      example: { name: "Example Mobility", allow: { parties: ["DE*EXM"] } },
    },
    answers: { 201: { description: "Invited or registered", content: { "application/json": NewPartnerAnswer } } },
    refusals: ["conflict", "partner_failed"],
    async operate({ ports, base, body }) {
      const { allow, role, settings } = body;
      const parties = allow?.parties ? { parties: allow.parties.map(partyCode) } : {};
      const partner: NewPartner = {
        id: ports.ids.uuid(),
        name: body.name,
        side: role === "CPO" || role === "EMSP" ? role : null,
        allow: { ...allow, ...parties },
        settings: changedSettings(settings ?? {}),
      };
      if (body.versions_url !== undefined && body.token !== undefined) {
        const request = { versionsUrl: body.versions_url, token: body.token, base };
        const registered = await registerWith(
          ports,
          partner,
          body.version ? { ...request, version: body.version } : request,
        );
        if (!registered.ok) return err(registrationRefusal(registered.error));
        const [view] = await partnerViews(ports, [registered.value]);
        return ok({ status: 201, json: view });
      }
      const invited = await invitePartner(ports, partner);
      return ok({ status: 201, json: invitation(invited.partner, invited.token, base) });
    },
  }),
  row({
    id: "listPartners",
    method: "GET",
    path: "/partners",
    tag,
    summary: "Partners",
    query: v.object(listEntries),
    answers: { 200: { description: "Partners", content: { "application/json": PartnerList } } },
    async operate({ ports, query }) {
      const position = readCursor(Position, query.cursor);
      if (!position.ok) return position;
      const after = position.value?.after;
      const found = await ports.partners.list({ ...(after !== undefined ? { after } : {}), limit: query.limit + 1 });
      const page = found.slice(0, query.limit);
      const last = page.at(-1);
      const next_cursor = last && found.length > page.length ? cursorOf({ after: last.id }) : null;
      return ok({ status: 200, json: { items: await partnerViews(ports, page), next_cursor } });
    },
  }),
  row({
    id: "getPartner",
    method: "GET",
    path: "/partners/{id}",
    tag,
    summary: "One partner",
    answers: { 200: { description: "The partner", content: { "application/json": PartnerSchema } } },
    refusals: ["unknown_object"],
    async operate({ ports, params }) {
      const partner = await findPartner(ports, params.id);
      if (!partner.ok) return partner;
      const [view] = await partnerViews(ports, [partner.value]);
      return ok({ status: 200, json: view });
    },
  }),
  row({
    id: "patchPartner",
    method: "PATCH",
    path: "/partners/{id}",
    tag,
    summary: "Rename, set up, suspend or resume a partner",
    description:
      "Only the members given change, also within `settings`; null puts a setting's default back. A suspended partner is refused and sent nothing, at once.",
    body: {
      schema: PartnerPatch,
      limit: "small",
      required: true,
      also: ["application/merge-patch+json"],
      example: { settings: { rate_per_second: 10 } },
    },
    answers: { 200: { description: "The partner as it is now", content: { "application/json": PartnerSchema } } },
    refusals: ["unknown_object", "conflict"],
    async operate({ ports, params, body }) {
      const found = await findPartner(ports, params.id);
      if (!found.ok) return found;
      const before = found.value;
      const { name, settings, status } = body;
      if (status !== undefined && status !== before.status && !mayBecome(before.status, status)) {
        return err({
          kind: "conflict",
          message: `A partner that is ${before.status} cannot become ${status} this way`,
        });
      }
      const after = await ports.partners.update(before.id, {
        ...(name !== undefined ? { name } : {}),
        ...(settings !== undefined ? { settings: changedSettings(settings, before.settings) } : {}),
        ...(status !== undefined ? { status } : {}),
        ...encodingChange(settings?.token_encoding),
      });
      if (!after) return err({ kind: "unknown_object", message: "There is no partner of this id" });
      if (after.status !== before.status || settings !== undefined) {
        await ports.hosts.reconfigure(after.id, after.status === "REGISTERED" ? "changed" : "stopped");
        await ports.events.append([partnerEvent("partner.updated", after)]);
      }
      const [view] = await partnerViews(ports, [after]);
      return ok({ status: 200, json: view });
    },
  }),
  row({
    id: "deletePartner",
    method: "DELETE",
    path: "/partners/{id}",
    tag,
    summary: "Unregister a partner",
    description:
      "There (best effort) and here. It stays listed as UNREGISTERED; an invitation nobody used, or a partner that is UNREGISTERED already, is forgotten.",
    answers: { 204: { description: "Done" } },
    refusals: ["unknown_object"],
    async operate({ ports, params }) {
      const found = await findPartner(ports, params.id);
      if (!found.ok) return found;
      await unregisterAt(ports, found.value);
      return ok({ status: 204 });
    },
  }),
];

function mayBecome(from: PartnerStatus, to: PartnerStatus): boolean {
  return (from === "REGISTERED" && to === "SUSPENDED") || (from === "SUSPENDED" && to === "REGISTERED");
}

/** A set encoding counts from now on; `auto` keeps what was learned. */
function encodingChange(encoding: "auto" | "base64" | "raw" | undefined): { token_encoding?: "base64" | "raw" } {
  return encoding === undefined || encoding === "auto" ? {} : { token_encoding: encoding };
}
