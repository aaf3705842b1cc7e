import { describe, expect, it } from '@jest/globals';
import { placeMap, roundLength } from './places.js';

const at = (name: string, latitude: number, longitude: number) => ({ name, latitude, longitude });

describe('the map of the traps', () => {
  it('shows east to the right and north above, equally long both ways', () => {
    const { marks, scale } = placeMap([at('a', 51, 13), at('b', 51.01, 13)], 300, 200);
    const [upper, lower] = marks;
    expect([upper?.place.name, lower?.place.name]).toEqual(['b', 'a']);
    const metres = (((lower?.y ?? 0) - (upper?.y ?? 0)) / scale.width) * scale.metres;
    expect(metres).toBeCloseTo(1113.2, 0);
    const wide = placeMap([at('a', 60, 13), at('b', 60, 13.01)], 300, 200);
    const [first, second] = wide.marks;
    const across = (Math.abs((first?.x ?? 0) - (second?.x ?? 0)) / wide.scale.width) * wide.scale.metres;
    expect(across).toBeCloseTo(556.6, 0);
  });

  it('shows one trap in the middle', () => {
    expect(placeMap([at('a', 51, 13)], 300, 200).marks[0]).toMatchObject({ x: 150, y: 100 });
  });

  it('draws no scale that is finer than rounded places are', () => {
    const places = [at('a', 51, 13.1), at('b', 51, 13.1)];
    expect(placeMap(places, 300, 200, { isRounded: true }).scale.metres).toBeGreaterThanOrEqual(5000);
  });

  it('puts names where they touch neither each other nor a mark', () => {
    const row = [0, 1, 2, 3].map((index) => at(`Simulated trap ${index}`, 51, 13 + index / 1000));
    const boxes = placeMap(row, 300, 220).marks.map(({ place, x, nameY, nameSide }) => {
      const length = place.name.length * 6;
      const left = nameSide === 'right' ? x + 9 : x - 9 - length;
      return { left, right: left + length, nameY };
    });
    for (const [index, a] of boxes.entries())
      for (const b of boxes.slice(index + 1))
        expect(a.left < b.right && b.left < a.right && Math.abs(a.nameY - b.nameY) < 12).toBe(false);
  });

  it('has a round scale', () => {
    expect([7, 99, 240, 3456].map(roundLength)).toEqual([5, 50, 200, 2000]);
  });
});
