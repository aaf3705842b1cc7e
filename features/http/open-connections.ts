import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Injectable } from '@nestjs/common';
import {
  LeastRate,
  networkOf,
  Overuse,
  PendingConnections,
  type RateLimits,
} from '../../libs/async/index.js';

/** A quarter of a bad GSM connection. A sender that brings less in a minute is ended: others need its place. */
export const LEAST_RATE: RateLimits = { windowMs: 60_000, bytesPerS: 512 };

/** Until the head of a request is here; a browser sends it in one piece. */
const HEAD_MS = 20_000;
const PENDING_AT_MOST = 1000;
const MANY_SILENT = 100;
const POLL_INTERVAL_MS = 1000;

/**
 * Watches the connections of which nobody knows yet whose they are: silent ones, those whose head or JSON body is on its
 * way, and those that are idle between two requests. There is always room for a new one, since the oldest of the
 * address with most of them goes; and one that drips goes, too.
 */
@Injectable()
export class OpenConnections {
  private readonly pending: PendingConnections<Socket>;
  private readonly bodies = new Map<Socket, { readonly rate: LeastRate; bytesRead: number }>();
  private timer?: NodeJS.Timeout;

  constructor(private readonly overuse: Overuse) {
    this.pending = new PendingConnections(
      PENDING_AT_MOST,
      (socket) => socket.destroy(),
      (address) => this.overuse.note('address', address, 'http: connections that ask for nothing'),
    );
  }

  watch(server: Server): void {
    server.headersTimeout = HEAD_MS;
    server.on('connection', (socket: Socket) => {
      this.pending.add(socket, networkOf(socket.remoteAddress ?? ''));
      socket.once('close', () => this.forget(socket));
    });
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const { socket } = request;
      this.pending.heard(socket);
      if (!request.complete)
        this.bodies.set(socket, {
          rate: new LeastRate(LEAST_RATE, Date.now()),
          bytesRead: socket.bytesRead,
        });
      response.once('close', () => {
        this.bodies.delete(socket);
        if (!socket.destroyed) this.pending.add(socket, networkOf(socket.remoteAddress ?? ''));
      });
    });
    this.timer = setInterval(() => this.lookAround(), POLL_INTERVAL_MS).unref();
    server.once('close', () => clearInterval(this.timer));
  }

  /** Somebody whom the service knows asks here: the connection is held to other limits now. */
  known(socket: Socket): void {
    this.forget(socket);
  }

  private forget(socket: Socket): void {
    this.pending.delete(socket);
    this.bodies.delete(socket);
  }

  private lookAround(): void {
    const nowMs = Date.now();
    for (const [socket, body] of this.bodies) {
      body.rate.add(socket.bytesRead - body.bytesRead);
      body.bytesRead = socket.bytesRead;
      if (body.rate.isTooSlow(nowMs)) socket.destroy();
    }
    for (const { address } of this.pending.crowded(MANY_SILENT))
      this.overuse.note('address', address, 'http: connections that ask for nothing', nowMs);
  }
}
