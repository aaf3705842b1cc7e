import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { mergeMap, type Observable } from 'rxjs';
import { addNames } from './add-names.js';
import { Taxa } from './taxa.service.js';
import { WithNames } from './with-names.js';

/**
 * Adds common names to the answers of routes that are marked with `@WithNames(true)`. The first answers after a start wait
 * until all cards are read.
 */
@Injectable()
export class NamesInterceptor implements NestInterceptor {
  constructor(
    private readonly taxa: Taxa,
    private readonly reflector: Reflector,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const answers = next.handle();
    if (!this.reflector.getAllAndOverride(WithNames, [context.getHandler(), context.getClass()]))
      return answers;
    return answers.pipe(mergeMap(async (answer: unknown) => addNames(answer, await this.taxa.read())));
  }
}
