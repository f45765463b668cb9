// The part that is picked: as a region that is dragged and as two numbers that are typed, always the same.

import { computed, signal } from '@preact/signals';
import type { Asset, Part } from '../walk/types';
import { readPart, secondsText } from './read';
import { isWhole, scrolled, viewOfPart, wholeView, zoomed, type View } from './view';

export type Edge = 'a' | 'b';

export interface Marked {
  readonly a: number;
  readonly b: number;
}

/** ms. */
export function lengthOf(asset: Asset | undefined): number {
  return asset?.file ? Math.floor((asset.file.frames / asset.file.rate) * 1000) : 0;
}

export class Picked {
  /** As typed, in seconds. */
  readonly from = signal('');
  readonly to = signal('');
  private readonly chosen = signal('');
  private readonly looked = signal<View | undefined>(undefined);

  readonly asset = computed<Asset | undefined>(() => {
    const assets = this.assets();
    return assets.find(({ id }) => id === this.chosen.value) ?? assets[0];
  });
  readonly length = computed(() => lengthOf(this.asset.value));
  /** ms; undefined while what is typed is no part. */
  readonly part = computed<Marked | undefined>(() => {
    const read = readPart(this.from.value, this.to.value);
    return 'wrong' in read ? undefined : { a: Math.round(read.value.a * 1000), b: Math.round(read.value.b * 1000) };
  });
  readonly view = computed<View>(() => {
    const length = this.length.value;
    const view = this.looked.value;
    return view && view.to <= length ? view : wholeView(length);
  });
  readonly isWhole = computed(() => isWhole(this.view.value, this.length.value));

  /** `assets` is read within computed values. */
  constructor(private readonly assets: () => readonly Asset[]) {}

  choose(asset: string): void {
    if (asset === this.asset.peek()?.id) return;
    this.chosen.value = asset;
    this.looked.value = undefined;
    this.from.value = this.to.value = '';
  }

  /** A cue's part, shown as it is. */
  take({ asset, a, b }: Pick<Part, 'asset' | 'a' | 'b'>): void {
    this.choose(asset);
    this.mark(a, b);
    const view = this.view.peek();
    if (a < view.from || b > view.to) this.look(viewOfPart(a, b, this.length.peek()));
  }

  /** Between two moments, in any order. */
  mark(one: number, other: number): void {
    const length = this.length.peek();
    const [a, b] = [Math.max(0, Math.min(one, other)), Math.min(length, Math.max(one, other))];
    if (a >= b) return;
    this.from.value = secondsText(a);
    this.to.value = secondsText(b);
  }

  clear(): void {
    this.from.value = this.to.value = '';
  }

  /** Moves an edge, at most to 1 ms before the other. */
  nudge(edge: Edge, by: number): void {
    const part = this.part.peek();
    if (!part) return;
    const { a, b } = part;
    if (edge === 'a') this.mark(Math.min(b - 1, a + by), b);
    else this.mark(a, Math.max(a + 1, b + by));
  }

  /** Around the part where it is in sight, else around the middle. */
  zoom(factor: number, at?: number): void {
    const [view, part] = [this.view.peek(), this.part.peek()];
    const middle = part ? (part.a + part.b) / 2 : NaN;
    const around = at ?? (middle >= view.from && middle <= view.to ? middle : (view.from + view.to) / 2);
    this.look(zoomed(view, this.length.peek(), factor, around));
  }

  zoomToPart(): void {
    const part = this.part.peek();
    if (part) this.look(viewOfPart(part.a, part.b, this.length.peek()));
  }

  showAll(): void {
    this.looked.value = undefined;
  }

  scroll(by: number): void {
    this.look(scrolled(this.view.peek(), this.length.peek(), by));
  }

  private look(view: View): void {
    this.looked.value = view;
  }
}
