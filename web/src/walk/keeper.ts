// The server's clock through lost connections and restarts of the server. A connection that comes back is listened to
// for some exchanges first: either its clock is the known one, whose filter then goes on, or the server was started anew,
// and what it says holds from then on with its own clock. Until that is decided the old clock and the old state go on.

import { ClockFilter, type Exchange } from '../clock/clock_filter';

/** Exchanges. */
const listening = 8;
/** µs between what two filters say that no doubt of theirs explains. */
const slack = 20_000;

export class ServerTimeKeeper {
  private filter: ClockFilter | undefined;
  private candidate: ClockFilter | undefined;
  private heard: Exchange[] = [];

  /** A connection stands; perhaps to another server than before. */
  connected(): void {
    this.candidate = new ClockFilter();
    this.heard = [];
  }

  disconnected(): void {
    this.candidate = undefined;
    this.heard = [];
  }

  /** What a server says of times now is to be understood by its own clock. */
  get decided(): boolean {
    return this.candidate === undefined;
  }

  /** Undefined: not known well enough yet. */
  get time(): ClockFilter | undefined {
    return this.filter;
  }

  /** µs; Infinity while nothing is known. */
  uncertainty(now: number): number {
    return this.filter?.uncertainty(now) ?? Infinity;
  }

  /** Until the next question, in µs. */
  interval(): number {
    return (this.candidate ?? this.filter)?.interval() ?? 50_000;
  }

  add(exchange: Exchange): void {
    if (!this.candidate) {
      this.filter?.add(exchange);
      return;
    }
    if (!this.candidate.add(exchange)) return;
    this.heard.push(exchange);
    if (this.heard.length < listening) return;
    if (this.filter && this.agree(this.filter, this.candidate, exchange.arrived)) {
      for (const one of this.heard) this.filter.add(one);
    } else {
      this.filter = this.candidate;
    }
    this.disconnected();
  }

  private agree(known: ClockFilter, fresh: ClockFilter, now: number): boolean {
    const apart = Math.abs(known.toServer(now) - fresh.toServer(now));
    return apart <= slack + known.uncertainty(now) + fresh.uncertainty(now);
  }
}
