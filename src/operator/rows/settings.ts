import { type ChangedSettings, changeSettings } from "../../gateway/settings.ts";
import type { JsonObject } from "../../lib/json.ts";
import { ok } from "../../lib/result.ts";
import { GatewaySettings, GatewaySettingsPatch } from "../schemas/settings.ts";
import { row } from "../table.ts";

const tag = "Settings";

export const settingsRows = [
  row({
    id: "getSettings",
    method: "GET",
    path: "/settings",
    tag,
    summary: "The settings of the gateway, defaults included",
    answers: { 200: { description: "The settings", content: { "application/json": GatewaySettings } } },
    async operate({ ports }) {
      return ok({ status: 200, json: settingsView({ settings: await ports.settings.get(), secret: null }) });
    },
  }),
  row({
    id: "patchSettings",
    method: "PATCH",
    path: "/settings",
    tag,
    summary: "Change settings",
    description:
      "A merge patch (RFC 7396): what is absent stays, null brings the default back. It holds everywhere within two seconds.",
    body: {
      schema: GatewaySettingsPatch,
      limit: "small",
      required: true,
      also: ["application/merge-patch+json"],
      example: { authorize: { webhook: "https://backoffice.example.com/authorize", timeout_ms: 2000 } },
    },
    answers: { 200: { description: "The settings after it", content: { "application/json": GatewaySettings } } },
    async operate({ ports, body, base }) {
      const changed = await changeSettings(ports, body as JsonObject, base);
      return changed.ok ? ok({ status: 200, json: settingsView(changed.value) }) : changed;
    },
  }),
];

/** Settings without what is sealed; with the secret in clear where it was just made. */
function settingsView({ settings, secret: made }: ChangedSettings) {
  const { secret: _, ...authorize } = settings.authorize;
  return { ...settings, authorize: made === null ? authorize : { ...authorize, secret: made } };
}
