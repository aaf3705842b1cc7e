/** What a job may cost before its process is ended. */
export interface JobLimits {
  /** Processor time in milliseconds: a machine that is busy with other work takes nothing of it. */
  readonly cpuMs: number;
  /** Resident memory of the whole process. */
  readonly memoryBytes: number;
}

/** Parent to child: one job at a time. */
export interface ToJobProcess {
  readonly job: unknown;
  readonly limits: JobLimits;
}

/** Child to parent. After `limit` the process ends itself. */
export type FromJobProcess =
  | { readonly type: 'done'; readonly result: unknown }
  | { readonly type: 'failed'; readonly name: string; readonly message: string; readonly code?: string }
  | { readonly type: 'limit'; readonly over: 'time' | 'memory' };
