/** A mistake in the program: a state that the code promises cannot be. Nobody catches it below `cli/` and `http/`. */
export class InvariantError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "InvariantError";
  }
}

/**
 * States what must hold; on in production.
 *
 * @param message - What was promised, with the module's name first ("losses: rows do not sum to the total"); a function of it where
 *   that is asked so often that the text would cost more than the question.
 * @throws {InvariantError} where the condition is false.
 */
export function assert(condition: boolean, message: string | (() => string)): asserts condition {
  if (!condition) throw new InvariantError(typeof message === "string" ? message : message());
}
