import { Failure } from "../base/failure.ts";

const loopback = /^(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\]|::1)$/iu;

/** Whether a server that listens on a host is reached from this machine only. */
export function isLoopback(host: string): boolean {
  return loopback.test(host);
}

/**
 * Refuses what a page of another origin could send: a name that was made to point here (DNS rebinding), and whatever a
 * browser says comes from elsewhere.
 *
 * @param reach - Whether the server listens on loopback only; beyond it, any name may be its own.
 * @throws {Failure} `HOST_REFUSED`.
 */
export function requireHost(
  { host, "sec-fetch-site": site }: { readonly host?: string | undefined; readonly "sec-fetch-site"?: unknown },
  reach: "loopback" | "network",
): void {
  const name = (host ?? "").replace(/:[0-9]{1,5}$/u, "");
  if (reach === "loopback" && !loopback.test(name)) {
    throw new Failure("HOST_REFUSED", { host: name.slice(0, 100), mend: "use localhost or 127.0.0.1" });
  }
  if (site === "cross-site" || site === "same-site") {
    throw new Failure("HOST_REFUSED", {
      host: name.slice(0, 100),
      mend: "pages of other sites may not use this server",
    });
  }
}
