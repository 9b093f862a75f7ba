import { timestampOf } from "../ocpi/envelope.ts";
import { messageIdHeaders, routingHeaders, swapRouting } from "../ocpi/headers.ts";
import { type Answer, answerText } from "./answer.ts";
import type { Passage } from "./pipeline.ts";

/**
 * An answer as a Response, and its body's text for the journal. Message ids are repeated in every version: those that do
 * not know them ignore them. Routing headers come back with their directions swapped.
 * Spec: 2.2.1 transport_and_format, Unique message IDs; Message Routing Headers.
 */
export function respond(passage: Passage, answer: Answer, now: number): { response: Response; body: string } {
  const body = answerText(answer, timestampOf(now, passage.route?.version?.dialect));
  const headers = new Headers({
    "Content-Type": "application/json",
    "Cache-Control": "no-store",
    ...messageIdHeaders(passage.ids),
    ...(passage.routing === null ? {} : routingHeaders(swapRouting(passage.routing))),
    ...answer.headers,
  });
  const isHead = passage.request.method === "HEAD";
  return { response: new Response(isHead ? null : body, { status: answer.http, headers }), body };
}
