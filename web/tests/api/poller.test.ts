import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Poller } from '../../src/api/poller';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp(ask: () => Promise<number>) {
  const asked = vi.fn(ask);
  const failures: number[] = [];
  const answers: number[] = [];
  const poller = new Poller<number>({
    ask: asked,
    onAnswer: (answer) => (answers.push(answer), 5000),
    onFailure: (count) => failures.push(count),
    random: () => 0,
  });
  return { asked, failures, answers, poller };
}

describe('Poller', () => {
  it('asks at once and then at the pace it is told', async () => {
    const { asked, answers, poller } = setUp(async () => 1);
    poller.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(answers).toEqual([1]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toHaveBeenCalledTimes(3);
  });

  it('backs off while the server is away and recovers', async () => {
    let away = true;
    const { asked, failures, answers, poller } = setUp(async () => {
      if (away) throw new Error('away');
      return 2;
    });
    poller.start();
    await vi.advanceTimersByTimeAsync(7000);
    expect(failures).toEqual([1, 2, 3, 4]);
    away = false;
    await vi.advanceTimersByTimeAsync(8000);
    expect(answers).toEqual([2]);
    away = true;
    await vi.advanceTimersByTimeAsync(5000);
    expect(failures.at(-1)).toBe(1);
    expect(asked).toHaveBeenCalledTimes(6);
  });

  it('is silent while paused', async () => {
    const { asked, poller } = setUp(async () => 1);
    poller.start();
    await vi.advanceTimersByTimeAsync(0);
    poller.pause();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveBeenCalledTimes(1);
    poller.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it('never asks two questions at once', async () => {
    let answer: (value: number) => void = () => {};
    const { asked, poller } = setUp(() => new Promise((resolve) => (answer = resolve)));
    poller.start();
    await vi.advanceTimersByTimeAsync(0);
    poller.start();
    poller.start();
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked).toHaveBeenCalledTimes(1);
    answer(1);
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it('stays paused when an answer comes in late', async () => {
    let answer: (value: number) => void = () => {};
    const { asked, answers, poller } = setUp(() => new Promise((resolve) => (answer = resolve)));
    poller.start();
    await vi.advanceTimersByTimeAsync(0);
    poller.pause();
    answer(3);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(answers).toEqual([3]);
    expect(asked).toHaveBeenCalledTimes(1);
  });
});
