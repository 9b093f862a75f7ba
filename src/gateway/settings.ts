import { webhookSecret } from "../client/signed-post.ts";
import { checkUrl, urlRules } from "../client/url-rules.ts";
import type { JsonObject } from "../lib/json.ts";
import { err, ok, type Result } from "../lib/result.ts";
import type { Reason } from "../ocpi/status.ts";
import type { Settings } from "../ports/settings.ts";
import type { Ports } from "../ports.ts";

/** What holds as long as nobody says otherwise. @param journalDays JOURNAL_DAYS of the deployment */
export function defaultSettings(journalDays: number): Settings {
  return {
    authorize: { webhook: null, secret: null, timeout_ms: 5_000, partner_timeout_ms: 5_000 },
    commands: { accept: "ALWAYS", timeout_s: 30 },
    charging_preferences: { required: [] },
    sessions: { stale_after_s: 86_400 },
    journal: { days: journalDays },
  };
}

/** What the secret of the authorize webhook is sealed with. */
export const AUTHORIZE_SECRET = "settings.authorize.webhook";

/** Settings as they stand after a change, and the secret of the authorize webhook where a new one was made. */
export interface ChangedSettings {
  settings: Settings;
  secret: string | null;
}

/**
 * Changes what a merge patch names (RFC 7396). Another URL of the authorize webhook gets another secret.
 * @param patch has passed the schema of PATCH /settings
 * @param base where this gateway stands: it does not call itself
 * @returns `invalid` for a URL that may not be called
 */
export async function changeSettings(
  ports: Pick<Ports, "settings" | "config" | "secrets" | "ids">,
  patch: JsonObject & { authorize?: { webhook?: string | null | undefined } | null | undefined },
  base: string,
): Promise<Result<ChangedSettings, Reason>> {
  const webhook = patch.authorize?.webhook;
  if (typeof webhook !== "string") {
    const change = webhook === null ? { ...patch, authorize: { ...patch.authorize, secret: null } } : patch;
    return ok({ settings: await ports.settings.patch(change as JsonObject), secret: null });
  }
  const verdict = checkUrl(webhook, urlRules(ports.config, base));
  if (!verdict.ok) {
    const message = `may not be called: ${verdict.message}`;
    return err({ kind: "invalid", faults: [{ pointer: "/authorize/webhook", message }] });
  }
  const before = (await ports.settings.get()).authorize;
  if (before.webhook === webhook && before.secret !== null)
    return ok({ settings: await ports.settings.patch(patch as JsonObject), secret: null });
  const secret = webhookSecret(ports.ids.token());
  const sealed = await ports.secrets.seal(secret, AUTHORIZE_SECRET);
  const change = { ...patch, authorize: { ...patch.authorize, secret: sealed } };
  return ok({ settings: await ports.settings.patch(change as JsonObject), secret });
}
