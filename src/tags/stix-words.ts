/** What reading and writing STIX 2.1 share. */
import { createHash } from "node:crypto";
import type { Confidence } from "./actor.ts";

/** The extension by which Fundtrail's exports keep what STIX has no property for. Its id is that of its name. */
export const extensionId = "extension-definition--8e0f3b2a-0f2c-5c0e-9b59-2f6a1d3c7e41";

/** The extension that defines `cryptocurrency-wallet`. Source: stix2extensions, https://github.com/muchdogesec/stix2extensions */
export const walletExtensionId = "extension-definition--be78509e-6958-51b1-8b26-d17ee0eba2d7";
export const transactionExtensionId = "extension-definition--151d042d-4dcf-5e44-843f-1024440318e5";

/** The namespace of deterministic ids. Source: STIX 2.1, section 2.9 */
const namespace = Buffer.from("00abedb4aa42466c9c01fed23315a9b7", "hex");

/** An object's id, the same for the same name. Source: RFC 9562, 5.5 (UUID version 5) */
export function stixId(type: string, name: string): string {
  const hash = createHash("sha1").update(namespace).update(name, "utf8").digest().subarray(0, 16);
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const digits = hash.toString("hex");
  const parts = [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)];
  return `${type}--${parts.join("-")}`;
}

/** STIX's number for a step of the ladder. Source: STIX 2.1, appendix A, scale "None / Low / Med / High" */
export const stixConfidence: Readonly<Record<Confidence, number>> = { low: 15, medium: 50, high: 85, confirmed: 100 };

/** The step that a number stands for: STIX's scale, whose top, complete certainty, is `confirmed`. */
export function confidenceOfStix(number: number): Confidence {
  if (number >= 100) return "confirmed";
  if (number >= 70) return "high";
  return number >= 30 ? "medium" : "low";
}
