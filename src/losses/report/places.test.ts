import { geoCentroid, geoContains, geoDistance } from "d3-geo";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import { describe, expect, it } from "vitest";
import detailed from "world-atlas/countries-50m.json" with { type: "json" };
import { countryNumeric, parseCountry } from "../../base/country.ts";
import { places } from "./places.ts";

const world = detailed as unknown as Topology<{ countries: GeometryCollection }>;
const shapes = new Map(feature(world, world.objects.countries).features.map((shape) => [shape.id, shape]));
const degree = Math.PI / 180;

describe("places", () => {
  it("are where the more detailed map has them", () => {
    let compared = 0;
    for (const [code, point] of places) {
      const shape = shapes.get(countryNumeric(parseCountry(code, "places")));
      if (shape === undefined) continue;
      compared += 1;
      const off = geoDistance([...point], geoCentroid(shape)) / degree;
      // Scattered islands have their middle in the sea, some degrees from the main one.
      expect([code, off < 3 || geoContains(shape, [...point])]).toEqual([code, true]);
    }
    expect(compared).toBeGreaterThan(50);
  });
});
