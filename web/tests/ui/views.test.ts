import { expect, it } from 'vitest';
import { viewOf } from '../../src/ui/views';

it.each([
  ['/', 'station'], ['/web', 'station'], ['/humor', 'station'], ['/web/listen/more', 'station'],
  ['/web/listen', 'tracks'], ['/web/devices/', 'devices'], ['/login', 'login'],
])('%s shows the page %s', (path, view) => expect(viewOf(path)).toBe(view));
