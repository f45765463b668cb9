// Has the device slept? Then the clocks that browsers give to pages have stood still in many of them, and the calendar has
// not. Only pages that nobody sees are put to sleep; what changes the calendar of one that is seen has set it.

/** ms by which the two differ anyway, between two looks. */
const usual = 250;

export class Naps {
  /** ms that the calendar is ahead of the page's clock. */
  private ahead: number | undefined;
  private wasHidden = false;

  /** How long it has slept since the last look, in whole ms. `now`: µs of the page's clock, `date`: ms by the calendar. */
  look(now: number, date: number, hidden: boolean): number {
    const ahead = date - now / 1000;
    const grown = this.ahead === undefined ? 0 : ahead - this.ahead;
    const mayHave = hidden || this.wasHidden;
    this.ahead = ahead;
    this.wasHidden = hidden;
    return mayHave && grown > usual ? Math.round(grown) : 0;
  }
}
