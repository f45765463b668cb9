// What the tests use of Node; the page itself has none of it.
declare module 'node:fs' {
  export function readFileSync(path: URL, encoding: 'utf8'): string;
}
