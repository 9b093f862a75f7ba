import { type ClientInfoTarget, clientInfoOf, connectedParties, putClientInfo } from "../gateway/client-info.ts";
import { everyPartner } from "../gateway/complete.ts";
import { stampOf } from "../gateway/stamp.ts";
import type { JsonObject } from "../lib/json.ts";
import { err, ok } from "../lib/result.ts";
import type { Codec } from "../ocpi/codec.ts";
import { lint } from "../ocpi/lint.ts";
import { pageHeaders, readPage } from "../ocpi/pagination.ts";
import { newest } from "../ocpi/versions.ts";
import { acknowledged, successText } from "./answer.ts";
import { actorOf, type ModuleExchange, type Operate } from "./exchange.ts";
import { translateItems } from "./translate.ts";

// The module hubclientinfo: a hub tells us of the parties behind it; as a hub we tell of ours.

/** PUT: what a hub says of a party. Spec: 2.2.1 mod_hub_client_info, Receiver interface. */
export const takeClientInfo: Operate = async (ports, exchange) => {
  const { version } = exchange.route;
  const codec = version.codecs.ClientInfo as Codec<"ClientInfo">;
  const wire = codec.parse(exchange.body);
  if (!wire.ok) return err({ kind: "invalid", faults: wire.error });
  const done = await putClientInfo(ports, targetOf(exchange), codec.up(wire.value, { origin: version.number }));
  return done.ok ? ok(acknowledged(done.value === "created", lint(version, "ClientInfo", wire.value))) : done;
};

/** GET: what this hub told us of a party. */
export const showClientInfo: Operate = async (ports, exchange) => {
  const target = targetOf(exchange);
  const found = await clientInfoOf(ports, target);
  if (!found.ok) return found;
  const { body, origin, last_updated } = found.value;
  const { country_code, party_id } = target;
  const item = { object: body, origin, owner: { country_code, party_id }, lastUpdated: last_updated };
  const { texts, losses } = await translateItems(ports, exchange.route.version, "ClientInfo", [item]);
  const text = texts[0];
  return typeof text === "string"
    ? ok(successText(text, { losses }))
    : err({ kind: "not_representable", message: losses[0]?.reason ?? "This version cannot say it" });
};

/** GET a page of the parties connected to us, when we are a hub. Spec: 2.2.1 mod_hub_client_info, Sender interface. */
export const listClientInfo: Operate = async (ports, exchange) => {
  const { route, caller, url, base } = exchange;
  const shared = caller.partner.settings.modules?.includes(route.row.module) !== false;
  const hub = (await ports.parties.list()).find(({ roles }) => roles.includes("HUB"));
  if (!shared || hub === undefined)
    return err({ kind: "unknown_path", message: "The module hubclientinfo is not shared with this connection" });
  const asked = readPage(url.searchParams, route.row.query);
  if (!asked.ok) return err({ kind: "invalid", faults: asked.error });
  const { offset, after, limit, dateFrom, dateTo } = asked.value;
  const all = await connectedParties(ports, hub, await everyPartner(ports), caller.partner);
  const matching = all.filter(({ last_updated }) => {
    const time = stampOf(last_updated)?.ms ?? 0;
    return (dateFrom === null || time >= dateFrom) && (dateTo === null || time < dateTo);
  });
  const start = after ?? offset;
  const page = matching.slice(start, start + limit);
  const items = page.map(({ ...info }) => ({
    object: info as unknown as JsonObject,
    origin: newest.number,
    owner: { country_code: info.country_code, party_id: info.party_id },
    lastUpdated: String(info.last_updated),
  }));
  const { texts, losses } = await translateItems(ports, route.version, "ClientInfo", items);
  const end = start + page.length;
  const headers = pageHeaders(`${base}${url.pathname}`, asked.value, {
    total: matching.length,
    last: page.length > 0 ? end : null,
    more: end < matching.length,
  });
  return ok(successText(`[${texts.filter((text) => text !== null).join(",")}]`, { headers, losses }));
};

function targetOf(exchange: ModuleExchange): ClientInfoTarget {
  const { route, caller } = exchange;
  const { country_code = "", party_id = "" } = route.params;
  return {
    actor: actorOf(exchange),
    partner: caller.partner,
    version: route.version,
    country_code: country_code.toUpperCase(),
    party_id: party_id.toUpperCase(),
  };
}
