/**
 * What traces say of themselves that keeps nobody from being reached: origins that move nothing, what was burnt; and unknown
 * inner transfers, which are a gap of their own.
 */
const harmless: readonly RegExp[] = [
  /^Of the origins [0-9]+ move nothing/u,
  /^[0-9]+ transfers to nobody that are no gas fee/u,
  /^Transfers inside transactions are not known/u,
];

/** Whether an assumption of a trace may hide that value reached somebody. One that is not known here does. */
export function mattersTo(assumption: string): boolean {
  return !harmless.some((one) => one.test(assumption));
}
