import { episodes, firstSightings, silences } from './annotations.js';
import { frame } from './frame.js';
import { DASHBOARD_UIDS, PANEL_IDS } from './ids.js';
import { place } from './layout.js';
import { episodes as episodeCount, highestScore, unusualHours } from './panels/activity-figures.js';
import { countAndBounds, effort, score } from './panels/activity-lines.js';
import { eventTable, unusualTable } from './panels/activity-tables.js';
import { hourByDay } from './panels/heat.js';
import { latestInsects } from './panels/pictures.js';
import type { Site } from './site.js';
import { group, hour, labels, model, traps, zone } from './variables.js';

const ID = PANEL_IDS.unusual;

/** More insects than this hour of the day has brought before, for the same time of recording. */
export const unusual = (site: Site) =>
  place(
    frame(
      site,
      DASHBOARD_UIDS.unusual,
      'Ungewöhnliche Aktivität / Unusual activity',
      'Mehr Insekten als zu dieser Stunde üblich. / More insects than usual for the hour.',
    )
      .time({ from: 'now-14d', to: 'now' })
      .refresh('5m')
      .variables([traps('insect_activity'), group(), model(), labels(), hour(), zone()])
      .annotations([episodes(), firstSightings(), silences()]),
    [
      {
        height: 4,
        places: [
          { id: ID.unusualHours, width: 8, panel: unusualHours() },
          { id: ID.highestScore, width: 8, panel: highestScore() },
          { id: ID.episodes, width: 8, panel: episodeCount() },
        ],
      },
      { height: 11, places: [{ id: ID.countAndBounds, width: 24, panel: countAndBounds() }] },
      {
        height: 8,
        places: [
          { id: ID.score, width: 12, panel: score() },
          { id: ID.effort, width: 12, panel: effort() },
        ],
      },
      { height: 10, places: [{ id: ID.hourByDay, width: 24, panel: hourByDay() }] },
      {
        height: 10,
        places: [
          { id: ID.unusualTable, width: 12, panel: unusualTable() },
          { id: ID.eventTable, width: 12, panel: eventTable() },
        ],
      },
      { height: 12, places: [{ id: ID.latest, width: 24, panel: latestInsects(site) }] },
    ],
  );
