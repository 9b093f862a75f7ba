import { createContext, currentPeer } from "./context.ts";
import type { Active, Misbehaviour } from "./faults.ts";
import { readCredentials, register, unregister, updateCredentials } from "./handshake.ts";
import { freshToken } from "./headers.ts";
import { createListener } from "./listen.ts";
import type { ModuleStore, Own } from "./objects.ts";
import { type PullOptions, pull } from "./pull.ts";
import { type PushOptions, patch, push, readCdr, remove, responseUrl, sendCommand, sendProfile } from "./push.ts";
import { type Call, type CallOptions, callPeer, connected, requestModule } from "./send.ts";
import { serve } from "./serve.ts";
import type {
  Answer,
  InboundRequest,
  ObjectModule,
  OcpiObject,
  PartnerOptions,
  Peer,
  ReceivedResult,
} from "./types.ts";
import type { Side, Version } from "./versions.ts";

/** A running partner, as `startPartner` answers it. */
export type Partner = Awaited<ReturnType<typeof startPartner>>;

/**
 * Starts an OCPI platform of its own on loopback: one that follows the standard to the letter, judges everything it
 * receives, and misbehaves on demand.
 */
export async function startPartner(options: PartnerOptions) {
  const context = createContext(options);
  const listener = createListener(context, (entry, segments, fault) => serve(context, entry, segments, fault));
  await listener.start();
  let moves = 0;

  /**
   * Waits until the predicate holds and answers what it answered; looked at after everything that happens, never on
   * a timer. Rejects after `timeoutMs`, telling the last requests.
   */
  function waitFor<T>(predicate: (log: InboundRequest[]) => T, timeoutMs = 5000): Promise<NonNullable<T>> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        clearTimeout(deadline);
        forget();
        act();
      };
      const look = () => {
        try {
          const found = predicate(context.requests);
          if (found) settle(() => resolve(found as NonNullable<T>));
        } catch (error) {
          settle(() => reject(error));
        }
      };
      const deadline = setTimeout(() => {
        const last = context.requests.slice(-5).map((r) => `${r.method} ${r.path} → ${r.answer?.http ?? "no answer"}`);
        settle(() => reject(new Error(`waited ${timeoutMs} ms in vain; last requests: ${last.join(", ") || "none"}`)));
      }, timeoutMs);
      const forget = context.onChange(look);
      look();
    });
  }

  return {
    /** Where others register with this partner. */
    versionsUrl: `${context.origin}/ocpi/versions`,
    /** The version of the connection; before there is one, the preferred. */
    get version(): Version {
      return currentPeer(context)?.version ?? options.version;
    },
    roles: context.roles,
    /** The connection in use, if any. */
    get peer(): Peer | undefined {
      return currentPeer(context);
    },
    /** Behaviour that is legal either way; assign to its fields. */
    settings: context.settings,
    /** Every request received, every request sent, and everything the peer did wrong, oldest first. */
    requests: context.requests,
    sent: context.sent,
    violations: context.violations,
    /** Commands and charging-profile requests received; `finish` posts a result. */
    commands: context.commands,
    /** Asynchronous results and active profiles received. */
    results: context.results,
    /** What the peer pushed, by module. */
    store: context.store as Record<ObjectModule, ModuleStore>,
    /** Own objects of the version in use, served on the Sender endpoints. */
    get own(): Own {
      return context.ownOf(currentPeer(context)?.version ?? options.version);
    },
    /** Own objects of another version that this partner offers. */
    ownOf: context.ownOf,

    /** A token A for somebody who will register with us; good until that has happened. */
    inviteToken(): string {
      const token = freshToken();
      context.invites.add(token);
      return token;
    },
    /** Registers with a platform. */
    register: (versionsUrl: string, tokenA: string, { version }: { version?: Version } = {}): Promise<Peer> =>
      register(context, versionsUrl, tokenA, version),
    /** PUT credentials: new tokens, fresh endpoints, another version when given. */
    updateCredentials: ({ version }: { version?: Version } = {}): Promise<Peer> =>
      updateCredentials(context, connected(context), version),
    /** GET credentials. */
    readCredentials: (): Promise<OcpiObject> => readCredentials(context, connected(context)),
    /** DELETE credentials. */
    unregister: (): Promise<Answer> => unregister(context, connected(context)),

    /** A request to a module at the endpoint the peer's details name; `side` is the peer's interface. */
    request: (
      module: string,
      side: Side,
      method: string,
      path: string | readonly string[] = [],
      callOptions: CallOptions = {},
    ): Promise<Answer> => requestModule(context, module, side, method, path, callOptions),
    /** A request to any URL, with the headers of the connection. */
    call: (method: string, url: string, call: Partial<Call> & { module: string }): Promise<Answer> => {
      const peer = connected(context);
      return callPeer(context, peer, { version: peer.version, ...call, method, url });
    },
    push: (module: ObjectModule, object: OcpiObject, pushOptions?: PushOptions): Promise<Answer> =>
      push(context, module, object, pushOptions),
    patch: (module: ObjectModule, path: string | readonly string[], part: OcpiObject, pushOptions?: PushOptions) =>
      patch(context, module, path, part, pushOptions),
    remove: (module: ObjectModule, id: string, pushOptions?: PushOptions): Promise<Answer> =>
      remove(context, module, id, pushOptions),
    pull: (module: ObjectModule, pullOptions?: PullOptions): Promise<OcpiObject[]> =>
      pull(context, module, pullOptions),
    /** GET of a pushed CDR under the URL the peer gave it. */
    readCdr: (id: string): Promise<Answer> => readCdr(context, id),
    /** Real-time authorisation of a token at the peer, an eMSP. */
    authorize: (uid: string, { type, ...callOptions }: CallOptions & { type?: string } = {}): Promise<Answer> =>
      requestModule(context, "tokens", "SENDER", "POST", [uid, "authorize"], { query: { type }, ...callOptions }),
    /** Sends a command (`response_url` is added); `uid` of the answer identifies its result. */
    command: (kind: string, body: OcpiObject, callOptions?: CallOptions) =>
      sendCommand(context, kind, body, callOptions),
    /** GET, PUT or DELETE of a charging profile; `uid` as for a command. */
    chargingProfile: (
      method: "GET" | "PUT" | "DELETE",
      sessionId: string,
      profileOptions?: CallOptions & { profile?: OcpiObject; duration?: number },
    ) => sendProfile(context, method, sessionId, profileOptions),
    /** A fresh URL for an asynchronous result, for requests made by hand. */
    responseUrl: (module: string, kind: string) => responseUrl(context, module, kind),

    waitFor,
    /** Waits for the asynchronous result of a command or charging profile. */
    waitForResult: (uid: string, timeoutMs?: number): Promise<ReceivedResult> =>
      waitFor(() => context.results.find((result) => result.uid === uid), timeoutMs),

    /** Adds a misbehaviour; several add up. */
    misbehave: (fault: Misbehaviour): Active => context.faults.add(fault),
    /** Ends every misbehaviour. */
    behave: (): void => context.faults.clear(),
    /** Stops listening: connections are refused until `goOnline`. What it knows stays. */
    goOffline: (): Promise<void> => listener.stop(),
    goOnline: (): Promise<void> => listener.start(),
    /** Moves every endpoint but the versions URL to new paths; the old ones answer 404. A PUT of credentials tells it. */
    moveEndpoints(): void {
      context.base = `/ocpi-${++moves}`;
    },
    close: (): Promise<void> => listener.stop(),
  };
}
