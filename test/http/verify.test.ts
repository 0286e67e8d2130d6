import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { contract } from "../../src/http/contract/contract.ts";
import type { AnswerOf } from "../../src/http/contract/route.ts";
import { readRegister, requireValid } from "../../src/incidents/register.ts";
import { readRegisterFolder } from "../../src/io/register-folder.ts";
import { fundtrail } from "../cli/terminal.ts";
import { writeRegister } from "../register/on-disk.ts";
import { makeLedger, peel, testServer } from "./fixture.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-http-verify-"));
let ledger: Awaited<ReturnType<typeof makeLedger>>;
beforeAll(async () => void (ledger = await makeLedger()));
afterAll(() => {
  ledger.remove();
  rmSync(scratch, { recursive: true, force: true });
});

const id = "2020-03-04-example";
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
const theft = `ethereum:${peel.txids["theft"]}`;
const unknown = `0x${"ab".repeat(32)}`;

/** What the API and what the command line answer for a register in which the incident has these transactions. */
async function asked(name: string, transactions: readonly string[]) {
  const chain =
    transactions.length === 0 ? "" : `chain:\n  theft:\n${transactions.map((one) => `    - ${one}\n`).join("")}`;
  const folder = writeRegister(path.join(scratch, name), chain);
  const register = requireValid(readRegister([await readRegisterFolder(folder)]));
  const server = await testServer(ledger.folder, { register });
  const answer = await server.app.inject({ url: `/v1/incidents/${id}/verify`, headers: { host: "localhost" } });
  await server.close();
  const printed = await fundtrail("incident", "verify", id, "--ledger", ledger.folder, "--register", folder, "--json");
  return { answer, printed };
}

describe("an incident verified over HTTP", () => {
  it.each<{
    name: string;
    transactions: readonly string[];
    expected: Partial<AnswerOf<typeof contract.verifyIncident>>;
  }>([
    {
      name: "found",
      transactions: [theft],
      expected: { elsewhere: [], assets: [expect.objectContaining({ amount: "80000000000000000000" }) as never] },
    },
    {
      name: "missing",
      transactions: [theft, `ethereum:${unknown}`],
      expected: { complete: false, chains: [expect.objectContaining({ missing: [unknown] }) as never] },
    },
    {
      name: "elsewhere",
      transactions: [`bsc:${unknown}`],
      expected: {
        complete: false,
        usd: null,
        assets: [],
        chains: [],
        elsewhere: [{ chain: "eip155:56", transactions: [unknown] }],
      },
    },
  ])("$name: is what the command line prints, and as the schema says", async ({ name, transactions, expected }) => {
    const { answer, printed } = await asked(name, transactions);
    expect([answer.statusCode, printed.error]).toEqual([200, ""]);
    expect(answer.json()).toMatchObject(expected);
    expect(answer.json()).toEqual(JSON.parse(printed.out));
    expect([ajv.validate(contract.verifyIncident.answer, answer.json()), ajv.errorsText()]).toEqual([
      true,
      "No errors",
    ]);
  });

  it("says so where the register names no transaction, and where there is no such incident", async () => {
    const { answer, printed } = await asked("none", []);
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([404, "UNKNOWN_NAME"]);
    expect(printed.error).toContain(answer.json<{ detail: string }>().detail);
    expect(answer.json<{ detail: string }>().detail).toContain("theft transactions");
    const server = await testServer(ledger.folder);
    const absent = await server.app.inject({ url: "/v1/incidents/nobody/verify", headers: { host: "localhost" } });
    await server.close();
    expect([absent.statusCode, absent.json<{ code: string }>().code]).toEqual([404, "UNKNOWN_NAME"]);
  });
});
