import { describe, expect, it } from '@jest/globals';
import { squareBox } from './square-box.js';

const FRAME = { width: 1000, height: 500 };
const box = (xMin: number, yMin: number, xMax: number, yMax: number) =>
  squareBox([xMin, yMin, xMax, yMax], FRAME);

describe('squareBox', () => {
  it('extends the shorter side around its middle', () => {
    expect(box(0.5, 0.4, 0.6, 0.8)).toEqual({ left: 450, top: 200, width: 200, height: 200 });
    expect(box(0.5, 0.4, 0.7, 0.6)).toEqual({ left: 500, top: 150, width: 200, height: 200 });
  });

  it('moves it into the frame at each edge', () => {
    expect(box(0, 0.2, 0.05, 0.6)).toEqual({ left: 0, top: 100, width: 200, height: 200 });
    expect(box(0.95, 0.2, 1, 0.6)).toEqual({ left: 800, top: 100, width: 200, height: 200 });
    expect(box(0.2, 0, 0.4, 0.1)).toEqual({ left: 200, top: 0, width: 200, height: 200 });
    expect(box(0.2, 0.9, 0.4, 1)).toEqual({ left: 200, top: 300, width: 200, height: 200 });
  });

  it('stays in the frame where the longer side is longer than the frame is high', () => {
    expect(box(0.1, 0.4, 0.9, 0.6)).toEqual({ left: 100, top: 0, width: 800, height: 500 });
  });

  it('says nothing of a box without a pixel', () => {
    expect(box(0.5, 0.5, 0.5004, 0.9)).toBeUndefined();
  });
});
