import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../src/radio/colour';
import { formatUpdate, parseMessage } from '../../src/devices/messages';
import { applyUpdate, hasEnded, positionAt, type PlayerState, type Update } from '../../src/devices/player_state';
import { parseWireTime } from '../../src/devices/wire_time';

/** A message as any client of the protocol sends it. */
function sent(message: Record<string, unknown>): Update {
  const parsed = parseMessage(JSON.stringify(message));
  if (parsed?.type !== 'update') throw new Error(`not an update: ${JSON.stringify(message)}`);
  return parsed.update;
}

const at = (time: string) => parseWireTime(`2022-05-09T${time}+0000`)!;
const after = (messages: Record<string, unknown>[]) => messages.map(sent).reduce<PlayerState | undefined>(applyUpdate, undefined);

/** The messages of the protocol's document. */
const newTrack = { type_push_state: 'new_track', track_id: 2, from_is: 'playlist', from_is_id: 2, time_state_update: '2022-05-09T09:09:12+0000' };
const pause = { type_push_state: 'on_pause', time_state_update: '2022-05-09T09:10:12+0000' };
const resume = { type_push_state: 'off_pause', time_state_update: '2022-05-09T09:12:12+0000' };
const seek = { type_push_state: 'change_position', last_sec_position: 84, time_state_update: '2022-05-09T09:12:12+0000' };

describe("the document's examples", () => {
  it('a new track plays from its beginning', () => {
    expect(after([newTrack])).toEqual({
      trackId: 2, fromIs: 'playlist', fromIsId: 2, onPause: false, position: 0, at: at('09:09:12'), revision: 1, length: undefined,
    });
  });

  it('a phone that joins ten seconds later is ten seconds into it', () => {
    expect(positionAt(after([newTrack])!, at('09:09:22'))).toBe(10_000);
  });

  it('a pause that arrives two seconds late takes back two seconds', () => {
    const playing = after([newTrack])!;
    expect(positionAt(playing, at('09:09:29'))).toBe(17_000);
    const paused = applyUpdate(playing, sent({ ...pause, time_state_update: '2022-05-09T09:09:27+0000' }))!;
    expect(positionAt(paused, at('09:09:29'))).toBe(15_000);
  });

  it('a pause keeps the position, playing goes on from there', () => {
    const paused = after([newTrack, pause])!;
    expect([paused.onPause, paused.position, positionAt(paused, at('09:12:00'))]).toEqual([true, 60_000, 60_000]);
    const playing = after([newTrack, pause, resume])!;
    expect(positionAt(playing, at('09:12:22'))).toBe(70_000);
  });

  it('seeking sets the position', () => {
    expect(positionAt(after([newTrack, seek])!, at('09:12:13'))).toBe(85_000);
    expect(positionAt(after([newTrack, pause, seek])!, at('09:12:13'))).toBe(84_000);
  });

  it('where it is from stays as it was where the message does not say', () => {
    const { from_is, from_is_id, ...bare } = { ...newTrack, track_id: 3 };
    expect(after([newTrack, bare])).toMatchObject({ trackId: 3, fromIs: from_is, fromIsId: from_is_id });
  });

  it('the state that is kept is told as a new track', () => {
    const state = { track_id: 1, from_is: 'album', from_is_id: 4, on_pause: true, last_sec_position: 64, time_state_update: '2022-05-09T09:09:07+0000' };
    expect(after([{ type_push_state: 'new_track', ...state, revision: 9, track_length_ms: 200_000 }])).toEqual({
      trackId: 1, fromIs: 'album', fromIsId: 4, onPause: true, position: 64_000, at: at('09:09:07'), revision: 9, length: 200_000,
    });
  });
});

describe('applyUpdate', () => {
  it('a second pause changes nothing, nor does playing what plays', () => {
    const paused = after([newTrack, pause])!;
    expect(applyUpdate(paused, sent({ ...pause, time_state_update: '2022-05-09T10:00:00Z' }))).toEqual({ ...paused, revision: 3 });
    const playing = after([newTrack])!;
    expect(applyUpdate(playing, sent(resume))).toEqual({ ...playing, revision: 2 });
  });

  it('without a state only a new track makes one', () => {
    for (const message of [pause, resume, seek]) expect(after([message])).toBeUndefined();
  });

  it('no sequence of messages, whatever the clocks say, leaves a position below zero or behind the end', () => {
    const random = randomFrom(3);
    const some = <T>(values: T[]) => values[Math.floor(random() * values.length)]!;
    let state: PlayerState | undefined;
    for (let n = 0; n < 5000; n += 1) {
      const time = at('09:00:00') + Math.floor((random() - 0.5) * 10_000_000);
      const change = some<Update['change']>([
        { type: 'new_track', trackId: n, length: some([undefined, 1000, 240_000]) },
        { type: 'on_pause' },
        { type: 'off_pause' },
        { type: 'change_position', position: Math.floor((random() - 0.1) * 300_000) },
      ]);
      state = applyUpdate(state, { change, at: time });
      if (!state) continue;
      const position = positionAt(state, at('09:00:00') + Math.floor((random() - 0.5) * 10_000_000));
      expect(position).toBeGreaterThanOrEqual(0);
      expect(position).toBeLessThanOrEqual(state.length ?? Infinity);
    }
  });

  it('knows when a track has ended', () => {
    const state = { ...after([newTrack])!, length: 30_000 };
    expect([hasEnded(state, at('09:09:41')), hasEnded(state, at('09:09:42'))]).toEqual([false, true]);
    expect(hasEnded({ ...state, onPause: true, position: 30_000 }, at('09:09:50'))).toBe(false);
  });
});

describe('messages', () => {
  it('reads fields that are nested under data as well', () => {
    const { type_push_state, ...data } = newTrack;
    expect(sent({ type_push_state, data })).toEqual(sent(newTrack));
  });

  it('sends them flat and nested, and reads what it sent', () => {
    const updates: Update[] = [
      { change: { type: 'new_track', trackId: 5, fromIs: 'library' }, at: 1_650_000_000_123 },
      { change: { type: 'on_pause' }, at: 1_650_000_000_123 },
      { change: { type: 'change_position', position: 12_345 }, at: 1_650_000_000_123 },
    ];
    for (const update of updates) {
      const json = JSON.parse(formatUpdate(update));
      expect(json).toMatchObject({ time_state_update: '2022-04-15T05:20:00.123Z', data: { time_state_update: '2022-04-15T05:20:00.123Z' } });
      expect(parseMessage(formatUpdate(update))).toEqual({ type: 'update', update });
      expect(sent({ type_push_state: json.type_push_state, data: json.data })).toEqual(update);
    }
  });

  it('knows what else the server says', () => {
    expect(parseMessage('{"type_push_state": "no_track_state"}')).toEqual({ type: 'no_track_state' });
    expect(parseMessage('{"type_push_state": "invalid_format"}')).toEqual({ type: 'invalid_format' });
    expect(parseMessage('{"type_push_state": "error", "message": "no store"}')).toEqual({ type: 'error', message: 'no store' });
    expect(parseMessage('{"type_push_state": "time", "t": 5.5, "server_time": 1650000000123}')).toEqual({
      type: 'time', askedAt: 5.5, serverTime: 1_650_000_000_123,
    });
  });

  it.each(['', 'null', '[]', '7', '{}', '{"type_push_state": "dance"}', '{"type_push_state": "on_pause"}',
    '{"type_push_state": "on_pause", "time_state_update": "yesterday"}', '{"type_push_state": "new_track", "track_id": "2", "time_state_update": "2022-05-09T09:09:12Z"}',
    '{"type_push_state": "time", "t": null}'])('leaves alone what it does not understand: %s', (text) => {
    expect(parseMessage(text)).toBeUndefined();
  });
});

describe('parseWireTime', () => {
  it.each(['2022-05-09T09:09:12+0000', '2022-05-09T09:09:12Z', '2022-05-09T09:09:12+00:00', '2022-05-09T12:09:12.000+03:00', '2022-05-09t09:09:12z'])(
    '%s',
    (text) => expect(parseWireTime(text)).toBe(1_652_087_352_000),
  );

  it.each([undefined, 5, '', '2022-05-09', '2022-05-09T09:09:12', '2022-13-09T09:09:12Z'])('is none: %s', (text) => {
    expect(parseWireTime(text)).toBeUndefined();
  });
});
