/** A real EVM node, Foundry's anvil, and small contracts for it, assembled here. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { keccak_256 } from "@noble/hashes/sha3.js";

export type Anvil = {
  readonly url: string;
  ask(method: string, ...params: readonly unknown[]): Promise<unknown>;
  stop(): void;
};

/** The binary: `ANVIL`, that of the npm package `@foundry-rs/anvil`, or one in the PATH; undefined where there is none. */
export function anvilBinary(): string | undefined {
  const named = process.env["ANVIL"];
  if (named !== undefined) return existsSync(named) ? named : undefined;
  const [system, processor] = [platform(), arch() === "x64" ? "amd64" : arch()];
  const name = system === "win32" ? "anvil.exe" : "anvil";
  try {
    return createRequire(import.meta.url).resolve(`@foundry-rs/anvil-${system}-${processor}/bin/${name}`);
  } catch {
    return spawnSync("anvil", ["--version"]).status === 0 ? "anvil" : undefined;
  }
}

/** Starts a node on a free port of the loopback interface; blocks are made by `evm_mine` only. */
export async function startAnvil(binary: string, ...more: readonly string[]): Promise<Anvil> {
  const args = ["--host", "127.0.0.1", "--port", "0", "--no-mining", "--order", "fifo", ...more];
  const child = spawn(binary, args, { stdio: ["ignore", "pipe", "pipe"] });
  const end = (): void => void child.kill("SIGKILL");
  process.once("exit", end);
  const url = await new Promise<string>((resolve, reject) => {
    let text = "";
    const read = (piece: Buffer): void => {
      text += piece.toString("utf8");
      const port = /Listening on 127\.0\.0\.1:(?<port>[0-9]+)/u.exec(text)?.groups?.["port"];
      if (port !== undefined) resolve(`http://127.0.0.1:${port}`);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.on("error", reject);
    child.on("exit", () => reject(new Error(`anvil ended: ${text}`)));
  });
  let id = 0;
  return {
    url,
    async ask(method, ...params) {
      id += 1;
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ jsonrpc: "2.0", id, method, params }),
      });
      const { result, error } = (await response.json()) as { readonly result?: unknown; readonly error?: unknown };
      if (error !== undefined) throw new Error(`anvil: ${method}: ${JSON.stringify(error)}`);
      return result;
    },
    stop() {
      process.off("exit", end);
      end();
    },
  };
}

const opcodes: Readonly<Record<string, number>> = {
  STOP: 0x00,
  ADD: 0x01,
  SUB: 0x03,
  LT: 0x10,
  EQ: 0x14,
  SHR: 0x1c,
  CALLER: 0x33,
  CALLVALUE: 0x34,
  CALLDATALOAD: 0x35,
  CODECOPY: 0x39,
  POP: 0x50,
  MSTORE: 0x52,
  SLOAD: 0x54,
  SSTORE: 0x55,
  JUMPI: 0x57,
  GAS: 0x5a,
  JUMPDEST: 0x5b,
  PUSH0: 0x5f,
  DUP1: 0x80,
  DUP3: 0x82,
  SWAP1: 0x90,
  LOG3: 0xa3,
  CREATE: 0xf0,
  CALL: 0xf1,
  RETURN: 0xf3,
  REVERT: 0xfd,
  SELFDESTRUCT: 0xff,
};

/**
 * EVM code of a listing: opcodes; `0x…` is pushed, 0 as PUSH0; `name:` is a JUMPDEST, `@name` pushes where it is.
 *
 * Source: Ethereum Yellow Paper, appendix H.2 "Instruction Set".
 */
export function assemble(listing: string): string {
  const words = listing.split("\n").flatMap((line) => line.replace(/;.*$/u, "").split(/\s+/u).filter(Boolean));
  const places = new Map<string, number>();
  const code = (): string => {
    let out = "";
    for (const word of words) {
      if (word.endsWith(":")) {
        places.set(word.slice(0, -1), out.length / 2);
        out += hexByte(opcodes["JUMPDEST"] ?? 0);
      } else if (word.startsWith("@")) {
        out += `61${(places.get(word.slice(1)) ?? 0).toString(16).padStart(4, "0")}`;
      } else if (word.startsWith("0x")) {
        const digits = word.slice(2).padStart(word.length - 2 + (word.length % 2), "0");
        out += hexByte(0x5f + digits.length / 2) + digits;
      } else {
        const opcode = opcodes[word];
        if (opcode === undefined) throw new Error(`assembler: ${word}`);
        out += hexByte(opcode);
      }
    }
    return out;
  };
  // The second pass knows where the labels are.
  code();
  return code();
}

/** Code that runs a listing once (a constructor), and then leaves other code behind. */
export function deployment(constructorListing: string, runtime: string): string {
  const length = runtime.length / 2;
  const listing = (offset: number): string => `${constructorListing}
    0x${length.toString(16).padStart(4, "0")} DUP1 0x${offset.toString(16).padStart(4, "0")} PUSH0 CODECOPY
    PUSH0 RETURN`;
  const head = assemble(listing(0)).length / 2;
  return `0x${assemble(listing(head))}${runtime}`;
}

function hexByte(value: number): string {
  return value.toString(16).padStart(2, "0");
}

const keccak = (text: string): string => Buffer.from(keccak_256(Buffer.from(text))).toString("hex");
export const selectors = {
  transfer: keccak("transfer(address,uint256)").slice(0, 8),
  balanceOf: keccak("balanceOf(address)").slice(0, 8),
};
const transferEvent = keccak("Transfer(address,address,uint256)");

/** An ERC-20 token (EIP-20) without approvals: balances in storage by holder; all of the supply to who deploys it. */
export const tokenCode = deployment(
  `0x05f5e100 DUP1 CALLER SSTORE  ; balance[caller] = supply
   PUSH0 MSTORE
   CALLER PUSH0 0x${transferEvent} 0x20 PUSH0 LOG3  ; Transfer(0, caller, supply)`,
  assemble(`
    PUSH0 CALLDATALOAD 0xe0 SHR
    DUP1 0x${selectors.transfer} EQ @transfer JUMPI
    DUP1 0x${selectors.balanceOf} EQ @balance JUMPI
    PUSH0 PUSH0 REVERT
    balance: 0x04 CALLDATALOAD SLOAD PUSH0 MSTORE 0x20 PUSH0 RETURN
    transfer: POP
      CALLER SLOAD 0x24 CALLDATALOAD       ; balance, amount
      DUP1 DUP3 LT @fail JUMPI             ; balance < amount
      SWAP1 SUB CALLER SSTORE
      0x04 CALLDATALOAD SLOAD 0x24 CALLDATALOAD ADD 0x04 CALLDATALOAD SSTORE
      0x24 CALLDATALOAD PUSH0 MSTORE
      0x04 CALLDATALOAD CALLER 0x${transferEvent} 0x20 PUSH0 LOG3
      0x01 PUSH0 MSTORE 0x20 PUSH0 RETURN
    fail: PUSH0 PUSH0 REVERT`),
);

/** Called with (address, amount) twice, it pays both from what it has, and goes on where one of them refuses. */
export const payerCode = deployment(
  "",
  assemble(`
    PUSH0 PUSH0 PUSH0 PUSH0 0x20 CALLDATALOAD PUSH0 CALLDATALOAD GAS CALL POP
    PUSH0 PUSH0 PUSH0 PUSH0 0x60 CALLDATALOAD 0x40 CALLDATALOAD GAS CALL POP
    STOP`),
);

/** Called, it creates an account with what it was sent. */
export const creatorCode = deployment("", assemble("PUSH0 PUSH0 CALLVALUE CREATE POP STOP"));

/** Called with an address, it destroys itself and leaves what it has to it. */
export const leaverCode = deployment("", assemble("PUSH0 CALLDATALOAD SELFDESTRUCT"));
