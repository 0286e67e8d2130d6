/**
 * Whether a file is a sound LMDB file, seen from its bytes alone.
 *
 * LMDB maps the file and trusts it: where a page that it refers to lies behind the file's end, or is none, the process is
 * killed by the system. So before it is opened, what can be seen in constant time is looked at here. The layout is that of
 * `mdb.c` as the `lmdb` package brings it (data version 2, little-endian): `MDB_page_header`, `MDB_meta`, `MDB_db`,
 * `MDB_node`, `MDB_ovpage`; the checks of `mdb_env_read_header`, and those that it leaves out.
 */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { keyBytesMax } from "./page-store.ts";

const magic = 0xbeefc0de;
const dataVersion = 2;
const headerBytes = 24;
const metaBytes = 144;
const noRoot = 0xffff_ffff_ffff_ffffn;
/** `CURSOR_STACK`: LMDB itself goes no deeper. */
const depthMax = 32;
const isBranch = 1;
const isLeaf = 2;
const isOverflow = 4;
const isMeta = 8;
const isBigData = 1;
const nodeBytes = 8;
/** `MDB_INTEGERKEY`: the flags of the tree of free pages, and the file's. */
const freeFlags = 8;

/** One of the two trees: the free pages, by the number of the transaction that freed them, or the entries. */
type Tree = { readonly kind: "free" | "main"; readonly root: number | "none"; readonly depth: number };
type Meta = {
  readonly pageBytes: number;
  readonly lastPage: number;
  readonly transaction: bigint;
  readonly trees: readonly Tree[];
};

/** A file that is being looked at; `pages` is how many whole pages it has. */
type View = { readonly fd: number; readonly pages: number; readonly meta: Meta };

/** How thorough a look is: one way from each root to a leaf, in constant time, or every page, in time with the size of the file. */
export type Depth = "roots" | "every page";

/**
 * Why a file is not a sound LMDB file; undefined where nothing is wrong with it, or where it is empty (LMDB takes an empty
 * file for a new one). A writer may be at work: what looks wrong is looked at again.
 *
 * @throws {Error} of `node:fs` where the file cannot be read.
 */
export function whyUnsound(file: string, depth: Depth): string | undefined {
  const attempts = 4;
  const fd = openSync(file, "r");
  try {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const before = newestTransaction(fd);
      const why = look(fd, depth);
      if (why === undefined) return undefined;
      if (attempt > 0 && newestTransaction(fd) === before) return why;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
    // A writer commits all the time, so that pages change while they are looked at: the file is sound to that writer.
    return undefined;
  } finally {
    closeSync(fd);
  }
}

/**
 * The number of the last commit in a file, which rises with each. Cost: two short reads.
 *
 * @throws {Error} of `node:fs` where the file cannot be read.
 */
export function lastCommit(file: string): bigint {
  const fd = openSync(file, "r");
  try {
    return newestTransaction(fd);
  } finally {
    closeSync(fd);
  }
}

/** Where the two headers agree on nothing else, still something that changes with each commit. */
function newestTransaction(fd: number): bigint {
  const first = readMeta(fd, 0, undefined);
  if (typeof first === "string") return 0n;
  const second = readMeta(fd, 1, first.pageBytes);
  if (typeof second === "string") return first.transaction;
  return first.transaction > second.transaction ? first.transaction : second.transaction;
}

function look(fd: number, depth: Depth): string | undefined {
  if (fstatSync(fd).size === 0) return undefined;
  const first = readMeta(fd, 0, undefined);
  if (typeof first === "string") return first;
  const second = readMeta(fd, 1, first.pageBytes);
  if (typeof second === "string") return second;
  const meta = first.transaction >= second.transaction ? first : second;
  // Transaction N writes the header N modulo 2, so that the other one has the state before.
  const { transaction } = meta;
  const before = meta === first ? second.transaction : first.transaction;
  const isNew = transaction === 0n;
  if (!isNew && (before !== transaction - 1n || (transaction % 2n === 0n) !== (meta === first))) {
    return "data.mdb is damaged: its headers contradict each other";
  }
  // The file is measured after its state was read, since it only grows.
  const { size } = fstatSync(fd);
  const view = { fd, pages: (size - (size % meta.pageBytes)) / meta.pageBytes, meta };
  const isShort = meta.lastPage >= view.pages;
  const cut = `data.mdb is cut short: ${size} of ${(meta.lastPage + 1) * meta.pageBytes} bytes are there`;
  // A file may end before its last page where that one was made and freed within one commit (`mdb_page_flush` leaves loose
  // pages out), but not by much. Only a look at every page tells that from a file that was cut.
  if (meta.lastPage > 2 * view.pages + 1024) return cut;
  const why = walk(view, isShort ? "every page" : depth);
  return why !== undefined && isShort ? cut : why;
}

function readMeta(fd: number, page: 0 | 1, pageBytes: number | undefined): Meta | string {
  const bytes = read(fd, page * (pageBytes ?? 0), headerBytes + metaBytes);
  if (bytes === undefined) return "data.mdb is cut short: it ends within its header";
  const meta = bytes.subarray(headerBytes);
  if ((bytes.readUInt16LE(18) & isMeta) === 0 || meta.readUInt32LE(0) !== magic) {
    return page === 0 ? "data.mdb is not a file of LMDB" : "data.mdb is damaged: its second header is none";
  }
  const version = meta.readUInt32LE(4) & 0xffff;
  if (version !== dataVersion) return `data.mdb has version ${version} of LMDB's format, not ${dataVersion}`;
  const size = meta.readUInt32LE(24);
  if (size < 256 || size > 65_536 || (size & (size - 1)) !== 0) return "data.mdb is damaged: its page size is none";
  if (pageBytes !== undefined && size !== pageBytes) return "data.mdb is damaged: its headers contradict each other";
  if (meta.readUInt16LE(28) !== freeFlags || meta.readUInt16LE(76) !== 0) {
    return "data.mdb is damaged or of another program: it has flags that no ledger has";
  }
  const [free, main, lastPage] = [readPage(meta, 64), readPage(meta, 112), readPage(meta, 120)];
  if (free === undefined || main === undefined || lastPage === undefined || lastPage === "none") {
    return "data.mdb is damaged: its header refers to pages that cannot be";
  }
  const trees = [
    { kind: "free", root: free, depth: meta.readUInt16LE(30) },
    { kind: "main", root: main, depth: meta.readUInt16LE(78) },
  ] as const;
  return { pageBytes: size, lastPage, transaction: meta.readBigUInt64LE(128), trees };
}

/** A page's number; undefined where it has over 48 bits, so that no file can hold it. */
function readPage(bytes: Buffer, offset: number): number | "none" | undefined {
  if (bytes.readBigUInt64LE(offset) === noRoot) return "none";
  return bytes.readUInt16LE(offset + 6) === 0 ? bytes.readUIntLE(offset, 6) : undefined;
}

/** Goes through the pages of both trees, or only from each root to its first leaf. */
function walk(view: View, depth: Depth): string | undefined {
  const pending: { readonly page: number; readonly levels: number; readonly kind: Tree["kind"] }[] = [];
  for (const { kind, root, depth: levels } of view.meta.trees) {
    if (levels > depthMax || (root === "none") !== (levels === 0)) return "data.mdb is damaged: its depth cannot be";
    if (root !== "none") pending.push({ page: root, levels, kind });
  }
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { page, levels, kind } = next;
    const children = childrenOf(view, page, kind);
    if (children === undefined || (levels === 1) !== (children.length === 0)) {
      return `data.mdb is damaged at page ${page}`;
    }
    const followed = depth === "every page" ? children : children.slice(0, 1);
    pending.push(...followed.map((child) => ({ page: child, levels: levels - 1, kind })));
  }
  return undefined;
}

/** The pages that a page of a tree refers to, none where it is a leaf; undefined where it is damaged. */
function childrenOf(view: View, page: number, kind: Tree["kind"]): readonly number[] | undefined {
  const { pageBytes, transaction } = view.meta;
  const bytes = page < 2 || page >= view.pages ? undefined : read(view.fd, page * pageBytes, pageBytes);
  if (bytes === undefined || readPage(bytes, 0) !== page || bytes.readBigUInt64LE(8) > transaction) return undefined;
  const flags = bytes.readUInt16LE(18);
  if (flags !== isBranch && flags !== isLeaf) return undefined;
  // Offsets count from the end of the page's header (`PAGEBASE`).
  const [lower, upper] = [bytes.readUInt16LE(20), bytes.readUInt16LE(22)];
  if (lower === 0 || lower > upper || upper > pageBytes - headerBytes || lower % 2 !== 0) return undefined;
  const children: number[] = [];
  for (let entry = 0; entry < lower; entry += 2) {
    const node = bytes.readUInt16LE(headerBytes + entry) + headerBytes;
    if (node < headerBytes + upper || node + nodeBytes > pageBytes) return undefined;
    const data = node + nodeBytes + bytes.readUInt16LE(node + 6);
    if (data > pageBytes || !isKey(bytes.subarray(node + nodeBytes, data), kind, flags === isBranch && entry === 0)) {
      return undefined;
    }
    if (flags === isBranch) children.push(bytes.readUIntLE(node, 6));
    else if (!isLeafSound(view, bytes, node, data)) return undefined;
  }
  return children;
}

/** The first key of a branch is never looked at, and empty. */
function isKey(key: Uint8Array, kind: Tree["kind"], isFirstOfBranch: boolean): boolean {
  if (isFirstOfBranch) return true;
  return kind === "free" ? key.length === 8 : key.length >= 1 && key.length <= keyBytesMax;
}

/** Looks at an entry of a leaf; long values lie in pages of their own, which are looked at too. */
function isLeafSound({ fd, pages, meta }: View, bytes: Buffer, node: number, data: number): boolean {
  const [size, flags] = [bytes.readUInt32LE(node), bytes.readUInt16LE(node + 4)];
  if (flags !== isBigData) return flags === 0 && data + size <= meta.pageBytes;
  if (data + 24 > meta.pageBytes) return false;
  const [first, count] = [readPage(bytes, data), readPage(bytes, data + 16)];
  if (typeof first !== "number" || typeof count !== "number" || first < 2) return false;
  if (first + count > pages || size + headerBytes > count * meta.pageBytes) return false;
  const header = read(fd, first * meta.pageBytes, headerBytes);
  return header !== undefined && readPage(header, 0) === first && header.readUInt16LE(18) === isOverflow;
}

function read(fd: number, position: number, length: number): Buffer | undefined {
  const bytes = Buffer.alloc(length);
  return readSync(fd, bytes, 0, length, position) === length ? bytes : undefined;
}
