import { createHash } from "node:crypto";
import path from "node:path";
import { chain as knownChain } from "../base/chains.ts";
import { Failure } from "../base/failure.ts";
import { ClustersReader } from "../clusters/clusters-reader.ts";
import { LedgerReader, type ChainReader } from "../ledger/reader.ts";
import { lastCommit } from "../store/lmdb-file.ts";
import type { PageStore } from "../store/page-store.ts";
import { fingerprintOf } from "../ledger/fingerprint.ts";
import type { Actors } from "../tags/actor.ts";
import { readManifest } from "../tags/manifest.ts";
import { openTagReader } from "../tags/open-tag-reader.ts";
import type { TagReader } from "../tags/tag-reader.ts";

/** The folder's name in messages, which may go to others: not where it is. */
export const folderName = "DIR";

/** How old what a request is answered from may be, in milliseconds. */
const staleMs = 10;
/** So often it is looked whether a state that nobody asks for is outdated, so that it does not hold old pages. */
const idleCheckMs = 1_000;

/** A ledger at one committed state, for one request. */
export type LedgerView = {
  /** Rises with each commit; 0 where the store has no number. */
  readonly commit: bigint;
  readonly chains: readonly ChainReader[];
  readonly tags: TagReader | undefined;
  /** What changes when the tags do. */
  readonly tagsRevision: number;
  /** @throws {Failure} `CLUSTERS_UNBUILT`. */
  clusters(chain: ChainReader): ClustersReader;
};

type Opened = LedgerView & { users: number; isCurrent: boolean; readonly close: () => void };

/**
 * The newest committed state of a ledger into which another process may be writing. Each state is opened once and shared
 * by the requests that came while it was the newest; it is released when the last of them has ended.
 */
export class LedgerViews {
  readonly #store: PageStore;
  readonly #file: string;
  readonly #actors: Actors;
  readonly #timer: NodeJS.Timeout;
  #current: Opened | undefined;
  #checked = 0;
  #open = 0;

  /** @param folder - Where the store lies. */
  constructor(store: PageStore, folder: string, actors: Actors) {
    this.#store = store;
    this.#file = path.join(folder, "data.mdb");
    this.#actors = actors;
    this.#timer = setInterval(() => this.#dropOutdated(), idleCheckMs).unref();
  }

  /** States that are held at the moment. */
  get open(): number {
    return this.#open;
  }

  /**
   * Gives the newest state to `use`, for as long as that takes.
   *
   * @throws {Failure} `LEDGER_DAMAGED`, `LEDGER_FORMAT`, `STORE_UNREADABLE`.
   */
  async use<Result>(use: (view: LedgerView) => Result | Promise<Result>): Promise<Result> {
    const view = this.#newest();
    view.users += 1;
    try {
      return await use(view);
    } finally {
      view.users -= 1;
      if (!view.isCurrent && view.users === 0) view.close();
    }
  }

  /** What changes when the ledger does; for ETags. */
  commit(): bigint {
    return this.#newest().commit;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#retire();
  }

  #newest(): Opened {
    const now = performance.now();
    if (this.#current !== undefined && now - this.#checked < staleMs) return this.#current;
    this.#checked = now;
    if (this.#current?.commit === lastCommit(this.#file)) return this.#current;
    this.#retire();
    return (this.#current = this.#opened());
  }

  #dropOutdated(): void {
    if (this.#current === undefined) return;
    try {
      if (this.#current.commit !== lastCommit(this.#file)) this.#retire();
    } catch {
      // The next request tells what is wrong with the file.
      this.#retire();
    }
  }

  #retire(): void {
    const view = this.#current;
    this.#current = undefined;
    if (view === undefined) return;
    view.isCurrent = false;
    if (view.users === 0) view.close();
  }

  #opened(): Opened {
    // Where a commit comes between, the number would belong to another state than the snapshot.
    for (;;) {
      const commit = lastCommit(this.#file);
      const reader = new LedgerReader(this.#store, folderName);
      if (lastCommit(this.#file) !== commit) {
        reader.close();
        continue;
      }
      this.#open += 1;
      try {
        return this.#view(reader, commit);
      } catch (thrown) {
        this.#open -= 1;
        reader.close();
        throw thrown;
      }
    }
  }

  #view(reader: LedgerReader, commit: bigint): Opened {
    const { chains } = reader;
    const snapshot = chains[0]?.snapshot;
    const clusters = new Map<ChainReader, ClustersReader | Failure>();
    return {
      commit,
      chains,
      tags: snapshot === undefined ? undefined : openTagReader(snapshot, this.#actors, folderName),
      tagsRevision: snapshot === undefined ? 0 : readManifest(snapshot, folderName).revision,
      clusters: (chain) => {
        const opened = clusters.get(chain) ?? openClusters(chain);
        clusters.set(chain, opened);
        if (opened instanceof Failure) throw opened;
        return opened;
      },
      users: 0,
      isCurrent: true,
      close: () => {
        this.#open -= 1;
        reader.close();
      },
    };
  }
}

/** Kept as well where there are none: looking for them at each request would cost more than most answers. */
function openClusters(reader: ChainReader): ClustersReader | Failure {
  const opened = ClustersReader.open(reader);
  if (opened instanceof ClustersReader) return opened;
  const why = opened === "none" ? "none have been built" : "they are older than a reorganisation or this version";
  return new Failure("CLUSTERS_UNBUILT", { chain: reader.chain.alias, folder: folderName, why });
}

/**
 * A chain of the ledger, by alias or CAIP-2 id.
 *
 * @throws {Failure} `UNKNOWN_NAME`.
 */
export function chainNamed(view: LedgerView, text: string): ChainReader {
  const wanted = knownChain(text).id;
  const found = view.chains.find(({ chain }) => chain.id === wanted);
  if (found !== undefined) return found;
  const known = view.chains.map(({ chain }) => chain.alias).join(", ");
  const mend = known === "" ? "it holds no chain yet" : `it holds ${known}`;
  const where = "this server's ledger";
  throw new Failure("UNKNOWN_NAME", { kind: "chain of the ledger", name: text, where, mend, reason: "chain-absent" });
}

/** The strong ETag of a resource at a state. The URL's part need not be hard to forge: it keeps mistakes from matching. */
export function etagOf(state: string, url: string): string {
  const { hi, lo } = fingerprintOf(Buffer.from(url, "latin1"));
  return `"${state}${hi.toString(36)}${lo.toString(36)}"`;
}

/** What changes with what all answers rest on, as text. Cheap, since each request asks. */
export function statesBy(base: string, views: LedgerViews | undefined): () => string {
  let [of, state]: [bigint | undefined, string] = [undefined, ""];
  return () => {
    const commit = views?.commit() ?? 0n;
    if (commit === of) return state;
    of = commit;
    state = createHash("sha256").update(`${base}\n${commit}`).digest("base64url").slice(0, 22);
    return state;
  };
}
