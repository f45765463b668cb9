// What time it is on the server: (server time, local moment before, local moment after) samples in, an estimate out.
// The sample with the shortest round trip is the most exact one, as in NTP; old ones age out because clocks drift.

interface Sample {
  readonly offset: number;
  readonly uncertainty: number;
  readonly at: number;
}

const keptSamples = 12;
/** Two clocks drift apart by up to about 100 µs per second. */
const driftPerMs = 0.1;
/** Further apart than any network delay: the server was started anew, and its clock with it. */
const restartUs = 5_000_000;

export class ServerClock {
  private samples: readonly Sample[] = [];

  /** Local moments in ms (performance.now()). Returns true when the server's clock started anew. */
  add(serverTime: number, askedAt: number, receivedAt: number): boolean {
    const at = (askedAt + receivedAt) / 2;
    const sample = { offset: serverTime - at * 1000, uncertainty: ((receivedAt - askedAt) / 2) * 1000, at };
    const before = this.best(receivedAt);
    const restarted =
      before !== undefined && Math.abs(sample.offset - before.offset) > restartUs + sample.uncertainty + before.uncertainty;
    this.samples = restarted ? [sample] : [...this.samples.slice(1 - keptSamples), sample];
    return restarted;
  }

  /** Server time in µs at a local moment in ms, or undefined before the first sample. */
  at(local: number): number | undefined {
    const best = this.best(local);
    return best && best.offset + local * 1000;
  }

  private best(local: number): Sample | undefined {
    const cost = (sample: Sample) => sample.uncertainty + Math.abs(local - sample.at) * driftPerMs;
    return this.samples.reduce<Sample | undefined>(
      (best, sample) => (best === undefined || cost(sample) < cost(best) ? sample : best),
      undefined,
    );
  }
}
