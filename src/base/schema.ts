import { Type } from "typebox";

/** One of a closed list of words. */
export function words<const Word extends string>(list: readonly Word[], description: string) {
  return Type.Unsafe<Word>({ type: "string", enum: [...list], description });
}

/** A value or null: unknown, or none. */
export const orNull = <const Schema extends Parameters<typeof Type.Union>[0][number]>(schema: Schema) =>
  Type.Union([schema, Type.Null()]);
