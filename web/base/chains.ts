import { chain } from "../../src/base/chains.ts";

/** What a chain is called: by alias or CAIP-2 id; an unknown one as it is written. */
export function chainName(text: string): string {
  try {
    return chain(text).name;
  } catch {
    return text;
  }
}

/** How paths and the command line write a chain. */
export function chainAlias(text: string): string {
  try {
    return chain(text).alias;
  } catch {
    return text;
  }
}

/** The asset in which a chain charges its fees, CAIP-19. */
export function nativeAsset(text: string): string {
  try {
    return chain(text).native;
  } catch {
    return text;
  }
}
