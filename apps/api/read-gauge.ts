import { Gauge, type Registry } from 'prom-client';

export interface Sample {
  readonly value: number;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface Reading {
  /** Without the prefix `trapline_`. */
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly string[];
  readonly read: () => Promise<readonly Sample[]> | readonly Sample[];
}

/** A figure that is read when somebody asks. What cannot be read then is left out, so that the rest still comes. */
export function addReading(registry: Registry, { name, help, labelNames = [], read }: Reading): void {
  new Gauge({
    name: `trapline_${name}`,
    help,
    labelNames: [...labelNames],
    registers: [registry],
    async collect() {
      const samples = await Promise.resolve()
        .then(read)
        .catch(() => []);
      this.reset();
      // A gauge without labels would say 0 where nobody knows.
      if (!labelNames.length) this.remove();
      for (const { value, labels } of samples) this.set(labels ?? {}, value);
    },
  });
}
