import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { map, type Observable } from 'rxjs';
import { addNames } from './add-names.js';
import { Taxa } from './taxa.service.js';

/** Adds what people call them to the labels, taxa and groups of an answer: `@UseInterceptors(NamesInterceptor)`. */
@Injectable()
export class NamesInterceptor implements NestInterceptor {
  constructor(private readonly taxa: Taxa) {}

  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map((answer: unknown) => addNames(answer, this.taxa.now)));
  }
}
