import type { FeatureCollection, MultiPolygon, Polygon } from "geojson";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import world from "world-atlas/countries-110m.json" with { type: "json" };

/** A country's outline; its id is ISO 3166-1 numeric. */
export type Outline = FeatureCollection<Polygon | MultiPolygon>["features"][number];

const antarctica = "010";
const topology = world as unknown as Topology<{ countries: GeometryCollection<{ name: string }> }>;

/** Natural Earth's countries, but for Antarctica. */
export const outlines: readonly Outline[] = (
  feature(topology, topology.objects.countries) as FeatureCollection<Polygon | MultiPolygon>
).features.filter(({ id }) => id !== antarctica);

/** Some of the outlines' points: enough to say how far the map reaches, and quicker to measure than all. */
export const extremes = {
  type: "MultiPoint",
  coordinates: outlines
    .flatMap(({ geometry }) => (geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates))
    .flatMap(([outer = []]) => outer.filter((_, index) => index % 4 === 0)),
};
