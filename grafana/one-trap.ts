import { episodes, firstSightings, silences } from './annotations.js';
import { frame } from './frame.js';
import { DASHBOARD_UIDS, PANEL_IDS } from './ids.js';
import { place } from './layout.js';
import { falseSightingsPerLabel, topSightings } from './panels/classes.js';
import { visits } from './panels/counts.js';
import { mapOfTraps } from './panels/map.js';
import { latestInsects } from './panels/pictures.js';
import { downloads, rawTable } from './panels/raw.js';
import { sizeOverTime } from './panels/size.js';
import { visitsPerHour } from './panels/times.js';
import { batteryNow, onlineNow, silenceNow } from './panels/trap-figures.js';
import { battery, onlineTimeline, temperature } from './panels/trap-lines.js';
import type { Site } from './site.js';
import { labels, model, oneTrap, zone } from './variables.js';

const ID = PANEL_IDS.oneTrap;

/** One trap's day, or its days. */
export const oneTrapDashboard = (site: Site) =>
  place(
    frame(
      site,
      DASHBOARD_UIDS.oneTrap,
      'Eine Falle / One trap',
      'Ein Standort im Einzelnen. / One place in detail.',
    )
      .time({ from: 'now-24h', to: 'now' })
      .refresh('1m')
      .variables([model(), oneTrap(), labels(), zone()])
      .annotations([episodes(), firstSightings(), silences()]),
    [
      {
        height: 4,
        places: [
          { id: ID.visits, width: 6, panel: visits({ de: 'Besuche', en: 'Visits' }) },
          { id: ID.online, width: 6, panel: onlineNow() },
          { id: ID.battery, width: 6, panel: batteryNow() },
          { id: ID.silence, width: 6, panel: silenceNow() },
        ],
      },
      { height: 9, places: [{ id: ID.perHour, width: 24, panel: visitsPerHour() }] },
      {
        height: 12,
        places: [
          { id: ID.latest, width: 14, panel: latestInsects(site) },
          { id: ID.top, width: 10, panel: topSightings() },
        ],
      },
      { height: 4, places: [{ id: ID.onlineTimeline, width: 24, panel: onlineTimeline() }] },
      {
        height: 8,
        places: [
          { id: ID.batteryOverTime, width: 12, panel: battery() },
          { id: ID.temperature, width: 12, panel: temperature() },
        ],
      },
      {
        height: 9,
        places: [
          { id: ID.size, width: 8, panel: sizeOverTime() },
          { id: ID.falseSightings, width: 8, panel: falseSightingsPerLabel() },
          { id: ID.place, width: 8, panel: mapOfTraps(site) },
        ],
      },
      {
        height: 12,
        places: [
          { id: ID.raw, width: 19, panel: rawTable(site) },
          { id: ID.downloads, width: 5, panel: downloads(site) },
        ],
      },
    ],
  );
