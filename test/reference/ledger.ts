/** What `ledger dump` prints, from the blocks themselves, by the most obvious means: maps and strings. */
import { ownerText } from "../../src/chains/bitcoin/owner.ts";
import { chain } from "../../src/base/chains.ts";
import type { AccountBlock, OwnerKind, UtxoBlock } from "../../src/chains/block.ts";

const reversed = (bytes: Uint8Array): string => Buffer.from([...bytes].toReversed()).toString("hex");

export function dumpOfUtxo(blocks: readonly UtxoBlock[]): string {
  const outputs = new Map<string, { amount: string; owner: string | null }>();
  const lines: object[] = [];
  for (const block of blocks) {
    const known = chain(block.chain);
    lines.push({
      chain: block.chain,
      block: block.height,
      time: block.time,
      hash: reversed(block.hash),
      parent: reversed(block.parent),
    });
    for (let number = 0; number < block.transactionCount; number += 1) {
      const tx = reversed(block.txids.slice(number * 32, number * 32 + 32));
      const inputs: object[] = [];
      for (let input = block.inputStart[number] ?? 0; input < (block.inputStart[number + 1] ?? 0); input += 1) {
        if (block.spentIndexes[input] === 0xffff_ffff) {
          inputs.push({ coinbase: true });
          continue;
        }
        const ref = `${reversed(block.spentTxids.slice(input * 32, input * 32 + 32))}:${block.spentIndexes[input]}`;
        const spent = outputs.get(ref);
        inputs.push(spent === undefined ? { ref, amount: null, owner: null, unseen: true } : { ref, ...spent });
      }
      const paid: object[] = [];
      const first = block.outputStart[number] ?? 0;
      for (let output = first; output < (block.outputStart[number + 1] ?? 0); output += 1) {
        const identity = block.owners.identities.slice(output * 32, output * 32 + 32);
        const owner = ownerText(known, (block.owners.kinds[output] ?? 0) as OwnerKind, identity) ?? null;
        const one = { amount: String(block.values[output]), owner };
        outputs.set(`${tx}:${output - first}`, one);
        paid.push(one);
      }
      lines.push({ tx, inputs, outputs: paid });
    }
  }
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

export function dumpOfAccounts(blocks: readonly AccountBlock[]): string {
  const lines: object[] = [];
  for (const block of blocks) {
    lines.push({
      chain: block.chain,
      block: block.height,
      time: block.time,
      hash: block.hash ?? null,
      parent: block.hash === undefined ? null : (block.parent ?? null),
      internal: block.internalTransfers,
    });
    for (const { id, index, failed } of block.transactions) lines.push({ tx: id, index, failed });
    for (const { transaction, position, kind, asset, from, to, amount } of block.transfers) {
      const transfer = transaction < 0 ? null : block.transactions[transaction]?.id;
      lines.push({ transfer, position, kind, asset, from: from ?? null, to: to ?? null, amount: String(amount) });
    }
  }
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}
