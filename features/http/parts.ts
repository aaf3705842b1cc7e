import type { Logger } from 'pino';
import type { Overuse } from '../../libs/async/index.js';
import type { CropResult, ModelPackage } from '../../libs/classifier/index.js';
import type { Catalog } from '../../libs/database/index.js';
import type { MessageSource } from '../../libs/mqtt/index.js';
import type { Reception } from './reception.js';

/** Who may come in without a key, and how often anybody may ask. */
interface AccessSettings {
  /** Thumbnails are open to everyone. */
  readonly publicThumbnails: boolean;
  /** Viewers get pictures byte for byte, with their metadata; left out: without. */
  readonly originalsForViewers?: boolean;
  /** Of one key, or of one address without a key; 0 = as many as they like. */
  readonly requestsPerMin: number;
  /** Proxies whose word on the client's address counts: addresses, networks, or the names that Express knows. */
  readonly trustedProxies: readonly string[];
}

/** Whoever classifies. */
interface Prediction {
  /** Bytes that an image may have. */
  readonly maxBytes: number;
  /** @throws Refusal where it is no image that is taken; ModelError `busy`, or `closed` while the classifier does not run */
  classify(bytes: Buffer, top?: number): Promise<CropResult>;
}

/** What a process that classifies says of it. */
export interface ClassifierStatus {
  /** Crops that are with the classifier. */
  readonly classifying: number;
  /** `starting`: also while it is tried again. `failed`: the model cannot be used. `off`: nothing is to be classified here. */
  readonly state: 'off' | 'starting' | 'running' | 'failed';
}

/** What the API shows; whoever composes the process opens and closes all of it. */
export interface ApiParts {
  readonly catalog: Catalog;
  /** Left out where this process takes no messages: then nothing is said of a broker. */
  readonly source?: MessageSource;
  /** Takes what traps send over HTTP; left out where this process takes no messages. */
  readonly reception?: Reception;
  readonly dataDir: string;
  /** Under this many free bytes no message is taken. */
  readonly diskReserveBytes: number;
  /** Free bytes as whoever takes messages sees them; left out where this process takes none. */
  readonly diskFree?: () => Promise<number>;
  /** The model that speaks now. */
  readonly model: ModelPackage | undefined;
  /** Messages that could not be stored so far; left out where this process takes none. */
  readonly messagesHeldUp?: () => number;
  /** What of the work behind the messages fails now; undefined where all gets on. */
  readonly backgroundTrouble?: () => string | undefined;
  /** Who takes more than its share; left out: the API keeps its own list. */
  readonly overuse?: Overuse;
  /** Left out where nobody here knows of a classifier. */
  readonly classifier?: () => ClassifierStatus;
  /** Classifies images that nobody keeps; left out where this process does not classify. */
  readonly prediction?: Prediction;
  /** Of a process that takes messages: bytes of what was deleted leave its journal. */
  readonly forgetJournal?: () => Promise<void>;
  /** Left out where there is no InfluxDB. What keeps points from it; undefined while they go out. */
  readonly pointTrouble?: () => { readonly state: 'busy' | 'denied' | 'failed' } | undefined;
  /** Where clients find this API, without a slash at the end. Links begin with it. */
  readonly publicUrl?: string | undefined;
  /** Where people find the dashboards, without a slash at the end. */
  readonly grafanaUrl?: string | undefined;
  /** The built web pages; default: those of this build. */
  readonly webFolder?: URL;
  /** Where traps find the broker, such as `traps.example.org:1883`, for the contract's document. */
  readonly brokerAddress?: string | undefined;
  /** Left out: no thumbnail is public, nobody is slowed down, and no proxy is trusted. */
  readonly access?: AccessSettings;
  /** The trap that the old routes of waskrabbeltda are about; left out: all of them, for those who read. */
  readonly legacyTrap?: string | undefined;
  /** The disk that thumbnails may take; the oldest go first. Default 500 MB. */
  readonly thumbnailBytes?: number;
  /** The compiled program that makes them; default: the one of this build. */
  readonly thumbnailProgram?: URL;
  /** What exports say of the data; left out: something that fits any. */
  readonly dataset?: DatasetSettings;
  /** Where the models are that are installed, and the cards of those that may have spoken earlier. */
  readonly modelFolders?: readonly string[];
  /** IANA zone of traps that have said none; default UTC. */
  readonly timeZone?: string;
  readonly version: string;
  readonly log: Logger;
}

/** Under this name Nest hands the parts out. */
export const PARTS = Symbol('parts of the API');

/** What those who run the service say of its data, for the exchange formats. */
export interface DatasetSettings {
  readonly title?: string | undefined;
  /** The person or organisation that the data are of. */
  readonly contributor?: string | undefined;
  /** An identifier such as `CC-BY-4.0`, or a URL; nobody else can choose one. */
  readonly licence?: string | undefined;
  /** Of the pictures; default: that of the data. */
  readonly mediaLicence?: string | undefined;
}
