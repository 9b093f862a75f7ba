import { redactBody, redactUrl } from "../ocpi/redact.ts";
import type { Ports } from "../ports.ts";
import type { Answer } from "./answer.ts";
import type { Passage } from "./pipeline.ts";

/** Writes an exchange to the journal and a line to the log: the line has no path, for ids of tokens stand in paths. */
export function record(
  ports: Pick<Ports, "journal" | "log" | "clock">,
  passage: Passage,
  answer: Answer,
  body: string,
) {
  const { request, url, base, startedAt, ids, route, caller, text } = passage;
  const module = route?.row.module ?? null;
  // Where objects are exchanged no token is said; looking for one in every page of a crawl is not free.
  const secrets = caller === null || (route !== null && route.row.role !== null) ? [] : [caller.token];
  const isRefused = answer.head.code >= 2000;
  ports.journal.record({
    time: startedAt,
    partner: caller?.partner.id ?? null,
    direction: "in",
    module,
    method: request.method,
    url: redactUrl(base + url.pathname + url.search, secrets),
    http_status: answer.http,
    ocpi_status: answer.head.code,
    duration_ms: ports.clock.now() - startedAt,
    request_id: ids.requestId,
    correlation_id: ids.correlationId,
    error: isRefused ? (answer.head.message ?? null) : null,
    losses: answer.losses ?? [],
    findings: answer.findings ?? [],
    request_body: redactBody(text, module, secrets),
    response_body: redactBody(body, module, secrets),
  });
}
