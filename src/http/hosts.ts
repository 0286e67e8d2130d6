import { Failure } from "../base/failure.ts";

const loopback = /^(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\]|::1)$/iu;

/** Whether a server that listens on a host is reached from this machine only. */
export function isLoopback(host: string): boolean {
  return loopback.test(host);
}

/** What of a request's headers says where it comes from. */
export type Coming = {
  readonly host?: string | undefined;
  readonly "sec-fetch-site"?: unknown;
  readonly "sec-fetch-mode"?: unknown;
  readonly "sec-fetch-dest"?: unknown;
};

/**
 * Refuses what a page of another origin could send: a name that was made to point here (DNS rebinding), and whatever a
 * browser says comes from elsewhere. A link that leads a whole window to a page is followed: the other site sees nothing of it.
 *
 * @param reach - Whether the server listens on loopback only; beyond it, any name may be its own.
 * @param what - A page of ours, to be looked at, or anything else.
 * @throws {Failure} `HOST_REFUSED`.
 */
export function requireHost(coming: Coming, reach: "loopback" | "network", what: "page" | "other"): void {
  const { host, "sec-fetch-site": site } = coming;
  const name = (host ?? "").replace(/:[0-9]{1,5}$/u, "");
  if (reach === "loopback" && !loopback.test(name)) {
    throw new Failure("HOST_REFUSED", { host: name.slice(0, 100), mend: "use localhost or 127.0.0.1" });
  }
  const isElsewhere = site === "cross-site" || site === "same-site";
  if (isElsewhere && !(what === "page" && isNavigation(coming))) {
    throw new Failure("HOST_REFUSED", {
      host: name.slice(0, 100),
      mend: "pages of other sites may not use this server",
    });
  }
}

/** Whether a browser goes there with a whole window: not with a frame, and not for a script. */
function isNavigation({ "sec-fetch-mode": mode, "sec-fetch-dest": dest }: Coming): boolean {
  return mode === "navigate" && dest === "document";
}
