import { describe, expect, it } from '@jest/globals';
import { PendingConnections } from './pending-connections.js';

function pending(limit: number) {
  const closed: string[] = [];
  const connections = new PendingConnections<{ name: string }>(limit, ({ name }) => closed.push(name));
  const add = (name: string, address: string) => {
    const connection = { name };
    connections.add(connection, address);
    return connection;
  };
  return { connections, closed, add };
}

describe('connections that nobody knows yet', () => {
  it('close the oldest of the address with most of them, and never the newcomer of another', () => {
    const { closed, add } = pending(3);
    for (const name of ['f1', 'f2', 'f3']) add(name, 'flood');
    add('t1', 'trap');
    add('t2', 'trap');
    expect(closed).toEqual(['f1', 'f2']);
  });

  it('spare those who have said whose they are', () => {
    const { connections, closed, add } = pending(2);
    connections.heard(add('trap', 'here'));
    add('silent', 'here');
    add('new', 'here');
    expect(closed).toEqual(['silent']);
  });

  it('are counted no more when they are known or gone', () => {
    const { connections, closed, add } = pending(1);
    connections.delete(add('known', 'here'));
    add('next', 'here');
    expect(closed).toEqual([]);
    expect(connections.crowded(1)).toEqual([{ address: 'here', connections: 1 }]);
  });
});
