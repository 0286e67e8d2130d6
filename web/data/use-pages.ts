import { useCallback, useRef, useState } from "react";
import { errorOf, type AnswerError } from "./answers.ts";

/** One page of a list: where the next begins, null at its end. */
export type ListPage<Item> = { readonly items: readonly Item[]; readonly next: string | null };

export type Pages<Item> = {
  /** What follows the first page, as far as it was asked for. */
  readonly more: readonly Item[];
  readonly next: string | null;
  readonly isLoading: boolean;
  readonly error: AnswerError | undefined;
  readonly load: () => void;
};

/**
 * The pages after the first of a list, one by one as they are asked for.
 *
 * @param first - The cursor that the first page ends with.
 */
export function usePages<Item>(first: string | null, ask: (cursor: string) => Promise<ListPage<Item>>): Pages<Item> {
  const [more, setMore] = useState<readonly Item[]>([]);
  const [next, setNext] = useState<string | null | undefined>(undefined);
  const [isLoading, setLoading] = useState(false);
  const [error, setError] = useState<AnswerError | undefined>(undefined);
  const asking = useRef(false);
  const cursor = next === undefined ? first : next;
  const load = useCallback(() => {
    if (cursor === null || asking.current) return;
    asking.current = true;
    setLoading(true);
    setError(undefined);
    const run = async (): Promise<void> => {
      try {
        const page = await ask(cursor);
        setMore((before) => [...before, ...page.items]);
        setNext(page.next);
      } catch (thrown) {
        setError(errorOf(thrown));
      } finally {
        asking.current = false;
        setLoading(false);
      }
    };
    void run();
  }, [ask, cursor]);
  return { more, next: cursor, isLoading, error, load };
}
