import { buildMessage, type OutgoingMessage, parseMessageOf } from '../../../libs/protocol/index.js';
import type { Log } from '../log.js';

/** Further commands are refused: the service repeats them. */
const MOST_WAITING = 1000;

/** Crops of a run that the service asks for again. */
export interface Resend {
  readonly commandId: string;
  readonly runId: string;
  /** Undefined: all of the run. */
  readonly crops: readonly string[] | undefined;
}

/** What the service wants done, until somebody does it. */
export class Commands {
  private readonly waiting = new Map<string, Resend>();
  private readonly refused: OutgoingMessage[] = [];

  constructor(
    private readonly trapId: string,
    private readonly log: Log,
  ) {}

  /** A command has come. One that cannot be carried out is answered all the same, where it can be read. */
  take(topic: string, payload: Buffer): void {
    try {
      const { commandId, payload: command } = parseMessageOf('command', topic, payload);
      if (command.do !== 'resend') this.refuse(commandId, `unknown command: ${command.do}`);
      else if (command.run === undefined) this.refuse(commandId, 'resend must name a run');
      else if (this.waiting.size >= MOST_WAITING)
        this.refuse(commandId, 'too many commands wait: try again later');
      else this.waiting.set(commandId, { commandId, runId: command.run, crops: command.crops });
    } catch (error) {
      this.log.warn(`a command of the service cannot be read: ${(error as Error).message}`);
    }
  }

  /** What came since, in its order; each is handed out once. */
  resends(): Resend[] {
    const all = [...this.waiting.values()];
    this.waiting.clear();
    return all;
  }

  /** Answers to what cannot be done, each handed out once. */
  refusals(): OutgoingMessage[] {
    return this.refused.splice(0);
  }

  /** @param why it was not done; undefined where it was */
  answer(commandId: string, why: string | undefined): OutgoingMessage {
    return buildMessage(
      'commandAnswer',
      { trapId: this.trapId, commandId },
      { ok: why === undefined, message: why?.slice(0, MESSAGE_CHARACTERS), at: new Date().toISOString() },
    );
  }

  private refuse(commandId: string, why: string): void {
    if (this.refused.length < MOST_WAITING) this.refused.push(this.answer(commandId, why));
  }
}

/** An answer has 4 KB. */
const MESSAGE_CHARACTERS = 500;
