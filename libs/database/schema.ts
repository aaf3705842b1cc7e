import type { ColumnType, Kysely } from 'kysely';
import type { TimeFrom } from '../domain/index.js';

/** A truth value that both engines keep as 0 or 1. */
export type Flag = 0 | 1;
/** Milliseconds since 1970-01-01 UTC. */
type Millis = number;
/** JSON as text: the engines then need no dialect of their own. */
type JsonText = string;

/**
 * Where a crop is on its way: `inbox` = its bytes are in the journal only; `waiting` = its plain file is durable
 * and it waits for the classifier; `done` = the classifier has spoken.
 */
type CropStage = 'inbox' | 'waiting' | 'done';

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
  /** What editors note of it. */
  notes: string | null;
  /** Names of columns that editors have set, as a list: what the trap says there later is not taken. */
  set_by_editor: JsonText | null;
  /** What was said of the trap itself; `time_zone` is that of the deployment under way, where that names one. */
  own_zone: string | null;
  /** Grows when other zones hold for its clock. */
  zone_revision: ColumnType<number, number | undefined, number>;
  /** When its account was removed; null where it has one, or never had any. */
  removed_at: ColumnType<Millis | null, Millis | null | undefined, Millis | null>;
}

/**
 * A trap at one place, from a start to an end. Those of one trap never overlap; the one that is under way gives the
 * trap's own row its place, and its time zone where it names one.
 */
export interface DeploymentsTable {
  trap_id: string;
  /** Unique within its trap. */
  deployment_id: string;
  /** Null: since anything is known of the trap. */
  start_ms: Millis | null;
  /** Excluded. Null: it still stands there. */
  end_ms: Millis | null;
  /** An editor's word holds, whatever the trap says later. */
  source: 'trap' | 'editor';
  /** Of the place. */
  name: string | null;
  /** The same for all deployments at the same place. */
  location_id: string | null;
  latitude: number | null;
  longitude: number | null;
  /** Metres around the place within which the trap stands. */
  uncertainty_m: number | null;
  time_zone: string | null;
  set_up_by: string | null;
  /** Above the ground. */
  camera_height_m: number | null;
  /** -90 looks down, 0 ahead, 90 up. */
  camera_tilt_deg: number | null;
  /** Clockwise from north. */
  camera_heading_deg: number | null;
  habitat: string | null;
  bait: Flag | null;
  notes: string | null;
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
  /** 1 = the clock that said these times cannot be right; stays 1 when the true time becomes known. */
  clock_suspect: Flag;
  /** Added to what the trap said, in all times of the run and its detections; null = its clock is believed. */
  clock_shift_ms: ColumnType<Millis | null, Millis | null | undefined, Millis | null>;
  /** Where the true time comes from; null = from the trap's clock. */
  time_from: ColumnType<TimeFrom | null, TimeFrom | null | undefined, TimeFrom | null>;
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
  /**
   * When the visit took place, for sorting: its start, else its end, or the receipt where the trap has said neither.
   * Negative where the time is unknown because the trap's clock cannot be right: see `placeInTime`.
   */
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
  /** When the pictures that it had by then were last removed for good; a late crop may have brought another one. */
  removed_at: Millis | null;
  /** `zone_revision` of the trap when its times were read; null where each came with a zone of its own. */
  zone_revision: ColumnType<number | null, number | null | undefined, number | null>;
  /** The manifest comes in so many `end`s; null where it comes in one. */
  manifest_parts: ColumnType<number | null, number | null | undefined, number | null>;
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
  /** Since when it is known that its bytes are not on the disk any more, and have to come again. */
  damaged_at: ColumnType<Millis | null, Millis | null | undefined, Millis | null>;
  /** `at_ms` of its run when it began to wait for the classifier. */
  visit_ms: ColumnType<Millis | null, Millis | null | undefined, Millis | null>;
}

/** Crops that one of several services on a PostgreSQL is classifying. Unused with SQLite, where there is one service. */
interface CropClaimsTable {
  trap_id: string;
  run_id: string;
  crop_id: string;
  /** Made up by each service at its start. */
  holder: string;
  /** By the clock of the database. Until then other services leave the crop alone. */
  expires_at: Millis;
}

/** Crops that are acknowledged and have no plain file yet: where in the journal their bytes are. */
interface InboxTable {
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

interface ClassificationsTable {
  trap_id: string;
  run_id: string;
  crop_id: string;
  model: string;
  /** Null where the crop could not be classified; `code` says why. */
  label: string | null;
  probability: number | null;
  ranked: JsonText;
  energy: number | null;
  /** Little-endian, in the order of the model's labels: float32 up to 64 labels, float16 beyond. */
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

/** What people said of runs. Rows are only ever added: who takes a review back adds one, too. */
export interface ReviewsTable {
  trap_id: string;
  run_id: string;
  /** 1, 2, 3 … within the run, in the order in which they came. */
  review_id: number;
  verdict: 'agree' | 'relabel' | 'not-insect' | 'unsure' | 'undo';
  /** What the run shows by this review, as it was understood then; null for `unsure` and `undo`. */
  label: string | null;
  taxon: string | null;
  rank: string | null;
  taxon_group: string | null;
  insect: Flag | null;
  /** Of an `undo`: the review that it takes back. */
  undoes: number | null;
  comment: string | null;
  /** Who said it: the holder of an API key, or a person who had logged in. */
  by_kind: 'key' | 'user';
  by_name: string;
  at_ms: Millis;
  /** What the model said at that moment; null where none had observed the run. */
  model: string | null;
  model_label: string | null;
}

export interface SessionsTable {
  trap_id: string;
  session_id: string;
  start_ms: Millis | null;
  end_ms: Millis | null;
  offset_min: number | null;
  minutes: number | null;
  /** 1 = the clock that said these times cannot be right; stays 1 when the true time becomes known. */
  clock_suspect: Flag;
  /** Added to what the trap said; null = its clock is believed. */
  clock_shift_ms: ColumnType<Millis | null, Millis | null | undefined, Millis | null>;
  time_from: ColumnType<TimeFrom | null, TimeFrom | null | undefined, TimeFrom | null>;
  /** 1 = its runs may have to follow its true time. */
  time_due: ColumnType<Flag, Flag | undefined, Flag>;
  payload: JsonText;
  received_at: Millis;
  /** `zone_revision` of the trap when its times were read; null where each came with a zone of its own. */
  zone_revision: ColumnType<number | null, number | null | undefined, number | null>;
}

/** What people said of true times. Rows are only ever added: who takes one back adds one, too. */
export interface TimeCorrectionsTable {
  trap_id: string;
  kind: 'run' | 'session';
  /** The id of the run or session. */
  item: string;
  /** 1, 2, 3 … within the item, in the order in which they came; the last one holds. */
  correction_id: number;
  /** When it truly began; null = what was said before is taken back. */
  start_ms: Millis | null;
  comment: string | null;
  by_kind: 'key' | 'user';
  by_name: string;
  at_ms: Millis;
}

/** Visits of people to a trap, as editors note them. */
export interface TrapVisitsTable {
  trap_id: string;
  visit_id: string;
  at_ms: Millis;
  /** A list of what was done. */
  what: JsonText;
  text: string | null;
  by_name: string;
}

export interface TelemetryTable {
  trap_id: string;
  at_ms: Millis;
  clock_suspect: Flag;
  payload: JsonText;
  received_at: Millis;
  /** `zone_revision` of the trap when its times were read; null where each came with a zone of its own. */
  zone_revision: ColumnType<number | null, number | null | undefined, number | null>;
}

export interface AccountsTable {
  /** `trap`: user name = trapId, speaks MQTT. `key`: an API key. */
  kind: 'trap' | 'key';
  name: string;
  role: 'device' | 'viewer' | 'editor' | 'admin';
  secret_sha256: string;
  /** The same secret as Mosquitto wants it in its password file. */
  mosquitto_hash: string | null;
  /** Ids of the only traps that a key may see, as JSON; null = all traps. */
  traps: ColumnType<JsonText | null, JsonText | null | undefined, JsonText | null>;
  created_at: Millis;
  last_used_at: Millis | null;
}

/** People who log in with a name and a password. */
export interface UsersTable {
  /** Stays with one person; a name may be given again. */
  id: string;
  /** In small letters, unique. */
  name: string;
  role: 'viewer' | 'editor' | 'admin';
  /** A PHC string, argon2id; empty until the person has chosen a password. */
  password_hash: string;
  /** Grows when all logins of the person end: each login bears the one that it was given under. */
  generation: number;
  disabled: Flag;
  created_at: Millis;
  last_login_at: Millis | null;
  /** Of the web pages; null = that of the browser. */
  language: ColumnType<Language | null, Language | null | undefined, Language | null>;
  /** Ids of the only traps that the person may see, as JSON; null = all traps. */
  traps: ColumnType<JsonText | null, JsonText | null | undefined, JsonText | null>;
}

/** Languages that the web pages have. */
export type Language = 'de' | 'en';

/** Links that log a person in once: the first one, or after a lost password. Used ones are gone. */
interface LoginLinksTable {
  token_sha256: string;
  person_id: string;
  made_at: Millis;
  expires_at: Millis;
}

/** Work that takes long, with its progress, whichever process does it. */
export interface JobsTable {
  id: string;
  kind: 'model-install' | 'reclassify' | 'backup' | 'download' | 'camtrap-dp' | 'dwca';
  /** What it is about, such as the name of a model. */
  title: string;
  state: 'running' | 'done' | 'failed' | 'canceled';
  done: number | null;
  total: number | null;
  /** Of `done` and `total`. */
  unit: 'bytes' | 'runs' | 'crops' | 'files' | null;
  /** Who started it; null = the command line. */
  by_name: string | null;
  /** Why it failed, or what came of it. */
  message: string | null;
  /** 1 = whoever does the work should stop. */
  cancel_requested: Flag;
  started_at: Millis;
  changed_at: Millis;
  ended_at: Millis | null;
}

/**
 * What has changed in the last quarter of an hour, for pages that follow it. Written in the transaction that makes the
 * change; services that share a catalog learn of each other's changes this way.
 */
export interface ChangesTable {
  /** About microseconds since 1970. */
  seq: number;
  kind: 'run' | 'episode' | 'sighting' | 'trap' | 'job';
  /** Empty for a job. */
  trap_id: string;
  /** Id of the run, episode, sighting or job; empty for a trap. */
  item: string;
  state: string;
}

/** Logins that were ended before they expired. */
interface EndedLoginsTable {
  id: string;
  expires_at: Millis;
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
  /** Of all bytes; empty where only their beginning was read. */
  sha256: string;
  bytes: Buffer | null;
  times: number;
  first_at: Millis;
  last_at: Millis;
}

/** What must go out, at least once: one row per target, so that a newer message replaces one that waits. */
export interface OutboxTable {
  kind: 'receipt' | 'result' | 'last' | 'alert';
  key: string;
  seq: number;
  topic: string;
  retain: Flag;
  payload: JsonText;
}

/**
 * What InfluxDB was sent, and what it has still to be sent. The points themselves are made of the catalog when they are
 * sent, so that none is outdated. A row without anything to wait for, to remember or to delete is removed.
 */
export interface PointsTable {
  /** `run`: its final observations. `reading`: a row of telemetry. `event`: a row of trap_events. `activity`: an hour. */
  kind: 'run' | 'reading' | 'event' | 'activity';
  trap_id: string;
  /** The run's id; the time of the reading, in milliseconds; `kind/item` of the event; `hour/group`. */
  item: string;
  /** About microseconds since 1970; grows whenever it is queued once more. */
  seq: number;
  /** 1 = the current points have to be sent. */
  waiting: Flag;
  /**
   * Points that InfluxDB has or may have: a list of tags and times. It is written before they are sent, or nobody could
   * delete them one day. Kept of runs and events.
   */
  sent: ColumnType<JsonText | null, JsonText | null | undefined, JsonText | null>;
  /** Points that are no longer true: a list, until InfluxDB has deleted them. */
  stale: ColumnType<JsonText | null, JsonText | null | undefined, JsonText | null>;
}

/** `past`: what of the catalog is not queued yet. `trouble`: why points wait. `sending`: a lock among senders. */
interface PointStateTable {
  name: 'past' | 'trouble' | 'sending';
  value: JsonText;
}

/** Crops whose picture was removed in the catalog and whose file may still lie on the disk. */
interface RemovalsTable {
  trap_id: string;
  run_id: string;
  crop_id: string;
}

/**
 * A run or a single crop that somebody deleted for good. Nothing else is known of it any more; it is not taken again.
 */
export interface DeletionsTable {
  trap_id: string;
  run_id: string;
  /** Empty: the whole run. */
  crop_id: string;
  reason: string;
  by_kind: 'key' | 'user';
  by_name: string;
  at_ms: Millis;
  /** Pictures that may still lie on the disk, as a list of crops with day and format; null once they are gone. */
  files: JsonText | null;
}

/** Each time that pictures were removed, and by which rule: `crops.removed_at` names the round. */
export interface RetentionRoundsTable {
  at_ms: Millis;
  /** They were older than this; null where they had to make room. */
  older_than_ms: Millis | null;
  /** So much of the disk was to be free; null where their age decided. */
  free_bytes: number | null;
  runs: ColumnType<number, number, number>;
  crops: number;
  bytes: number;
}

/**
 * What the catalog knows of itself. `identity`: which one it is, and so which data folder belongs to it. `retention`,
 * `backup`: the last time, and what came of it. `restored`: the backup that it was made of.
 * `past-sightings`: how far the first sightings of earlier runs have been found.
 */
export interface CatalogStateTable {
  name: 'identity' | 'retention' | 'backup' | 'pictures' | 'restored' | 'past-sightings';
  value: JsonText;
}

/** One hour of one taxon group at one trap, held against the hours before. Hours without recording have no row. */
export interface ActivityHoursTable {
  trap_id: string;
  /** `all` = all insects. */
  taxon_group: string;
  /** Whole hours since 1970-01-01T00 on the trap's own clock. */
  hour: number;
  start_ms: Millis;
  visits: number;
  effort_min: number;
  state: 'missing' | 'learning' | 'judged';
  /** Null unless judged, like the five behind it. */
  expected: number | null;
  upper: number | null;
  score: number | null;
  p_high: number | null;
  p_low: number | null;
  /** While learning: days with data so far. */
  days: number | null;
  alarm: Flag;
}

/** Unusual hours that belong together: announced when it opens, and followed until it is over. */
export interface EpisodesTable {
  /** `<trap>.<group>.<first hour>` of when it was opened. */
  id: string;
  trap_id: string;
  taxon_group: string;
  first_hour: number;
  last_hour: number;
  start_ms: Millis;
  /** End of its last hour. */
  end_ms: Millis;
  state: 'open' | 'closed' | 'withdrawn';
  /** Why it was withdrawn. */
  reason: string | null;
  /** Its alarms, in order. */
  evidence: JsonText;
  opened_at: Millis;
  changed_at: Millis;
}

/** What a person says of an episode: "Was this right?" */
export interface EpisodeAnswersTable {
  episode_id: string;
  by_kind: 'key' | 'user';
  by_name: string;
  /** `other`: something was there, but not what the episode says. */
  answer: 'yes' | 'no' | 'other';
  at_ms: Millis;
}

/** A taxon at a trap for the first time: ever, in its year, or after a long absence. */
export interface FirstSightingsTable {
  /** Stays, whatever becomes of it. */
  id: string;
  trap_id: string;
  /** Species or genus. */
  taxon: string;
  rank: string | null;
  taxon_group: string | null;
  kind: 'ever' | 'season' | 'return';
  /** The run that is the first. */
  run_id: string;
  at_ms: Millis;
  /** When the taxon had last been seen at the trap before. */
  last_before_ms: Millis | null;
  /** 1 = no other trap had seen the taxon before either. */
  first_anywhere: Flag;
  state: 'standing' | 'withdrawn';
  /** 1 = it was news, and was told over MQTT; 0 = it was found in the past. */
  announced: Flag;
  /** Why it was withdrawn. */
  reason: string | null;
  noted_at: Millis;
  changed_at: Millis;
}

/** Taxa whose first sightings are to be looked at again, and the run that gives reason to. */
interface SightingsDueTable {
  trap_id: string;
  taxon: string;
  run_id: string;
  /** 1 = a first sighting by this run would be news. */
  news: Flag;
}

/** Something to note at a trap. */
export interface TrapEventsTable {
  trap_id: string;
  kind: 'first-sighting' | 'silent' | 'episode';
  /** Unique within trap and kind: the id of the first sighting or episode, the time of the last message. */
  item: string;
  at_ms: Millis;
  text: string;
}

/** Retained messages, for an embedded broker that forgets them at a restart. */
interface RetainedTable {
  topic: string;
  payload: JsonText;
}

export interface Tables {
  retained: RetainedTable;
  traps: TrapsTable;
  deployments: DeploymentsTable;
  runs: RunsTable;
  crops: CropsTable;
  crop_claims: CropClaimsTable;
  inbox: InboxTable;
  detections: DetectionsTable;
  classifications: ClassificationsTable;
  observations: ObservationsTable;
  reviews: ReviewsTable;
  sessions: SessionsTable;
  time_corrections: TimeCorrectionsTable;
  trap_visits: TrapVisitsTable;
  first_sightings: FirstSightingsTable;
  sightings_due: SightingsDueTable;
  telemetry: TelemetryTable;
  accounts: AccountsTable;
  people: UsersTable;
  ended_logins: EndedLoginsTable;
  login_links: LoginLinksTable;
  jobs: JobsTable;
  changes: ChangesTable;
  dead_letters: DeadLettersTable;
  outbox: OutboxTable;
  points: PointsTable;
  point_state: PointStateTable;
  trap_events: TrapEventsTable;
  activity_hours: ActivityHoursTable;
  episodes: EpisodesTable;
  episode_answers: EpisodeAnswersTable;
  removals: RemovalsTable;
  deletions: DeletionsTable;
  retention_rounds: RetentionRoundsTable;
  catalog_state: CatalogStateTable;
}

/** The catalog's database, or a transaction on it. */
export type Db = Kysely<Tables>;
