import { visibility } from "../gateway/entitlement.ts";
import { assemble, ciIdsOf } from "../gateway/objects.ts";
import { err, ok } from "../lib/result.ts";
import { pageHeaders, readPage } from "../ocpi/pagination.ts";
import type { Reason } from "../ocpi/status.ts";
import type { Target, Visibility } from "../ports/objects.ts";
import type { Ports } from "../ports.ts";
import { successText } from "./answer.ts";
import { actorOf, type ModuleExchange, type Operate } from "./exchange.ts";
import { answerPart } from "./part.ts";
import { translateRows } from "./translate.ts";

// The Sender interface: partners read what we have, in their version.

/** Modules whose objects have a start. */
const STARTED: ReadonlySet<string> = new Set(["sessions", "cdrs"]);

/** GET a page of a module's objects. Spec: 2.2.1 transport_and_format, Pagination. */
export const listObjects: Operate = async (ports, exchange) => {
  const { route, url, base } = exchange;
  const { row, version } = route;
  const seen = await visibilityOf(ports, exchange);
  if (seen === null) return err(notShared(row.module));
  const missing = row.required?.filter((name) => !url.searchParams.has(name)) ?? [];
  if (missing.length > 0) {
    return err({ kind: "invalid", faults: missing.map((name) => ({ pointer: name, message: "is required" })) });
  }
  const asked = readPage(url.searchParams, row.query);
  if (!asked.ok) return err({ kind: "invalid", faults: asked.error });

  const { offset, after, limit, dateFrom, dateTo } = asked.value;
  const byStart = STARTED.has(row.module) && version.dialect.sessionDateFilter === "start";
  const page = await ports.objects.page(actorOf(exchange), {
    module: row.module,
    filter: {
      visibility: seen,
      ...(dateFrom === null ? {} : { [byStart ? "startedFrom" : "updatedFrom"]: dateFrom }),
      ...(dateTo === null ? {} : { [byStart ? "startedTo" : "updatedTo"]: dateTo }),
    },
    offset,
    after,
    limit,
    withTotal: true,
  });
  if (!page.ok) return err("stale");

  const { rows, total, more } = page.value;
  const { texts, losses } = await translateRows(ports, version, row.kind, rows);
  const headers = pageHeaders(`${base}${url.pathname}`, asked.value, {
    total: total ?? 0,
    last: rows.at(-1)?.seq ?? null,
    more,
  });
  // One that this version cannot say is left out; the journal has it among the losses.
  return ok(successText(`[${texts.filter((text) => text !== null).join(",")}]`, { headers, losses }));
};

/** GET one object, or a part of one, by its id. Spec: 2.2.1 mod_locations, Sender interface, GET object. */
export const getObject: Operate = async (ports, exchange) => {
  const { row, params, version } = exchange.route;
  const seen = await visibilityOf(ports, exchange);
  if (seen === null) return err(notShared(row.module));
  const { location_id: id = "", evse_uid, connector_id } = params;
  const found = await ports.objects.find(actorOf(exchange), row.module, id, seen);
  if (!found.ok) return err("stale");
  const object = found.value;
  if (object === null) return err({ kind: "unknown_object", message: `There is no Location ${id}` });
  const { module, country_code, party_id } = object;
  const target: Target = {
    module,
    country_code,
    party_id,
    id,
    // Who compares ids without case may ask in any, whatever the owner's version does.
    ciIds: version.dialect.ciIds || ciIdsOf(object.origin),
    ...(evse_uid === undefined ? {} : { evse_uid }),
    ...(connector_id === undefined ? {} : { connector_id }),
  };
  return answerPart(ports, exchange, target, assemble(object), object.origin);
};

/** What the caller may see of the module; null when the module is not for it. */
async function visibilityOf(ports: Ports, { caller, route }: ModuleExchange): Promise<Visibility | null> {
  return visibility(caller.partner, route.row.module, await ports.parties.list());
}

function notShared(module: string): Reason {
  return { kind: "unknown_path", message: `The module ${module} is not shared with this connection` };
}
