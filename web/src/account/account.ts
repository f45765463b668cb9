// Who is signed in, as a signal, and the ways to change that.

import { signal } from '@preact/signals';
import { fields, list, text } from '../api/parse';
import { errorText, type Answered, type Ask } from '../api/request';
import { count } from '../clock/format';

export interface User {
  readonly name: string;
  readonly roles: readonly string[];
}

/** `asking`: not known yet. Null: nobody. */
export type WhoIsIt = User | null | 'asking';

export type Outcome = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** {"user": "anna", "roles": ["listener"]}; `user` is null when it is nobody. */
function parseUser(json: unknown): User | null {
  const from = fields(json, 'session');
  const roles = list(from['roles'] ?? [], 'roles').filter((role): role is string => typeof role === 'string');
  return from['user'] === null ? null : { name: text(from, 'user'), roles };
}

export class Account {
  readonly user = signal<WhoIsIt>('asking');

  /** Only those who are signed in may listen. */
  readonly closed = signal(false);

  constructor(private readonly ask: Ask) {}

  /** The stations can be seen, but not heard. */
  mustSignIn(): boolean {
    return this.closed.value && this.user.value === null;
  }

  isOperator(): boolean {
    const user = this.user.value;
    return user !== null && user !== 'asking' && user.roles.includes('operator');
  }

  /** Asks the server who this is. Rejects when it is away. */
  async refresh(): Promise<User | null> {
    const { status, json } = await this.ask('GET', '/api/v1/session');
    if (status !== 200 && status !== 401 && status !== 404) throw new Error(`the server answered ${status}`);
    const user = status === 200 ? parseUser(json) : null;
    this.user.value = user;
    this.closed.value = status === 200 && fields(json, 'session')['listening'] === 'closed';
    return user;
  }

  async signIn(name: string, password: string): Promise<Outcome> {
    return this.enter('/api/v1/login', { name, password }, 'The name or the password is not right.');
  }

  /** By the link that a new server prints: who has it becomes its operator, under this name and password. */
  async signInOnce(once: string, name: string, password: string): Promise<Outcome> {
    return this.enter('/api/v1/login/once', { once, name, password }, 'This link has been used already, or its time is over.');
  }

  async signOut(): Promise<Outcome> {
    return this.attempt(async () => {
      const answered = await this.ask('POST', '/api/v1/logout');
      if (answered.status >= 400 && answered.status !== 401) return refusal(answered, 'The server did not sign you out.');
      this.user.value = null;
      return { ok: true };
    });
  }

  private enter(path: string, body: unknown, denied: string): Promise<Outcome> {
    return this.attempt(async () => {
      const answered = await this.ask('POST', path, body);
      if (answered.status >= 400) return refusal(answered, denied);
      await this.refresh();
      return this.user.peek() === null ? { ok: false, reason: 'The browser did not keep the session. Does it allow cookies?' } : { ok: true };
    });
  }

  private async attempt(step: () => Promise<Outcome>): Promise<Outcome> {
    try {
      return await step();
    } catch {
      return { ok: false, reason: 'The server does not answer. Try again in a moment.' };
    }
  }
}

export function refusal({ status, json, retryAfter }: Answered, denied: string): Outcome {
  if (status === 429) return { ok: false, reason: `Too many attempts. Try again ${waitText(retryAfter)}.` };
  if (status === 401 || status === 403) return { ok: false, reason: denied };
  return { ok: false, reason: errorText(json) ?? `The server answered ${status}.` };
}

export function waitText(seconds: number | undefined): string {
  if (seconds === undefined) return 'later';
  if (seconds < 1) return 'now';
  return seconds < 90 ? `in ${count(Math.ceil(seconds), 'second')}` : `in ${count(Math.ceil(seconds / 60), 'minute')}`;
}
