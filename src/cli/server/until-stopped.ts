import { serve, type ServeOptions } from "../../http/serve.ts";

/** What is not answered by then is given up. */
const stopMs = 20_000;

/**
 * Serves until the process is told to stop, and finishes what came in.
 *
 * @param onListening - Gets where it listens.
 * @throws {Failure} what {@link serve} throws.
 */
export async function serveUntilStopped(options: ServeOptions, onListening: (url: string) => void): Promise<void> {
  const asked = stopSignal();
  const server = await serve(options);
  onListening(server.url);
  await asked;
  const late = setTimeout(() => process.exit(1), stopMs).unref();
  await server.stop();
  clearTimeout(late);
}

/** Settles at the first signal to stop; a second one ends the process as it would without us. */
async function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      process.removeListener("SIGTERM", stop);
      process.removeListener("SIGINT", stop);
      resolve();
    };
    process.on("SIGTERM", stop);
    process.on("SIGINT", stop);
  });
}
