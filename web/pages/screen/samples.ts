/**
 * Subjects of the simulated ledger to try screening with. A test holds them against what `src/demo` makes, and against the
 * verdicts that their names promise.
 */
export const samples = [
  { text: "sampleTheft", chain: "ethereum", subject: "0x2a11db9b5ab01342c4ace9f68951bf4d02fcff76" },
  { text: "samplePart", chain: "ethereum", subject: "0x7f187548e72c95bfdbac5be0d65c04ef9f496a0c" },
  { text: "sampleTheft", chain: "bitcoin", subject: "bc1qgmpef6sgj3gq0a7xgzevy8xpjv5r5xsrkyuhhj" },
  { text: "sampleSanctioned", chain: "ethereum", subject: "0x75d11e8f959e27ceef82fecb224db1dca206fb4f" },
  { text: "sampleClear", chain: "ethereum", subject: "0x1f382ce19c026655faceba0e0f09ce2753840bcf" },
  { text: "sampleClear", chain: "bitcoin", subject: "bc1qljpk8t9a0s035p3r88vx2h38h7nrs5g0szq0rt" },
  { text: "sampleAbsent", chain: "ethereum", subject: "0x00000000219ab540356cbb839cbe05303d7705fa" },
] as const;
