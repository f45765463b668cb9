import { describe, expect, it } from 'vitest';
import { parseLine, parseLog } from '../../src/conduct/parse';
import { row } from './lines';

const line = (value: unknown) => parseLine(JSON.stringify(value));
const rows = (...values: unknown[]) => {
  const said = line({ type: 'participants', rows: values });
  return said?.type === 'participants' ? said.rows : undefined;
};

describe('parseLine', () => {
  it.each(['', '{', '7', 'null', '[]', '{"type":7}', '{"type":"toString"}', '{"type":"participants"}', '{"type":"participants","rows":{}}', '{"type":"event"}',
    '{"type":"event","at":"now","kind":"cue"}', '{"type":"error","message":{}}', '{"type":"time","t":1}', '{"type":"time","t":1,"server_received":1e999,"server_transmitted":2}'])(
    'passes over %s', (text) => expect(parseLine(text)).toBeUndefined());

  it('reads a row', () => {
    expect(rows(row('a', { battery: 7, ack: { cue: 3, start_error_us: null, late_us: 1500 } }))).toEqual([{
      id: 'a', name: 'Phone a', kind: 'phone', connected: true, ready: true, unlocked: true, hidden: false, have: new Map([['forest', 50]]),
      clock: 400, latency: 30_000, correction: 0, battery: 1, network: 'wifi', ack: { cue: 3, startError: null, late: 1500 },
    }]);
  });

  it('passes over a row that cannot be read, and shows the others', () => {
    expect(rows(null, 7, {}, row('a', { clock_us: 'soon' }), row('b', { assets: { forest: 7 } }), row('c'))?.map(({ id }) => id)).toEqual(['c']);
  });

  it('takes an asset of any name', () => {
    const text = `{"type":"participants","rows":[${JSON.stringify(row('a')).replace('"forest"', '"__proto__"')}]}`;
    const said = parseLine(text);
    expect(said?.type === 'participants' && said.rows[0]?.have.get('__proto__')).toBe(50);
  });

  it('shortens what is too long for a board', () => {
    expect(rows(row('a', { name: 'x'.repeat(100_000) }))?.[0]?.name).toHaveLength(80);
  });

  it('leaves the lead as it was where it cannot be read', () => {
    expect(line({ type: 'walk', lead: { chosen_ms: 'soon' } })).toMatchObject({ extras: { lead: undefined } });
    expect(line({ type: 'walk', lead: { chosen_ms: 1200, measured_ms: null, manual_ms: 1200 } })).toMatchObject({ extras: { lead: { chosen: 1200, measured: null, manual: 1200 } } });
  });
});

describe('parseLog', () => {
  it.each([undefined, null, 7, {}, { events: 7 }])('is empty for %j', (json) => expect(parseLog(json)).toEqual([]));

  it('passes over what it cannot read', () => {
    const events = parseLog({ events: [null, { at: 1 }, { at: 5, kind: 'cue', text: 'anna: bridge', wall_us: 2_000 }] });
    expect(events).toEqual([{ at: 5, wall: 2, kind: 'cue', participant: null, latencyMs: null, text: 'anna: bridge' }]);
  });
});
