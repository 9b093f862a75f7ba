import * as v from "valibot";
import { ok } from "../../lib/result.ts";
import { formatTime } from "../../lib/time.ts";
import { isRealLoss } from "../../ocpi/codec.ts";
import type { JournalEntry } from "../../ports/evidence.ts";
import { cursorOf, listEntries, readCursor } from "../query.ts";
import { MessageList } from "../schemas/evidence.ts";
import { row } from "../table.ts";

const Position = v.object({ before: v.number() });

export const messageRows = [
  row({
    id: "listMessages",
    method: "GET",
    path: "/messages",
    tag: "Deliveries and evidence",
    summary: "The journal of OCPI exchanges, newest first",
    description:
      "Both directions, tokens hidden, bodies cut at 32 kB. How long it is kept is a setting (`journal.days`).",
    query: v.object({
      partner: v.optional(v.string()),
      correlation_id: v.optional(v.string()),
      direction: v.optional(v.picklist(["in", "out"])),
      module: v.optional(v.string()),
      ...listEntries,
    }),
    answers: { 200: { description: "Exchanges", content: { "application/json": MessageList } } },
    async operate({ ports, query: { limit, cursor, ...filter } }) {
      const position = readCursor(Position, cursor);
      if (!position.ok) return position;
      const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
      const before = position.value === null ? {} : { before: position.value.before };
      const found = await ports.journal.list({ ...given, ...before, limit: limit + 1 });
      const page = found.slice(0, limit);
      const last = page.at(-1);
      const next_cursor = last && found.length > page.length ? cursorOf({ before: last.id }) : null;
      return ok({ status: 200, json: { items: page.map(messageView), next_cursor } });
    },
  }),
];

function messageView({ id, time, losses, ...entry }: JournalEntry & { id: number }) {
  return { id: String(id), time: formatTime(time), ...entry, losses: losses.filter(isRealLoss) };
}
