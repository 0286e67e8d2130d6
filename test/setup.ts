/**
 * Runs before each test file: `npm test` takes the same random input each time, so that it says the same of the same code;
 * `npm run fuzz` takes other input each time and prints its seed.
 */
import fc from "fast-check";

fc.configureGlobal({ seed: Number(process.env["FUZZ_SEED"] ?? 20_230_515) });
