import { invalid, isAbsent, readQuantity, textOf, type Fields, type ReadPlace } from "./read.ts";

/** By which rule a block's operator fees are reckoned; undefined where its header does not tell. */
export type OperatorFeeRule = "isthmus" | "jovian" | undefined;

/**
 * The rule of a block, by the form of its header's `extraData`: 9 bytes of version 0 from Holocene on, 17 bytes of version 1
 * from Jovian on. Before Isthmus there is no operator fee, whose parameters are then in no receipt.
 *
 * Source: OP Stack specification, "Holocene: Execution Engine" and "Jovian: Execution Engine", extra data
 */
export function operatorFeeRule(extraData: unknown): OperatorFeeRule {
  const digits = textOf(extraData);
  if (/^0x00[0-9a-fA-F]{16}$/u.test(digits)) return "isthmus";
  return /^0x01[0-9a-fA-F]{32}$/u.test(digits) ? "jovian" : undefined;
}

/**
 * The fee that a rollup's operator takes beside gas and the first layer's, by a receipt; undefined where one is due and the
 * rule is not known.
 *
 * Isthmus: gas used × scalar / 1,000,000 + constant. Jovian: gas used × scalar × 100 + constant.
 * @throws {Failure} `SOURCE_INVALID` for a parameter that is no number, or beyond the 32 and 64 bits that they have.
 * Source: OP Stack specification, "Isthmus: Execution Engine", operator fee; "GasPriceOracle", `getOperatorFee`
 */
export function operatorFee(rule: OperatorFeeRule, receipt: Fields, place: ReadPlace): bigint | undefined {
  const [scalar, constant] = [
    read(receipt, "operatorFeeScalar", 32n, place),
    read(receipt, "operatorFeeConstant", 64n, place),
  ];
  if (scalar === 0n && constant === 0n) return 0n;
  if (rule === undefined) return undefined;
  const gas = readQuantity(receipt["gasUsed"], "gasUsed", place);
  return (rule === "isthmus" ? (gas * scalar) / 1_000_000n : gas * scalar * 100n) + constant;
}

function read(receipt: Fields, name: string, bits: bigint, place: ReadPlace): bigint {
  const value = receipt[name];
  if (isAbsent(value)) return 0n;
  const quantity = readQuantity(value, name, place);
  if (quantity >> bits === 0n) return quantity;
  throw invalid(place, `its ${name} is over ${bits} bits`);
}
