import { expect, it } from 'vitest';
import { nextPage } from '../../src/account/next';

const origin = 'https://walk.example';

it.each([['/conduct', '/conduct'], ['%2Fconduct%3Fa%3D1%23b', '/conduct?a=1#b'], ['/', '/']])('goes on to %s', (next, page) => {
  expect(nextPage(`?next=${next}`, origin)).toBe(page);
});

it.each([
  'https://evil.example/', '//evil.example', '/%5Cevil.example', '%5C%5Cevil.example', '/%09/evil.example', '/%0A/evil.example', 'conduct', 'javascript:alert(1)', '',
  '/a%5C..%5C..', '/%20//evil.example',
])('does not go to %s', (next) => expect(nextPage(`?next=${next}`, origin)).toBeUndefined());
