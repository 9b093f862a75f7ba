import type { OcpiObject } from "../../../sandbox/types.ts";
import type { World } from "../../../support/ocpi.ts";

/** Watches a session; `until` resolves with all messages once they meet a condition. */
export function watch(world: Pick<World, "url" | "operatorToken">, path: string) {
  const url = `${world.url.replace("http", "ws")}/api/v1${path}/live`;
  const headers = { authorization: `Bearer ${world.operatorToken}` };
  // Node's WebSocket takes headers, which the standard's does not.
  const socket = new WebSocket(url, { headers } as unknown as string[]);
  const messages: OcpiObject[] = [];
  const looks = new Set<() => void>();
  socket.addEventListener("message", ({ data }) => {
    messages.push(JSON.parse(String(data)));
    for (const look of looks) look();
  });
  const until = (met: (all: OcpiObject[]) => boolean): Promise<OcpiObject[]> =>
    new Promise((resolve) => {
      const look = () => {
        if (met(messages)) resolve(messages);
      };
      looks.add(look);
      look();
    });
  return { until, close: () => socket.close() };
}
