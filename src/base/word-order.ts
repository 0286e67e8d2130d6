/** Which of the two 32-bit words of a 64-bit number stands first in this machine's memory: 0 where it is the low one. */
export const lowWord: 0 | 1 = new Uint32Array(BigUint64Array.of(1n).buffer)[0] === 1 ? 0 : 1;
