import { mkdtemp } from "node:fs/promises";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll } from "vitest";
import { openLmdbStore } from "../../src/store/lmdb-store.ts";
import { openMemoryStore } from "../../src/store/memory-store.ts";
import { ledgerSuite } from "./ledger.suite.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-ledger-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

ledgerSuite("memory", async () => Promise.resolve(openMemoryStore()));
ledgerSuite("lmdb", async () => openLmdbStore(await mkdtemp(path.join(scratch, "store-")), { mode: "write" }));
