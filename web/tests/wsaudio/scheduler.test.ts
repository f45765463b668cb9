import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../src/radio/colour';
import { Scheduler, usualSettings } from '../../src/wsaudio/scheduler';
import { Counting, FakeOutput } from './fakes';

const rate = 1000;
const margin = usualSettings.margin * rate;

function setUp() {
  const [output, source] = [new FakeOutput(rate), new Counting(rate)];
  const scheduler = new Scheduler(output, source);
  source.onMore = () => scheduler.pump();
  return { output, source, scheduler };
}

/** Numbers from..to, as the counting source has them. */
function counted(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, n) => from + n);
}

/** What was heard, without the silence around it. */
function sounded(output: FakeOutput): number[] {
  return [...output.heard()].filter((sample) => sample !== 0);
}

describe('Scheduler', () => {
  it('joins pieces of any size sample by sample, at whole frames of the output', () => {
    const { output, source, scheduler } = setUp();
    const random = randomFrom(1);
    output.frame = 777;
    scheduler.play(0);
    while (source.arrived < 60_000) {
      source.arrive(1 + Math.floor(random() * 900));
      output.frame = Math.max(output.frame, 777 + source.arrived - 1200);
      scheduler.pump();
    }
    source.finish();
    while (scheduler.state !== 'ended') {
      output.frame += 100;
      scheduler.pump();
    }
    const heard = output.heard();
    const begin = heard.findIndex((sample) => sample !== 0);
    expect([...heard.subarray(begin)]).toEqual(counted(1, source.arrived));
    expect(output.late).toBe(0);
    expect(output.pieces.every(({ at }) => Number.isInteger(at))).toBe(true);
  });

  it('waits for the prebuffer, then begins a moment ahead of the clock', () => {
    const { output, source, scheduler } = setUp();
    scheduler.play(0);
    source.arrive(499);
    expect([scheduler.state, output.pieces.length]).toEqual(['waiting', 0]);
    source.arrive(1);
    expect([scheduler.state, output.pieces[0]!.at]).toEqual(['sounding', margin]);
    expect(scheduler.position()).toBe(0);
    output.frame = margin + 123;
    expect(scheduler.position()).toBe(123);
  });

  it('plays what is shorter than the prebuffer', () => {
    const { output, source, scheduler } = setUp();
    scheduler.play(0);
    source.arrive(20);
    source.finish();
    expect(scheduler.state).toBe('sounding');
    output.frame = margin + 20;
    scheduler.pump();
    expect([scheduler.state, scheduler.position()]).toEqual(['ended', 20]);
    expect(sounded(output)).toEqual(counted(1, 20));
  });

  it('is silent while the server is slow and goes on with the very next sample', () => {
    const { output, source, scheduler } = setUp();
    scheduler.play(0);
    source.arrive(1000);
    for (; output.frame < 5000; output.frame += 100) scheduler.pump();
    expect([scheduler.state, scheduler.position()]).toEqual(['waiting', 1000]);
    source.arrive(1000);
    expect(scheduler.state).toBe('sounding');
    const heard = output.heard();
    expect([...heard.subarray(margin, margin + 1000)]).toEqual(counted(1, 1000));
    expect(heard.subarray(margin + 1000, 5000 + margin).every((sample) => sample === 0)).toBe(true);
    const faded = usualSettings.fade * rate;
    expect([...heard.subarray(5000 + margin + faded)]).toEqual(counted(1001 + faded, 2000));
    expect(output.late).toBe(0);
  });

  it('hands over only so much ahead', () => {
    const { output, source, scheduler } = setUp();
    source.arrive(100_000);
    scheduler.play(0);
    expect(output.heard().length).toBeLessThanOrEqual((usualSettings.ahead + usualSettings.piece) * rate);
    output.frame = 3000;
    scheduler.pump();
    expect(output.heard().length).toBeGreaterThan(3000 + (usualSettings.ahead - usualSettings.piece) * rate);
  });

  it('hands nothing over so late that it could miss its frame', () => {
    const { output, source, scheduler } = setUp();
    scheduler.play(0);
    source.arrive(500);
    output.frame = margin + 495;
    source.arrive(500);
    expect(output.pieces).toHaveLength(1);
    output.frame = margin + 501;
    scheduler.pump();
    expect(output.pieces[1]!.at).toBe(margin + 501 + margin);
    expect(output.late).toBe(0);
  });

  it('stops where it was heard and goes on from there', () => {
    const { output, source, scheduler } = setUp();
    source.arrive(5000);
    scheduler.play(0);
    output.frame = margin + 700;
    scheduler.halt();
    expect([scheduler.state, scheduler.position()]).toEqual(['idle', 700]);
    output.frame += 9000;
    scheduler.pump();
    expect(sounded(output)).toEqual(counted(1, 700));
    scheduler.play(scheduler.position());
    expect(output.pieces.at(-1)!.sound[0]!.at(-1)).toBeGreaterThan(700);
    expect(scheduler.position()).toBe(700);
  });

  it('fades in what begins in the middle, and leaves the beginning as it is', () => {
    const { output, source, scheduler } = setUp();
    source.arrive(2000);
    scheduler.play(0);
    expect(output.pieces[0]!.sound[0]![0]).toBe(1);
    scheduler.play(1000);
    const [first, second, third] = output.pieces[0]!.sound[0]!;
    expect(first).toBe(0);
    expect(second).toBeCloseTo(1002 / 5);
    expect(third).toBeCloseTo((2 * 1003) / 5);
  });
});
