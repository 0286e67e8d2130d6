import { Failure } from "../base/failure.ts";
import { roles, type Role } from "./contract/route.ts";
import type { Caller } from "./handling.ts";
import { entryOf, type TokenEntry } from "./tokens.ts";

/** Gives the tokens of the moment; cheap, since each request asks. */
export type TokenSource = () => ReadonlyMap<string, TokenEntry>;

type Bucket = { left: number; at: number };

/** Says who asks and whether they may, and holds each token to its rate. */
export class Callers {
  readonly #tokens: TokenSource | undefined;
  readonly #buckets = new Map<string, Bucket>();

  /** @param tokens - Undefined: whoever reaches the server may do everything. */
  constructor(tokens: TokenSource | undefined) {
    this.#tokens = tokens;
  }

  /**
   * The caller by the `Authorization` header.
   *
   * @param now - Milliseconds of a clock that only goes forward.
   * @throws {Failure} `TOKEN_REFUSED`, `ROLE_MISSING`, `RATE_LIMITED`.
   */
  require(authorization: string | undefined, role: Role, now: number): Caller {
    if (this.#tokens === undefined) return { id: "local", role: "admin" };
    const mend = 'send the header "Authorization: Bearer TOKEN"; fundtrail token create makes one';
    const token = /^Bearer (?<token>\S{1,200})$/iu.exec(authorization ?? "")?.groups?.["token"];
    if (token === undefined) throw new Failure("TOKEN_REFUSED", { why: "a token is required", mend });
    const entry = entryOf(this.#tokens(), token);
    if (entry === undefined) throw new Failure("TOKEN_REFUSED", { why: "the token is unknown or revoked", mend });
    if (roles.indexOf(entry.role) < roles.indexOf(role)) throw new Failure("ROLE_MISSING", { role, has: entry.role });
    this.#spend(entry, now);
    return { id: entry.id, role: entry.role };
  }

  /** A bucket that fills evenly and holds a minute's worth. */
  #spend({ id, perMinute }: TokenEntry, now: number): void {
    const bucket = this.#buckets.get(id) ?? { left: perMinute, at: now };
    const perMs = perMinute / 60_000;
    bucket.left = Math.min(perMinute, bucket.left + (now - bucket.at) * perMs);
    bucket.at = now;
    this.#buckets.set(id, bucket);
    if (bucket.left < 1) {
      throw new Failure("RATE_LIMITED", { perMinute, seconds: Math.ceil((1 - bucket.left) / perMs / 1_000) });
    }
    bucket.left -= 1;
  }
}
