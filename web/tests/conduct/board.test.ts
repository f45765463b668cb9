import { describe, expect, it } from 'vitest';
import { countsOf, downloaded, logText, sorted } from '../../src/conduct/board';
import { parseLine } from '../../src/conduct/parse';
import type { Row } from '../../src/conduct/types';
import type { Asset } from '../../src/walk/types';
import { row } from './lines';

function read(...values: unknown[]): readonly Row[] {
  const said = parseLine(JSON.stringify({ type: 'participants', rows: values }));
  return said?.type === 'participants' ? said.rows : [];
}

const asset = (id: string, bytes?: number): Asset => ({ id, title: id, url: `/${id}`, file: bytes ? { bytes, sha256: '', rate: 48000, frames: 1, delay: 0 } : undefined });

describe('the board', () => {
  const rows = read(row('gone', { connected: false }), row('b'), row('a'), row('waits', { ready: false }));

  it('puts first who needs a hand, last who has left', () => {
    expect(sorted(rows).map(({ id }) => id)).toEqual(['waits', 'a', 'b', 'gone']);
  });

  it('counts as ready only who is there', () => {
    expect(countsOf(rows)).toEqual({ connected: 3, ready: 2, notReady: 1, left: 1 });
  });

  it('says how much of all assets is there, and never more than all', () => {
    const [one, too] = read(row('a'), row('b', { assets: { forest: { have: 1e9 }, other: { have: 1e9 } } }));
    expect(downloaded(one!, [asset('forest', 100), asset('river', 100), asset('made')])).toBe(0.25);
    expect(downloaded(too!, [asset('forest', 100)])).toBe(1);
    expect(downloaded(one!, [asset('made')])).toBeUndefined();
  });
});

describe('logText', () => {
  it('has a line for each event, whatever is in it', () => {
    const event = { at: 1_500_000, wall: null, kind: 'message', participant: null, latencyMs: null, text: 'anna: a\nb\tc' };
    const acked = { ...event, wall: 0, kind: 'ack', participant: 'p', latencyMs: 12.5, text: '' };
    expect(logText([event, acked, { ...acked, wall: 1e300 }], () => 'Ada')).toBe(
      '+1.500 s\tmessage\t\tanna: a b c\t\n1970-01-01T00:00:00.000Z\tack\tAda\t\t12.5 ms\n\tack\tAda\t\t12.5 ms\n');
  });
});
