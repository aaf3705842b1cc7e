import { readdirSync, readFileSync } from 'node:fs';
import { platform } from 'node:os';
import { median } from './load.js';

/** Milliseconds of processor time since the start. Time in which others had the processor does not count. */
export interface CpuTime {
  readonly mainThreadMs: number;
  /** All threads, the main one among them. */
  readonly allThreadsMs: number;
  /** The processes that it has started, without their own children. */
  readonly childrenMs: number;
}

/** @returns undefined where the system does not tell: only Linux does */
export function cpuTimeOf(pid: number): CpuTime | undefined {
  if (platform() !== 'linux') return undefined;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  return {
    mainThreadMs: threadMs(pid, pid),
    allThreadsMs: processMs(pid),
    childrenMs: sum(children.map(processMs)),
  };
}

/** What was used between two looks, for each of `crops`, in milliseconds. */
export function cpuPerCrop(
  before: CpuTime | undefined,
  after: CpuTime | undefined,
  crops: number,
): CpuTime | undefined {
  if (!before || !after) return undefined;
  return {
    mainThreadMs: (after.mainThreadMs - before.mainThreadMs) / crops,
    allThreadsMs: (after.allThreadsMs - before.allThreadsMs) / crops,
    childrenMs: (after.childrenMs - before.childrenMs) / crops,
  };
}

/** The median of each figure; undefined where there are none. */
export function medianCpu(costs: readonly CpuTime[]): CpuTime | undefined {
  const of = (figure: keyof CpuTime) => median(costs.map((cost) => cost[figure]));
  if (!costs.length) return undefined;
  return {
    mainThreadMs: of('mainThreadMs'),
    allThreadsMs: of('allThreadsMs'),
    childrenMs: of('childrenMs'),
  };
}

/** For a line of a report; nothing where it is not known. */
export const cpuText = (cpu: CpuTime | undefined): string =>
  cpu
    ? `, CPU per crop ${cpu.allThreadsMs.toFixed(3)} ms, of it main thread ${cpu.mainThreadMs.toFixed(3)} ms`
    : '';

const processMs = (pid: number | string): number =>
  sum(readdirSync(`/proc/${pid}/task`).map((thread) => threadMs(pid, thread)));

function threadMs(pid: number | string, thread: number | string): number {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return 0; // It has ended since.
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
