/** What is wrong with one value of a device. */
export interface ValueFault {
  readonly field: string;
  /** A sentence that begins with the name of the field. */
  readonly message: string;
}

/** What is left of a payload when the values that are none are taken out. */
interface SweptPayload {
  readonly payload: Readonly<Record<string, unknown>>;
  /** Taken out. */
  readonly absent: readonly ValueFault[];
  /** Kept, and doubtful. */
  readonly suspect: readonly ValueFault[];
}

interface SentinelRule {
  /** Names of the fields that it is for, those of a trap's own included. */
  readonly fields: RegExp;
  readonly isAbsent?: (value: number) => boolean;
  readonly isSuspect?: (value: number) => boolean;
  /** Follows "temperatureC is -127: ". */
  readonly because: string;
}

/**
 * Values that devices write where they have none. Sources:
 * - DS18B20 data sheet (Analog Devices, 19-7487): measures -55 to +125 °C; the scratchpad holds +85 °C after power-on.
 *   `DEVICE_DISCONNECTED_C = -127` in the DallasTemperature library (milesburton/Arduino-Temperature-Control-Library).
 * - Smart Battery Data Specification 1.1, RelativeStateOfCharge(): 0 to 100 %; 255 and -1 are read errors.
 * - 3GPP TS 27.007, +CSQ: 99 is "not known or not detectable"; received power in dBm is always negative, -157 dBm is
 *   the least that 3GPP TS 38.133 reports.
 * - Relative humidity over water ends at 100 %.
 * - 65535, -32768, -999, -9999 and 4294967295 are registers without a value; they lie outside of all these ranges.
 */
const RULES: readonly SentinelRule[] = [
  {
    fields: /temperatureC$/i,
    isAbsent: (value) => value < -273.15,
    because: 'nothing is colder than -273.15 °C',
  },
  {
    fields: /temperatureC$/i,
    isAbsent: (value) => value === -127,
    because: 'that is what a sensor reads when it is disconnected',
  },
  {
    fields: /temperatureC$/i,
    isAbsent: (value) => value > 125,
    because: 'no sensor of a trap measures more than 125 °C',
  },
  {
    fields: /^temperatureC$/,
    isSuspect: (value) => value === 85,
    because: 'that is what a DS18B20 reads before its first measurement',
  },
  { fields: /^battery\w*Pct$/i, isAbsent: outside(0, 100), because: 'a charge is from 0 to 100 %' },
  { fields: /^charge(Start|End)$/, isAbsent: outside(0, 100), because: 'a charge is from 0 to 100 %' },
  { fields: /humidity/i, isAbsent: outside(0, 100), because: 'humidity is from 0 to 100 %' },
  {
    fields: /^(signal|rssi)(Dbm)?$/i,
    isAbsent: (value) => value >= 0 || value < -157,
    because: 'the power of a received signal is from -157 dBm to below 0',
  },
  {
    fields: /^diskFreeMb$/,
    isAbsent: (value) => value < 0 || value >= 2 ** 32 - 1,
    because: 'free disk space is at least 0 MB',
  },
];

function outside(min: number, max: number): (value: number) => boolean {
  return (value) => value < min || value > max;
}

/** Fields that can only be numbers, in which some programs write a word where they have none. */
const NUMERIC = /temperatureC$|^(battery\w*Pct|diskFreeMb|signalDbm)$/i;
const NO_NUMBER = /^\s*([+-]?nan|null|none|n\/?a|unknown|unavailable)?\s*$/i;

/** Degrees within which a place is the Gulf of Guinea's 0/0, which receivers give without a fix: about 10 m. */
const NULL_ISLAND_DEG = 1e-4;

/**
 * Takes the values out of a payload with which a device says that it has none. Fields without a rule stay as they are,
 * whatever they hold: types and ranges of the contract are checked elsewhere.
 */
export function sweepSentinels(payload: Readonly<Record<string, unknown>>): SweptPayload {
  const absent: ValueFault[] = [];
  const suspect: ValueFault[] = [];
  for (const [field, value] of Object.entries(payload)) {
    const because = absentBecause(field, value);
    const doubt = typeof value === 'number' && suspectRule(field, value);
    if (because) absent.push({ field, message: `${field} ${shown(value)} is left out: ${because}` });
    else if (doubt)
      suspect.push({ field, message: `${field} ${shown(value)} is doubtful: ${doubt.because}` });
  }
  absent.push(...placeFaults(payload));
  if (!absent.length) return { payload, absent, suspect };
  const left = new Set(absent.map(({ field }) => field));
  return {
    payload: Object.fromEntries(Object.entries(payload).filter(([field]) => !left.has(field))),
    absent,
    suspect,
  };
}

/**
 * Whether degrees are what a receiver gives without a fix: 0/0, or what is no place on earth at all, such as the
 * 91/181 of AIS (ITU-R M.1371). People may say 0/0 and mean it; devices do not.
 */
export const isNoFix = (latitude: number, longitude: number): boolean =>
  (Math.abs(latitude) < NULL_ISLAND_DEG && Math.abs(longitude) < NULL_ISLAND_DEG) ||
  Math.abs(latitude) > 90 ||
  Math.abs(longitude) > 180;

function absentBecause(field: string, value: unknown): string | undefined {
  if (typeof value === 'number')
    return RULES.find((rule) => rule.fields.test(field) && rule.isAbsent?.(value))?.because;
  const isBlank = value === null || (typeof value === 'string' && NO_NUMBER.test(value));
  return isBlank && NUMERIC.test(field) ? 'it is no number' : undefined;
}

const suspectRule = (field: string, value: number): SentinelRule | undefined =>
  RULES.find((rule) => rule.fields.test(field) && rule.isSuspect?.(value));

/** Both degrees go where they are no place: half a place would be completed from the one before. */
function placeFaults({ latitude, longitude }: Readonly<Record<string, unknown>>): ValueFault[] {
  if (typeof latitude !== 'number' || typeof longitude !== 'number' || !isNoFix(latitude, longitude))
    return [];
  const message = `latitude and longitude ${latitude}/${longitude} are left out: that is what a receiver says without a fix`;
  return [
    { field: 'latitude', message },
    { field: 'longitude', message },
  ];
}

const shown = (value: unknown): string => JSON.stringify(value) ?? String(value);
