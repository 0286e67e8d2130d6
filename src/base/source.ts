/** Something published on which a statement rests. */
export type Source = {
  readonly name: string;
  readonly url: string | undefined;
  /** A day, a month or a year, as the source gives it. */
  readonly date: string | undefined;
};
