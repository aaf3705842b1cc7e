import {
  anyNumber,
  atLeastZero,
  between,
  message,
  oneOf,
  text,
  textOrNumber,
  time,
  timeZone,
} from './fields.js';

/** Whether the trap is there. The broker sends the last will, `offline`, in its place. */
export const status = message({
  state: oneOf(['online', 'sleeping', 'offline']),
  /** When or for which time it started, as the trap counts. */
  boot: textOrNumber().optional(),
  /** When a sleeping trap means to be back. */
  until: time().optional(),
  at: time().optional(),
});

/** What the trap is and where it stands; degrees are WGS 84. */
export const info = message({
  name: text().optional(),
  timeZone: timeZone().optional(),
  latitude: between(-90, 90).optional(),
  longitude: between(-180, 180).optional(),
  software: text().optional(),
  camera: text().optional(),
  detector: text().optional(),
});

export const telemetry = message({
  at: time(),
  batteryPct: between(0, 100).optional(),
  powerSource: text().optional(),
  temperatureC: anyNumber().optional(),
  cpuTemperatureC: anyNumber().optional(),
  diskFreeMb: atLeastZero().optional(),
  signalDbm: anyNumber().optional(),
});

/** One recording period. `minutes` is the sampling effort; without it, the time from start to end is. */
export const session = message({
  start: time(),
  end: time().optional(),
  minutes: atLeastZero().optional(),
  chargeStart: textOrNumber().optional(),
  chargeEnd: textOrNumber().optional(),
});
