import { describe, expect, it } from 'vitest';
import { Ticket, whyNot } from '../../src/walk/ticket';

function store() {
  const kept = new Map<string, string>();
  return () => ({ getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) });
}

describe('Ticket', () => {
  it('comes with the link, and lasts until the next visit', () => {
    const visits = store();
    expect(new Ticket(visits).query).toBe('');
    expect(new Ticket(visits).take('#token=tutti_a-b.c+d')).toBe(true);
    expect([new Ticket(visits).query, new Ticket(visits).headers]).toEqual(['?token=tutti_a-b.c%2Bd', { Authorization: 'Bearer tutti_a-b.c+d' }]);
    new Ticket(visits).take('#token=another');
    expect(new Ticket(visits).query).toBe('?token=another');
  });

  it('is nothing else', () => {
    const ticket = new Ticket(store());
    for (const hash of ['', '#', '#token=', '#token=a b', '#token=a\r\nX: y', `#token=${'a'.repeat(5000)}`, '#once=a']) expect(ticket.take(hash)).toBe(false);
    expect([ticket.query, ticket.headers]).toEqual(['', {}]);
  });

  it('holds until the page is closed where nothing can be stored', () => {
    const ticket = new Ticket(() => {
      throw new DOMException('no', 'SecurityError');
    });
    expect(ticket.take('#token=a')).toBe(true);
    expect(ticket.query).toBe('?token=a');
  });

  it('is not let in where the server says so', async () => {
    const said = [200, 401, 403, 404, 503].map((status) => whyNot(new Ticket(store()), async () => status));
    expect(await Promise.all(said)).toEqual([undefined, 'signed_out', 'not_allowed', undefined, undefined]);
  });

  it('is forgotten when it is good no more and a session is', async () => {
    const visits = store();
    new Ticket(visits).take('#token=old');
    const ticket = new Ticket(visits);
    expect(await whyNot(ticket, async () => 401)).toBe('signed_out');
    expect(ticket.query).toBe('?token=old');
    expect(await whyNot(ticket, async ({ Authorization }) => (Authorization ? 401 : 200))).toBeUndefined();
    expect([ticket.query, new Ticket(visits).query]).toEqual(['', '']);
  });
});
