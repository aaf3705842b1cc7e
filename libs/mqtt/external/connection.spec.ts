import { describe, expect, it } from '@jest/globals';
import { Connection } from './connection.js';

describe('a delivery', () => {
  it('acknowledges in the order of arrival, whatever the order of settling', () => {
    const acknowledged: number[] = [];
    const delivery = new Connection((messageId) => acknowledged.push(messageId));
    const [first, second, third] = [11, 12, 13].map((id) => delivery.arrived(id));
    third?.();
    second?.();
    expect(acknowledged).toEqual([]);
    expect(first?.()).toBe(true);
    expect(acknowledged).toEqual([11, 12, 13]);
  });

  it('acknowledges nothing of a connection that has ended', () => {
    const acknowledged: number[] = [];
    const delivery = new Connection((messageId) => acknowledged.push(messageId));
    const settled = delivery.arrived(11);
    delivery.end();
    expect(settled()).toBe(false);
    expect(acknowledged).toEqual([]);
  });
});
