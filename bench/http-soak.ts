/**
 * `npm run bench -- http-soak [MINUTES [SHARE_PERCENT [SLOW]]]`: a server under a steady load for some minutes, at a part of the
 * most that it answers, while a thousand clients that hardly read or write are connected: memory, errors, times.
 */
import { connect, type Socket } from "node:net";
import { load, offer, type Load } from "./http-load.ts";
import { withServer, type BenchServer } from "./http.ts";

const mega = 1_048_576;

export async function httpSoakBench([minutes = 10, percent = 80, slow = 1_000]: readonly number[]): Promise<void> {
  await withServer(async (server) => {
    const { port, lookUps, screenings } = server;
    // Three look-ups to a screening.
    const asked = lookUps.map((one, at) => (at % 4 === 3 ? (screenings[at] ?? one) : one));
    await load(port, asked, { connections: 16, seconds: 5 });
    const peak = await load(port, asked, { connections: 16, seconds: 10 });
    const perSecond = Math.floor((peak.perSecond * percent) / 100);
    say(`peak ${Math.round(peak.perSecond)} requests/s; ${perSecond}/s are offered for ${minutes} min`);
    const alone = await offer(port, lookUps, { connections: 256, seconds: 10, perSecond: Math.floor(perSecond / 4) });
    const clients = await slowClients(port, slow);
    const beside = await offer(port, lookUps, { connections: 256, seconds: 10, perSecond: Math.floor(perSecond / 4) });
    say(`look-ups alone ${timesText(alone)}; beside slow clients ${timesText(beside)}`);
    say(`${clients.open()} slow clients are connected`);
    for (let minute = 1; minute <= minutes; minute += 1) {
      const told = await offer(port, asked, { connections: 256, seconds: 60, perSecond });
      say(`minute ${minute}: ${minuteText(server, told)}, ${clients.open()} slow clients are left`);
    }
    clients.end();
  });
}

function minuteText({ rss }: BenchServer, told: Load): string {
  const { perSecond, failed } = told;
  return `RSS ${Math.round(rss() / mega)} MiB, ${Math.round(perSecond)}/s, ${timesText(told)}, ${failed} failed`;
}

function timesText({ p50, p99 }: Load): string {
  return `p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`;
}

function say(text: string): void {
  process.stdout.write(`http-soak: ${text}\n`);
}

/** Clients that send a head byte by byte, ask for much and do not read it, or send nothing at all; each comes back when it is cut off. */
async function slowClients(
  port: number,
  count: number,
): Promise<{ readonly open: () => number; readonly end: () => void }> {
  const sockets = new Set<Socket>();
  let isOver = false;
  const begin = (at: number): void => {
    if (isOver) return;
    const socket = connect(port, "127.0.0.1");
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => {
      sockets.delete(socket);
      setTimeout(() => begin(at), 1_000).unref();
    });
    const head = "GET /v1/incidents?limit=500 HTTP/1.1\r\nhost: localhost\r\n";
    if (at % 3 === 0) {
      let sent = 0;
      const timer = setInterval(() => {
        if (socket.destroyed) clearInterval(timer);
        else socket.write(head[sent++ % head.length] ?? "");
      }, 1_000).unref();
    } else if (at % 3 === 1) {
      socket.pause();
      socket.write(`${head}\r\n`.repeat(4));
    }
  };
  for (let at = 0; at < count; at += 1) begin(at);
  await new Promise((resolve) => void setTimeout(resolve, 2_000));
  return {
    open: () => [...sockets].filter((socket) => !socket.connecting && !socket.destroyed).length,
    end: () => {
      isOver = true;
      for (const socket of sockets) socket.destroy();
    },
  };
}
