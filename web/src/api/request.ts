// A request that changes something, or whose refusal matters: the answer is a value, whatever its status.

const timeoutMs = 8000;

export interface Answered {
  readonly status: number;
  /** Parsed JSON, or undefined where the body is none. */
  readonly json: unknown;
  /** Seconds the server asks to wait; undefined where it does not. */
  readonly retryAfter: number | undefined;
}

export type Ask = (method: 'GET' | 'POST' | 'PUT' | 'PATCH', path: string, body?: unknown) => Promise<Answered>;

/** Rejects only when there is no answer. The header keeps other sites from sending it in a signed-in user's name. */
export const ask: Ask = async (method, path, body) => {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), timeoutMs);
  try {
    const response = await fetch(path, {
      method,
      signal: abort.signal,
      cache: 'no-store',
      headers: { 'X-Requested-With': 'XMLHttpRequest', ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const seconds = Number(response.headers.get('Retry-After') ?? NaN);
    const json: unknown = await response.json().catch(() => undefined);
    return { status: response.status, json, retryAfter: Number.isFinite(seconds) ? Math.max(0, seconds) : undefined };
  } finally {
    clearTimeout(timer);
  }
};

/** What the server says is wrong, in the words of any of its answers. */
export function errorText(json: unknown): string | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const from = json as Record<string, unknown>;
  return [from['error'], from['message']].find((value): value is string => typeof value === 'string' && value !== '');
}
