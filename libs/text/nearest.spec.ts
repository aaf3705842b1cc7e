import { describe, expect, it } from '@jest/globals';
import { nearest } from './nearest.js';

describe('the nearest name', () => {
  const NAMES = ['TRAPLINE_HTTP_PORT', 'TRAPLINE_MQTT_PORT', 'TRAPLINE_HOST', 'INFLUX_URL'];

  it.each([
    ['TRAPLINE_HTTP_PROT', 'TRAPLINE_HTTP_PORT', 1],
    ['TRAPLINE_HTP_PORT', 'TRAPLINE_HTTP_PORT', 1],
    ['TRAPLINE_MQTT_PORTS', 'TRAPLINE_MQTT_PORT', 1],
    ['trapline_host', 'TRAPLINE_HOST', 0],
    ['INFLUXDB_URL', 'INFLUX_URL', 2],
    ['', 'INFLUX_URL', 10],
  ])('of %s is %s, %i away', (mistyped, name, distance) => {
    expect(nearest(mistyped, NAMES)).toEqual({ name, distance });
  });

  it('is the first of those that are equally near', () => {
    expect(nearest('ac', ['ab', 'ad'])).toEqual({ name: 'ab', distance: 1 });
  });
});
