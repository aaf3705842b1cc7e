/**
 * What Grafana knows its things by. Bookmarks, links between dashboards, silences and annotations point at these:
 * never change one, never use one again for something else.
 */
export const DATA_SOURCE = { type: 'influxdb', uid: 'trapline-influxdb' } as const;
/** Grafana's own engine of expressions: reduce, threshold. */
export const EXPRESSIONS = { type: '__expr__', uid: '__expr__' } as const;

export const FOLDER = { title: 'Trapline', uid: 'trapline' } as const;

export const DASHBOARD_UIDS = {
  today: 'trapline-today',
  season: 'trapline-season',
  oneTrap: 'trapline-one-trap',
  unusual: 'trapline-unusual',
  operations: 'trapline-operations',
} as const;

/** Every panel has an id of its own, over all dashboards: alert rules and links name one. The next free one is at the end. */
export const PANEL_IDS = {
  today: {
    visitsToday: 101,
    visitsInAll: 102,
    cropsToday: 103,
    falseToday: 104,
    unsureToday: 105,
    trapsOnline: 106,
    topSightings: 107,
    share: 108,
    falseSightings: 109,
    latest: 110,
    perHour: 111,
    chosenHour: 112,
    classByHour: 113,
    lastRun: 114,
    downloads: 115,
    timeUnknown: 116,
  },
  season: {
    visits: 201,
    crops: 202,
    perDayMean: 203,
    falseSightings: 204,
    unsure: 205,
    perDay: 206,
    perWeek: 207,
    totals: 208,
    share: 209,
    classByHour: 210,
    hourByDay: 211,
    stay: 212,
    perTrap: 213,
    raw: 214,
    downloads: 215,
  },
  oneTrap: {
    visits: 301,
    online: 302,
    battery: 303,
    silence: 304,
    perHour: 305,
    top: 306,
    latest: 307,
    onlineTimeline: 308,
    batteryOverTime: 309,
    temperature: 310,
    size: 311,
    place: 312,
    falseSightings: 313,
    raw: 314,
    downloads: 315,
  },
  unusual: {
    unusualHours: 401,
    highestScore: 402,
    episodes: 403,
    countAndBounds: 404,
    score: 405,
    effort: 406,
    unusualTable: 407,
    eventTable: 408,
    hourByDay: 409,
    latest: 410,
  },
  operations: {
    trapsOnline: 501,
    outboxAge: 502,
    deadLetters: 503,
    queue: 504,
    serverDisk: 505,
    onlineTimeline: 506,
    silence: 507,
    battery: 508,
    temperature: 509,
    trapDisk: 510,
    outboxOverTime: 511,
    outboxAgeOverTime: 512,
    cropsPerSecond: 513,
    deadLettersOverTime: 514,
    serverDiskOverTime: 515,
    map: 516,
    trapTable: 517,
  },
} as const;

export const RULE_UIDS = {
  unusualActivity: 'trapline-unusual-activity',
  firstSighting: 'trapline-first-sighting',
  trapSilent: 'trapline-trap-silent',
  batteryLow: 'trapline-battery-low',
  trapDisk: 'trapline-trap-disk',
  outboxAge: 'trapline-outbox-age',
  deadLetters: 'trapline-dead-letters',
  serverDisk: 'trapline-server-disk',
} as const;

export const CONTACT_UIDS = {
  editorsEmail: 'trapline-editors-email',
  editorsWebhook: 'trapline-editors-webhook',
  operatorsEmail: 'trapline-operators-email',
  operatorsWebhook: 'trapline-operators-webhook',
} as const;
