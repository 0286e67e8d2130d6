/** Verdicts as the API gives them, for tests of what the pages make of them. */
import type { Fact, Verdict } from "../../web/data/verdict.ts";

const subject = "0x2a11db9b5ab01342c4ace9f68951bf4d02fcff76";
const digest = "5f0c9d2c5f0c9d2c5f0c9d2c5f0c9d2c5f0c9d2c5f0c9d2c5f0c9d2c5f0c9d2c";

export const exposure: Fact = {
  evidence: "exposure",
  party: 0,
  origin: "incident:2024-06-10-simulated-northwind",
  name: "Northwind Exchange",
  category: "theft",
  confidence: "high",
  sources: ["register"],
  date: "2024-06-10",
  policy: "fifo",
  asset: "eip155:1/slip44:60",
  amount: "1830000000000000000",
  share: "0.124000",
  usd: "18300.00",
  of: "14758064516129032258",
  direct: "0",
  held: null,
  reach: "indirect",
  receipts: 1,
  first: "2024-06-10T02:00:00Z",
  last: "2024-06-10T02:00:00Z",
  actor: null,
  methods: ["fifo"],
  hops: 3,
  path: [
    { txid: "0x01", address: "0xa7ff197c8a5051040de8cdfdc94968034abbad75", amount: "9400000000000000000000" },
    { txid: "0x02", address: "0x1234111111111111111111111111111111110abc", amount: "2900000000000000000000" },
    { txid: "0x03", address: "0x1234222222222222222222222222222222220abc", amount: "1000000000000000000000" },
    { txid: "0x04", address: subject, amount: "1830000000000000000" },
  ].map((step) => ({ ...step, asset: "eip155:1/slip44:60", time: "2024-06-10T02:00:00Z" })),
  skipped: 0,
};

export const clear: Verdict = {
  format: 1,
  verdict: "clear",
  level: null,
  subject: { kind: "address", text: subject, to: null },
  chain: "eip155:1",
  direction: "deposit",
  simulated: true,
  block: { height: 700, hash: null, time: "2024-07-02T04:00:00Z" },
  rules: { name: "default", version: "4", digest },
  register: { digest },
  tags: {
    digest,
    lists: ["one", "two", "three"].map((name) => ({ name, checked: "2026-11-25", hash: digest, tags: 1 })),
  },
  matches: [],
  facts: [],
  parties: [
    {
      role: "subject",
      address: subject,
      chain: "eip155:1",
      seen: true,
      entity: null,
      category: null,
      tags: [],
      elsewhere: [],
      cluster: null,
    },
  ],
  missing: [],
  accepted: [],
  methods: [],
  checked: { incidents: 41, origins: 45, later: [], absent: [], unplaced: [] },
};

export const flagged: Verdict = {
  ...clear,
  verdict: "flagged",
  level: "high",
  matches: [
    {
      rule: "theft-10",
      level: "high",
      reason: "A tenth or more of what it received comes from a theft.",
      reasonJa: "受取額の10%以上が窃取に由来します。",
      facts: [0],
    },
    {
      rule: "theft-any",
      level: "low",
      reason: "Some of what it received comes from a theft.",
      reasonJa: null,
      facts: [0, 1],
    },
  ],
  facts: [
    exposure,
    { ...exposure, policy: "haircut", share: "0.101000", usd: null },
    {
      ...exposure,
      evidence: "tag",
      name: "Meridian Exchange deposit",
      category: "exchange",
      confidence: "medium",
      sources: ["Fundtrail demonstration (simulated)"],
      policy: null,
      path: [],
    },
  ],
  methods: [{ name: "fifo", page: "docs/methods/tracing.md", error: "a convention; no error rate" }],
};

export const unknown: Verdict = {
  ...clear,
  verdict: "unknown",
  missing: [
    {
      gap: "not-synced",
      what: "the ledger ends at block 700; this is in block 900",
      data: { tip: 700, block: 900 },
      mend: "load to 900, then screen again",
    },
    {
      gap: "tags-none",
      what: "no tags are loaded for ethereum",
      data: { chain: "ethereum" },
      mend: "run fundtrail tags import",
    },
  ],
};
