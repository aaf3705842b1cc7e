import type { NextFunction, Request, Response } from 'express';

/**
 * On every answer: nothing here is a page, and no browser may take it for one. Answers depend on the key, hence
 * `private`; routes whose bytes never change say so themselves.
 */
export function safeHeaders(_request: Request, response: Response, next: NextFunction): void {
  response.set({
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'private, no-cache',
    Vary: 'Authorization, Cookie',
  });
  next();
}
