import * as v from "valibot";
import { beforeDelivery, partnerOfDelivery } from "../../delivery/state.ts";
import { verifyDelivery } from "../../delivery/verify.ts";
import { err, ok } from "../../lib/result.ts";
import { formatTime } from "../../lib/time.ts";
import type { Delivery } from "../../ports/evidence.ts";
import type { Ports } from "../../ports.ts";
import { cursorOf, listEntries, readCursor } from "../query.ts";
import { DeliveryList, Delivery as DeliverySchema, Verification } from "../schemas/evidence.ts";
import { Accepted } from "../schemas/partners.ts";
import { row } from "../table.ts";
import { findPartner } from "./partners.ts";

const tag = "Deliveries and evidence";
/** The delivery (`after`) of the partner the page before ended with; no `after`: begin with that partner. */
const Position = v.object({ partner: v.string(), after: v.optional(v.string()) });
const { state, module } = { state: DeliverySchema.entries.state, module: v.string() };

export const deliveryRows = [
  row({
    id: "listDeliveries",
    method: "GET",
    path: "/deliveries",
    tag,
    summary: "What became of objects on their way to partners",
    query: v.object({
      partner: v.optional(v.string()),
      state: v.optional(state),
      module: v.optional(module),
      ...listEntries,
    }),
    answers: { 200: { description: "Deliveries, partner by partner", content: { "application/json": DeliveryList } } },
    async operate({ ports, query: { partner, limit, cursor, ...filter } }) {
      const position = readCursor(Position, cursor);
      if (!position.ok) return position;
      if (partner !== undefined) {
        const found = await ports.partners.get(partner);
        if (!found) return ok({ status: 200, json: { items: [], next_cursor: null } });
      }
      const items: Delivery[] = [];
      let at = position.value;
      for await (const id of partnersFrom(ports, partner, at?.partner)) {
        const after = at?.partner === id ? at.after : undefined;
        at = null;
        const query = { ...given(filter), limit: limit - items.length + 1, ...(after !== undefined ? { after } : {}) };
        const found = await ports.hosts.deliveries(id, query);
        items.push(...found);
        if (items.length > limit) break;
      }
      const page = items.slice(0, limit);
      const last = page.at(-1);
      const next_cursor = last && items.length > limit ? cursorOf({ partner: last.partner, after: last.id }) : null;
      return ok({ status: 200, json: { items: page.map(deliveryView), next_cursor } });
    },
  }),
  row({
    id: "retryDelivery",
    method: "POST",
    path: "/deliveries/{id}/retry",
    tag,
    summary: "Try one delivery again, now",
    answers: { 202: { description: "It will be tried", content: { "application/json": Accepted } } },
    refusals: ["unknown_object"],
    async operate({ ports, params: { id } }) {
      const partner = partnerOfDelivery(id);
      const known =
        partner !== null && (await ports.partners.get(partner)) !== null && (await ports.hosts.retry(partner, id));
      if (!known) return err({ kind: "unknown_object", message: "There is no delivery of this id" });
      return ok({ status: 202, json: { id } });
    },
  }),
  row({
    id: "verifyDelivery",
    method: "POST",
    path: "/deliveries/{id}/verify",
    tag,
    summary: "Ask a partner what it holds of a CDR",
    description:
      "GETs the CDR at the URL the partner answered its POST with, and compares it with what the partner was sent.",
    answers: { 200: { description: "What it holds", content: { "application/json": Verification } } },
    refusals: ["unknown_object", "conflict"],
    async operate({ ports, params: { id } }) {
      const [name, after] = [partnerOfDelivery(id), beforeDelivery(id)];
      const partner = name === null ? null : await ports.partners.get(name);
      const found = partner && after !== null ? await ports.hosts.deliveries(partner.id, { after, limit: 1 }) : [];
      const delivery = found.find((one) => one.id === id);
      if (!partner || !delivery) return err({ kind: "unknown_object", message: "There is no delivery of this id" });
      const verified = await verifyDelivery(ports, partner, delivery);
      if (verified === null) return err({ kind: "conflict", message: "The partner has not said where it shows this" });
      return ok({ status: 200, json: { ...verified, location: delivery.location } });
    },
  }),
  row({
    id: "retryDeliveries",
    method: "POST",
    path: "/partners/{id}/deliveries/retry",
    tag,
    summary: "Try again all that a partner has not got",
    answers: { 202: { description: "They will be tried", content: { "application/json": Accepted } } },
    refusals: ["unknown_object"],
    async operate({ ports, params }) {
      const partner = await findPartner(ports, params.id);
      if (!partner.ok) return partner;
      await ports.hosts.retry(partner.value.id);
      return ok({ status: 202, json: { id: partner.value.id } });
    },
  }),
];

/** Ids of the partners to look at: the one asked for, or all in their order, beginning with `from`. */
async function* partnersFrom(
  ports: Pick<Ports, "partners">,
  only: string | undefined,
  from: string | undefined,
): AsyncGenerator<string> {
  if (only !== undefined) {
    yield only;
    return;
  }
  if (from !== undefined) yield from;
  let after = from;
  for (;;) {
    const page = await ports.partners.list({ ...(after !== undefined ? { after } : {}), limit: 100 });
    for (const { id } of page) yield id;
    after = page.at(-1)?.id;
    if (page.length < 100) return;
  }
}

function given<T extends Record<string, unknown>>(filter: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

function deliveryView({ next_attempt_at, updated_at, taken: _, ...delivery }: Delivery) {
  return {
    ...delivery,
    next_attempt_at: next_attempt_at === null ? null : formatTime(next_attempt_at),
    updated_at: formatTime(updated_at),
  };
}
