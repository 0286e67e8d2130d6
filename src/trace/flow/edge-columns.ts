import { grown } from "../utxo/trail.ts";

/** An edge by numbers. */
export type EdgeRecord = {
  /** Nodes by their places. */
  readonly source: number;
  readonly target: number;
  readonly asset: string;
  readonly amount: bigint;
  readonly value: bigint;
  readonly step: number;
  readonly hop: number;
  readonly height: number;
  /** Unix seconds. */
  readonly time: number;
};

const integers = ["source", "target", "asset", "step", "hop", "height"] as const;

/** The edges of a graph in columns: a trace may have millions of them. */
export class EdgeColumns {
  count = 0;
  /** By the numbers that edges have. */
  readonly assets: string[] = [];
  readonly amounts: bigint[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #values: bigint[] = [];
  readonly #columns = new Map<(typeof integers)[number], Int32Array>(
    integers.map((name) => [name, new Int32Array(1_024)]),
  );
  #times = new Float64Array(1_024);

  add(edge: EdgeRecord): void {
    if (this.count === this.#times.length) this.#grow();
    const at = this.count;
    const asset = this.#assetOf(edge.asset);
    for (const name of integers) this.column(name)[at] = name === "asset" ? asset : edge[name];
    this.#times[at] = edge.time;
    this.amounts.push(edge.amount);
    // Mostly the same as the amount, which then is not kept twice.
    this.#values.push(edge.value === edge.amount ? edge.amount : edge.value);
    this.count += 1;
  }

  at(edge: number): EdgeRecord {
    const of = (name: (typeof integers)[number]): number => this.column(name)[edge] as number;
    return {
      source: of("source"),
      target: of("target"),
      asset: this.assets[of("asset")] as string,
      amount: this.amounts[edge] as bigint,
      value: this.#values[edge] as bigint,
      step: of("step"),
      hop: of("hop"),
      height: of("height"),
      time: this.#times[edge] as number,
    };
  }

  /** One column; longer than there are edges, and replaced by a larger one as they come. */
  column(name: (typeof integers)[number]): Int32Array {
    return this.#columns.get(name) as Int32Array;
  }

  #assetOf(asset: string): number {
    let number = this.#numbers.get(asset);
    if (number === undefined) {
      number = this.assets.push(asset) - 1;
      this.#numbers.set(asset, number);
    }
    return number;
  }

  #grow(): void {
    const size = this.count * 2;
    for (const name of integers) this.#columns.set(name, grown(this.column(name), new Int32Array(size)));
    this.#times = grown(this.#times, new Float64Array(size));
  }
}
