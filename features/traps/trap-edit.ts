import type { Db } from '../../libs/database/index.js';
import type { Coordinates, EditorField, Trap } from '../../libs/domain/index.js';
import {
  changeDeployment,
  currentDeployment,
  followDeployment,
  keepZoneOfPast,
} from './deployments/deployments.repository.js';
import { endPlace, leavePlaceToTrap, setPlace, takePlace } from './deployments/place-trap.js';
import { changeZones } from './trap-zones.js';
import { lockTrap, type TrapChange, updateTrap } from './traps.repository.js';

/** The fields of `info` that the catalog has columns for. */
export interface TrapInfo {
  readonly name?: string | undefined;
  readonly timeZone?: string | undefined;
  readonly latitude?: number | undefined;
  readonly longitude?: number | undefined;
}

/** What an editor changes of a trap. A field that is left out stays; null leaves it to the trap again. */
export interface TrapEdit {
  readonly name?: string | null | undefined;
  readonly timeZone?: string | null | undefined;
  readonly place?: (Coordinates & { readonly uncertaintyM?: number | undefined }) | null | undefined;
  readonly notes?: string | null | undefined;
}

/**
 * Applies the `info` of a trap, except for fields that an editor has set. A field that is left out stays as it was.
 */
export async function takeInfo(tx: Db, trapId: string, info: TrapInfo, nowMs: number): Promise<void> {
  const trap = await lockTrap(tx, trapId, nowMs);
  await changeZones(tx, trapId, () => applyTrapInfo(tx, trap, info, nowMs));
}

async function applyTrapInfo(tx: Db, trap: Trap, info: TrapInfo, nowMs: number): Promise<void> {
  const { trapId, ownZone: zoneBefore, setByEditor: byEditor } = trap;
  const current = await currentDeployment(tx, trapId, nowMs);
  const ownZone = byEditor.includes('timeZone') ? zoneBefore : (info.timeZone ?? zoneBefore);
  const zoneIsSet = byEditor.includes('timeZone') || (current?.timeZone ?? null) !== null;
  await updateTrap(
    tx,
    trapId,
    {
      info: { ...info },
      ...(info.name !== undefined && !byEditor.includes('name') && { name: info.name }),
      ...(info.timeZone !== undefined && !zoneIsSet && { timeZone: info.timeZone }),
      ownZone,
    },
    nowMs,
  );
  const { latitude = trap.place?.latitude, longitude = trap.place?.longitude } = info;
  const saysPlace = info.latitude !== undefined || info.longitude !== undefined;
  const hasMoved =
    saysPlace &&
    latitude !== undefined &&
    longitude !== undefined &&
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
  const trap = await lockTrap(tx, trapId, nowMs);
  const isNamed = trap.setByEditor.includes('name');
  await updateTrap(tx, trapId, { info: {}, ...(!isNamed && { name: null }) }, nowMs);
  await changeZones(tx, trapId, () => endPlace(tx, trapId, nowMs));
}

/** Applies an editor's changes to a trap, also to one that has sent nothing yet. */
export async function setTrap(tx: Db, trapId: string, edit: TrapEdit, nowMs: number): Promise<void> {
  const trap = await lockTrap(tx, trapId, nowMs);
  const always = edit.timeZone !== undefined;
  await changeZones(tx, trapId, () => applyTrapEdit(tx, trap, edit, nowMs), { always });
}

async function applyTrapEdit(tx: Db, trap: Trap, edit: TrapEdit, nowMs: number): Promise<void> {
  const { trapId } = trap;
  const said = trap.info as TrapInfo;
  const byEditor = new Set(trap.setByEditor);
  const change: { -readonly [field in keyof TrapChange]: TrapChange[field] } = {};
  if (edit.notes !== undefined) change.notes = edit.notes;
  if (edit.name !== undefined) {
    change.name = edit.name ?? said.name ?? null;
    mark(byEditor, 'name', edit.name);
  }
  if (edit.timeZone !== undefined) {
    change.timeZone = edit.timeZone ?? said.timeZone ?? null;
    change.ownZone = change.timeZone;
    mark(byEditor, 'timeZone', edit.timeZone);
    const current = await currentDeployment(tx, trapId, nowMs);
    if (current && current.timeZone !== null)
      await changeDeployment(tx, trapId, current.deploymentId, { timeZone: edit.timeZone });
  }
  await updateTrap(tx, trapId, { ...change, setByEditor: [...byEditor] }, nowMs);
  if (edit.place) await setPlace(tx, trapId, edit.place, nowMs);
  if (edit.place === null) await leavePlaceToTrap(tx, trapId, placeIn(said), nowMs);
}

function mark(byEditor: Set<EditorField>, field: EditorField, value: string | null): void {
  if (value === null) byEditor.delete(field);
  else byEditor.add(field);
}

const placeIn = ({ latitude, longitude }: TrapInfo): Coordinates | undefined =>
  latitude === undefined || longitude === undefined ? undefined : { latitude, longitude };
