/** Somebody who watches a session. */
export type Watch = {
  /** Resolves once the session has been seen like this, with what has been seen so far: `ACTIVE 0, 4.2, COMPLETED 5 kWh`. */
  until(fits: (session: Session) => boolean): Promise<string>;
  close(): void;
};

/** A Session, the members the demo reads. */
export type Session = { id: string; status: string; kwh: number };

/** How long the demo waits to see something. */
const PATIENCE_MS = 10_000;

/**
 * Watches a session through `GET /sessions/.../live`.
 * @param url of the session in the operator API
 */
export function watchSession(url: string, operatorToken: string): Watch {
  const headers = { authorization: `Bearer ${operatorToken}` };
  // Node's WebSocket takes headers, which the standard's does not.
  const socket = new WebSocket(`${url.replace("http", "ws")}/live`, { headers } as unknown as string[]);
  const seen: Session[] = [];
  const looks = new Set<() => void>();
  socket.addEventListener("message", ({ data }) => {
    seen.push(JSON.parse(String(data)));
    for (const look of looks) look();
  });
  return {
    until: (fits) =>
      new Promise((settle, fail) => {
        const look = (): void => {
          if (!seen.some(fits)) return;
          clearTimeout(deadline);
          looks.delete(look);
          settle(told(seen));
        };
        const deadline = setTimeout(() => fail(new Error(`${url}/live does not show what was told`)), PATIENCE_MS);
        looks.add(look);
        look();
      }),
    close: () => socket.close(),
  };
}

function told(seen: Session[]): string {
  const said = seen.map(({ status, kwh }, index) =>
    status === seen[index - 1]?.status ? `${kwh}` : `${status} ${kwh}`,
  );
  return `${said.join(", ")} kWh`;
}
