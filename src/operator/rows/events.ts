import * as v from "valibot";
import { err, ok, type Result } from "../../lib/result.ts";
import { eventPage, eventStream } from "../event-feed.ts";
import { TypesText } from "../event-types.ts";
import type { Refusal } from "../problem.ts";
import { EventList } from "../schemas/evidence.ts";
import { row } from "../table.ts";

const tag = "Events";

const after = v.optional(
  v.pipe(
    v.string(),
    v.description(
      "`next_cursor`, or the id of an event. None: from the oldest event kept; `latest`: only what is still to come.",
    ),
  ),
);
const types = v.optional(TypesText, "");

export const eventRows = [
  row({
    id: "listEvents",
    method: "GET",
    path: "/events",
    tag,
    summary: "What happened since",
    description: "With `wait` the answer comes with the first event that matches, or empty after that many seconds.",
    query: v.object({
      after,
      wait: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(60), v.description("Seconds.")), 0),
      types,
      limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000)), 100),
    }),
    answers: { 200: { description: "Events, oldest first", content: { "application/json": EventList } } },
    async operate({ ports, query }) {
      const position = await readPosition(
        query.after,
        "/after",
        async () => (await ports.events.list({ after: 0, types: ["-"], limit: 1 })).last,
      );
      if (!position.ok) return position;
      const read = { after: position.value, types: query.types, limit: query.limit };
      const page = await eventPage(ports, read, query.wait * 1000);
      return ok({ status: 200, json: page });
    },
  }),
  row({
    id: "streamEvents",
    method: "GET",
    path: "/events/stream",
    tag,
    summary: "The same as Server-Sent Events",
    description:
      "`Last-Event-ID` counts before `after`. A comment line every 15 seconds keeps the connection; it is closed after ten minutes, and an EventSource comes back by itself where it was.",
    query: v.object({ after, types }),
    answers: { 200: { description: "A stream of events", content: { "text/event-stream": v.string() } } },
    async operate({ ports, query, request }) {
      const last = request.headers.get("Last-Event-ID");
      const text = last === null || last === "" ? query.after : last;
      const newest = async () => (await ports.events.list({ after: 0, types: ["-"], limit: 1 })).last;
      const position = await readPosition(text, last ? "/Last-Event-ID" : "/after", newest);
      if (!position.ok) return position;
      const body = eventStream(ports, { after: position.value, types: query.types });
      return ok({ status: 200, body, type: "text/event-stream", headers: { "X-Accel-Buffering": "no" } });
    },
  }),
];

async function readPosition(
  text: string | undefined,
  pointer: string,
  newest: () => Promise<number>,
): Promise<Result<number, Refusal>> {
  if (text === undefined || text === "") return ok(0);
  if (text === "latest") return ok(await newest());
  if (/^\d{1,15}$/.test(text)) return ok(Number(text));
  return err({ kind: "bad_request", faults: [{ pointer, message: "is not a cursor of this feed" }] });
}
