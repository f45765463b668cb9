import type { AudioPort } from '../../src/player/listening';

/** An <audio> that does what the test says. */
export class FakeAudio extends EventTarget implements AudioPort {
  sources: string[] = [];
  currentTime = 0;
  ended = false;
  volume = 1;
  paused = true;
  refuse: string | undefined;

  set src(value: string) {
    this.sources.push(value);
    this.currentTime = 0;
  }

  get src(): string {
    return this.sources.at(-1) ?? '';
  }

  get key(): string {
    return this.src.split('listener=')[1] ?? '';
  }

  play(): Promise<void> {
    this.paused = false;
    return this.refuse ? Promise.reject(Object.assign(new Error('no'), { name: this.refuse })) : Promise.resolve();
  }

  pause(): void {
    this.paused = true;
  }

  load(): void {}

  removeAttribute(): void {
    this.sources.push('');
  }

  emit(type: string): void {
    this.dispatchEvent(new Event(type));
  }
}
