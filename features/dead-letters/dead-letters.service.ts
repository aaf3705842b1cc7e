import { Injectable } from '@nestjs/common';
import { isRejection } from '../../libs/protocol/index.js';
import { Links, notFound, Problem, pageOf } from '../http/index.js';
import { rejectionProblem, SentMessages } from '../sending/index.js';
import { DeadLettersRepository } from './dead-letters.repository.js';
import { type LettersQuery, presentDeadLetter } from './dead-letters.schema.js';

@Injectable()
export class DeadLettersService {
  constructor(
    private readonly repository: DeadLettersRepository,
    private readonly links: Links,
    private readonly sent: SentMessages,
  ) {}

  async list({ limit, after }: LettersQuery) {
    const letters = await this.repository.list(limit + 1, after);
    return pageOf(
      letters,
      limit,
      (letter) => [letter.lastAtMs, letter.id],
      (letter) => presentDeadLetter(letter, this.links),
    );
  }

  async one(id: string) {
    const letter = await this.find(id);
    return { ...presentDeadLetter(letter, this.links), keptBytes: letter.bytes?.length ?? 0 };
  }

  /** @throws Problem 404 where none were stored */
  async bytes(id: string): Promise<Buffer> {
    const { bytes } = await this.find(id);
    if (!bytes) throw notFound(`The bytes of dead letter ${id} were not kept.`);
    return bytes;
  }

  /** Receives a message again; once it is accepted, its dead letter is removed. */
  async retry(id: string) {
    const { bytes = Buffer.alloc(0), size, topic, code, client } = await this.find(id);
    if (bytes.length < size)
      throw new Problem(409, 'bytes-not-kept', `Of its ${size} bytes ${bytes.length} were kept.`);
    try {
      const outcome = await this.sent.again({ topic, bytes, code, client: client ?? undefined });
      await this.repository.remove(id);
      return { id, topic, outcome };
    } catch (error) {
      if (!isRejection(error)) throw error;
      await this.repository.change(id, error);
      throw rejectionProblem(error);
    }
  }

  async remove(id: string): Promise<void> {
    if (!(await this.repository.remove(id))) throw notFound(`There is no dead letter ${id}.`);
  }

  private async find(id: string) {
    const letter = await this.repository.find(id);
    if (!letter) throw notFound(`There is no dead letter ${id}.`);
    return letter;
  }
}
