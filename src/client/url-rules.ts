import type { Config } from "../ports/world.ts";

/** What decides whether a URL may be called at all. */
export interface UrlRules {
  /** Loopback and private addresses, plain http, and any port: for running locally only. */
  allowPrivateNetwork: boolean;
  /** Hosts (`name` or `name:port`, as in a URL) this gateway itself answers on. */
  ownHosts: string[];
}

export type UrlRefusal =
  | "syntax"
  | "characters"
  | "scheme"
  | "userinfo"
  | "port"
  | "ip"
  | "host"
  | "suffix"
  | "own-host";

export type UrlVerdict = { ok: true; url: URL } | { ok: false; reason: UrlRefusal; message: string };

/** Longest URL that is looked at; the standard's own limit is 255. */
const MAX_LENGTH = 2048;

/** Names that never leave a private network. `localhost` covers `*.localhost`. */
const PRIVATE_SUFFIXES = [
  "internal",
  "local",
  "localdomain",
  "localhost",
  "lan",
  "intranet",
  "private",
  "corp",
  "home",
  "home.arpa",
  "onion",
];

/** The rules of a deployment; `origin` is where the request at hand reached us, when there is one. */
export function urlRules(config: Pick<Config, "allowPrivateNetwork" | "publicUrl">, origin?: string): UrlRules {
  const ownHosts = [config.publicUrl, origin].flatMap((base) =>
    base && URL.canParse(base) ? [new URL(base).host] : [],
  );
  return { allowPrivateNetwork: config.allowPrivateNetwork, ownHosts };
}

/**
 * Whether a URL given by a partner or an operator may be called. It is textual: `new URL` folds every spelling of an
 * IPv4 address (`0x7f.1`, `2130706433`, full-width digits) to dotted form, so looking at the host afterwards is
 * enough for literals; names that resolve to private addresses are the network layer's to refuse.
 */
export function checkUrl(text: string, rules: UrlRules): UrlVerdict {
  if (text.length > MAX_LENGTH) return refused("syntax", `longer than ${MAX_LENGTH} characters`);
  // The parser drops tabs and newlines and turns a backslash into a slash: what a person reads is not what it calls.
  if ([...text].some(isTreacherous)) return refused("characters", "spaces, control characters or backslashes");
  const url = URL.parse(text);
  if (!url) return refused("syntax", "not an absolute URL");
  if (url.protocol !== "https:" && !(rules.allowPrivateNetwork && url.protocol === "http:")) {
    return refused("scheme", `${url.protocol.slice(0, -1)}, not https`);
  }
  if (url.username !== "" || url.password !== "") return refused("userinfo", "user name or password in the URL");
  const name = url.hostname.replace(/\.$/, "");
  if (name === "" || name.split(".").includes("")) return refused("host", "empty label in the host name");
  if (rules.ownHosts.some((own) => isOwn(own, url, name, rules.allowPrivateNetwork))) {
    return refused("own-host", "the URL is this gateway's own");
  }
  if (rules.allowPrivateNetwork) return { ok: true, url };
  const port = url.port === "" ? 443 : Number(url.port);
  if (port !== 443 && port < 1024) return refused("port", `port ${port}`);
  if (name.startsWith("[") || /^\d+(\.\d+){3}$/.test(name)) return refused("ip", "an address instead of a name");
  if (!name.includes(".")) return refused("host", "a name without a domain");
  const suffix = PRIVATE_SUFFIXES.find((ending) => name.endsWith(`.${ending}`));
  if (suffix) return refused("suffix", `.${suffix} is a private name`);
  return { ok: true, url };
}

/** The host as `allowHosts` and `allow_hosts` spell it (`name`, or `name:port` when not the default); null: not a URL. */
export function hostOf(url: string | null): string | null {
  return (url && URL.parse(url)?.host) || null;
}

function isTreacherous(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return code <= 0x20 || (code >= 0x7f && code <= 0xa0) || code === 0x2028 || code === 0x2029 || character === "\\";
}

// On a private network several gateways share one name and differ by port.
function isOwn(own: string, url: URL, name: string, byPort: boolean): boolean {
  return byPort ? own === url.host : own.replace(/:\d+$/, "") === name;
}

function refused(reason: UrlRefusal, message: string): UrlVerdict {
  return { ok: false, reason, message };
}
