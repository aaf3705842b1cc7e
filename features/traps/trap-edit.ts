import type { Updateable } from 'kysely';
import type { Db, TrapsTable } from '../../libs/database/index.js';
import type { Coordinates } from '../../libs/domain/index.js';
import {
  changeDeployment,
  currentDeployment,
  followDeployment,
  keepZoneOfPast,
} from './deployments/deployments.repository.js';
import { endPlace, leavePlaceToTrap, setPlace, takePlace } from './deployments/place-trap.js';
import { changeZones } from './trap-zones.js';
import { lockTrap, type TrapRow, updateTrap } from './traps.repository.js';

/** What a trap says of itself in `info`, as far as the catalog has columns for it. */
export interface TrapInfo {
  readonly name?: string | undefined;
  readonly timeZone?: string | undefined;
  readonly latitude?: number | undefined;
  readonly longitude?: number | undefined;
}

/** What an editor says of a trap. A field that is left out stays; null leaves it to the trap again. */
export interface TrapEdit {
  readonly name?: string | null | undefined;
  readonly timeZone?: string | null | undefined;
  readonly place?: (Coordinates & { readonly uncertaintyM?: number | undefined }) | null | undefined;
  readonly notes?: string | null | undefined;
}

type EditorColumn = 'name' | 'time_zone';

/**
 * Takes what a trap says of itself; where an editor has spoken, his word stays. A field that is left out stays as it was.
 *
 * @param info all of the message, as JSON
 */
export async function takeInfo(
  tx: Db,
  trapId: string,
  said: TrapInfo,
  info: string,
  nowMs: number,
): Promise<void> {
  const row = await lockTrap(tx, trapId, nowMs);
  await changeZones(tx, trapId, () => applyTrapInfo(tx, row, said, info, nowMs));
}

async function applyTrapInfo(
  tx: Db,
  row: TrapRow,
  said: TrapInfo,
  info: string,
  nowMs: number,
): Promise<void> {
  const { trap_id: trapId, own_zone: zoneBefore } = row;
  const byEditor = editorColumns(row);
  const current = await currentDeployment(tx, trapId, nowMs);
  const ownZone = byEditor.has('time_zone') ? zoneBefore : (said.timeZone ?? zoneBefore);
  const zoneIsSet = byEditor.has('time_zone') || (current?.timeZone ?? null) !== null;
  await updateTrap(
    tx,
    trapId,
    {
      info,
      ...(said.name !== undefined && !byEditor.has('name') && { name: said.name }),
      ...(said.timeZone !== undefined && !zoneIsSet && { time_zone: said.timeZone }),
      own_zone: ownZone,
    },
    nowMs,
  );
  const { latitude = row.latitude, longitude = row.longitude } = said;
  const saysPlace = said.latitude !== undefined || said.longitude !== undefined;
  const hasMoved =
    saysPlace &&
    latitude !== null &&
    longitude !== null &&
    (await takePlace(tx, trapId, { latitude, longitude }, nowMs));
  // A trap that was carried off reports the zone of its new place: the earlier places keep theirs.
  if (hasMoved && zoneBefore !== null && ownZone !== zoneBefore)
    await keepZoneOfPast(tx, trapId, zoneBefore, nowMs);
  // One that was planned may have begun.
  await followDeployment(tx, trapId, nowMs);
}

/**
 * A trap takes back what it has said of itself. Its name goes, where no editor has given it, and its place ends: what it
 * saw before was seen there, and what comes now is at no known place. Its time zone stays, since its earlier times were
 * read in it.
 */
export async function clearInfo(tx: Db, trapId: string, nowMs: number): Promise<void> {
  const row = await lockTrap(tx, trapId, nowMs);
  const byEditor = editorColumns(row);
  await updateTrap(tx, trapId, { info: '{}', ...(!byEditor.has('name') && { name: null }) }, nowMs);
  await changeZones(tx, trapId, () => endPlace(tx, trapId, nowMs));
}

/** Takes an editor's word on a trap, also on one that has not spoken yet. */
export async function setTrap(tx: Db, trapId: string, word: TrapEdit, nowMs: number): Promise<void> {
  const row = await lockTrap(tx, trapId, nowMs);
  const always = word.timeZone !== undefined;
  await changeZones(tx, trapId, () => applyTrapEdit(tx, row, word, nowMs), { always });
}

async function applyTrapEdit(tx: Db, row: TrapRow, word: TrapEdit, nowMs: number): Promise<void> {
  const { trap_id: trapId } = row;
  const said = JSON.parse(row.info) as TrapInfo;
  const byEditor = editorColumns(row);
  const columns: Updateable<TrapsTable> = {};
  if (word.notes !== undefined) columns.notes = word.notes;
  if (word.name !== undefined) {
    columns.name = word.name ?? said.name ?? null;
    mark(byEditor, 'name', word.name);
  }
  if (word.timeZone !== undefined) {
    columns.time_zone = word.timeZone ?? said.timeZone ?? null;
    columns.own_zone = columns.time_zone;
    mark(byEditor, 'time_zone', word.timeZone);
    const current = await currentDeployment(tx, trapId, nowMs);
    if (current && current.timeZone !== null)
      await changeDeployment(tx, trapId, current.deploymentId, { timeZone: word.timeZone });
  }
  await updateTrap(tx, trapId, { ...columns, set_by_editor: JSON.stringify([...byEditor].sort()) }, nowMs);
  if (word.place) await setPlace(tx, trapId, word.place, nowMs);
  if (word.place === null) await leavePlaceToTrap(tx, trapId, placeIn(said), nowMs);
}

const editorColumns = ({ set_by_editor }: TrapRow): Set<EditorColumn> =>
  new Set(JSON.parse(set_by_editor ?? '[]') as EditorColumn[]);

function mark(byEditor: Set<EditorColumn>, column: EditorColumn, value: string | null): void {
  if (value === null) byEditor.delete(column);
  else byEditor.add(column);
}

const placeIn = ({ latitude, longitude }: TrapInfo): Coordinates | undefined =>
  latitude === undefined || longitude === undefined ? undefined : { latitude, longitude };
