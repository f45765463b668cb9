import { useMemo } from 'preact/hooks';
import { columnsOf, outline, type Peaks } from '../../conduct/peaks';
import type { View } from '../../conduct/view';

/** The loudness of what is in view: the peaks, and in them the mean. `columns`: how many steps wide. */
export function Outline({ peaks, view: { from, to }, columns }: { peaks: Peaks; view: View; columns: number }) {
  const [peak, mean] = useMemo(() => {
    const heights = columnsOf(peaks, { from, to }, columns);
    return [outline(heights.map((each) => each.peak)), outline(heights.map((each) => each.mean))];
  }, [peaks, from, to, columns]);
  return (
    <svg class="wave-outline" viewBox={`0 -1.04 ${columns} 2.08`} preserveAspectRatio="none" aria-hidden="true">
      <path class="peak" d={peak} />
      <path class="mean" d={mean} />
    </svg>
  );
}
