// The server's clock through lost connections, restarts of the server, sleep of the device and visits. A connection that
// comes back is listened to for some exchanges first: either its clock is the known one, whose filter then goes on, or the
// server was started anew, and what it says holds from then on with its own clock. Until that is decided the old clock and
// the old state go on. All times are in µs.

import { ClockFilter, type Exchange } from '../clock/clock_filter';

/** Between the page's clock and the server's. */
export interface KnownTime {
  toServer(client: number): number;
  toClient(server: number): number;
  uncertainty(now: number): number;
}

/** What was known at a moment of the calendar (ms), for a page that is opened anew. */
export interface Recollection {
  readonly date: number;
  readonly server: number;
  readonly uncertainty: number;
}

/** Exchanges. */
const listening = 8;
/** By what exchanges say that the doubt of a clock does not explain. */
const slack = 20_000;
/** Of a calendar that may be set right now and then, and of what a device sleeps by it. */
const doubtOfDates = 10_000;
const doubtOfSleep = 2000;
/** Nobody's calendar runs worse. */
const worstDrift = 100e-6;
/** ms: what is older is of another walk. */
const longest = 24 * 3_600_000;

/** A filter whose page's clock has stood still for a while. */
class Woken implements KnownTime {
  constructor(
    private readonly filter: ClockFilter,
    private readonly slept: number,
    private readonly doubt: number,
  ) {}

  toServer(client: number): number {
    return this.filter.toServer(client + this.slept);
  }

  toClient(server: number): number {
    return this.filter.toClient(server) - this.slept;
  }

  uncertainty(now: number): number {
    return this.filter.uncertainty(now + this.slept) + this.doubt;
  }
}

class Recalled implements KnownTime {
  constructor(
    private readonly since: number,
    private readonly offset: number,
    private readonly doubt: number,
  ) {}

  toServer(client: number): number {
    return client + this.offset;
  }

  toClient(server: number): number {
    return server - this.offset;
  }

  uncertainty(now: number): number {
    return this.doubt + (now - this.since) * worstDrift;
  }

  later(slept: number): Recalled {
    return new Recalled(this.since - slept, this.offset + slept, this.doubt + doubtOfSleep);
  }
}

export class ServerTimeKeeper {
  private filter: ClockFilter | undefined;
  private candidate: ClockFilter | undefined;
  private heard: Exchange[] = [];
  private known: KnownTime | undefined;
  /** By which the page's clock is behind, and how sure that is not. */
  private slept = 0;
  private doubt = 0;

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
  get time(): KnownTime | undefined {
    return this.known;
  }

  /** It is only remembered from a visit before. */
  get isRecalled(): boolean {
    return this.known !== undefined && this.filter === undefined;
  }

  /** µs; Infinity while nothing is known. */
  uncertainty(now: number): number {
    return this.known?.uncertainty(now) ?? Infinity;
  }

  /** Until the next question, in µs. */
  interval(): number {
    return (this.candidate ?? this.filter)?.interval() ?? 50_000;
  }

  add(told: Exchange): void {
    const exchange = { ...told, sent: told.sent + this.slept, arrived: told.arrived + this.slept };
    if (!this.candidate) {
      this.filter?.add(exchange);
      return;
    }
    if (!this.candidate.add(exchange)) return;
    this.heard.push(exchange);
    if (this.heard.length < listening) return;
    if (this.filter && holds(this.filter, this.heard)) {
      for (const one of this.heard) this.filter.add(one);
    } else {
      this.filter = this.candidate;
    }
    this.doubt = 0;
    this.show();
    this.disconnected();
  }

  /** The page's clock has stood still for so long while the device slept. */
  wake(slept: number): void {
    this.slept += slept;
    this.doubt += doubtOfSleep;
    if (this.known instanceof Recalled) this.known = this.known.later(slept);
    else this.show();
  }

  /** Undefined while nothing was heard from the server itself. */
  remember(now: number, date: number): Recollection | undefined {
    return this.known && this.filter && { date, server: this.known.toServer(now), uncertainty: this.known.uncertainty(now) };
  }

  /** By the calendar, until the server is heard. Nothing of what cannot be true. */
  recall(now: number, date: number, { date: then, server, uncertainty }: Recollection): void {
    const age = date - then;
    if (this.filter || age < 0 || age > longest) return;
    const doubt = uncertainty + doubtOfDates + age * 1000 * worstDrift;
    this.known = new Recalled(now, server + age * 1000 - now, doubt);
  }

  private show(): void {
    this.known = this.filter && this.slept ? new Woken(this.filter, this.slept, this.doubt) : this.filter;
  }
}

/**
 * By that clock nothing has arrived before it was sent. A filter of these exchanges alone would be no measure: as long as all
 * of them stood in queues, it is off by more than it doubts.
 */
function holds(known: ClockFilter, exchanges: readonly Exchange[]): boolean {
  return exchanges.every(({ sent, received, answered, arrived }) => {
    const margin = slack + known.uncertainty(arrived);
    return known.toServer(sent) <= received + margin && known.toServer(arrived) >= answered - margin;
  });
}
