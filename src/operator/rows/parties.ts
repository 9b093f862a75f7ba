import * as v from "valibot";
import { putParty, removeParty } from "../../gateway/parties.ts";
import { err, ok, type Result } from "../../lib/result.ts";
import { faultsOf } from "../faults.ts";
import type { Refusal } from "../problem.ts";
import { cursorOf, listEntries, readCursor } from "../query.ts";
import { Party, PartyInput, PartyList, PartyPath } from "../schemas/partners.ts";
import { row } from "../table.ts";

const tag = "Own parties";
const Position = v.object({ after: v.string() });

/** The party a path names, in upper case as parties are kept. */
export function readParty(params: {
  country_code: string;
  party_id: string;
}): Result<v.InferOutput<typeof PartyPath>, Refusal> {
  const read = v.safeParse(PartyPath, params);
  if (!read.success) return err({ kind: "bad_request", faults: faultsOf(read.issues) });
  const { country_code, party_id } = read.output;
  return ok({ country_code: country_code.toUpperCase(), party_id: party_id.toUpperCase() });
}

export const partyRows = [
  row({
    id: "listParties",
    method: "GET",
    path: "/parties",
    tag,
    summary: "Own parties",
    query: v.object(listEntries),
    answers: { 200: { description: "Own parties by country and id", content: { "application/json": PartyList } } },
    async operate({ ports, query }) {
      const position = readCursor(Position, query.cursor);
      if (!position.ok) return position;
      const keyed = (await ports.parties.list()).map((party) => ({
        key: `${party.country_code}*${party.party_id}`,
        party,
      }));
      keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
      const after = position.value?.after;
      const rest = after === undefined ? keyed : keyed.filter(({ key }) => key > after);
      const page = rest.slice(0, query.limit);
      const last = page.at(-1);
      const next_cursor = last && rest.length > page.length ? cursorOf({ after: last.key }) : null;
      return ok({ status: 200, json: { items: page.map(({ party }) => party), next_cursor } });
    },
  }),
  row({
    id: "putParty",
    method: "PUT",
    path: "/parties/{country_code}/{party_id}",
    tag,
    summary: "Create or replace an own party",
    description: "A change reaches every registered partner by a credentials update.",
    body: {
      schema: PartyInput,
      limit: "small",
      required: true,
      example: { roles: ["CPO"], business_details: { name: "Example Charging", website: "https://example.com" } },
    },
    answers: {
      201: { description: "Created", content: { "application/json": Party } },
      200: { description: "Replaced, or as it was", content: { "application/json": Party } },
    },
    refusals: ["conflict"],
    async operate({ ports, params, body }) {
      const path = readParty(params);
      if (!path.ok) return path;
      const { website, logo, ...details } = body.business_details;
      const party = {
        ...path.value,
        roles: [...new Set(body.roles)],
        business_details: { ...details, ...(website ? { website } : {}), ...(logo ? { logo } : {}) },
      };
      const outcome = await putParty(ports, party);
      if (!outcome.ok) return outcome;
      return ok({ status: outcome.value === "created" ? 201 : 200, json: party });
    },
  }),
  row({
    id: "deleteParty",
    method: "DELETE",
    path: "/parties/{country_code}/{party_id}",
    tag,
    summary: "Remove an own party",
    answers: { 204: { description: "Removed" } },
    refusals: ["conflict", "unknown_object"],
    async operate({ ports, params }) {
      const path = readParty(params);
      if (!path.ok) return path;
      const { country_code, party_id } = path.value;
      const name = `${country_code}*${party_id}`;
      switch (await removeParty(ports, country_code, party_id)) {
        case "removed":
          return ok({ status: 204 });
        case "absent":
          return err({ kind: "unknown_object", message: `${name} is no own party` });
        case "owns":
          return err({ kind: "conflict", message: `${name} still owns objects; delete them first` });
      }
    },
  }),
];
