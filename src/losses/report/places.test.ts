import { geoContains, geoDistance } from "d3-geo";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import { describe, expect, it } from "vitest";
import detailed from "world-atlas/countries-50m.json" with { type: "json" };
import { countryNumeric, parseCountry } from "../../base/country.ts";
import { places } from "./places.ts";

const world = detailed as unknown as Topology<{ countries: GeometryCollection }>;
const shapes = new Map(feature(world, world.objects.countries).features.map((shape) => [shape.id, shape]));
const degree = Math.PI / 180;

/** Every point of an outline, however deeply its rings and polygons are nested. */
function pointsOf(coordinates: unknown): readonly [number, number][] {
  if (!Array.isArray(coordinates)) return [];
  const [first, second] = coordinates as readonly unknown[];
  if (typeof first === "number" && typeof second === "number") return [[first, second]];
  return coordinates.flatMap((part: unknown) => pointsOf(part));
}

describe("places", () => {
  it("are where the more detailed map has them, or within two degrees of its coast", () => {
    let compared = 0;
    for (const [code, point] of places) {
      const shape = shapes.get(countryNumeric(parseCountry(code, "places")));
      if (shape === undefined || !("coordinates" in shape.geometry)) continue;
      compared += 1;
      const coast = pointsOf(shape.geometry.coordinates).map((there) => geoDistance([...point], there) / degree);
      expect([code, geoContains(shape, [...point]) || Math.min(...coast) < 2]).toEqual([code, true]);
    }
    expect(compared).toBeGreaterThan(50);
  });
});
