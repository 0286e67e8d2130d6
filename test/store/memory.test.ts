import { openMemoryStore } from "../../src/store/memory-store.ts";
import { describeStore } from "./store.suite.ts";

describeStore("the store in memory", { make: openMemoryStore, reopened: undefined });
