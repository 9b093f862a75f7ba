import { type JsonValue, parseJson } from "../lib/json.ts";
import { err, ok, type Result } from "../lib/result.ts";
import type { Reason } from "../ocpi/status.ts";

/**
 * Reads the body of a request as text, never more than `limit` bytes of it: what a client claims of its length is
 * believed only when it is too much.
 */
export async function readBody(request: Request, limit: number): Promise<Result<string, Reason>> {
  const encoding = request.headers.get("Content-Encoding")?.trim().toLowerCase() ?? "identity";
  if (encoding !== "identity" && encoding !== "") {
    return err({ kind: "unsupported_encoding", message: `Content-Encoding ${encoding} is not taken on requests` });
  }
  const tooLarge: Reason = { kind: "too_large", limit };
  const declared = request.headers.get("Content-Length");
  if (Number(declared ?? 0) > limit) return err(tooLarge);
  if (request.body === null) return ok("");
  // Of a declared length HTTP lets nothing more come, and reading at once costs a tenth of reading piece by piece.
  if (declared !== null) {
    const bytes = new Uint8Array(await request.arrayBuffer());
    return bytes.byteLength > limit ? err(tooLarge) : decodeUtf8([bytes]);
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    if (size > limit) {
      await reader.cancel();
      return err(tooLarge);
    }
    chunks.push(value);
  }
  return decodeUtf8(chunks);
}

function decodeUtf8(chunks: Uint8Array[]): Result<string, Reason> {
  // A byte order mark at the start is skipped by the decoder.
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  try {
    let text = "";
    for (const chunk of chunks) text += decoder.decode(chunk, { stream: true });
    return ok(text + decoder.decode());
  } catch {
    return err({ kind: "malformed", message: "The body is not valid UTF-8" });
  }
}

/**
 * A body's text as JSON. What is not JSON is HTTP 400; JSON that no object can be read from is 2001.
 * Spec: 2.2.1 status_codes, "syntactically correct JSON".
 */
export function parseBody(text: string): Result<JsonValue, Reason> {
  if (text.trim() === "") return err({ kind: "malformed", message: "The body is empty" });
  const parsed = parseJson(text);
  if (parsed.ok) return parsed;
  const { malformed, faults } = parsed.error;
  if (!malformed) return err({ kind: "invalid", faults: [...faults] });
  return err({ kind: "malformed", message: `The body ${faults[0]?.message ?? "is not valid JSON"}` });
}
