import type { ColumnType, Kysely } from 'kysely';

/** A truth value that both engines keep as 0 or 1. */
export type Flag = 0 | 1;
/** Milliseconds since 1970-01-01 UTC. */
export type Millis = number;
/** JSON as text: the engines then need no dialect of their own. */
export type JsonText = string;

/**
 * Where a crop is on its way: `inbox` = its bytes are in the journal only; `waiting` = its plain file is durable
 * and it waits for the classifier; `done` = the classifier has spoken.
 */
export type CropStage = 'inbox' | 'waiting' | 'done';

export interface TrapsTable {
  trap_id: string;
  name: string | null;
  time_zone: string | null;
  latitude: number | null;
  longitude: number | null;
  info: JsonText;
  state: 'online' | 'sleeping' | 'offline' | null;
  status: JsonText | null;
  state_at: Millis | null;
  first_seen_at: Millis;
  last_message_at: Millis | null;
}

export interface RunsTable {
  trap_id: string;
  run_id: string;
  /** `yyyy-mm-dd`: names the folder of the run's images, and stays as it is from the first crop on. */
  day: string;
  session_id: string | null;
  track_id: string | null;
  start_ms: Millis | null;
  start_offset_min: number | null;
  start_sent: string | null;
  end_ms: Millis | null;
  end_offset_min: number | null;
  end_sent: string | null;
  clock_suspect: Flag;
  duration_s: number | null;
  announced_crops: number | null;
  end_status: 'complete' | 'aborted' | null;
  end_received_at: Millis | null;
  /** Fields of `meta` and `end` that the contract does not name. */
  extra: JsonText;
  stored_crops: ColumnType<number, number, number>;
  stored_bytes: number;
  first_received_at: Millis;
  last_received_at: Millis;
  /** When the visit took place, for sorting: the start by the trap's clock, or the receipt where that is unknown or suspect. */
  at_ms: Millis;
  state: 'open' | 'complete';
  complete_because: 'all-crops' | 'silent-after-end' | 'silent' | null;
  completed_at: Millis | null;
  /** When an open run must be looked at again. */
  decide_at: Millis | null;
  receipt_due_at: Millis | null;
  receipt_state: 'incomplete' | 'complete' | null;
  /** The model of the observation that counts; null = not classified yet. */
  model: string | null;
  /** The verdict that counts: of that observation, or of the people who have reviewed it. */
  label: string | null;
  taxon: string | null;
  rank: string | null;
  taxon_group: string | null;
  probability: number | null;
  insect: Flag | null;
  unsure: Flag | null;
  /** 1 = a person's verdict stands; the observations keep what the models said. */
  reviewed: ColumnType<Flag, Flag | undefined, Flag>;
  revision: number;
}

export interface CropsTable {
  trap_id: string;
  run_id: string;
  crop_id: string;
  stage: CropStage;
  /** 0 = fresh; 1 = of the past, once more: fresh crops go first, however many of the past are queued. */
  turn: Flag;
  format: 'jpg' | 'png' | 'webp';
  bytes: number;
  sha256: string;
  crc32: number;
  width: number;
  height: number;
  /** The file ends before its image does. */
  truncated: Flag;
  received_at: Millis;
  /** When its picture was removed for good; all that is known of it stays. */
  removed_at: Millis | null;
}

/** Crops that are acknowledged and have no plain file yet: where in the journal their bytes are. */
export interface InboxTable {
  trap_id: string;
  run_id: string;
  crop_id: string;
  received_at: Millis;
  segment: string;
  position: number;
}

/** What the trap's detector said of a crop: an entry of the manifest in `end`. */
export interface DetectionsTable {
  trap_id: string;
  run_id: string;
  crop_id: string;
  sha256: string | null;
  at_ms: Millis | null;
  confidence: number | null;
  /** [xMin, yMin, xMax, yMax], relative to the frame. */
  box: JsonText | null;
  entry: JsonText;
}

export interface ClassificationsTable {
  trap_id: string;
  run_id: string;
  crop_id: string;
  model: string;
  /** Null where the crop could not be classified; `code` says why. */
  label: string | null;
  probability: number | null;
  ranked: JsonText;
  energy: number | null;
  /** float32, little-endian, in the order of the model's labels. */
  logits: Buffer | null;
  code: string | null;
  classified_at: Millis;
}

export interface ObservationsTable {
  trap_id: string;
  run_id: string;
  model: string;
  label: string;
  taxon: string | null;
  rank: string | null;
  taxon_group: string | null;
  insect: Flag;
  probability: number;
  top1_prob_mean: number;
  top1_crops: number;
  crops: number;
  unsure: Flag;
  reason: string | null;
  rolled_up: Flag;
  ranking: JsonText;
  final: Flag;
  revision: number;
  observed_at: Millis;
}

export interface SessionsTable {
  trap_id: string;
  session_id: string;
  start_ms: Millis | null;
  end_ms: Millis | null;
  offset_min: number | null;
  minutes: number | null;
  clock_suspect: Flag;
  payload: JsonText;
  received_at: Millis;
}

export interface TelemetryTable {
  trap_id: string;
  at_ms: Millis;
  clock_suspect: Flag;
  payload: JsonText;
  received_at: Millis;
}

export interface AccountsTable {
  /** `trap`: user name = trapId, speaks MQTT. `key`: an API key. */
  kind: 'trap' | 'key';
  name: string;
  role: 'device' | 'viewer' | 'editor' | 'admin';
  secret_sha256: string;
  /** The same secret as Mosquitto wants it in its password file. */
  mosquitto_hash: string | null;
  created_at: Millis;
  last_used_at: Millis | null;
}

export interface DeadLettersTable {
  /** Made of topic, code and bytes: the same message again is the same row. */
  id: string;
  topic: string;
  client: string | null;
  trap_id: string | null;
  run_id: string | null;
  crop_id: string | null;
  code: string;
  field: string | null;
  message: string;
  size: number;
  sha256: string;
  bytes: Buffer | null;
  times: number;
  first_at: Millis;
  last_at: Millis;
}

/** What must go out, at least once: one row per target, so that a newer message replaces one that waits. */
export interface OutboxTable {
  kind: 'receipt' | 'result' | 'last';
  key: string;
  seq: number;
  topic: string;
  retain: Flag;
  payload: JsonText;
}

/**
 * What InfluxDB must be told of, at least once. The point itself is made of the catalog when it is sent, so that it is
 * never an old one.
 */
export interface PointsTable {
  /** `run`: its final observations. `reading`: a row of telemetry. `event`: a row of trap_events. */
  kind: 'run' | 'reading' | 'event';
  trap_id: string;
  /** The run's id; the time of the reading, in milliseconds; `kind/item` of the event. */
  item: string;
  /** About microseconds since 1970; grows when it is marked once more. */
  seq: number;
}

/** The points of runs that InfluxDB has, or may have: noted before they are sent, or nobody could take them back. */
export interface PointsSentTable {
  trap_id: string;
  run_id: string;
  /** The point's tags. */
  series: JsonText;
  /** Nanoseconds since 1970, as text: more digits than a number holds. */
  at_ns: string;
  seq: number;
  /** 1 = the run has another point by now: this one must be deleted. */
  stale: Flag;
}

/** `past`: what of the catalog is not marked yet. `trouble`: why points wait. `sending`: a lock among senders. */
export interface PointStateTable {
  name: 'past' | 'trouble' | 'sending';
  value: JsonText;
}

/** Something to note at a trap: what it is stays as it was when it was noted. */
export interface TrapEventsTable {
  trap_id: string;
  kind: 'first-sighting' | 'silent' | 'episode';
  /** Unique within trap and kind: the label, the time of the last message, the id of the episode. */
  item: string;
  at_ms: Millis;
  text: string;
}

/** Retained messages, for an embedded broker that forgets them at a restart. */
export interface RetainedTable {
  topic: string;
  payload: JsonText;
}

export interface Tables {
  retained: RetainedTable;
  traps: TrapsTable;
  runs: RunsTable;
  crops: CropsTable;
  inbox: InboxTable;
  detections: DetectionsTable;
  classifications: ClassificationsTable;
  observations: ObservationsTable;
  sessions: SessionsTable;
  telemetry: TelemetryTable;
  accounts: AccountsTable;
  dead_letters: DeadLettersTable;
  outbox: OutboxTable;
  points: PointsTable;
  points_sent: PointsSentTable;
  point_state: PointStateTable;
  trap_events: TrapEventsTable;
}

/** The catalog's database, or a transaction on it. */
export type Db = Kysely<Tables>;
