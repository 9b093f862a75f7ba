import type { JsonObject } from "../lib/json.ts";

/** What the owner decides of this gateway while it runs; kept in storage, changed by PATCH /settings. */
export interface Settings {
  authorize: {
    /** Where the back office is asked about a token before our own list is; null: it is not asked. */
    webhook: string | null;
    /** What requests to it are signed with, sealed; never shown but when it is made. */
    secret: string | null;
    /** How long the back office may take, ms. */
    timeout_ms: number;
    /** How long a partner may take that we ask about a token of its own, ms: a driver stands at the charger. */
    partner_timeout_ms: number;
  };
  commands: {
    /** The immediate answer to a partner's command that passes the checks of the standard. */
    accept: "ALWAYS" | "NEVER";
    /** How long the back office has for the result of a command, s; told to the partner as `timeout`. */
    timeout_s: number;
  };
  charging_preferences: {
    /** What a driver's wishes must say for our charge points to heed them. */
    required: ("departure_time" | "energy_need")[];
  };
  sessions: {
    /** After how long without an update a session that has not ended is flagged, s. */
    stale_after_s: number;
  };
  journal: {
    /** How long OCPI messages are kept. */
    days: number;
  };
}

export interface SettingsStore {
  /** May be two seconds old. */
  get(): Promise<Settings>;
  /**
   * Changes what a merge patch names (RFC 7396); null: back to the default. The patch has passed the schema of PATCH /settings.
   * @returns the settings as they stand after it
   */
  patch(change: JsonObject): Promise<Settings>;
}
