// What the page asks of the browser around the walk, where the browser has it.

/** `no`: not over plain http, and the page says so. */
export type Offline = 'yes' | 'no' | 'pending' | 'failed';

/** Opens without a network from the next time on. Only under TLS, or on the machine itself. */
export async function keepOffline(): Promise<Offline> {
  if (!isSecureContext || !('serviceWorker' in navigator)) return 'no';
  try {
    await navigator.serviceWorker.register('/walk-worker.js', { scope: '/walk' });
    await navigator.serviceWorker.ready;
    return 'yes';
  } catch {
    return 'failed';
  }
}

/** Keeps the screen on while the page is seen; to be called again whenever it is seen anew. */
export class ScreenLock {
  private lock: WakeLockSentinel | undefined;

  static get possible(): boolean {
    return 'wakeLock' in navigator;
  }

  async hold(): Promise<void> {
    if (!ScreenLock.possible || document.hidden || (this.lock && !this.lock.released)) return;
    try {
      this.lock = await navigator.wakeLock.request('screen');
    } catch {
      // The battery is low, or the system has other reasons.
    }
  }
}

/** Two short ones: felt in a pocket, and not taken for a call. Browsers complain of a page that nobody has touched yet. */
export function buzz(): void {
  if (navigator.userActivation?.hasBeenActive ?? true) navigator.vibrate?.([180, 120, 180]);
}

/** On iPhones: sound that the mute switch does not silence. */
export function playThroughMute(): void {
  const { audioSession } = navigator as Navigator & { audioSession?: { type: string } };
  if (audioSession) audioSession.type = 'playback';
}

export async function persist(): Promise<boolean> {
  return (await navigator.storage?.persist?.()) ?? false;
}
