// A listener's key: 128 random bits, so that nobody else's stream is asked for. Works on plain http, where
// crypto.randomUUID does not exist.

export function newKey(fill: (bytes: Uint8Array<ArrayBuffer>) => void = (bytes) => void crypto.getRandomValues(bytes)): string {
  const bytes = new Uint8Array(16);
  fill(bytes);
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

export function streamAddress(url: string, key: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}listener=${key}`;
}
