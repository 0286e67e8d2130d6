import type { View } from "../group/view.ts";

/** Where the arrow keys lead from a node of a view: to its largest child, its parent, its siblings by size. */
export class Walk {
  readonly #view: View;
  #known: Ways | undefined;

  /** Costs nothing before the first step. */
  constructor(view: View) {
    this.#view = view;
  }

  get #ways(): Ways {
    this.#known ??= waysOf(this.#view);
    return this.#known;
  }

  placeOf(id: string): number | undefined {
    return this.#ways.places.get(id);
  }

  /** The first origin; else the first node. */
  start(): number | undefined {
    const origin = this.#view.nodes.findIndex(({ isOrigin }) => isOrigin);
    return origin >= 0 ? origin : this.#view.nodes.length > 0 ? 0 : undefined;
  }

  child(place: number): number | undefined {
    return this.#ways.children[place]?.[0];
  }

  parent(place: number): number | undefined {
    const parent = this.#view.parents[place] ?? -1;
    return parent >= 0 ? parent : undefined;
  }

  /** @param by - 1: the next smaller one, -1: the next larger one. */
  sibling(place: number, by: 1 | -1): number | undefined {
    const parent = this.#view.parents[place] ?? -1;
    const siblings =
      parent >= 0
        ? (this.#ways.children[parent] ?? [])
        : this.#view.parents.flatMap((one, at) => (one < 0 ? [at] : []));
    return siblings[siblings.indexOf(place) + by];
  }
}

type Ways = {
  /** The largest first. */
  readonly children: readonly (readonly number[])[];
  readonly places: ReadonlyMap<string, number>;
};

function waysOf(view: View): Ways {
  const children: number[][] = view.nodes.map(() => []);
  const weights = new Map(view.edges.map(({ source, target, weight }) => [`${source} ${target}`, weight]));
  for (const [place, parent] of view.parents.entries()) if (parent >= 0) children[parent]?.push(place);
  const weight = (parent: number, place: number): number => weights.get(`${parent} ${place}`) ?? 0;
  return {
    children: children.map((list, parent) =>
      list.toSorted((left, right) => weight(parent, right) - weight(parent, left) || left - right),
    ),
    places: new Map(view.nodes.map(({ id }, place) => [id, place])),
  };
}
