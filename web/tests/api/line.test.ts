import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Line, type LinePorts, type LineSocket } from '../../src/api/line';

type Why = 'shut';

class Socket implements LineSocket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  readonly sent: string[] = [];
  closed = false;
  isConnecting = true;

  send(text: string): void {
    if (this.isConnecting) throw new Error('InvalidStateError');
    this.sent.push(text);
  }

  close(): void {
    this.closed = true;
  }

  opens(): void {
    this.isConnecting = false;
    this.onopen?.();
  }
}

function made(ports: Partial<LinePorts<Why>> = {}) {
  const sockets: Socket[] = [];
  const phases: string[] = [];
  const texts: string[] = [];
  const line: Line<Why> = new Line<Why>({
    openSocket: () => {
      sockets.push(new Socket());
      return sockets.at(-1)!;
    },
    onPhase: (phase) => phases.push(phase),
    onText: (text) => texts.push(text),
    random: () => 0,
    ...ports,
  });
  return { line, sockets, phases, texts, last: () => sockets.at(-1)! };
}

const settled = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('Line', () => {
  it('carries texts both ways while it is open, and keeps none', () => {
    const { line, last, texts, phases } = made();
    line.start();
    expect(line.send('early')).toBe(false);
    last().opens();
    expect(line.send('a')).toBe(true);
    last().onmessage?.({ data: 'b' });
    last().onmessage?.({ data: new ArrayBuffer(1) });
    expect([last().sent, texts, phases]).toEqual([['a'], ['b'], ['connecting', 'open']]);
    line.stop();
    expect([line.send('late'), line.phase]).toEqual([false, 'off']);
  });

  it('pauses longer each time, and from the beginning once it was open', () => {
    const { line, sockets, last, phases } = made();
    line.start();
    for (const pause of [1000, 2000, 4000]) {
      last().onclose?.();
      const before = sockets.length;
      vi.advanceTimersByTime(pause - 1);
      expect(sockets).toHaveLength(before);
      vi.advanceTimersByTime(1);
      expect(sockets).toHaveLength(before + 1);
    }
    last().opens();
    last().onclose?.();
    vi.advanceTimersByTime(1000);
    expect(sockets).toHaveLength(5);
    expect(phases).toEqual(['connecting', 'lost', 'lost', 'lost', 'open', 'lost']);
  });

  it('hears no socket that it has let go', () => {
    const { line, sockets, last, texts } = made();
    line.start();
    const { onmessage, onclose } = last();
    last().onclose?.();
    line.hurry();
    expect([sockets.length, sockets[0]!.closed, sockets[0]!.onmessage]).toEqual([2, true, null]);
    expect([onmessage, onclose].every((on) => on !== null)).toBe(true);
    expect(texts).toEqual([]);
  });

  it('starts once, and hurries only from a pause', () => {
    const { line, sockets, last } = made();
    line.hurry();
    expect(sockets).toHaveLength(0);
    line.start();
    line.start();
    line.hurry();
    last().opens();
    line.start();
    line.hurry();
    expect(sockets).toHaveLength(1);
  });

  it('is open only when it was welcomed, where it greets', () => {
    const { line, last, phases }: ReturnType<typeof made> = made({ greet: () => void line.send('hello') });
    line.start();
    last().opens();
    expect([last().sent, phases]).toEqual([['hello'], ['connecting']]);
    line.welcomed();
    expect(line.phase).toBe('open');
  });

  it('beats while it is open', () => {
    let beats = 0;
    const { line, last } = made({ beat: () => ((beats += 1), 250) });
    line.start();
    expect(beats).toBe(0);
    last().opens();
    vi.advanceTimersByTime(500);
    expect(beats).toBe(3);
    last().onclose?.();
    vi.advanceTimersByTime(900);
    expect(beats).toBe(3);
  });

  it('takes silence for death, and any text for a sign of life', () => {
    const { line, last, sockets } = made({ silentMs: 8000 });
    line.start();
    last().opens();
    last().onmessage?.({ data: '?' });
    vi.advanceTimersByTime(7999);
    last().onmessage?.({ data: '?' });
    vi.advanceTimersByTime(7999);
    expect(line.phase).toBe('open');
    vi.advanceTimersByTime(1);
    expect([line.phase, sockets[0]!.closed]).toEqual(['lost', true]);
  });

  it('gives up on an attempt that goes nowhere', () => {
    const { line, sockets } = made({ silentMs: 8000 });
    line.start();
    vi.advanceTimersByTime(9_999);
    expect([line.phase, sockets.length]).toEqual(['connecting', 1]);
    vi.advanceTimersByTime(1001);
    expect([line.phase, sockets.length]).toEqual(['lost', 2]);
  });

  it('knocks first, where there is a door, and goes on only when it is away', async () => {
    let answer: Why | undefined | 'away' = 'away';
    const admission = async () => {
      if (answer === 'away') throw new Error('away');
      return answer;
    };
    const { line, sockets, phases } = made({ admission });
    line.start();
    await settled();
    answer = 'shut';
    await vi.advanceTimersByTimeAsync(60_000);
    expect([sockets.length, phases]).toEqual([0, ['connecting', 'lost', 'shut']]);
    answer = undefined;
    line.start();
    await settled();
    expect(sockets).toHaveLength(1);
  });

  it('asks why, where an attempt came to nothing', async () => {
    let answer: Why | undefined;
    const { line, sockets, last } = made({ refusal: async () => answer });
    line.start();
    last().onclose?.();
    await settled();
    expect(line.phase).toBe('lost');
    answer = 'shut';
    await vi.advanceTimersByTimeAsync(1000);
    last().onclose?.();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([line.phase, sockets.length]).toEqual(['shut', 2]);
    line.start();
    last().opens();
    last().onclose?.();
    await settled();
    expect(line.phase).toBe('lost'); // it was let in: so it is the network
  });

  it('passes over an answer that was overtaken', async () => {
    const answers: ((why: Why | undefined) => void)[] = [];
    const { line, sockets } = made({ admission: () => new Promise((resolve) => answers.push(resolve)) });
    line.start();
    line.stop();
    line.start();
    answers[0]!('shut');
    await settled();
    expect([line.phase, sockets.length]).toEqual(['connecting', 0]);
    answers[1]!(undefined);
    await settled();
    expect(sockets).toHaveLength(1);
    line.stop();
  });
});
