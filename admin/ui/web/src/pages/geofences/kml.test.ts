import { describe, expect, it } from 'vitest';
import { fromGeoJSON, kmlColour, positions } from './kml';

const ring = [[0, 0], [1, 0], [1, 1], [0, 0]];

describe('import', () => {
  it('reads KML positions and colours', () => {
    expect(positions('\n -74.1,4.6,0 -74.0,4.7\t-74,4.8,12.5 ')).toEqual([[-74.1, 4.6], [-74, 4.7], [-74, 4.8]]);
    expect(kmlColour('ff0000ff')).toBe('#ff0000');
    expect(kmlColour('7d00ff14')).toBe('#14ff00');
    expect(kmlColour('red')).toBeUndefined();
  });
  it('numbers what has no name, gives lines a width and leaves bare points out', () => {
    const got = fromGeoJSON({
      type: 'FeatureCollection', features: [
        { type: 'Feature', properties: { name: ' Yard ', fill: '#2f9e44', owner: 'somebody', inside: false }, geometry: { type: 'Polygon', coordinates: [ring], bbox: [0, 0, 1, 1] } },
        { type: 'Feature', properties: null, geometry: { type: 'LineString', coordinates: [[0, 0], [1, 1]] } },
        { type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: [0, 0] } },
        { type: 'Feature', properties: { name: 'Round', radius: 50 }, geometry: { type: 'Point', coordinates: [0, 0] } },
      ],
    }, 'Geofence', 80);
    expect(got.skipped).toBe(1);
    expect(got.lines).toBe(1);
    expect(got.features.map((f) => f.properties.name)).toEqual(['Yard', 'Geofence 2', 'Round']);
    expect(got.features[0]!.properties).toMatchObject({ colour: '#2f9e44', inside: false });
    expect(got.features[0]!.properties).not.toHaveProperty('owner');
    expect(got.features[0]!.geometry).toEqual({ type: 'Polygon', coordinates: [ring] });
    expect(got.features[1]!.geometry.width).toBe(80);
    expect(got.features[2]!.geometry.radius).toBe(50);
    expect(() => fromGeoJSON({ hello: 1 }, '', 1)).toThrow();
  });
  it('takes a bare geometry and a collection apart', () => {
    const got = fromGeoJSON({ type: 'GeometryCollection', geometries: [{ type: 'Polygon', coordinates: [ring] }, { type: 'MultiLineString', coordinates: [[[0, 0], [1, 1]], [[2, 2], [3, 3]]] }] }, 'F', 10);
    expect(got.features.map((f) => f.geometry.type)).toEqual(['Polygon', 'LineString', 'LineString']);
  });
});
