import { parseArgs } from "node:util";
import { type ExampleKind, example } from "./fixtures/example.ts";
import { startPartner } from "./partner.ts";
import type { PartyRole } from "./types.ts";
import { atLeast, type RoleName, serves, VERSIONS, type Version } from "./versions.ts";

const USAGE = `node test/sandbox/main.ts [--version 2.2.1] [--also 2.1.1 ...] [--role CPO ...] [--party NL*TNM]
    [--host 127.0.0.1] [--port 0] [--empty] [--register <versions URL> --token <token A>]

Runs a sandbox partner until Ctrl-C. It prints its versions URL and a token A to register with it; with --register it
registers there itself. It has a few objects of its own unless --empty is given.`;

const { values } = parseArgs({
  options: {
    version: { type: "string", default: "2.2.1" },
    also: { type: "string", multiple: true, default: [] },
    role: { type: "string", multiple: true, default: ["CPO"] },
    party: { type: "string", default: "NL*TNM" },
    host: { type: "string", default: "127.0.0.1" },
    port: { type: "string", default: "0" },
    empty: { type: "boolean", default: false },
    register: { type: "string" },
    token: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

const versions = [values.version, ...values.also] as Version[];
if (values.help || versions.some((version) => !VERSIONS.includes(version))) {
  console.log(USAGE);
  process.exit(values.help ? 0 : 2);
}

const [country_code = "NL", party_id = "TNM"] = values.party.split("*");
const roles: PartyRole[] = values.role.map((role) => ({ role: role as RoleName, country_code, party_id }));
const [version] = versions as [Version];
const partner = await startPartner({ version, versions, roles, host: values.host, port: Number(values.port) });

if (!values.empty) {
  const modules: ExampleKind[] = ["locations", "tariffs", "tokens", "sessions", "cdrs"];
  for (const each of versions) {
    const names = atLeast(each, "2.2") ? roles.map(({ role }) => role) : roles.slice(0, 1).map(({ role }) => role);
    for (const module of modules) {
      if (serves(each, names, module, "SENDER")) {
        partner.ownOf(each)[module].add(example(each, module, { country_code, party_id }));
      }
    }
  }
}

console.log(`versions URL  ${partner.versionsUrl}`);
console.log(`token A       ${partner.inviteToken()}`);
if (values.register && values.token) {
  const peer = await partner.register(values.register, values.token);
  console.log(`registered    ${peer.version} with ${peer.versionsUrl}`);
}

const printed = new Set<unknown>();
// Never resolves: it looks at the logs each time something happens, and prints what is new.
void partner.waitFor(
  (log) => {
    for (const entry of log) {
      if (!entry.answer || printed.has(entry)) continue;
      printed.add(entry);
      console.log(`${entry.method} ${entry.path} → ${entry.answer.http} ${entry.answer.status_code}`);
    }
    for (const violation of partner.violations) {
      if (!printed.has(violation)) console.log("violation", violation);
      printed.add(violation);
    }
    return false;
  },
  2 ** 31 - 1,
);

process.once("SIGINT", async () => {
  await partner.close();
  process.exit(0);
});
