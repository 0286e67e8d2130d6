/** A small loader: asks a server from this process over connections that are kept, and times each answer. */
import { connect, type Socket } from "node:net";

export type Load = {
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly failed: number;
};

/** A request as it is sent: a path that is fetched, or a whole text of HTTP. */
export type Asked = { readonly path: string; readonly body?: string };

export type LoadOptions = { readonly connections: number; readonly seconds: number };

/** Each connection asks for one thing after the other, as fast as it is answered. */
export async function load(
  port: number,
  asked: readonly Asked[],
  { connections, seconds }: LoadOptions,
): Promise<Load> {
  const times: number[] = [];
  const end = performance.now() + seconds * 1_000;
  let failed = 0;
  let next = 0;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const line = await dial(port);
      while (performance.now() < end) {
        next += 1;
        const begun = performance.now();
        const isGood = await line.ask(asked[next % asked.length] as Asked);
        times.push(performance.now() - begun);
        if (!isGood) failed += 1;
      }
      line.end();
    }),
  );
  return summed(times, seconds, failed);
}

/**
 * Asks so many times a second, whether or not the answers keep up. A request's time begins when it was due, so that one that had
 * to wait for a connection is counted with its wait.
 */
export async function offer(
  port: number,
  asked: readonly Asked[],
  { connections, seconds, perSecond }: LoadOptions & { readonly perSecond: number },
): Promise<Load> {
  const idle = await Promise.all(Array.from({ length: connections }, async () => dial(port)));
  const lines = [...idle];
  const times: number[] = [];
  const total = perSecond * seconds;
  const begun = performance.now();
  const dueAt = (number: number): number => begun + (number * 1_000) / perSecond;
  let [given, failed] = [0, 0];
  const send = (line: Line, number: number): void => {
    void line.ask(asked[number % asked.length] as Asked).then(
      (isGood) => {
        times.push(performance.now() - dueAt(number));
        if (!isGood) failed += 1;
        idle.push(line);
        give();
      },
      () => {
        times.push(performance.now() - dueAt(number));
        failed += 1;
      },
    );
  };
  /** What is due goes out, as far as there are connections. */
  const give = (): void => {
    while (given < total && dueAt(given) <= performance.now()) {
      const line = idle.pop();
      if (line === undefined) return;
      send(line, given);
      given += 1;
    }
  };
  while (times.length < total) {
    give();
    // Waiting in a loop would be exacter by half a millisecond, and take a whole core from the server.
    await new Promise((resolve) => void setTimeout(resolve, 1));
  }
  for (const line of lines) line.end();
  return summed(times, (performance.now() - begun) / 1_000, failed);
}

function summed(times: number[], seconds: number, failed: number): Load {
  times.sort((left, right) => left - right);
  const at = (part: number): number => times[Math.floor(times.length * part)] ?? 0;
  return { perSecond: times.length / seconds, p50: at(0.5), p99: at(0.99), p999: at(0.999), failed };
}

type Line = { readonly ask: (asked: Asked) => Promise<boolean>; readonly end: () => void };

async function dial(port: number): Promise<Line> {
  const socket: Socket = connect(port, "127.0.0.1");
  socket.setNoDelay(true);
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
  });
  let text = "";
  let answered: ((isGood: boolean) => void) | undefined;
  let broken: ((error: Error) => void) | undefined;
  socket.on("error", (error) => broken?.(error));
  socket.on("close", () => broken?.(new Error("bench: the server closed the connection")));
  socket.on("data", (bytes: Buffer) => {
    text += bytes.toString("latin1");
    const head = text.indexOf("\r\n\r\n");
    if (head < 0) return;
    const length = Number(/content-length: (?<bytes>[0-9]+)/iu.exec(text)?.groups?.["bytes"] ?? 0);
    if (text.length < head + 4 + length) return;
    const isGood = text.startsWith("HTTP/1.1 200");
    text = "";
    answered?.(isGood);
  });
  return {
    ask: async ({ path, body }) =>
      new Promise((resolve, reject) => {
        [answered, broken] = [resolve, reject];
        const head = `${body === undefined ? "GET" : "POST"} ${path} HTTP/1.1\r\nhost: localhost\r\n`;
        const rest =
          body === undefined ? "" : `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`;
        socket.write(`${head}${rest}\r\n${body ?? ""}`);
      }),
    end: () => {
      broken = undefined;
      socket.end();
    },
  };
}
