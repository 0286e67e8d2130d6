import { failureCodes, type FailureCode, type FailureData } from "./failure-codes.ts";

/**
 * Something that went wrong outside the program: bad input, an unreadable file, a source that does not answer.
 *
 * The message is one line that says what is wrong, where, and what to do. Codes are part of the public API; each stands
 * in `docs/errors.md`. A mistake in the program itself is an {@link InvariantError} instead, and never this.
 */
export class Failure<Code extends FailureCode = FailureCode> extends Error {
  readonly code: Code;
  readonly data: FailureData<Code>;

  constructor(code: Code, data: FailureData<Code>, cause?: unknown) {
    const spec = failureCodes[code] as { message: (data: FailureData<Code>) => string };
    super(oneLine(spec.message(data)), cause === undefined ? undefined : { cause });
    this.name = "Failure";
    this.code = code;
    this.data = data;
  }
}

/** Whether an unknown thrown value is a {@link Failure}, of the given code where one is named. */
export function isFailure(thrown: unknown, code?: FailureCode): thrown is Failure {
  return thrown instanceof Failure && (code === undefined || thrown.code === code);
}

/** Control characters in quoted input must not break the one-line contract or a terminal. */
function oneLine(message: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is removed here
  return message.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/gu, " ");
}
