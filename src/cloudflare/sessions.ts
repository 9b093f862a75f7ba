import { refOf } from "../gateway/keys.ts";
import type { ObjectRef } from "../ports/objects.ts";
import type { Sessions } from "../ports/sessions.ts";
import type { SessionObject } from "./durable/session-object.ts";

/** Sessions behind their port: a Durable Object each, by party and id. */
export function sessionHosts(namespace: DurableObjectNamespace<SessionObject>): Sessions {
  const host = ({ country_code, party_id, id_key }: ObjectRef) =>
    namespace.getByName(`${country_code}*${party_id}/${id_key}`);
  return {
    apply: async (message) => JSON.parse(await host(refOf(message.target)).apply(JSON.stringify(message))),
    newest: async (stored) => {
      const text = await host(stored).newer(stored.seq, stored.revision);
      return text === null ? stored : JSON.parse(text);
    },
    live: ({ module, country_code, party_id, id_key, recipient }, request) => {
      const ref: ObjectRef = { module, country_code, party_id, id_key, recipient };
      const url = `https://session/?ref=${encodeURIComponent(JSON.stringify(ref))}`;
      return host(ref).fetch(new Request(url, request));
    },
  };
}
