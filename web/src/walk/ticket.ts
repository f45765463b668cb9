// Where only those may listen who are known to the server: a phone is let in by its session, or by a token that came with
// the walk's link, /walk#token=…. What stands behind the # is sent to no server and stands in no log.

import type { KeyValues } from './remembered';

/** Why not. */
export type Closed = 'signed_out' | 'not_allowed';

const key = 'tutti.walk.token';
const form = /^#token=([\w.~+/=-]{1,4096})$/;

export class Ticket {
  private token: string;

  constructor(private readonly store: () => KeyValues = () => localStorage) {
    this.token = this.kept();
  }

  /** True if `hash` has a token: it is kept for the next visit, and should be taken out of sight. */
  take(hash: string): boolean {
    const token = form.exec(hash)?.[1];
    if (!token) return false;
    this.token = token;
    try {
      this.store().setItem(key, token);
    } catch {
      // It holds until the page is closed.
    }
    return true;
  }

  forget(): void {
    this.token = '';
    try {
      this.store().setItem(key, '');
    } catch {
      // As above.
    }
  }

  get headers(): Record<string, string> {
    return this.token ? { Authorization: `Bearer ${this.token}` } : {};
  }

  /** For a WebSocket, which can carry no header. */
  get query(): string {
    return this.token ? `?token=${encodeURIComponent(this.token)}` : '';
  }

  private kept(): string {
    try {
      return form.exec(`#token=${this.store().getItem(key) ?? ''}`)?.[1] ?? '';
    } catch {
      return '';
    }
  }
}

/**
 * Why this phone is not let in; undefined: it is, or there is another trouble. `ask`: the status of GET /api/v1/walk with
 * these headers. A token that is good no more is forgotten where a session does.
 */
export async function whyNot(ticket: Ticket, ask: (headers: Record<string, string>) => Promise<number>): Promise<Closed | undefined> {
  let status = await ask(ticket.headers);
  if (status === 401 && ticket.query && (await ask({})) === 200) {
    ticket.forget();
    status = 200;
  }
  if (status === 401) return 'signed_out';
  return status === 403 ? 'not_allowed' : undefined;
}
