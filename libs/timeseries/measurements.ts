/** How a field is written in line protocol; a field never changes its type, or InfluxDB refuses the point. */
type FieldType = 'integer' | 'float' | 'string';

export interface FieldSchema {
  readonly type: FieldType;
  /** In the words of InfluxDB's neighbours: `s`, `percent`, `celsius`, `MB`, `1` for shares, `count`. */
  readonly unit?: string;
  /** Left out of a point where nobody knows it: any stand-in would end up in somebody's mean. */
  readonly optional?: true;
  readonly says: string;
}

interface MeasurementSchema {
  readonly says: string;
  /** What the time of a point is. */
  readonly time: string;
  /**
   * Each tag stands on every point. Tags are ids, names of the model card, scientific names that people gave in reviews, and
   * words of ours: no text that anybody types freely.
   */
  readonly tags: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, FieldSchema>>;
}

const TRAP = 'id of the trap';

/**
 * Everything that is in InfluxDB. Who writes takes names and types from here, and so does who reads: dashboards,
 * alert rules, tests.
 */
export const measurements = {
  insect_run: {
    says: 'One insect visit: the final observation of a run by one model, or what people made of it. A count of points is a count of visits',
    time: 'start of the run (else its end, else its receipt), with nanoseconds of its own: see point-time.ts. Runs of unknown time have no point',
    tags: {
      trap: TRAP,
      label: 'label of the observation, or of the person who has reviewed the run',
      taxon: 'scientific name with _ for each space, or none',
      insect: 'yes, or no for labels such as an empty background',
      model:
        'model that observed; people where none has. Every query chooses one, and people with it, or a run that was classified again counts twice',
    },
    fields: {
      run_id: { type: 'string', says: 'id of the run, unique within its trap' },
      name: {
        type: 'string',
        says: 'what people call it, in German and English with a slash between; its scientific name or label where it has no name',
      },
      probability: {
        type: 'float',
        unit: '1',
        says: "the observation's probability, 0 to 1; 1 where a person settled it. Always there: count this one",
      },
      duration_s: { type: 'float', unit: 's', optional: true, says: 'how long the insect stayed' },
      crops: { type: 'integer', unit: 'count', says: 'crops that voted' },
      size_rel: {
        type: 'float',
        unit: '1',
        optional: true,
        says: 'mean longer side of its boxes, relative to the frame, 0 to 1',
      },
      unsure: { type: 'integer', unit: '1', says: '1 = model or person is not sure. Its mean is a share' },
      hour: {
        type: 'string',
        says: "hour of the day by the trap's clock, 00 to 23. A field, since as a tag it would make 24 series of one",
      },
      thumb: { type: 'string', says: 'path of a small picture, to be put behind the public URL' },
    },
  },
  trap_status: {
    says: 'How a trap is. Two kinds of point: every minute for each known trap (online, state, age_s, overdue_s, name, lat, lon, zone, time_unknown), and one for each reading that it sends (battery_pct, temp_c, disk_free_mb)',
    time: 'the minute, or when the trap took the reading',
    tags: { trap: TRAP },
    fields: {
      online: {
        type: 'integer',
        unit: '1',
        optional: true,
        says: '1 = it is there, 0 = it is off, asleep or silent',
      },
      state: {
        type: 'integer',
        unit: '1',
        optional: true,
        says: '1 = it is there, 2 = it sleeps as it said, 0 = it is off or silent',
      },
      age_s: { type: 'float', unit: 's', optional: true, says: 'since its last message of any kind' },
      time_unknown: {
        type: 'integer',
        unit: 'count',
        optional: true,
        says: 'insect visits of unknown time so far: they are in no point of insect_run',
      },
      overdue_s: {
        type: 'float',
        unit: 's',
        optional: true,
        says: 'since it should have spoken: since its last message, or since the end of its sleep; 0 while it sleeps',
      },
      name: {
        type: 'string',
        optional: true,
        says: 'what people call the trap; its id where it has no name',
      },
      lat: { type: 'float', unit: 'degree', optional: true, says: 'latitude, WGS 84' },
      lon: { type: 'float', unit: 'degree', optional: true, says: 'longitude, WGS 84' },
      zone: { type: 'string', optional: true, says: 'IANA time zone of its clock, such as Europe/Berlin' },
      battery_pct: { type: 'float', unit: 'percent', optional: true, says: 'charge, 0 to 100' },
      temp_c: { type: 'float', unit: 'celsius', optional: true, says: 'temperature' },
      disk_free_mb: {
        type: 'float',
        unit: 'MB',
        optional: true,
        says: "free on the trap's disk, million bytes",
      },
    },
  },
  insect_activity: {
    says: 'Visits of one hour against what such an hour is expected to bring. An hour without recording has no point',
    time: 'start of the hour',
    tags: {
      trap: TRAP,
      group: 'taxon group, or all',
      hour: "hour of the day, 00 to 23, in the trap's own time zone",
    },
    fields: {
      count: { type: 'integer', unit: 'count', says: 'visits' },
      expected: {
        type: 'float',
        unit: 'count',
        says: 'visits expected from the hours before, for the same effort',
      },
      upper: { type: 'float', unit: 'count', says: 'more than this is unusual' },
      score: {
        type: 'float',
        unit: '1',
        says: '(count - expected) / (upper - expected); above 1 is unusual',
      },
      effort_min: { type: 'float', unit: 'min', says: 'minutes recorded in this hour' },
    },
  },
  trap_event: {
    says: 'Something to note at a trap, for annotations',
    time: 'when it began',
    tags: {
      trap: TRAP,
      kind: 'first-sighting, silent or episode',
      taxon: 'of a first sighting: scientific name with _ for each space; none for other kinds',
    },
    fields: { text: { type: 'string', says: 'one sentence for people' } },
  },
  pipeline: {
    says: 'How the service itself is, every 15 seconds',
    time: 'when it was looked at',
    tags: {},
    fields: {
      outbox_depth: {
        type: 'integer',
        unit: 'count',
        says: 'messages to traps and points for InfluxDB that wait to go out',
      },
      outbox_oldest_s: {
        type: 'float',
        unit: 's',
        says: 'how long the oldest of them waits; 0 where none does',
      },
      dead_letters: {
        type: 'integer',
        unit: 'count',
        says: 'distinct messages and points that were set aside for good',
      },
      crops_per_s: { type: 'float', unit: 'per s', says: 'crops received, mean since the point before' },
      queue: { type: 'integer', unit: 'count', says: 'crops that wait to be classified' },
      disk_free_mb: {
        type: 'float',
        unit: 'MB',
        says: "free on the disk of the service's data folder, million bytes",
      },
    },
  },
} as const satisfies Record<string, MeasurementSchema>;

export type Measurements = typeof measurements;
export type MeasurementName = keyof Measurements;
