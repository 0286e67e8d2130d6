import type { ChainReader } from "../../src/ledger/reader.ts";
import { inputsShape, outputsShape, utxoTransactionsShape } from "../../src/ledger/shapes.ts";

/** The owners of a transaction's inputs, in order. */
export function ownerOfInputs(reader: ChainReader, transaction: number): readonly number[] {
  const transactions = reader.table(utxoTransactionsShape);
  const [inputs, outputs] = [reader.table(inputsShape), reader.table(outputsShape)];
  const first = transactions.value("firstInput", transaction);
  const end = transaction + 1 < transactions.count ? transactions.value("firstInput", transaction + 1) : inputs.count;
  return Array.from({ length: end - first }, (_, at) => {
    const spent = inputs.value("spent", first + at);
    return outputs.value("owner", (spent - 1) / 2) - 1;
  });
}
