/** Texts under the questions that they answer, the latest asked for, within a number of characters. */
export class KeptTexts {
  readonly #most: number;
  readonly #texts = new Map<string, string>();
  #length = 0;

  /** @param most - How many characters are kept; a text of over an eighth of it is not. */
  constructor(most: number) {
    this.#most = most;
  }

  /** The text of a question, made where it is not kept. What `make` throws is not kept. */
  get(question: string, make: () => string): string {
    const known = this.#texts.get(question);
    if (known !== undefined) {
      // The order of a map is that in which its keys came.
      this.#texts.delete(question);
      this.#texts.set(question, known);
      return known;
    }
    const text = make();
    if (text.length > this.#most / 8) return text;
    this.#texts.set(question, text);
    this.#length += text.length;
    for (const [oldest, one] of this.#texts) {
      if (this.#length <= this.#most) break;
      this.#texts.delete(oldest);
      this.#length -= one.length;
    }
    return text;
  }
}
