import { describe, expect, it } from 'vitest';
import { meansNext } from '../../src/conduct/keys';
import { readMessage, readPart, readSeconds } from '../../src/conduct/read';

describe('readSeconds', () => {
  it.each([['12.5', 12.5], [' 0 ', 0], ['1,250', 1.25], ['47.001', 47.001]])('reads %s', (typed, value) => expect(readSeconds(typed, 'From')).toEqual({ value }));
  it.each(['', '.', '-1', '1.0001', '1e3', '0x10', 'NaN', '1 2', '1,2,3', '100001'])('does not take %s', (typed) => {
    expect(readSeconds(typed, 'From')).toEqual({ wrong: expect.stringMatching(/^From: /) });
  });
});

describe('readPart', () => {
  it('needs an end behind the beginning', () => {
    expect(readPart('12.5', '47')).toEqual({ value: { a: 12.5, b: 47 } });
    expect(readPart('47', '47')).toHaveProperty('wrong');
    expect(readPart('1', 'x')).toEqual({ wrong: expect.stringMatching(/^To: /) });
  });
});

describe('readMessage', () => {
  it('counts bytes as the server does', () => {
    expect(readMessage(' Turn left ')).toEqual({ value: 'Turn left' });
    expect(readMessage('  ')).toHaveProperty('wrong');
    expect(readMessage('я'.repeat(500))).toHaveProperty('value');
    expect(readMessage('я'.repeat(501))).toHaveProperty('wrong');
  });
});

describe('the space bar', () => {
  const pressed = { key: ' ', repeat: false, ctrlKey: false, altKey: false, metaKey: false, target: { closest: () => null } };

  it('goes on, but not while it is held, in a field, or with others', () => {
    expect(meansNext(pressed)).toBe(true);
    expect(meansNext({ ...pressed, target: null })).toBe(true);
    expect(meansNext({ ...pressed, repeat: true })).toBe(false);
    expect(meansNext({ ...pressed, ctrlKey: true })).toBe(false);
    expect(meansNext({ ...pressed, key: 'Enter' })).toBe(false);
    expect(meansNext({ ...pressed, target: { closest: () => ({}) } })).toBe(false);
  });
});
