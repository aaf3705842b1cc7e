import { episodes, firstSightings } from './annotations.js';
import { frame } from './frame.js';
import { DASHBOARD_UIDS, PANEL_IDS } from './ids.js';
import { place } from './layout.js';
import { meanStay, shareOfClasses, totals, visitsPerTrap } from './panels/classes.js';
import { crops, falseSightings, unsureShare, visits, visitsPerDayMean } from './panels/counts.js';
import { classByHourOfDay, hourByDay } from './panels/heat.js';
import { downloads, rawTable } from './panels/raw.js';
import { visitsPerDay, visitsPerWeek } from './panels/times.js';
import type { Site } from './site.js';
import { hour, labels, model, traps, zone } from './variables.js';

const ID = PANEL_IDS.season;

/** Weeks and months. */
export const season = (site: Site) =>
  place(
    frame(site, DASHBOARD_UIDS.season, 'Saison / Season', 'Wochen und Monate. / Weeks and months.')
      .time({ from: 'now-92d', to: 'now' })
      .variables([model(), traps(), labels(), hour(), zone()])
      .annotations([firstSightings(), episodes()]),
    [
      {
        height: 4,
        places: [
          { id: ID.visits, width: 6, panel: visits({ de: 'Besuche', en: 'Visits' }) },
          { id: ID.perDayMean, width: 6, panel: visitsPerDayMean() },
          { id: ID.crops, width: 4, panel: crops() },
          { id: ID.falseSightings, width: 4, panel: falseSightings() },
          { id: ID.unsure, width: 4, panel: unsureShare() },
        ],
      },
      { height: 10, places: [{ id: ID.perDay, width: 24, panel: visitsPerDay() }] },
      {
        height: 9,
        places: [
          { id: ID.perWeek, width: 12, panel: visitsPerWeek() },
          { id: ID.share, width: 12, panel: shareOfClasses() },
        ],
      },
      {
        height: 11,
        places: [
          { id: ID.totals, width: 8, panel: totals() },
          { id: ID.stay, width: 8, panel: meanStay() },
          { id: ID.perTrap, width: 8, panel: visitsPerTrap() },
        ],
      },
      { height: 11, places: [{ id: ID.classByHour, width: 24, panel: classByHourOfDay() }] },
      { height: 10, places: [{ id: ID.hourByDay, width: 24, panel: hourByDay() }] },
      {
        height: 12,
        places: [
          { id: ID.raw, width: 19, panel: rawTable(site) },
          { id: ID.downloads, width: 5, panel: downloads(site) },
        ],
      },
    ],
  );
