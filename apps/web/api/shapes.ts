import type { Episode, FirstSighting, Names, Run } from '../../../libs/api-types/index.js';

/** From the 10 % to the 90 % quantile of the 21 days before. */
export interface Usual {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}
export interface Figure {
  readonly count: number;
  readonly usual: Usual | null;
}
export interface Hour {
  readonly hour: number;
  readonly visits: number;
  readonly minutes: number | null;
  readonly expected: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly unusual: boolean;
}
export interface Kind {
  readonly label: string;
  readonly taxon: string | null;
  readonly names?: Names | undefined;
  readonly group: string | null;
  readonly visits: number;
  readonly usual: Usual | null;
  readonly thumbnail: string | null;
}
export type ShownEpisode = Episode & {
  readonly thumbnails: readonly string[];
  readonly visits: number;
};
export type ShownSighting = FirstSighting & {
  readonly names?: Names | undefined;
  readonly thumbnail: string | null;
};
export interface Today {
  readonly date: string;
  readonly timeZone: string;
  readonly isToday: boolean;
  /** Local time up to which days are compared; 24:00 for a day that is over */
  readonly until: string;
  readonly everReceived: boolean;
  readonly demoModel: boolean;
  readonly modelActive: boolean;
  readonly learning: { readonly days: number; readonly needed: number } | null;
  readonly nowHour: number | null;
  readonly history: { readonly days: number; readonly needed: number };
  readonly visits: Figure;
  readonly kinds: Figure;
  readonly effort: { readonly minutes: number | null; readonly traps: number };
  readonly hours: readonly Hour[];
  readonly headline: {
    readonly kind: 'more' | 'fewer' | 'usual' | 'learning' | 'nothing-recorded';
    readonly group?: string;
    readonly groupNames?: Names;
    readonly trapId?: string;
  };
  readonly taxa: readonly Kind[];
  readonly moreTaxa: { readonly kinds: number; readonly visits: number };
  readonly call: {
    readonly questions: number;
    readonly minutes: number;
    readonly firstSightings: number;
    readonly episodes: number;
    readonly uncertain: number;
    /** Of the list of runs, which holds them */
    readonly filter: string;
    readonly thumbnails: readonly string[];
  };
  readonly looked: number;
  readonly firstSightings: readonly ShownSighting[];
  readonly episodes: readonly ShownEpisode[];
  readonly newest: readonly Run[];
  readonly traps: {
    readonly online: number;
    readonly sleeping: number;
    readonly offline: number;
    readonly silent: number;
    readonly never: number;
    readonly attention: readonly {
      readonly trapId: string;
      readonly name: string | null;
      readonly state: string;
      readonly since: string | null;
    }[];
  };
}

/** How a trap connects, with the station's own address in the commands. */
export interface Connect {
  readonly broker: { readonly host: string; readonly port: number; readonly tls: boolean };
  readonly http: string;
  readonly ways: readonly { readonly id: string; readonly title: Names; readonly code: string }[];
  readonly qr: string;
}

/** What a link that was shared shows. */
export interface Shared {
  readonly label?: string | undefined;
  readonly taxon?: string | undefined;
  readonly names?: Names | undefined;
  readonly uncertain: boolean;
  readonly reviewed: boolean;
  /** By the clock of the trap */
  readonly seenOn: string;
  readonly seenAt: string;
  readonly timeZone: string;
  readonly trap: string;
  readonly credit: string | null;
  readonly licence: string | null;
  readonly image: string;
  readonly width: number;
  readonly height: number;
  readonly expiresAt: string;
}
