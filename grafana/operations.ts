import { silences } from './annotations.js';
import { frame } from './frame.js';
import { DASHBOARD_UIDS, PANEL_IDS } from './ids.js';
import { place } from './layout.js';
import { mapOfTraps } from './panels/map.js';
import {
  cropsPerSecond,
  deadLetters,
  deadLettersOverTime,
  outboxAge,
  outboxAgeOverTime,
  outboxDepthOverTime,
  queue,
  serverDisk,
  serverDiskOverTime,
} from './panels/pipeline.js';
import { trapsOnline } from './panels/trap-figures.js';
import { battery, onlineTimeline, silence, temperature, trapDisk } from './panels/trap-lines.js';
import { trapTable } from './panels/trap-table.js';
import type { Site } from './site.js';
import { traps } from './variables.js';

const ID = PANEL_IDS.operations;

/** For those who keep it running. */
export const operations = (site: Site) =>
  place(
    frame(site, DASHBOARD_UIDS.operations, 'Betrieb / Operations', 'Fallen und Dienst. / Traps and service.')
      .time({ from: 'now-24h', to: 'now' })
      .refresh('30s')
      .variables([traps('trap_status')])
      .annotations([silences()]),
    [
      {
        height: 4,
        places: [
          { id: ID.trapsOnline, width: 4, panel: trapsOnline() },
          { id: ID.outboxAge, width: 5, panel: outboxAge() },
          { id: ID.deadLetters, width: 5, panel: deadLetters() },
          { id: ID.queue, width: 5, panel: queue() },
          { id: ID.serverDisk, width: 5, panel: serverDisk() },
        ],
      },
      { height: 8, places: [{ id: ID.onlineTimeline, width: 24, panel: onlineTimeline() }] },
      {
        height: 12,
        places: [
          { id: ID.trapTable, width: 14, panel: trapTable(site) },
          { id: ID.map, width: 10, panel: mapOfTraps(site) },
        ],
      },
      {
        height: 8,
        places: [
          { id: ID.silence, width: 12, panel: silence() },
          { id: ID.battery, width: 12, panel: battery() },
        ],
      },
      {
        height: 8,
        places: [
          { id: ID.temperature, width: 12, panel: temperature() },
          { id: ID.trapDisk, width: 12, panel: trapDisk() },
        ],
      },
      {
        height: 8,
        places: [
          { id: ID.outboxOverTime, width: 8, panel: outboxDepthOverTime() },
          { id: ID.outboxAgeOverTime, width: 8, panel: outboxAgeOverTime() },
          { id: ID.cropsPerSecond, width: 8, panel: cropsPerSecond() },
        ],
      },
      {
        height: 8,
        places: [
          { id: ID.deadLettersOverTime, width: 12, panel: deadLettersOverTime() },
          { id: ID.serverDiskOverTime, width: 12, panel: serverDiskOverTime() },
        ],
      },
    ],
  );
