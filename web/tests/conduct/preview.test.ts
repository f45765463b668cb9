import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Preview, type Ear } from '../../src/conduct/preview';
import { Waveforms } from '../../src/conduct/waveforms';
import type { Asset } from '../../src/walk/types';

const forest: Asset = { id: 'forest', title: '', url: '/walk/assets/forest', file: { bytes: 384, sha256: 'f', rate: 48_000, frames: 480_000, delay: 480 } };

class FakeEar implements Ear {
  src = '';
  currentTime = 0;
  sounds = false;
  refuses = false;

  async play(): Promise<void> {
    if (this.refuses) throw new Error('NotAllowedError');
    this.sounds = true;
  }

  pause(): void {
    this.sounds = false;
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('Preview', () => {
  it('plays the part, and nothing behind it', async () => {
    const ear = new FakeEar();
    const preview = new Preview(ear);
    await preview.play(forest, 2000, 4000);
    expect([ear.src, ear.currentTime, preview.at.value]).toEqual(['/walk/assets/forest', 2.01, 2000]);
    ear.currentTime = 3.01;
    await vi.advanceTimersByTimeAsync(30);
    expect([preview.at.value, ear.sounds]).toEqual([3000, true]);
    ear.currentTime = 4.02;
    await vi.advanceTimersByTimeAsync(30);
    expect([preview.at.value, ear.sounds]).toEqual([undefined, false]);
  });

  it('is silent when it is told so, also while it begins', async () => {
    const ear = new FakeEar();
    const preview = new Preview(ear);
    const begun = preview.play(forest, 0, 1000);
    preview.stop();
    await begun;
    expect([preview.at.value, ear.sounds]).toEqual([undefined, false]);
  });

  it('says that the browser did not play it', async () => {
    const ear = new FakeEar();
    ear.refuses = true;
    const preview = new Preview(ear);
    await preview.play(forest, 0, 1000);
    expect([preview.at.value, preview.problem.value !== '']).toEqual([undefined, true]);
  });
});

describe('Waveforms', () => {
  it('are asked for once, and again where that failed', async () => {
    let asked = 0;
    const waveforms = new Waveforms(async () => {
      asked += 1;
      if (asked === 1) throw new Error('away');
      return { bytes: new ArrayBuffer(4), step: 2304 };
    });
    expect([waveforms.of(forest), waveforms.of(forest)]).toEqual([undefined, undefined]);
    await vi.advanceTimersByTimeAsync(5000);
    waveforms.of(forest);
    await vi.advanceTimersByTimeAsync(0);
    expect(waveforms.of(forest)?.points.length).toBe(4);
    expect([asked, waveforms.of({ ...forest, file: undefined })]).toEqual([2, undefined]);
  });
});
