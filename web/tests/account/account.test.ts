import { describe, expect, it, vi } from 'vitest';
import { Account, waitText } from '../../src/account/account';
import type { Answered, Ask } from '../../src/api/request';

const answer = (status: number, json: unknown = {}, retryAfter?: number): Answered => ({ status, json, retryAfter });
const nobody = answer(200, { user: null, roles: [], listening: 'open' });
const anna = answer(200, { user: 'anna', roles: ['operator', 'listener'], listening: 'open' });

function setUp(...answers: (Answered | Error)[]) {
  const ask = vi.fn<Ask>(async () => {
    const next = answers.shift();
    if (!next) throw new Error('no answer is left');
    if (next instanceof Error) throw next;
    return next;
  });
  return { account: new Account(ask), ask };
}

describe('Account', () => {
  it('knows who is signed in, and whether as an operator', async () => {
    const { account } = setUp(anna);
    expect([account.user.value, account.isOperator()]).toEqual(['asking', false]);
    await account.refresh();
    expect([account.user.value, account.isOperator()]).toEqual([{ name: 'anna', roles: ['operator', 'listener'] }, true]);
  });

  it('knows that it is nobody, also where the server knows no users', async () => {
    for (const told of [nobody, answer(404), answer(401)]) {
      const { account } = setUp(told);
      expect(await account.refresh()).toBeNull();
      expect([account.user.value, account.isOperator()]).toEqual([null, false]);
    }
  });

  it('does not take a server that is away for nobody', async () => {
    const { account } = setUp(answer(503));
    await expect(account.refresh()).rejects.toThrow('503');
    expect(account.user.value).toBe('asking');
  });

  it('signs in', async () => {
    const { account, ask } = setUp(answer(200, { user: 'anna', roles: [] }), anna);
    expect(await account.signIn('anna', 'secret')).toEqual({ ok: true });
    expect(ask.mock.calls[0]).toEqual(['POST', '/api/v1/login', { name: 'anna', password: 'secret' }]);
    expect(account.user.value).toMatchObject({ name: 'anna' });
  });

  it.each([
    [answer(401, { error: 'no' }), /name or the password/],
    [answer(429, {}, 42), /Try again in 42 seconds/],
    [answer(400, { message: 'a name is too long' }), /a name is too long/],
    [answer(500, 'what?'), /answered 500/],
    [new Error('network'), /does not answer/],
  ])('says why it did not work: %o', async (told, reason) => {
    const { account } = setUp(told);
    expect(await account.signIn('anna', 'wrong')).toEqual({ ok: false, reason: expect.stringMatching(reason) });
    expect(account.user.value).toBe('asking');
  });

  it('says when the browser keeps no cookie', async () => {
    const { account } = setUp(answer(200, {}), nobody);
    expect(await account.signIn('anna', 'secret')).toMatchObject({ ok: false, reason: expect.stringMatching(/cookies/) });
  });

  it('signs in by a link, once', async () => {
    const { account, ask } = setUp(answer(200, {}), anna, answer(401));
    expect(await account.signInOnce('abc', 'anna', 'long enough')).toEqual({ ok: true });
    expect(ask.mock.calls[0]).toEqual(['POST', '/api/v1/login/once', { once: 'abc', name: 'anna', password: 'long enough' }]);
    expect(await account.signInOnce('abc', 'anna', 'long enough')).toMatchObject({ ok: false, reason: expect.stringMatching(/used already/) });
  });

  it('knows when listening is only for those who are signed in', async () => {
    const { account } = setUp(answer(200, { user: null, roles: [], listening: 'closed' }), answer(200, { user: 'anna', roles: [], listening: 'closed' }), nobody);
    await account.refresh();
    expect(account.mustSignIn()).toBe(true);
    await account.refresh();
    expect(account.mustSignIn()).toBe(false);
    await account.refresh();
    expect(account.mustSignIn()).toBe(false);
  });

  it('signs out', async () => {
    const { account, ask } = setUp(anna, answer(200));
    await account.refresh();
    expect(await account.signOut()).toEqual({ ok: true });
    expect(ask.mock.calls[1]).toEqual(['POST', '/api/v1/logout']);
    expect(account.user.value).toBeNull();
  });
});

it.each([[undefined, 'later'], [0, 'now'], [1, 'in 1 second'], [89.5, 'in 90 seconds'], [90, 'in 2 minutes'], [600, 'in 10 minutes']])(
  'waitText(%s)',
  (seconds, text) => expect(waitText(seconds)).toBe(text),
);
