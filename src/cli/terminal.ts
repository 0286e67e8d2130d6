/** What a command may use of the outside: its streams and whether they are a terminal. Tests pass their own. */
export type Terminal = {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  /** Waits until the output has taken what it was given: for who prints more than memory should hold. */
  readonly drained: () => Promise<void>;
  /** Whether colour and width make sense on the output. */
  readonly isTerminal: boolean;
};

/** A command: reads its arguments, prints, and returns its exit status. */
export type Command = (args: readonly string[], terminal: Terminal) => Promise<number>;
