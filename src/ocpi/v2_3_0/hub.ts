import { isObject, type JsonObject, type JsonValue } from "../../lib/json.ts";
import type { Bridge } from "../walker/rules.ts";

const isHub = (role: JsonValue): role is JsonObject => isObject(role) && role.role === "HUB";

/**
 * 2.3.0 has no role HUB: a hub is named by `hub_party_id`, and `roles` lists who is reached through it. A hub that reaches
 * nobody sends its own party as OTHER, for roles must not be empty. Spec: 2.3.0 credentials, hub_party_id; types, Role.
 */
export const hubByPartyId: Bridge = {
  wire: ["hub_party_id", "roles"],
  model: ["hub_party_id", "roles"],
  down: (object, run, walk) => {
    const wire: JsonObject = {};
    const roles = Array.isArray(object.roles) ? object.roles : [];
    const hub = roles.find(isHub);
    const said: JsonValue[] = [];
    for (const [index, role] of roles.entries()) {
      if (isHub(role)) continue;
      const item = walk("roles", role, `/roles/${index}`);
      if (item !== undefined) said.push(item);
    }
    if (hub !== undefined) {
      const index = roles.indexOf(hub);
      for (const [other, role] of roles.entries()) {
        if (other !== index && isHub(role)) run.losses.push({ pointer: `/roles/${other}`, reason: "a second hub" });
      }
      if (said.length === 0) {
        const item = walk("roles", { ...hub, role: "OTHER" }, `/roles/${index}`);
        if (item !== undefined) said.push(item);
        run.losses.push({ pointer: `/roles/${index}/role`, reason: `HUB is said as hub_party_id in ${run.version}` });
      } else {
        run.losses.push({ pointer: `/roles/${index}`, reason: `HUB is said as hub_party_id in ${run.version}` });
      }
    }
    const party = object.hub_party_id ?? (hub && `${String(hub.country_code)}${String(hub.party_id)}`);
    if (party !== undefined && party !== null) {
      const at = object.hub_party_id == null ? `/roles/${roles.indexOf(hub as JsonObject)}` : "/hub_party_id";
      const id = walk("hub_party_id", party, at);
      if (id !== undefined) wire.hub_party_id = id;
    } else if (run.relay && object.hub_party_id === null) wire.hub_party_id = null;
    if (said.length > 0) wire.roles = said;
    else run.reason = "no role is left to say";
    return wire;
  },
};

/**
 * Until 2.2.1 a hub reports the role HUB alone, and the parties behind it by hubclientinfo. Its name is taken from the role of
 * its own party where it has one. Spec: 2.2.1 credentials, Hubs; mod_hub_client_info.
 */
export const hubByRole: Bridge = {
  wire: ["roles"],
  model: ["roles", "hub_party_id"],
  down: (object, run, walk) => {
    const roles = Array.isArray(object.roles) ? object.roles : [];
    const hub = object.hub_party_id;
    if (typeof hub !== "string") {
      const said = walk("roles", roles, "/roles");
      return said === undefined ? {} : { roles: said };
    }
    const country_code = hub.slice(0, 2);
    const party_id = hub.slice(2);
    const isOwn = (role: JsonValue): role is JsonObject =>
      isObject(role) &&
      String(role.country_code).toUpperCase() === country_code.toUpperCase() &&
      String(role.party_id).toUpperCase() === party_id.toUpperCase();
    const own = roles.find((role) => isHub(role) && isOwn(role)) ?? roles.find(isOwn);
    const index = own === undefined ? -1 : roles.indexOf(own);
    const details = own?.business_details ?? { name: hub };
    const item = walk(
      "roles",
      { ...own, role: "HUB", country_code, party_id, business_details: details },
      index < 0 ? "" : `/roles/${index}`,
    );
    for (const [other, role] of roles.entries()) {
      if (other !== index) run.losses.push({ pointer: `/roles/${other}`, reason: "announced by hubclientinfo" });
      else if (!isHub(role)) run.losses.push({ pointer: `/roles/${other}/role`, reason: "said as HUB" });
    }
    return item === undefined ? {} : { roles: [item] };
  },
};
