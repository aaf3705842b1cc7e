import { createServer as createHttpServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer } from 'node:tls';
import { createWebSocketStream, type WebSocket, WebSocketServer } from 'ws';
import { LeastRate, type RateLimits } from '../../async/index.js';

/**
 * aedes works on one read of a connection at a time, so this bounds how many messages of one trap settle together:
 * with 512 KiB about 18 crops of 28 KB. It is also what an unread connection may hold in memory.
 */
const READ_AHEAD_BYTES = 512 * 1024;
const KEEP_ALIVE_MS = 60_000;
/** Of one WebSocket message; with more, its pieces take more memory than its bytes. */
const MOST_FRAGMENTS = 1024;
/** Of a client's control frame, before its data: header and mask [RFC 6455, 5.2]. */
const CONTROL_HEADER_BYTES = 6;

export interface ListenerOptions {
  readonly host: string;
  /** Plain MQTT over TCP; 0 takes a free port. */
  readonly port: number;
  /** MQTT over TLS, beside the plain port. PEM. */
  readonly tls?: { readonly port: number; readonly key: string | Buffer; readonly cert: string | Buffer };
  /** MQTT over WebSocket, without TLS: a reverse proxy adds it. */
  readonly webSocket?: { readonly port: number };
  readonly maxConnections: number;
  /** Whether a WebSocket may be opened, by the headers of its request. Default: any may. */
  readonly mayUpgrade?: ((headers: IncomingHttpHeaders) => boolean) | undefined;
  /** For one WebSocket message, which is buffered as a whole. */
  readonly maxWebSocketBytes: number;
  /** Of a WebSocket message that has begun. */
  readonly leastRate: RateLimits;
}

/** What becomes of the connections. */
interface ConnectionTaker {
  /** A socket was accepted; a handshake of TLS or WebSocket may have to follow. */
  readonly onSocket: (socket: Socket) => void;
  /** A connection carries MQTT from now on. */
  readonly onStream: (stream: Duplex, socket: Socket) => void;
  readonly onProblem: (error: Error) => void;
}

export interface Ports {
  readonly tcp: number;
  readonly tls?: number;
  readonly webSocket?: number;
}

export interface Listeners {
  readonly ports: Ports;
  /** Accepts nobody any more; live connections stay. */
  stop(): void;
  /** Ends what is still connected, also those that never finished a handshake. */
  close(): void;
}

/** Opens the sockets of the broker. */
export async function openListeners(options: ListenerOptions, taker: ConnectionTaker): Promise<Listeners> {
  const { host, tls, webSocket } = options;
  const servers: Server[] = [];
  const sockets = new Set<Socket>();

  const open = async (server: Server, port: number): Promise<number> => {
    server.maxConnections = options.maxConnections;
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      // A peer that is gone without a word is found out, also where MQTT's own keep-alive is off.
      socket.setKeepAlive(true, KEEP_ALIVE_MS);
      taker.onSocket(socket);
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
    server.on('error', taker.onProblem);
    servers.push(server);
    return (server.address() as AddressInfo).port;
  };
  const stop = () => {
    for (const server of servers) server.close();
  };

  try {
    const ports: Ports = {
      tcp: await open(
        createServer({ noDelay: true, highWaterMark: READ_AHEAD_BYTES }, (socket) =>
          taker.onStream(socket, socket),
        ),
        options.port,
      ),
      ...(tls && { tls: await open(tlsServer(tls, taker), tls.port) }),
      ...(webSocket && { webSocket: await open(webSocketServer(options, taker), webSocket.port) }),
    };
    return {
      ports,
      stop,
      close: () => {
        for (const socket of sockets) socket.destroy();
      },
    };
  } catch (error) {
    stop();
    throw error;
  }
}

function tlsServer(
  { key, cert }: NonNullable<ListenerOptions['tls']>,
  { onStream, onProblem }: ConnectionTaker,
): Server {
  // The stream does not say which socket it came on; both have the same peer.
  const sockets = new Map<string, Socket>();
  const server = createTlsServer(
    { key, cert, noDelay: true, highWaterMark: READ_AHEAD_BYTES, handshakeTimeout: 10_000 },
    (stream) => onStream(stream, sockets.get(peerOf(stream)) ?? stream),
  );
  server.on('connection', (socket: Socket) => {
    const peer = peerOf(socket);
    sockets.set(peer, socket);
    socket.once('close', () => {
      if (sockets.get(peer) === socket) sockets.delete(peer);
    });
  });
  return server.on('tlsClientError', onProblem);
}

const peerOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;

function webSocketServer(options: ListenerOptions, { onStream }: ConnectionTaker): Server {
  const server = createHttpServer((_request, response) => response.writeHead(426).end());
  const webSockets = new WebSocketServer({
    server,
    maxPayload: options.maxWebSocketBytes,
    maxFragments: MOST_FRAGMENTS,
    perMessageDeflate: false,
    // [MQTT-6.0.0-4]
    handleProtocols: (offered) => (offered.has('mqtt') ? 'mqtt' : false),
    verifyClient: ({ req }: { req: IncomingMessage }) => options.mayUpgrade?.(req.headers) ?? true,
  });
  // Errors of the server come through the server itself, too.
  webSockets.on('error', () => {});
  webSockets.on('connection', (webSocket, request) => {
    endSlowMessages(webSocket, request.socket, options.leastRate);
    onStream(createWebSocketStream(webSocket), request.socket);
  });
  return server;
}

/** What has come of a WebSocket message reaches the broker when it is whole; until then, only this knows of it. */
function endSlowMessages(webSocket: WebSocket, socket: Socket, limits: RateLimits): void {
  let bytes = 0;
  let rate: LeastRate | undefined;
  const isWhole = () => {
    bytes = 0;
    rate = undefined;
  };
  // Before the listener of `webSocket`, which says what the bytes complete.
  socket.prependListener('data', (chunk: Buffer) => {
    bytes += chunk.length;
    rate ??= new LeastRate(limits, Date.now());
    rate.add(chunk.length);
  });
  webSocket.on('message', isWhole);
  // Control frames are whole by themselves, and may come between the fragments of a message.
  for (const control of ['ping', 'pong'] as const)
    webSocket.on(control, (data: Buffer) => {
      bytes -= CONTROL_HEADER_BYTES + data.length;
      if (bytes <= 0) isWhole();
    });
  const timer = setInterval(() => {
    if (webSocket.isPaused) isWhole();
    else if (rate?.isTooSlow(Date.now())) webSocket.terminate();
  }, limits.windowMs / 4);
  timer.unref();
  webSocket.once('close', () => clearInterval(timer));
}
