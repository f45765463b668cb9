import { describe, expect, it } from 'vitest';
import { clockText, count, documentTitle, endedAgo, scanText, spokenTime, startsIn, titleOf } from '../../src/clock/format';
import { second } from '../entries';

describe('times', () => {
  it('reads like a clock', () => {
    expect([0, 9.99, 60, 183, 3600, 3723].map((s) => clockText(s * second))).toEqual(['0:00', '0:09', '1:00', '3:03', '1:00:00', '1:02:03']);
    expect(clockText(-5)).toBe('0:00');
  });

  it('is spoken in words', () => {
    expect([0, 1, 60, 61, 183].map((s) => spokenTime(s * second))).toEqual([
      '0 seconds',
      '1 second',
      '1 minute',
      '1 minute 1 second',
      '3 minutes 3 seconds',
    ]);
  });

  it('says how far away a track is', () => {
    expect([0, 9, 14, 54, 55, 60, 150, 3600, 5400].map((s) => startsIn(s * second))).toEqual([
      'in a moment',
      'in a moment',
      'in 10 s',
      'in 50 s',
      'in 1 min',
      'in 1 min',
      'in 3 min',
      'in 1 h 0 min',
      'in 1 h 30 min',
    ]);
    expect([3, 38, 61].map((s) => endedAgo(s * second))).toEqual(['just now', '40 s ago', '1 min ago']);
  });
});

describe('words', () => {
  it('counts', () => {
    expect([count(0, 'track'), count(1, 'track'), count(1204, 'track')]).toEqual(['0 tracks', '1 track', '1,204 tracks']);
    expect([scanText(120, 500), scanText(0, 0)]).toEqual(['scanning 120 of 500', 'scanning']);
  });

  it('names a track without a title by its file', () => {
    expect(titleOf({ title: 'Cold Day', file: 'x.mp3' })).toBe('Cold Day');
    expect(titleOf({ title: ' ', file: 'humor/cold_day.mp3' })).toBe('cold_day');
    expect(titleOf({ title: '', file: 'Nr. 5 in A' })).toBe('Nr. 5 in A');
    expect(titleOf({ title: '', file: '.mp3' })).toBe('Untitled');
  });

  it('titles the document', () => {
    expect(documentTitle('Cold Day', 'humor')).toBe('Cold Day · humor — Tutti');
    expect(documentTitle(undefined, 'humor')).toBe('humor — Tutti');
    expect(documentTitle(undefined, undefined)).toBe('Tutti');
  });
});
