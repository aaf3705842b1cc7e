import { firstSightings, silences } from './annotations.js';
import { frame } from './frame.js';
import { DASHBOARD_UIDS, PANEL_IDS } from './ids.js';
import { place } from './layout.js';
import { falseSightingsPerLabel, shareOfClasses, topSightings } from './panels/classes.js';
import { crops, falseSightings, unsureShare, visits, visitsInAll } from './panels/counts.js';
import { classByHour } from './panels/heat.js';
import { lastRun, latestInsects } from './panels/pictures.js';
import { downloads } from './panels/raw.js';
import { visitsInChosenHours, visitsPerHour } from './panels/times.js';
import { timeUnknown, trapsOnline } from './panels/trap-figures.js';
import type { Site } from './site.js';
import { hour, labels, model, traps, zone } from './variables.js';

const ID = PANEL_IDS.today;

/** For editors: what is there today. */
export const today = (site: Site) =>
  place(
    frame(site, DASHBOARD_UIDS.today, 'Heute / Today', 'Was heute zu sehen war. / What was to be seen today.')
      .time({ from: 'now/d', to: 'now' })
      .refresh('1m')
      .variables([model(), traps(), labels(), hour(), zone()])
      .annotations([firstSightings(), silences()]),
    [
      {
        height: 4,
        places: [
          { id: ID.visitsToday, width: 4, panel: visits({ de: 'Besuche heute', en: 'Visits today' }) },
          { id: ID.visitsInAll, width: 4, panel: visitsInAll() },
          { id: ID.cropsToday, width: 4, panel: crops() },
          { id: ID.falseToday, width: 3, panel: falseSightings() },
          { id: ID.timeUnknown, width: 3, panel: timeUnknown() },
          { id: ID.unsureToday, width: 3, panel: unsureShare() },
          { id: ID.trapsOnline, width: 3, panel: trapsOnline() },
        ],
      },
      {
        height: 12,
        places: [
          { id: ID.latest, width: 14, panel: latestInsects(site) },
          { id: ID.lastRun, width: 10, panel: lastRun(site) },
        ],
      },
      {
        height: 9,
        places: [
          { id: ID.topSightings, width: 8, panel: topSightings() },
          { id: ID.share, width: 8, panel: shareOfClasses() },
          { id: ID.falseSightings, width: 8, panel: falseSightingsPerLabel() },
        ],
      },
      {
        height: 9,
        places: [
          { id: ID.perHour, width: 12, panel: visitsPerHour() },
          { id: ID.chosenHour, width: 12, panel: visitsInChosenHours() },
        ],
      },
      {
        height: 10,
        places: [
          { id: ID.classByHour, width: 18, panel: classByHour() },
          { id: ID.downloads, width: 6, panel: downloads(site) },
        ],
      },
    ],
  );
