import { err, ok, type Result } from "../lib/result.ts";
import type { Refusal } from "./problem.ts";
import type { Answer, Call } from "./table.ts";

/**
 * Runs a POST, or gives the answer it had before under the same `Idempotency-Key`. Answers are kept encrypted (one of
 * them shows a credentials token) and for a day. A request that failed frees its key, so that it can be tried again.
 * Spec: draft-ietf-httpapi-idempotency-key-header.
 */
export async function onlyOnce(
  { ports, config, request }: Pick<Call, "ports" | "config" | "request">,
  bodyText: string,
  work: () => Promise<Result<Answer, Refusal>>,
): Promise<Result<Answer, Refusal>> {
  const key = request.headers.get("Idempotency-Key");
  if (key === null) return work();
  if (!/^[\x20-\x7e]{1,255}$/.test(key)) {
    return err({
      kind: "bad_request",
      faults: [{ pointer: "/Idempotency-Key", message: "is 1 to 255 printable characters" }],
    });
  }
  const { pathname, search } = new URL(request.url);
  const hash = await digest(`${request.method} ${pathname}${search}\n${bodyText}`);
  const claim = await config.idempotency.claim(key, hash);
  switch (claim.state) {
    case "different":
      return err({ kind: "conflict", message: "This Idempotency-Key was used with another request" });
    case "running":
      return err({ kind: "conflict", message: "A request with this Idempotency-Key is still being answered" });
    case "answered": {
      const answer = JSON.parse(await ports.secrets.open(claim.answer.body, key)) as Answer;
      return ok({ ...answer, headers: { ...answer.headers, "Idempotency-Replayed": "true" } });
    }
  }
  let result: Result<Answer, Refusal>;
  try {
    result = await work();
  } catch (cause) {
    await config.idempotency.release(key);
    throw cause;
  }
  if (!result.ok) {
    await config.idempotency.release(key);
    return result;
  }
  await keep({ ports, config }, key, result.value);
  return result;
}

/**
 * Keeps an answer. The work is done whether or not that goes well: then the key stays taken, for to free it would have the work done again
 * by the next attempt.
 */
async function keep({ ports, config }: Pick<Call, "ports" | "config">, key: string, answer: Answer): Promise<void> {
  try {
    const body = await ports.secrets.seal(JSON.stringify(answer), key);
    await config.idempotency.keep(key, { status: answer.status, body });
  } catch (error) {
    ports.log.write("error", "An answer could not be kept for its Idempotency-Key", { error: String(error) });
  }
}

async function digest(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
